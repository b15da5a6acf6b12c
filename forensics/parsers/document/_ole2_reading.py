"""One Office document in a compound file: its property sets, its storages' times, what its program keeps beside them.

Source: [MS-CFB] 2.6.4 (times of storages); [MS-OLEDS] 2.3.8 (CompObj stream).
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from msgspec.structs import replace

from forensics.errors import ParseError
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.document_signatures import DocumentSignature
from forensics.model.facts import ClockKind, Description
from forensics.model.items import Notice, Padding, ParseContext
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers._compound import open_storage
from forensics.parsers._compound_rest import fault_notices, rest
from forensics.parsers._compound_stream import Stream
from forensics.parsers._compound_tree import STORAGE, STREAM, Node, Storage
from forensics.parsers._counted_times import filetime, in_utc
from forensics.parsers._gathering import Gathering, readable
from forensics.parsers.document import (
    _doc_facts,
    _doc_remnants,
    _doc_texts,
    _ppt_facts,
    _ppt_texts,
    _xls_facts,
    _xls_texts,
)
from forensics.parsers.document._ole2_kinds import EXCEL, POWERPOINT, WORD, Kind, kind_of
from forensics.parsers.document._ole2_summary import DOCUMENT_SUMMARY, SUMMARY, read_summary
from forensics.parsers.document._property_sets import STREAM_BYTES
from forensics.parsers.document._text_marks import TextMarks
from forensics.parsers.document._vba_facts import vba_facts

HELD_BYTES = 1 << 22
"""A smaller file is read at once."""
MOST_STORAGES = 1_000
"""Of which times are told."""
MOST_NAMED = 20
"""Streams that a notice names."""
_BEFORE_TIMES = 100
"""Bytes of a directory's entry before its times; its name comes first."""
_CLASS_ID = slice(-20, -4)
"""Where a storage's class stands, by the place of its times."""
_COMPOUND_OBJECT, _OLE = "%01CompObj", "%01Ole"
_RIGHTS = "%09DRMContent"
_OBJECT_HEAD = 28
_OLE_BYTES = 20
"""Of a stream of flags that names no other file."""
_TIMES = (
    ("created", TimeKind.OLE_CREATED, Description.CREATION),
    ("modified", TimeKind.OLE_MODIFIED, Description.MODIFICATION),
)
TEXTS = {WORD: _doc_texts.texts, EXCEL: _xls_texts.texts, POWERPOINT: _ppt_texts.texts}
"""What reads the texts of each kind."""
_OWN = {WORD: _doc_facts.read, EXCEL: _xls_facts.read, POWERPOINT: _ppt_facts.read}


class Opened(NamedTuple):
    """A compound file that is being read."""

    source: ByteSource
    storage: Storage

    def stream(self, name: str, most: int) -> Stream | None:
        """Return the first bytes of a stream at the root, by its name in any case."""
        node = self.node(name)
        return Stream(self.source, node, most) if node is not None else None

    def node(self, name: str) -> Node | None:
        """Return a stream at the root."""
        found = self.storage.nodes.get(name) or next(
            (self.storage.nodes[one] for one in self.storage.below("") if one.lower() == name.lower()), None
        )
        return found if found is not None and found.kind == STREAM else None


def opened(source: ByteSource) -> Opened:
    """Open a compound file.

    Raises:
        Malformed: its header or directory cannot be read.
    """
    if source.size <= HELD_BYTES and not isinstance(source, MemoryBytes):
        source = MemoryBytes(source.read(0, source.size))
    return Opened(source, open_storage(source))


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield what was odd, the document's facts, and what is not read of the file."""
    file = opened(source)
    gathering = Gathering("ole2")
    kind = kind_of(file.storage.below(""))
    yield from fault_notices(file.storage, source.size)
    streams = {name: one for name in (SUMMARY, DOCUMENT_SUMMARY) if (one := file.stream(name, STREAM_BYTES))}
    summary = read_summary(streams, gathering)
    _class(file, gathering)
    _rights(file, gathering)
    _storage_times(file, summary.application, gathering)
    known = {one.path.removeprefix("ole:") for one in streams.values()}
    known |= _compound_object(file, gathering)
    known |= vba_facts(file.source, file.storage, gathering)
    signed, held = _signed(file, context, gathering)
    known |= held
    if kind in _OWN:
        known |= _OWN[kind](file.stream, gathering, summary.application)
        _marks(file, kind, context, gathering)
    if kind is WORD:
        _doc_remnants.remnant_facts(file.stream, _doc_facts.TABLE_BYTES, gathering)
    yield gathering.facts(
        kind.format,
        media_type=kind.media_type,
        author=gathering.fact("ole2.author"),
        last_author=gathering.fact("ole2.last_author"),
        application=summary.application,
        created=readable(summary.created),
        modified=readable(summary.modified),
        signatures=signed,
    )
    yield from gathering.notices
    yield from _left_over(file, known)


