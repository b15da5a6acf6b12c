"""One file per format, containers too; `PARSERS` is the ordered list that `identify` asks.

A format file says all that a format is, and is light: it loads the model alone, and reading code and libraries only
once `parse` is called (mail apart, which nearly every archive holds).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

import msgspec

from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Decoders, RangeDecoder
from forensics.model.documents import ArchiveFacts, DocumentFacts
from forensics.model.facts import Fact, Timestamp
from forensics.model.items import ChildItem, Format, Limits, Notice, Padding, ParseContext, Range
from forensics.model.locations import Location
from forensics.model.mail import HeaderField, Message
from forensics.model.sheet_cells import SheetCells
from forensics.model.texts import TextPart
from forensics.replay.decoders import DECODERS

if TYPE_CHECKING:
    from forensics.parsers.mail.placed_bodies import PlacedBodies

Yielded = Message | DocumentFacts | ArchiveFacts | ChildItem | Notice | Padding
"""What a parser yields, in the order in which it meets it."""

PARSERS: tuple[str, ...] = (
    "document.encrypted_office",
    "archive.tar",
    "document.ooxml",
    "document.odf",
    "archive.zip",
    "archive.sevenzip",
    "archive.rar",
    "archive.gzip",
    "archive.bzip2",
    "archive.xz",
    "archive.zstd",
    "archive.lz4",
    "archive.lzma",
    "archive.zlib",
    "archive.cab",
    "document.pdf",
    "document.rtf",
    "image.jpeg",
    "image.tiff",
    "store.pst",
    "store.pst_message",
    "mail.msg",
    "document.ole2",
    "archive.thumbs_db",
    "mail.tnef",
    "mail.emlx",
    "mail.olm_message",
    "mail.olm_items",
    "mail.utf16",
    "mail.delivery_status",
    "mail.mbox",
    "mail.rfc5322",
    "document.office_owner",
    "document.office_lock",
    "document.apple_double",
    "archive.checksums",
    "archive.ds_store",
    "archive.iso9660",
)
"""Modules below this package; the first whose ``sniff`` agrees reads the item."""

MESSAGES = ("store.pst_message", "mail.msg", "mail.tnef", "mail.olm_message", "mail.rfc5322")
"""Those of `PARSERS` that give the texts of a message (``bodies``), in the same order."""


class Parse(Protocol):
    """Reads a whole item."""

    def __call__(self, source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
        """Yield facts, child items and notices; raise `ParseError` when it cannot go on."""


class ParseRange(Protocol):
    """Reads one range of an item."""

    def __call__(self, source: ByteSource, part: Range, where: Location, context: ParseContext) -> Iterator[Yielded]:
        """Yield what stands in a range that ``cut`` gave, as ``parse`` of the whole yields it."""


def _nothing(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    return iter(())


def _never(head: bytes, source: ByteSource) -> bool:
    return False


def _no_times(name: bytes) -> tuple[Timestamp, ...]:
    return ()


def _no_facts(name: bytes) -> tuple[Fact, ...]:
    return ()


class Parser(msgspec.Struct, frozen=True, kw_only=True):
    """What a parser file has: the first three always, the others where its format calls for them."""

    name: str
    """Of `PARSERS`."""
    FORMAT: Format
    sniff: Callable[[bytes, ByteSource], bool]
    """Whether the head (first 4096 bytes, fewer if shorter) of a source can open this format."""
    parse: Parse
    sniff_named: Callable[[bytes, ByteSource], bool] = _never
    """The same of content whose file name or container says that it is this, and that no ``sniff`` takes."""
    sniff_inside: Callable[[bytes, ByteSource], bool] = _never
    """Whether it stands behind other bytes, in content that nothing else takes."""
    cut: Callable[[ByteSource, Limits], Sequence[Range]] | None = None
    """The ranges in which a large source can be read, which together are all of it; fewer than two: it is read whole.
    Asked in the parent process, and so without libraries."""
    parse_range: ParseRange | None = None
    """Together with ``cut``."""
    parse_rest: Parse = _nothing
    """What ``parse`` of a source that was cut yields beside what its ranges do: facts and notices of the whole."""
    times_in_name: Callable[[bytes], tuple[Timestamp, ...]] = _no_times
    """What the file name of such content says of the time when it was stored."""
    facts_in_name: Callable[[bytes], tuple[Fact, ...]] = _no_facts
    """What else it says of the content."""
    header_fields: Callable[[ByteSource, ParseContext], tuple[HeaderField, ...]] | None = None
    """The header fields of a message, which no table keeps; ``None``: such content has none."""
    text_parts: Callable[[ByteSource, ParseContext], tuple[TextPart, ...]] | None = None
    """The texts that a reader is shown, which no table keeps; ``None``: none are read."""
    sheet_cells: Callable[[ByteSource, ParseContext], Mapping[str, SheetCells]] | None = None
    """Where the cells of sheets stand in the texts of ``text_parts``, by the path of each; ``None``: none are told."""
    SKETCHED_BYTES: int = 0
    """The largest document of which a scan makes a sketch of the text, by ``text_parts``; 0: of none."""
    bodies: "Callable[[ByteSource, ParseContext], PlacedBodies] | None" = None
    """Of a message: its texts as they are compared and cited, each with its place in the item."""


_OPTIONAL = (
    "sniff_named",
    "sniff_inside",
    "cut",
    "parse_range",
    "parse_rest",
    "times_in_name",
    "facts_in_name",
    "header_fields",
    "text_parts",
    "sheet_cells",
    "SKETCHED_BYTES",
    "bodies",
)


def modules(names: Sequence[str] = PARSERS) -> tuple[str, ...]:
    """Return the names of the modules that `load` imports for parsers."""
    return tuple([f"{__name__}.{name}" for name in names])


@cache
def load(name: str) -> Parser:
    """Import one parser file on first use."""
    module = import_module(f"{__name__}.{name}")
    more = {part: getattr(module, part) for part in _OPTIONAL if hasattr(module, part)}
    return Parser(name=name, FORMAT=module.FORMAT, sniff=module.sniff, parse=module.parse, **more)


@cache
def every() -> tuple[Parser, ...]:
    """Return all parsers, in the order of `PARSERS`."""
    return tuple([load(name) for name in PARSERS])


@cache
def recorded(text: str) -> Parser | None:
    """Return the parser that a record names as ``id/version``, of whatever version."""
    return next((parser for parser in every() if parser.FORMAT.id == text.partition("/")[0]), None)


@cache
def times_in_name(media_type: str) -> Callable[[bytes], tuple[Timestamp, ...]]:
    """Return what reads times from the file names of content of a type, read or not."""
    found = [parser.times_in_name for parser in every() if parser.FORMAT.media_types[0] == media_type]
    return found[0] if found else _no_times


@cache
def facts_in_name(media_type: str) -> Callable[[bytes], tuple[Fact, ...]]:
    """Return what reads facts from the file names of content of a type, read or not."""
    found = [parser.facts_in_name for parser in every() if parser.FORMAT.media_types[0] == media_type]
    return found[0] if found else _no_facts


@cache
def restates(format_id: str, around: str) -> bool:
    """Whether a message of one format that is a part of one of another is that message once more.

    In one of the same format it is another message, which was attached.
    """
    return bool(around) and format_id != around and any(p.FORMAT.restates for p in every() if p.FORMAT.id == format_id)


@cache
def damaged() -> frozenset[str]:
    """Return the codes of notices that a member's bytes are not what was once stored."""
    return frozenset([code for parser in every() for code in parser.FORMAT.damaged])


@cache
def over_budget() -> frozenset[str]:
    """Return the codes of notices that an item was not decoded since its source file holds too much."""
    return frozenset([code for parser in every() for code in parser.FORMAT.over_budget])


@cache
def decoders() -> Decoders:
    """Return every decoder that a step can name: the general ones, and those of the formats."""
    return {**DECODERS, **{one.name: one for parser in every() for one in parser.FORMAT.decoders}}


@cache
def picking() -> frozenset[str]:
    """Return the names of the decoders that pick an item from a range in which others stand too."""
    return frozenset([name for name, one in decoders().items() if isinstance(one, RangeDecoder) and one.picks])
