"""The mail is signed with a key name that its signer did not use at its date."""

from collections.abc import Iterator, Sequence

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite, cite_field, clock
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.knowledge import births
from forensics.model.authentication import Signature
from forensics.model.facts import Timestamp
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.signature_window",
    version=1,
    title="DKIM selector used outside its known period",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.SIGNATURE,
    bins=(*nested("early>3d", "early>30d"), *nested("late>3d", "late>30d"), Bin("unseen", ceiling=Strength.WEAK)),
    group="date",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("sender_clock", "delayed_sending", "unsolicited"),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("RFC 6376 3.1", "kb:D-27", "kb:O-17", "kb:O-19"),
)

_SAID = says(
    "rule.mail.signature_window",
    one=(
        "{domain} signed with the selector {selector}; {n} mails carry it, from {first} to {last}. The nearest "
        "clock in this mail says {printed} UTC."
    ),
)

_EARLY, _LATE = ((30, "early>30d"), (3, "early>3d")), ((30, "late>30d"), (3, "late>3d"))
LEAST, FIRM = 100, 365
"""Of other signers: signatures seen, and days before the first at which one is worth a word."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Hold each selector's days against the printed clocks: the one that fits best counts."""
    windows = births.selector_windows()
    printed: Sequence[tuple[Timestamp, int]] | None = None
    for signature in message.signatures:
        window = windows.get((signature.domain.lower(), signature.selector.lower()))
        if signature.kind != "dkim" or window is None:
            continue
        printed = _printed(message) if printed is None else printed
        if any(window.first <= at // DAY <= window.last for _, at in printed):
            continue
        known = [(_off(at // DAY, window), stamp) for stamp, at in printed]
        off, stamp = min(known, key=lambda one: abs(one[0]), default=(0, None))
        if stamp is not None and (name := _bin(signature, window, off)):
            yield _observation(name, signature, window, stamp)
            return


def _printed(message: Message) -> list[tuple[Timestamp, int]]:
    """Return Date and the servers' stamps that are instants, with these."""
    date = message.date
    dated = [(date, date.instant)] if isinstance(date, Timestamp) and isinstance(date.instant, int) else []
    return dated + [(stamp, at) for _, stamp, at in message.stamped]


def _off(day: int, window: births.Window) -> int:
    """Return days before the window (above zero) or after it (below zero)."""
    return max(window.first - day, 0) or min(window.last - day, 0)


def _bin(signature: Signature, window: births.Window, off: int) -> str:
    if signature.domain.lower() in births.ROTATED:  # of others the table knows sightings, no end
        ended = window.last < _LAST_SIGHTING
        return bin_of(off, _EARLY) or (bin_of(-off, _LATE) if ended else "")
    return "unseen" if off > FIRM and window.n >= LEAST else ""


_LAST_SIGHTING = births.day_of("2025-11-01")
"""A selector seen after it may be in use still."""


def _observation(name: str, signature: Signature, window: births.Window, stamp: Timestamp) -> Observation:
    values = {"domain": signature.domain, "selector": signature.selector, "n": str(window.n)}
    values |= {"first": clock(window.first * DAY)[:10], "last": clock(window.last * DAY)[:10]}
    values |= {"printed": clock(stamp.instant if isinstance(stamp.instant, int) else 0)}
    signed = cite_field(signature, Role.WITNESS, f"d={signature.domain}; s={signature.selector}")
    return Observation(
        sentence=_SAID(**values),
        bin=name,
        evidence=(cite("nearest clock", stamp, Role.SUSPECT), signed),
        suspect=stamp.locator.path,
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(date: str, selector: str = "20161025", domain: str = "gmail.com", stamped: str = "") -> Message:
        hops = (("mx.example", stamped),) if stamped else ()
        return message(date, hops=hops, signatures=((domain, selector),))

    yield fires(mail("2016-12-10T10:00:00+00:00"), "nine days before the switch", bin="early>3d")
    yield fires(mail("2014-03-06T10:00:00+00:00"), "years before the switch", bin="early>30d")
    yield fires(mail("2021-09-10T10:00:00+00:00"), "ten days after the next switch", bin="late>3d")
    yield fires(mail("2023-09-10T10:00:00+00:00"), "two years after the next switch", bin="late>30d")
    yield fires(mail("2015-03-06T10:00:00+00:00", "k20201202", "kernel.org"), "first seen years later", bin="unseen")
    yield silent(mail("2018-03-06T10:00:00+00:00"), "in its years")
    yield silent(mail("2016-12-17T10:00:00+00:00"), "two days before the first sighting")
    yield silent(mail("2014-03-06T10:00:00+00:00", stamped="2018-03-06T10:00:00+00:00"), "a server's clock fits")
    yield silent(mail("2030-03-06T10:00:00+00:00", "20251104"), "a selector that is in use still")