def _signed(file: Opened, context: ParseContext, gathering: Gathering) -> tuple[list[DocumentSignature], set[str]]:
    """Return the signatures of a document, and the streams that hold them; most have none, and load nothing."""
    if not any("signatures" in name for name in file.storage.below("")):
        return [], set()
    from forensics.parsers.document._ole2_signatures import signature_facts

    return signature_facts(file.source, file.storage, context, gathering)


def _marks(file: Opened, kind: Kind, context: ParseContext, gathering: Gathering) -> None:
    """Look at the characters of the texts; whose texts are locked, or cannot be read, has none."""
    found = TextMarks(gathering)
    with suppress(ParseError):
        found.take_texts(TEXTS[kind](lambda name: file.stream(name, context.limits.memory_bytes)))
    found.finish()


def _class(file: Opened, gathering: Gathering) -> None:
    """Add the class of the root: which program opens the document."""
    root = file.storage.nodes[""]
    start, end = root.times_at + (_CLASS_ID.start or 0), root.times_at + (_CLASS_ID.stop or 0)
    raw = file.source.read(start, end) if start >= 0 else b""
    if len(raw) == 16 and any(raw):
        first, second, third = struct.unpack_from("<IHH", raw)
        text = f"{first:08X}-{second:04X}-{third:04X}-{raw[8:10].hex().upper()}-{raw[10:].hex().upper()}"
        gathering.add_fact("ole2.class", text, Locator(ranges=((start, end),), path="ole:/class"), raw)


def _rights(file: Opened, gathering: Gathering) -> None:
    """Say whether the file wraps a document that is under rights protection."""
    node = file.node(_RIGHTS)
    if node is not None:
        start = node.times_at - _BEFORE_TIMES
        raw = file.source.read(start, start + 2 * len("_DRMContent"))
        gathering.add_fact(
            "ole2.rights", "DRMContent", Locator(ranges=((start, start + len(raw)),), path=f"ole:{node.path}"), raw
        )


def _storage_times(file: Opened, application: str, gathering: Gathering) -> None:
    """Add when the root (index 0) and the storages were made and changed, and of streams what should not be there."""
    for index, node in enumerate(_timed(file.storage)):
        for place, (name, kind, description) in enumerate(_TIMES):
            raw = node.modified if place else node.created
            if not any(raw):
                continue
            start = node.times_at + 8 * place
            locator = Locator(ranges=((start, start + 8),), path=f"ole:{node.path or '/'}/{name}")
            stamp = in_utc(filetime(raw), raw, locator, kind, description, clock=ClockKind.APPLICATION, index=index)
            gathering.add_stamp(replace(stamp, owner=application))


def _timed(storage: Storage) -> list[Node]:
    nodes = [node for node in storage.nodes.values() if node.kind == STORAGE or any(node.created + node.modified)]
    return nodes[:MOST_STORAGES]


def _compound_object(file: Opened, gathering: Gathering) -> set[str]:
    """Add what the program calls such documents, in the language in which it was installed."""
    known = set[str]()
    stream = file.stream(_COMPOUND_OBJECT, 4096)
    if stream is not None:
        known.add(_COMPOUND_OBJECT)
        length = stream.number(_OBJECT_HEAD, 4)
        start, end = _OBJECT_HEAD + 4, _OBJECT_HEAD + 4 + (length or 0)
        raw = stream.data[start:end].partition(b"\0")[0]
        if length and end <= len(stream.data) and raw:
            text = raw.decode("cp1252", "replace")
            gathering.add_fact("ole2.user_type", text, stream.locator("user_type", start, start + len(raw)), raw)
    node = file.node(_OLE)
    if node is not None and node.size <= _OLE_BYTES:
        known.add(_OLE)
    return known


def _left_over(file: Opened, known: set[str]) -> Iterator[Notice | Padding]:
    """Account for the streams that were not read, and for the bytes of which no stream is."""
    others = [
        node for node in file.storage.nodes.values() if node.kind == STREAM and node.path not in known and node.held
    ]
    if others:
        size = sum([node.held for node in others])
        named = ", ".join([node.path for node in others[:MOST_NAMED]])
        text = f"{len(others)} streams of {size:,} bytes (embedded objects, pictures, macros): {named}; not read"
        ranges = tuple([span for node in others[:MOST_NAMED] for span in node.ranges[:1]])
        yield Notice(
            code="ole2.other_streams", text=text, locator=Locator(ranges=ranges, path="ole:others"), unread=size
        )
    yield from rest(file.source, file.storage)
