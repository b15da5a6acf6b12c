"""What a VBA project says of itself: its names, libraries, system and versions. Nothing in it is run.

Source: [MS-OVBA] 2.2 (storages), 2.3.1 (PROJECT), 2.3.4.1 (_VBA_PROJECT), 2.3.4.2 (dir), 2.4.1 (compression); kb:OLE-8.
"""

import codecs
import re
import struct
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import ClockKind, Description
from forensics.model.locations import Locator, Step
from forensics.model.time_kinds import TimeKind
from forensics.parsers._compound_stream import Stream
from forensics.parsers._compound_tree import STREAM, Node, Storage
from forensics.parsers._counted_times import filetime, in_utc
from forensics.parsers._gathering import Gathering

MOST_PROJECTS, MOST_RECORDS = 5, 10_000
STREAM_BYTES = 1 << 20
"""Of the streams that are read, packed and unpacked."""
_CHUNK = 4096
_LISTING = "/vba/dir"
"""The end of the path of a project's list, in lower case."""
_SYSTEMS = {0: "Win16", 1: "Win32", 2: "Macintosh", 3: "Win64"}
_CODE_PAGE, _SYSTEM, _LCID, _VERSION = 0x0003, 0x0001, 0x0002, 0x0009
_TEXTS = {
    0x0004: "name",
    0x0005: "description",
    0x0006: "help_file",
    0x000C: "constants",
    0x0019: "module",
    0x001C: "module_description",
}
_LIBRARIES = (0x000D, 0x000E, 0x002F, 0x0030)
"""Records of references, which begin with the length of what names the library."""
_ORIGINAL = 0x0033
_ID = re.compile(rb'ID="(\{[^"\r\n]{1,60}\})"')
_TIMES = (
    ("created", TimeKind.VBA_CREATED, Description.CREATION),
    ("modified", TimeKind.VBA_MODIFIED, Description.MODIFICATION),
)


def vba_facts(source: ByteSource, storage: Storage, gathering: Gathering, steps: Sequence[Step] = ()) -> set[str]:
    """Add what the projects in a compound file say; of one inside a package its times too, which no one else tells.

    Args:
        source: the compound file.
        storage: its storages.
        gathering: takes facts and times.
        steps: that lead to it from the item.

    Returns:
        Paths of the streams that were read whole.
    """
    known = set[str]()
    named = {node.path.lower(): node for node in storage.nodes.values() if node.path}
    projects = [path for path, node in named.items() if node.kind == STREAM and f"/{path}".endswith(_LISTING)]
    for path in projects[:MOST_PROJECTS]:
        folder = path.removesuffix(_LISTING[1:])
        listing = Stream(source, named[path], STREAM_BYTES)
        _listed(unpacked(listing.data), listing.path, gathering)
        known |= {named[path].path} if listing.whole else set()
        project, cache = named.get(f"{folder}project"), named.get(f"{folder}vba/_vba_project")
        if project is not None and project.kind == STREAM:
            _identified(Stream(source, project, STREAM_BYTES), steps, gathering)
            known.add(project.path)
        if cache is not None and cache.kind == STREAM:
            _cached(Stream(source, cache, 16), steps, gathering)
        if steps and (place := named.get(f"{folder}vba")) is not None:
            _times(place, steps, gathering)
    return known


def unpacked(data: bytes, most: int = STREAM_BYTES) -> bytes:
    """Return what a compressed container holds, as far as it can be read ([MS-OVBA] 2.4.1.3)."""
    out = bytearray()
    at = 1
    if data[:1] != b"\1":
        return b""
    while at + 2 <= len(data) and len(out) < most:
        header = int.from_bytes(data[at : at + 2], "little")
        end = min(len(data), at + (header & 0x0FFF) + 3)
        if header >> 12 & 7 != 3:
            break
        at += 2
        if header & 0x8000:
            _unpack_chunk(data[at:end], out)
        else:
            out += data[at : min(end, at + _CHUNK)]
        at = end
    return bytes(out)


