"""What streams of compressed files say of themselves beside their content: sizes, checksums, how they were packed.

Source: the .xz file format 1.2; lzma-file-format.txt of xz; RFC 8878; LZ4 frame format 1.6.2; RFC 1950.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Fact
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.parsers.archive._single import Said
from forensics.replay.compressed_files import Stream

_XZ_CHECKS = {0: "none", 1: "CRC-32", 4: "CRC-64", 10: "SHA-256"}
_INDEX_BYTES = 1 << 20
_UNKNOWN = (1 << 64) - 1


class _Facts:
    """Facts of one stream."""

    def __init__(self, area: str, source: ByteSource, stream: Stream, number: int) -> None:
        self._area, self._source, self._stream = area, source, stream
        self._base = f"{area}:stream[{number}]"
        self.facts: list[Fact] = []

    def add(self, word: str, value: str, first: int, last: int) -> None:
        """Add a fact that stands at a place of the stream, if the file does not end before it."""
        if self._stream.start + last > self._source.size:
            return
        self.facts.append(self._fact(f"{self._area}.{word}", word, value, first, last))

    def said(self, size: int | None, first: int, last: int) -> Said:
        """Return all, with the size that is stated at a place, and whether it was decoded."""
        conflicts: tuple[Fact, ...] = ()
        notices: tuple[Notice, ...] = ()
        if self._stream.start + last > self._source.size:
            size = None
        if size is not None and self._stream.whole and size != self._stream.size:
            value = f"stated {size}, decoded {self._stream.size}"
            fact = self._fact(f"{self._area}.member.size", "size", value, first, last)
            conflicts = (fact,)
            notices = (Notice(code=f"{self._area}.size", text=f"a size is {value} bytes", locator=fact.locator),)
        return Said(size=size, facts=tuple(self.facts), conflicts=conflicts, notices=notices)

    def _fact(self, name: str, word: str, value: str, first: int, last: int) -> Fact:
        start, end = self._stream.start + first, self._stream.start + last
        locator = Locator(ranges=((start, end),), path=f"{self._base}.{word}")
        return Fact(name=name, value=value, raw=self._source.read(start, end)[:64], locator=locator)


def bzip2(source: ByteSource, stream: Stream, number: int) -> Said:
    """Return the level of a stream of bzip2: nothing else stands there."""
    facts = _Facts("bzip2", source, stream, number)
    facts.add("block_size", f"{source.read(stream.start + 3, stream.start + 4).decode('ascii', 'replace')}00 kB", 3, 4)
    return facts.said(None, 0, 0)


def xz(source: ByteSource, stream: Stream, number: int) -> Said:
    """Return the kind of checksum, and the size that a stream's index states."""
    facts = _Facts("xz", source, stream, number)
    head = source.read(stream.start, min(stream.end, stream.start + 12))
    if len(head) < 12:
        return Said()
    facts.add("check", _XZ_CHECKS.get(head[7] & 15, "unknown"), 7, 8)
    if not stream.whole:
        return facts.said(None, 0, 0)
    footer = source.read(stream.end - 12, stream.end)
    length = 4 * (int.from_bytes(footer[4:8], "little") + 1)
    first, last = stream.end - 12 - length - stream.start, stream.end - 12 - stream.start
    if first < 12 or length > _INDEX_BYTES:
        return facts.said(None, 0, 0)
    numbers = list(_numbers(source.read(stream.start + first + 1, stream.start + last - 4)))
    count = numbers[0] if numbers else 0
    if count != (len(numbers) - 1) // 2 and len(numbers) < 2 * count + 1:
        return facts.said(None, 0, 0)
    facts.add("blocks", str(count), first, last)
    return facts.said(sum(numbers[2 : 2 * count + 1 : 2]), first, last)


def _numbers(data: bytes) -> Iterator[int]:
    """Yield numbers of seven bits a byte, the lowest first."""
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 or shift > 63:
            yield value
            value = shift = 0


def lzma_alone(source: ByteSource, stream: Stream, number: int) -> Said:
    """Return the dictionary and the size in the header of a stream of LZMA."""
    facts = _Facts("lzma", source, stream, number)
    head = source.read(stream.start, stream.start + 13)
    facts.add("dictionary", f"{int.from_bytes(head[1:5], 'little')} bytes", 1, 5)
    size = int.from_bytes(head[5:13], "little")
    return facts.said(None if size == _UNKNOWN else size, 5, 13)


def zstd(source: ByteSource, stream: Stream, number: int) -> Said:
    """Return what the header of a frame says: size of the content, window, dictionary, whether it has a checksum."""
    facts = _Facts("zstd", source, stream, number)
    head = source.read(stream.start, stream.start + 18)
    if len(head) < 6:
        return Said()
    flags, at = head[4], 5
    facts.add("checksum", "yes" if flags & 4 else "no", 4, 5)
    if not flags & 0x20:
        facts.add("window", f"{(1 << 10 + (head[5] >> 3)) * (8 + (head[5] & 7)) // 8} bytes", 5, 6)
        at = 6
    width = (0, 1, 2, 4)[flags & 3]
    if width:
        facts.add("dictionary", str(int.from_bytes(head[at : at + width], "little")), at, at + width)
        at += width
    width = (1 if flags & 0x20 else 0, 2, 4, 8)[flags >> 6]
    if not width:
        return facts.said(None, 0, 0)
    size = int.from_bytes(head[at : at + width], "little") + (256 if width == 2 else 0)
    return facts.said(size, at, at + width)


def lz4(source: ByteSource, stream: Stream, number: int) -> Said:
    """Return what the header of a frame says: size of the content, checksums, dictionary."""
    facts = _Facts("lz4", source, stream, number)
    head = source.read(stream.start, stream.start + 19)
    if head.startswith(b"\x02"):
        facts.add("form", "its first form", 0, 4)
        return facts.said(None, 0, 0)
    if len(head) < 7:
        return Said()
    flags, at = head[4], 6
    facts.add("checksum", "of the content" if flags & 4 else "of blocks" if flags & 16 else "no", 4, 5)
    size = None
    if flags & 8:
        size, at = int.from_bytes(head[6:14], "little"), 14
    if flags & 1:
        facts.add("dictionary", str(int.from_bytes(head[at : at + 4], "little")), at, at + 4)
    return facts.said(size, 6, 14)


def zlib(source: ByteSource, stream: Stream, number: int) -> Said:
    """Return the level that the header of a zlib stream says."""
    facts = _Facts("zlib", source, stream, number)
    level = source.read(stream.start + 1, stream.start + 2)
    if level:
        facts.add("level", ("fastest", "fast", "default", "slowest")[level[0] >> 6], 1, 2)
    return facts.said(None, 0, 0)
