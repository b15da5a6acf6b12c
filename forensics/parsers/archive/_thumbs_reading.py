"""The catalog of thumbnails of a folder, and what it leaves out."""

import re
from collections.abc import Collection, Iterator

from forensics.errors import Malformed
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Description
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers._compound import open_storage
from forensics.parsers._compound_rest import fault_notices, rest
from forensics.parsers._compound_stream import Stream
from forensics.parsers._compound_tree import STREAM, Node
from forensics.parsers._counted_times import filetime, in_utc
from forensics.parsers._gathering import Gathering

CATALOG = "Catalog"
_THUMBNAIL = re.compile(r"\d{1,10}|\d{1,5}_[0-9a-f]{1,16}")
"""The digits of a number of the catalog from the last to the first; or a size and a hash."""
_MOST_BYTES, _MOST_NAMES = 1 << 20, 5_000
_HEADER, _FIXED = 16, 16
"""Bytes before the first entry, and in each before its name: length, number, time."""
_BLANK = "\0"


def are_thumbnails(names: Collection[str]) -> bool:
    """Whether these names of streams are a catalog or thumbnails, and no others."""
    return bool(names) and all(name == CATALOG or _THUMBNAIL.fullmatch(name) for name in names)


def read(source: ByteSource, format_id: str) -> Iterator[Yielded]:
    """Yield what the catalog says, and account for the rest."""
    storage = open_storage(source)
    if not are_thumbnails(storage.below("")):
        raise Malformed("not readable as thumbnails of a folder")
    gathering = Gathering("thumbs_db")
    streams = {path: node for path, node in storage.nodes.items() if node.kind == STREAM}
    catalog = streams.pop(CATALOG, None)
    named = _entries(gathering, Stream(source, catalog, _MOST_BYTES)) if catalog is not None else set[str]()
    if unnamed := len(streams.keys() - named):
        gathering.add_fact("thumbs_db.unnamed", str(unnamed), Locator(path="thumbs_db.unnamed"), b"")
    yield from fault_notices(storage, source.size)
    yield from gathering.notices
    yield gathering.facts(format_id)
    if streams:
        yield _unread(list(streams.values()))
    yield from rest(source, storage)


def _entries(gathering: Gathering, catalog: Stream) -> set[str]:
    """Add names and times of all entries; return the names of their streams."""
    data, named, at = catalog.data, set[str](), catalog.number(0, 2)
    if at != _HEADER:
        gathering.note("catalog_damaged", "the catalog has no header that is known", catalog.locator("header", 0, 16))
        return named
    stated = catalog.number(4, 4) or 0
    count = 0
    while at + _FIXED < len(data) and count < _MOST_NAMES:
        length = int.from_bytes(data[at : at + 4], "little")
        if length <= _FIXED or at + length > len(data):
            break
        text = data[at + _FIXED : at + length].decode("utf-16-le", "replace").partition(_BLANK)[0]
        raw = data[at + _FIXED : at + _FIXED + len(text.encode("utf-16-le"))]
        place = catalog.locator(f"name[{count}]", at + _FIXED, at + _FIXED + len(raw))
        gathering.add_fact("thumbs_db.name", text, place, raw)
        raw = data[at + 8 : at + 16]
        place = catalog.locator(f"time[{count}]", at + 8, at + 16)
        kind, said = TimeKind.THUMBNAIL_SOURCE, Description.MODIFICATION
        gathering.add_stamp(in_utc(filetime(raw), raw, place, kind, said, index=count))
        named.add(str(int.from_bytes(data[at + 4 : at + 8], "little"))[::-1])
        at += length
        count += 1
    if count != stated or not catalog.whole:
        place = catalog.locator("entries", at, len(data))
        text = f"the catalog states {stated} entries, {count} were read"
        gathering.note("catalog_damaged", text, place, unread=len(data) - at)
    return named


def _unread(thumbnails: list[Node]) -> Notice:
    size = sum([node.held for node in thumbnails])
    ranges = tuple([span for node in thumbnails[:20] for span in node.ranges[:1]])
    text = f"{len(thumbnails)} thumbnails of {size:,} bytes: not read"
    place = Locator(ranges=ranges, path="ole:thumbnails")
    return Notice(code="thumbs_db.thumbnails", text=text, locator=place, unread=size)
