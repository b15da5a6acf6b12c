"""What an operation does to a mail, and the facts of it."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.keys import SigningKey
from samples.planting.mail import Mail


@dataclass(frozen=True)
class Plant:
    """One planted taint."""

    data: bytes
    cls: str
    """Whether the archive alone can show it in *this* mail: D (yes), P (partly), D/P, N (not without outside)."""
    changed: str
    """What was and what is."""
    kind: str = "edit"
    """``edit`` takes the place of the mail, ``insert`` stands beside it, ``remove`` leaves nothing."""
    donor: str = ""
    """Path of the clean mail that an insert was made from and that stays in the archive; empty: none."""
    items: tuple[bytes, ...] = ()
    """Attachments with changed content, decoded."""
    more: tuple[bytes, ...] = ()
    """Further mails of the same insert."""
    also: tuple[tuple[str, bytes], ...] = ()
    """Path and data of further mails that the same edit changes."""
    keys: tuple[SigningKey, ...] = ()
    """Keys that stood in DNS when these mails were signed; a forger's own did not."""


@dataclass(frozen=True)
class Operation:
    """A way to taint; *plant* gives ``None`` where a mail does not suit it. The flag asks for a sham."""

    id: str
    title: str
    plant: Callable[[Stored, Archive, Random, bool], Plant | None]
    most: int = 0
    """Plants in one archive at most, of an operation that makes many mails; 0: as many as are asked for."""


def edited(mail: Mail, cls: str, changed: str = "", items: tuple[bytes, ...] = ()) -> Plant:
    """Return a plant that takes the place of its mail."""
    return Plant(mail.data(), cls, changed or "; ".join(mail.changes), items=items)
