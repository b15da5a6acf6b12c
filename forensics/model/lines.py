"""JSON lines that other programs read and that are not findings: items and timeline (design section 7)."""

import msgspec

from forensics.model.facts import Timestamp
from forensics.model.items import Notice
from forensics.model.labels import ItemLabel
from forensics.model.locations import Location, Step
from forensics.model.marks import ItemMark


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A location with its text."""

    steps: tuple[Step, ...]
    text: str
    """Percent-encoded outside printable ASCII; steps joined by `` > ``."""

    @classmethod
    def of(cls, location: Location) -> "Place":
        """Return the place of a location."""
        return cls(steps=location.steps, text=location.text)


class ItemLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One occurrence."""

    schema: str = "forensics/items/1"
    sha256: str
    size: int
    media_type: str
    location: Place
    status: str
    """``parsed``, ``partial``, ``unread`` or ``skipped``."""
    parser: str
    """``id/version``; empty if none read it."""
    notices: tuple[Notice, ...]
    power: tuple[str, ...]
    """Rules that had what they need."""
    marks: tuple[ItemMark, ...] = ()
    """What readers said of the item."""
    restricted: bool = False
    """It may not be quoted: its place is a number, its notices are codes."""
    label: ItemLabel | None = None
    """What a reader recognizes it by."""


class ItemTime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One time of one item, with its raw bytes and its place: what a `TimelineLine` is made of."""

    sha256: str
    location: Location
    title: str
    """Subject of a mail, name of a file; may be empty."""
    time: Timestamp


class TimelineLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One time of one item; Timesketch imports it as it is."""

    schema: str = "forensics/timeline/1"
    datetime: str
    """RFC 3339 with the offset as written; ``-00:00`` where UTC is known and the local offset is not. A local time is
    ISO 8601 without a zone, a day alone without a time."""
    timestamp: int | msgspec.UnsetType = msgspec.UNSET
    """Microseconds since 1970 UTC; left out where UTC is unknown (lines tagged ``local-time``)."""
    timestamp_desc: str
    clock: str
    owner: str
    """Whose clock, as far as the item names it."""
    precision: str
    message: str
    sha256: str
    location: Place
    tag: tuple[str, ...] = ()
    """``local-time``: no offset, the true instant lies within 14 hours. ``offset-not-expressible``: the written offset
    is none that RFC 3339 readers accept."""