def _unpack_chunk(chunk: bytes, out: bytearray) -> None:
    begin, at = len(out), 0
    while at < len(chunk):
        flags = chunk[at]
        at += 1
        for bit in range(8):
            if at >= len(chunk) or len(out) - begin >= _CHUNK:
                return
            if not flags >> bit & 1:
                out.append(chunk[at])
                at += 1
                continue
            token = int.from_bytes(chunk[at : at + 2], "little")
            at += 2
            bits = max((len(out) - begin - 1).bit_length(), 4)
            back = (token >> (16 - bits)) + 1
            if back > len(out) - begin:
                return
            for _ in range((token & (0xFFFF >> bits)) + 3):
                out.append(out[-back])


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of the records of a project's list."""
    at = 0
    for _ in range(MOST_RECORDS):
        if at + 6 > len(data):
            return
        number, size = struct.unpack_from("<HI", data, at)
        # The size of a version leaves out its second half.
        size = 6 if number == _VERSION else size
        yield number, data[at + 6 : at + 6 + size]
        at += 6 + size


def _listed(data: bytes, path: str, gathering: Gathering) -> None:
    """Add what the list of a project says; its bytes stand packed, so that no fact has any of its own."""
    encoding = "cp1252"

    def add(name: str, value: str) -> None:
        if value:
            gathering.add_fact(f"vba.{name}", value, Locator(path=f"{path}#{name}"), b"")

    for number, content in _records(data):
        if number == _CODE_PAGE and len(content) >= 2:
            page = int.from_bytes(content[:2], "little")
            encoding = _encoding(page)
            add("code_page", str(page))
        elif number == _SYSTEM and len(content) >= 4:
            system = int.from_bytes(content[:4], "little")
            add("system", _SYSTEMS.get(system, str(system)))
        elif number == _LCID and len(content) >= 4:
            add("language", f"0x{int.from_bytes(content[:4], 'little'):04X}")
        elif number == _VERSION and len(content) == 6:
            add("version", "{}.{}".format(*struct.unpack("<IH", content)))
        elif number in _TEXTS:
            add(_TEXTS[number], content.decode(encoding, "replace"))
        elif number in _LIBRARIES and len(content) >= 4:
            length = int.from_bytes(content[:4], "little")
            add("reference", content[4 : 4 + length].decode(encoding, "replace"))
        elif number == _ORIGINAL:
            add("reference", content.decode(encoding, "replace"))


def _encoding(page: int) -> str:
    try:
        codecs.lookup(f"cp{page}")
    except LookupError:
        return "mac_roman" if page == 10_000 else "cp1252"
    return f"cp{page}"


def _identified(stream: Stream, steps: Sequence[Step], gathering: Gathering) -> None:
    match = _ID.search(stream.data)
    if match is not None:
        locator = replace(stream.locator("id", *match.span(1)), steps=tuple(steps))
        gathering.add_fact("vba.project_id", match[1].decode("ascii", "replace"), locator, match[1])


def _cached(stream: Stream, steps: Sequence[Step], gathering: Gathering) -> None:
    """Add which version of VBA wrote the compiled form."""
    raw = stream.data[2:4]
    if stream.data[:2] == b"\xcc\x61" and len(raw) == 2:
        locator = replace(stream.locator("version", 2, 4), steps=tuple(steps))
        gathering.add_fact("vba.cache_version", f"0x{int.from_bytes(raw, 'little'):04X}", locator, raw)


def _times(node: Node, steps: Sequence[Step], gathering: Gathering) -> None:
    for place, (name, kind, description) in enumerate(_TIMES):
        raw = node.modified if place else node.created
        if any(raw):
            start = node.times_at + 8 * place
            locator = Locator(ranges=((start, start + 8),), path=f"vba:{node.path}/{name}", steps=tuple(steps))
            stamp = in_utc(filetime(raw), raw, locator, kind, description, clock=ClockKind.APPLICATION)
            gathering.add_stamp(stamp)
