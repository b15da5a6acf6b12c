"""The structures of a cabinet before its data: header, folders, files.

Source: [MS-CAB] 2.1 to 2.3.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from forensics.errors import Truncated
from forensics.intake.windows import Window
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Fact
from forensics.model.items import Notice
from forensics.model.locations import Locator, quote
from forensics.parsers.archive._cab_blocks import HEADER

_HEADER = struct.Struct("<4s4xI4xI4xBBHHHHH")
_FOLDER = struct.Struct("<IHH")
_FILE = struct.Struct("<IIHHHH")
_PREVIOUS, _NEXT, _RESERVE = 1, 2, 4
_NAME_BYTES = 4_096
"""Of a name that are sought for its end; the format allows 256."""
CONTINUED, CONTINUES, BOTH = 0xFFFD, 0xFFFE, 0xFFFF
"""In place of a file's folder: it began in the cabinet before, goes on in the next, or both."""


class Folder(NamedTuple):
    """One folder: a stream of files."""

    number: int
    start: int
    """Of its entry."""
    data: int
    """First byte of its blocks."""
    blocks: int
    compression: int
    """As its entry says it: method, and its level in the bits above."""

    @property
    def method(self) -> int:
        """Of compression."""
        return self.compression & 15


class File(NamedTuple):
    """One file as its entry describes it."""

    number: int
    start: int
    size: int
    offset: int
    """In the decoded folder."""
    folder: int
    date: int
    time: int
    attributes: int
    name: bytes


class Cabinet(NamedTuple):
    """What stands before the data."""

    stated: int
    reserve: int
    """Bytes of each block that are its packer's own."""
    folders: tuple[Folder, ...]
    files: tuple[File, ...]
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...]
    claimed: tuple[tuple[int, int], ...]
    signature: tuple[int, int] | None
    """Where its header says that a signature stands."""
    follows: bool
    """Whether another cabinet of the set comes before it."""


def read_cabinet(source: ByteSource, most: int) -> Cabinet:
    """Read what stands before the data.

    Args:
        source: the cabinet.
        most: files that are listed.

    Raises:
        Truncated: not even its header is there.
    """
    head = source.read(0, _HEADER.size)
    if len(head) < _HEADER.size:
        raise Truncated("a cabinet's header is cut off", len(head))
    _, stated, files_at, minor, major, folder_count, file_count, flags, set_id, number = _HEADER.unpack(head)
    facts = [
        _fact("version", f"{major}.{minor}", head[24:26], 24),
        _fact("set", str(set_id), head[32:34], 32),
        _fact("number", str(number), head[34:36], 34),
    ]
    notices: list[Notice] = []
    at, reserves, signature = _HEADER.size, (0, 0, 0), None
    if flags & _RESERVE:
        raw = source.read(at, at + 4)
        reserves = (int.from_bytes(raw[:2], "little"), *raw[2:4], 0, 0)[:3]
        own = source.read(at + 4, at + 4 + reserves[0])
        if own.strip(b"\0"):
            facts.append(_fact("reserve", quote(own[:1_000]), own[:1_000], at + 4))
        signature = _signature(own, source.size)
        at += 4 + reserves[0]
    for flag, what in ((_PREVIOUS, "previous"), (_NEXT, "next")):
        for part in ("cabinet", "disk") if flags & flag else ():
            name = _text(source, at)
            if at >= source.size:
                break
            facts.append(_fact(f"{what}_{part}", quote(name), name, at))
            at += len(name) + 1
    folders, end = _folders(source, at, folder_count, reserves[1], notices)
    files, files_end = _files(source, files_at, min(file_count, most), notices)
    if file_count > most:
        text = f"{file_count} files, more than the limit members={most}: the rest is not listed"
        notices.append(Notice(code="cab.members_limit", text=text))
    claimed = ((0, at), (at, end), (min(files_at, files_end), files_end))
    return Cabinet(
        stated,
        reserves[2],
        tuple(folders),
        tuple(files),
        tuple(facts),
        tuple(notices),
        claimed,
        signature,
        bool(flags & _PREVIOUS),
    )


def block_spans(source: ByteSource, folder: Folder, reserve: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a folder's blocks, at most so many, the last one cut where the cabinet is."""
    window, at, head = Window(source, 1 << 16), folder.data, HEADER + reserve
    for _ in range(min(folder.blocks, most)):
        raw = window.read(at, at + HEADER)
        if len(raw) < HEADER:
            return
        end = at + head + int.from_bytes(raw[4:6], "little")
        yield at, min(end, source.size)
        if end > source.size:
            return
        at = end


def _folders(source: ByteSource, at: int, count: int, reserve: int, notices: list[Notice]) -> tuple[list[Folder], int]:
    found: list[Folder] = []
    size = _FOLDER.size + reserve
    data = source.read(at, at + size * count)
    for number in range(min(count, len(data) // size)):
        start, blocks, compression = _FOLDER.unpack_from(data, number * size)
        found.append(Folder(number, at + number * size, start, blocks, compression))
    if len(found) < count:
        text = f"{count} folders stated, {len(found)} there: the cabinet is cut off"
        at = min(at, source.size)
        notices.append(Notice(code="cab.truncated", text=text, locator=Locator(ranges=((at, at + len(data)),))))
    return found, at + len(data)


def _files(source: ByteSource, at: int, count: int, notices: list[Notice]) -> tuple[list[File], int]:
    found: list[File] = []
    window = Window(source, 1 << 16)
    for number in range(count):
        raw = window.read(at, at + _FILE.size + _NAME_BYTES)
        end = raw.find(b"\0", _FILE.size)
        if end < 0:
            text = f"{count} files stated, {number} there: the rest of the list is cut off or has no names"
            notices.append(
                Notice(code="cab.truncated", text=text, locator=Locator(ranges=((min(at, source.size),) * 2,)))
            )
            break
        size, offset, folder, date, time, attributes = _FILE.unpack_from(raw)
        found.append(File(number, at, size, offset, folder, date, time, attributes, raw[_FILE.size : end]))
        at += end + 1
    return found, min(at, source.size)


def _text(source: ByteSource, at: int) -> bytes:
    return source.read(at, at + _NAME_BYTES).partition(b"\0")[0]


def _signature(own: bytes, size: int) -> tuple[int, int] | None:
    """Return where a signature stands; 20 bytes in the header lead to it, as Authenticode has them."""
    if len(own) != 20:
        return None
    start, length = (int.from_bytes(own[at : at + 4], "little") for at in (4, 8))
    return (start, start + length) if length and 36 <= start < start + length <= size else None


def _fact(name: str, value: str, raw: bytes, start: int) -> Fact:
    place = Locator(ranges=((start, start + len(raw)),), path=f"cab:header.{name}")
    return Fact(name=f"cab.{name}", value=value, raw=raw, locator=place)
