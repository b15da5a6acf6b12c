"""Headers of gzip's members: name, comment, further fields, time, system, and the sums behind the data.

Source: RFC 1952; subfields of BGZF and dictzip after their own documentation.
"""

from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Fact, Precision, Timestamp
from forensics.model.locations import Locator, quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers.archive._single import Said
from forensics.replay.compressed_files import Stream

_SYSTEMS = (
    "FAT",
    "Amiga",
    "VMS",
    "Unix",
    "VM/CMS",
    "Atari TOS",
    "HPFS",
    "Macintosh",
    "Z-System",
    "CP/M",
    "TOPS-20",
    "NTFS",
    "QDOS",
    "Acorn RISCOS",
)
_LEVELS = {0: "not said", 2: "slowest", 4: "fastest"}
_HEAD_BYTES = 1 << 12
_TEXT_BYTES = 1 << 20
VALUE_BYTES = 1_000


class _Reader:
    """Reads a header from the front."""

    def __init__(self, source: ByteSource, stream: Stream) -> None:
        self._data = source.read(stream.start, min(stream.end, stream.start + _HEAD_BYTES))
        if len(self._data) == _HEAD_BYTES and self._data[3] & 0x1C:
            self._data = source.read(stream.start, min(stream.end, stream.start + _TEXT_BYTES + (1 << 17)))
        self._base, self.at = stream.start, 0

    def take(self, size: int) -> "_Field":
        start = self.at
        self.at = min(start + size, len(self._data))
        return _Field(self._data[start : self.at], self._base + start, self._base + self.at)

    def text(self) -> "_Field":
        end = self._data.find(b"\0", self.at)
        field = self.take((len(self._data) if end < 0 else end) - self.at)
        self.at += end >= 0
        return field


class _Field(NamedTuple):
    raw: bytes
    start: int
    end: int


def describe(source: ByteSource, stream: Stream, number: int) -> Said:
    """Return what a member says of itself."""
    reader, base = _Reader(source, stream), f"gzip:member[{number}]"
    fixed = reader.take(10)
    if len(fixed.raw) < 10:
        return Said()
    flags, facts = fixed.raw[3], []

    def place(first: int, last: int, field: str) -> Locator:
        return Locator(ranges=((stream.start + first, stream.start + last),), path=f"{base}.{field}")

    system = (
        _SYSTEMS[fixed.raw[9]] if fixed.raw[9] < len(_SYSTEMS) else "not said" if fixed.raw[9] == 255 else "unknown"
    )
    facts.append(Fact(name="gzip.system", value=system, raw=fixed.raw[9:10], locator=place(9, 10, "system")))
    level = _LEVELS.get(fixed.raw[8], "unknown")
    facts.append(Fact(name="gzip.level", value=level, raw=fixed.raw[8:9], locator=place(8, 9, "level")))
    if flags & 1:
        facts.append(Fact(name="gzip.text", value="yes", raw=fixed.raw[3:4], locator=place(3, 4, "text")))
    if flags & 4:
        size = int.from_bytes(reader.take(2).raw, "little")
        facts.append(_fact("extra", reader.take(size), base))
    name = b""
    if flags & 8:
        field = reader.text()
        name = field.raw[:VALUE_BYTES]
        facts.append(_fact("name", field, base))
    if flags & 16:
        facts.append(_fact("comment", reader.text(), base))
    return _with_sums(source, stream, base, Said(name=name, times=(_time(fixed, base),), facts=tuple(facts)))


def _fact(word: str, field: _Field, base: str) -> Fact:
    raw = field.raw[:VALUE_BYTES]
    locator = Locator(ranges=((field.start, field.end),), path=f"{base}.{word}")
    return Fact(name=f"gzip.{word}", value=quote(raw), raw=raw, locator=locator)


def _time(fixed: _Field, base: str) -> Timestamp:
    """Of the file that was packed, or, where it came from a pipe, when packing began; zero: not said."""
    seconds = int.from_bytes(fixed.raw[4:8], "little")
    instant = seconds * TICKS_PER_SECOND if seconds else Absence.NOT_PRESENT
    return Timestamp(
        instant=instant,
        wall=instant,
        offset_s=Absence.NOT_APPLICABLE,
        precision=Precision.SECOND,
        description=Description.MODIFICATION,
        clock=ClockKind.PACKER,
        owner="",
        raw=fixed.raw[4:8],
        locator=Locator(ranges=((fixed.start + 4, fixed.start + 8),), path=f"{base}.mtime"),
        kind=TimeKind.GZIP_MODIFIED,
    )


def _with_sums(source: ByteSource, stream: Stream, base: str, said: Said) -> Said:
    """Add the sums behind the data, and where what was decoded contradicts them."""
    end = stream.end
    trailer = source.read(end - 8, end)
    if not stream.whole:
        return said
    crc32, size = int.from_bytes(trailer[:4], "little"), int.from_bytes(trailer[4:], "little")
    conflicts = []
    for word, stated, found, at in (("crc32", crc32, stream.crc32, end - 8), ("size", size, stream.size, end - 4)):
        if stated != found & 0xFFFFFFFF:
            locator = Locator(ranges=((at, at + 4),), path=f"{base}.{word}")
            raw = trailer[at - end + 8 : at - end + 12]
            value = f"stated {stated}, decoded {found & 0xFFFFFFFF}"
            conflicts.append(Fact(name=f"gzip.member.{word}", value=value, raw=raw, locator=locator))
    return said._replace(crc32=crc32, size=size, conflicts=tuple(conflicts))
