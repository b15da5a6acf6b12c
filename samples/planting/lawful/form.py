"""A form of second copy, and the delivery to another mailbox that many of them share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from samples.planting.archive import Stored
from samples.planting.mail import Field, Mail

OFFICE = "harbour-office.example"
_READERS = ("ilse", "marten", "rosa", "t.holm", "office")
_DELIVERY = frozenset(("return-path", "delivered-to", "x-original-to", "envelope-to", "delivery-date", "status"))

Make = Callable[[Stored, Random], bytes | None]
"""Gives the second copy; ``None`` where the mail cannot take this form."""


@dataclass(frozen=True)
class Form:
    """One way in which the world makes a second copy of a mail."""

    name: str
    cause: str
    """The lawful cause that it stands for."""
    make: Make


def reader(rng: Random) -> str:
    """Return the address of whoever has the second copy."""
    return f"{rng.choice(_READERS)}@{OFFICE}"


def delivered(mail: Mail, stored: Stored, rng: Random, fields: Sequence[tuple[str, str]] = ()) -> bool:
    """Deliver a mail to another mailbox: in place of the last delivery, or after it as a forward is.

    Args:
        mail: is changed.
        stored: the mail, for its time.
        rng: decides server, reader and path.
        fields: what the server puts below its trace field.

    Returns:
        Whether the mail has a time to do it at.
    """
    if stored.date is None:
        return False
    if rng.random() < 0.5:
        undelivered(mail)
    to = reader(rng)
    stamp = f"{stored.date + timedelta(seconds=rng.randrange(20, 90)):%a, %d %b %Y %H:%M:%S} +0000"
    host = f"mx{rng.randrange(1, 4)}.{OFFICE}"
    trace = f"from relay.{OFFICE} (relay.{OFFICE} [192.0.2.{rng.randrange(2, 250)}]) by {host} (Postfix) with ESMTPS"
    for name, value in reversed(fields):
        mail.add(name, value, top=True)
    mail.add("Received", f"{trace} id {rng.getrandbits(40):010X} for <{to}>; {stamp}", top=True)
    mail.add("Delivered-To", to, top=True)
    mail.add("Return-Path", f"<{stored.sender}>", top=True)
    return True


def undelivered(mail: Mail) -> None:
    """Take out what the last server wrote: its trace field and all that it put above and beside it."""
    first = next(mail.places("Received"), -1)
    kept = [field for place, field in enumerate(mail.fields) if place > first or not _by_delivery(field)]
    mail.fields = [field for field in kept if field.name.lower() not in _DELIVERY]


def _by_delivery(field: Field) -> bool:
    name = field.name.lower()
    return name in _DELIVERY or name in ("received", "authentication-results", "x-spam-status", "x-spam-level")
