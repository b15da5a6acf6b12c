"""Items on their way through the engine: byte sources, child items, notices, limits, states."""

from collections.abc import Callable, Iterable
from enum import StrEnum

import msgspec

from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import AnyDecoder
from forensics.model.facts import Fact, Timestamp
from forensics.model.locations import Location, Locator, Step

HOLDS_BYTES = 1024
"""How far from its beginning content must hold what a format says that it holds."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Count limits; each hit becomes a notice that names the limit."""

    depth: int = 16
    """Nested layers below a source file."""
    parts: int = 2_000
    """MIME parts of one message, at all depths."""
    part_depth: int = 64
    """Nested multiparts of one message."""
    header_fields: int = 20_000
    """Header fields of one header block; the rest is kept as one unparsed range."""
    field_bytes: int = 1_000_000
    """Bytes of one header field that are interpreted; all are kept."""
    members: int = 250_000
    """Members of one archive; each costs some 1.5 kB of a worker's memory."""
    expansion: int = 300_000_000
    """Bytes of all items inside one source file, at all depths, that are decoded however small the file is."""
    expansion_ratio: int = 100
    """Such bytes per byte of the source file, where that is more."""
    items: int = 20_000
    """Items inside one source file, at all depths, that are listed however small the file is."""
    item_bytes: int = 50
    """Bytes of the source file that allow one item inside it, where that is more."""
    ratio: int = 250
    """Decoded bytes per stored byte of one member, once it exceeds ``memory_bytes``."""
    memory_bytes: int = 64_000_000
    """Larger members are spooled to the case's ``tmp/``; larger single mails are read in part."""
    xml_bytes: int = 50_000_000
    """Bytes of one package part that are read as XML."""
    children: int = 100_000
    """Child items of one item, mailboxes and archives apart."""


class Budget:
    """What is left of what everything inside one source file may decode to, and of how many items may stand in it.

    Shared by all layers: a limit of each archive alone allows archives in archives without end.

    Attributes:
        total: bytes that could be decoded in all.
        left: bytes that still can; never below 0.
        items_total: items that could be listed in all.
        items_left: items that still can.
    """

    __slots__ = ("items_left", "items_total", "left", "total")

    def __init__(self, limits: Limits, size: int, part: int | None = None) -> None:
        """Take the limits for a source file of *size* bytes, or the share of *part* bytes of it."""
        total = max(limits.expansion, limits.expansion_ratio * size)
        items = max(limits.items, size // limits.item_bytes)
        if part is not None:
            total, items = total * part // max(size, 1), items * part // max(size, 1)
        self.total = self.left = total
        self.items_total = self.items_left = items

    def spend(self, size: int) -> bool:
        """Take decoded bytes; whether they were left. What does not fit ends the budget."""
        fits = size <= self.left
        self.left = self.left - size if fits else 0
        return fits

    def item(self) -> bool:
        """Take one item; whether it was left."""
        self.items_left -= 1
        return self.items_left >= 0


class ParseContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a parser may know besides the bytes."""

    limits: Limits = Limits()
    budget: Budget | None = None
    """Of the source file that is being read; ``None``: the item is the source file."""
    passwords: tuple[bytes, ...] = ()
    """Tried in order on encrypted members."""
    spool: Callable[[Iterable[bytes]], ByteSource] | None = None
    """Stores a member larger than ``limits.memory_bytes`` outside memory; ``None``: such members stay unread."""


class Range(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A part of a large container that can be read alone."""

    start: int
    end: int
    ordinal: int
    """Index of its first child in the whole container."""
    entry: int = 0
    """Where the container's own directory describes that child; 0: there is none."""


class Format(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a parser file reads."""

    id: str
    """``family.name``, also the parser's name in records: ``mail.rfc5322``."""
    title: str
    media_types: tuple[str, ...]
    """First the one we report for such content."""
    extensions: tuple[str, ...]
    """Lower case, with the dot."""
    version: int = 1
    """Raised when the facts on any input can change."""
    begins: tuple[bytes, ...] = ()
    """Content begins with one of these; empty: ``sniff`` has to look."""
    holds: bytes = b""
    """Stands in the first `HOLDS_BYTES` of the content."""
    ends: bytes = b""
    """Stands near the end of the content, even where other bytes were put before it; empty: no end tells it."""
    name_first: bool = False
    """Whether a file name that says this format is believed before content is asked: it may begin as another does."""
    wraps: bool = False
    """Whether it is a wrapping alone: who compares two such files compares the items that they hold."""
    restates: bool = False
    """Whether a part of a mail in this format is that mail once more, as its program kept it, and no further mail."""
    decoders: tuple[AnyDecoder, ...] = ()
    """Those that its steps name and that no other format needs."""
    damaged: tuple[str, ...] = ()
    """Codes of its notices that a member's bytes are not what was once stored."""
    over_budget: tuple[str, ...] = ()
    """Codes of its notices that an item was not decoded since its source file holds too much."""

    def may_open(self, head: bytes) -> bool:
        """Whether content with this beginning can be of this format: without it, nobody needs to ask ``sniff``."""
        if self.begins and not head.startswith(self.begins):
            return False
        return not self.holds or head.find(self.holds, 0, HOLDS_BYTES) >= 0


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Something odd in the evidence, or something that was not read; carries no severity."""

    code: str
    """``area.what``; every code is listed in ``docs/reference.md``."""
    text: str
    """What was met, in a sentence, without content of the evidence beyond a short quoted excerpt."""
    locator: Locator | None = None
    unread: int = 0
    """Bytes of the item that this notice declares not read."""


class Padding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Bytes of an item that hold nothing of it: they are accounted for, and not read."""

    size: int
    what: str
    """``padding`` (up to a block's end), ``free`` (space of a store that nothing uses), ``filler`` (zeros, blanks)."""


class ChildItem(msgspec.Struct, frozen=True, kw_only=True):
    """One item found inside another, with what its container says of it."""

    step: Step
    """How to get there; ``sha256`` is that of ``content``, empty when ``content`` is ``None``."""
    outer: tuple[Step, ...] = ()
    """Layers between the container and ``step``: the stored slice of a mail whose unquoted reading is the content."""
    content: bytes | ByteSource | None
    """The decoded bytes; ``None`` when they could not be had (encrypted, damaged): then ``status`` says so."""
    name: bytes = b""
    """Its file name as the container stores it (after RFC 2231 or 2047 decoding: UTF-8); empty if it has none."""
    other_names: tuple[str, ...] = ()
    """Further names that its container gives it."""
    declared_type: str = ""
    """Media type that the container claims, lower case; empty if it claims none."""
    times: tuple[Timestamp, ...] = ()
    """Times that the container gives it; locators are in the container's layer."""
    notices: tuple[Notice, ...] = ()
    """What was odd about it."""
    format: str = ""
    """Format id where the container fixes it (a mailbox holds mails); empty: identify by content."""
    spent: bool = False
    """Whether its bytes were taken from the budget of the source file while they were decoded."""


class Status(StrEnum):
    """How far an item was read."""

    PARSED = "parsed"
    PARTIAL = "partial"
    UNREAD = "unread"
    SKIPPED = "skipped"


class Occurrence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One place where a content stands: what its container says of it, and what it was found to be."""

    sha256: str
    size: int
    location: Location
    name: str = ""
    """File name for people: decoded where possible; the raw one stands in the location."""
    other_names: tuple[str, ...] = ()
    """Further names that its container gives it."""
    declared_type: str = ""
    """What the container or the mail part claims."""
    extension_type: str = ""
    """What the file name's extension stands for; empty if unknown."""
    other_types: tuple[str, ...] = ()
    """What the extensions of ``other_names`` stand for, one each; empty if unknown."""
    media_type: str = ""
    """What the content is, by our sniffers first and libmagic's opinion otherwise."""
    unrecognized: bool = False
    """Whether it was looked at, and nothing recognizes its form."""
    times: tuple[Timestamp, ...] = ()
    """Times that the container gives it."""
    named: tuple[Fact, ...] = ()
    """What its file name says of it beside a time: a Maildir's sizes and UID (``parsers/mail/mailbox_times.py``)."""
    lengths: tuple[int, int] | None = None
    """Its bytes with line ends of one byte, and of two; counted only where its name gives a size."""
    in_message: bool = False
    """Whether it stands in a message, at whatever depth."""
    mail: int = 0
    """Presence of the message that it is, `MessageHas` bits; 0 where it is none."""
