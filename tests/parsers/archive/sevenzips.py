"""7z archives whose every header field may lie, and a reader that replays what it finds."""

import lzma
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from forensics.model.documents import ArchiveFacts
from forensics.model.items import ChildItem, Notice
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers.archive import sevenzip
from tests.parsers.archive import replays

SIGNATURE = b"7z\xbc\xaf\x27\x1c\0\4"
COPY = b"\x01\0"
LZMA2 = b"\x21\x21\x01\x0c"
FILETIME = 131121920020000000  # 2016-07-05 11:33:22 UTC


def number(value: int) -> bytes:
    for more in range(8):
        if value < 1 << 7 * (more + 1):
            first = (0xFF << 8 - more) & 0xFF | value >> 8 * more
            return bytes((first,)) + (value & (1 << 8 * more) - 1).to_bytes(more, "little")
    return b"\xff" + value.to_bytes(8, "little")


def bits(values: Sequence[bool]) -> bytes:
    text = "".join(["1" if value else "0" for value in values]).ljust(-(-len(values) // 8) * 8, "0")
    return bytes([int(text[at : at + 8], 2) for at in range(0, len(text), 8)])


def lzma2(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 18}])


class Folder(NamedTuple):
    """A folder to be written: its description, its packed streams, and the files in what it unpacks to."""

    files: Sequence[bytes]
    coders: bytes = number(1) + COPY
    packed: Sequence[bytes] | None = None
    sizes: Sequence[int] | None = None


def solid(files: Sequence[bytes]) -> Folder:
    return Folder(files, number(1) + LZMA2, [lzma2(b"".join(files))])


class Named(NamedTuple):
    """A file to be written; ``empty``: it has no stream."""

    name: str
    empty: bool = False
    folder: bool = False
    anti: bool = False
    attributes: int = 0x20


def streams(folders: Sequence[Folder], *, position: int = 0, crcs: bool = True) -> tuple[bytes, bytes]:
    """Return the packed streams and their description."""
    packed = [each.packed if each.packed is not None else [b"".join(each.files)] for each in folders]
    flat = [one for each in packed for one in each]
    out = (
        b"\x06" + number(position) + number(len(flat)) + b"\x09" + b"".join([number(len(one)) for one in flat]) + b"\0"
    )
    sizes = [each.sizes if each.sizes is not None else [len(b"".join(each.files))] for each in folders]
    out += b"\x07\x0b" + number(len(folders)) + b"\0" + b"".join([each.coders for each in folders])
    out += b"\x0c" + b"".join([number(size) for each in sizes for size in each]) + b"\0"
    out += b"\x08\x0d" + b"".join([number(len(each.files)) for each in folders])
    out += b"\x09" + b"".join([number(len(one)) for each in folders for one in each.files[:-1]])
    if crcs:
        found = [zlib.crc32(one).to_bytes(4, "little") for each in folders for one in each.files]
        out += b"\x0a\x01" + b"".join(found)
    return b"".join(flat), out + b"\0\0"


def part(kind: int, data: bytes) -> bytes:
    return bytes((kind,)) + number(len(data)) + data


def listed(files: Sequence[Named], more: bytes = b"") -> bytes:
    """Return the list of files."""
    without = [one for one in files if one.empty]
    out = number(len(files))
    if without:
        out += part(0x0E, bits([one.empty for one in files])) + part(0x0F, bits([not one.folder for one in without]))
        if any(one.anti for one in without):
            out += part(0x10, bits([one.anti for one in without]))
    out += part(0x11, b"\0" + b"".join([(one.name + "\0").encode("utf-16-le", "surrogatepass") for one in files]))
    out += part(0x14, b"\1\0" + b"".join([(FILETIME + place).to_bytes(8, "little") for place in range(len(files))]))
    out += part(0x15, b"\1\0" + b"".join([one.attributes.to_bytes(4, "little") for one in files]))
    return b"\x05" + out + part(0x19, bytes(3)) + more + b"\0"


def closed(packed: bytes, header: bytes, *, encode: bool = False) -> bytes:
    """Return the archive: the start header, the packed streams, the header."""
    if encode:
        small = lzma2(header)
        out = b"\x17\x06" + number(len(packed)) + number(1) + b"\x09" + number(len(small)) + b"\0"
        out += b"\x07\x0b\x01\0" + number(1) + LZMA2 + b"\x0c" + number(len(header))
        out += b"\x0a\x01" + zlib.crc32(header).to_bytes(4, "little") + b"\0\0"
        packed, header = packed + small, out
    start = (
        len(packed).to_bytes(8, "little") + len(header).to_bytes(8, "little") + zlib.crc32(header).to_bytes(4, "little")
    )
    return SIGNATURE + zlib.crc32(start).to_bytes(4, "little") + start + packed + header


def archive(folders: Sequence[Folder], files: Sequence[Named], *, encode: bool = True, crcs: bool = True) -> bytes:
    packed, described = streams(folders, crcs=crcs)
    return closed(packed, b"\x01\x04" + described + listed(files) + b"\0", encode=encode)


class _Coder:
    """The range encoder of BCJ2."""

    def __init__(self) -> None:
        self.low, self.range, self.cache, self.pending = 0, 0xFFFFFFFF, 0, 1
        self.out = bytearray()
        self.odds = [1024] * 258

    def shift(self) -> None:
        if self.low < 0xFF000000 or self.low >> 32:
            carry = self.low >> 32
            self.out.append(self.cache + carry & 0xFF)
            self.out += bytes((0xFF + carry & 0xFF,)) * (self.pending - 1)
            self.pending, self.cache = 0, self.low >> 24 & 0xFF
        self.pending += 1
        self.low = (self.low & 0xFFFFFF) << 8

    def put(self, place: int, bit: bool) -> None:
        odds = self.odds[place]
        bound = (self.range >> 11) * odds
        if bit:
            self.low += bound
            self.range -= bound
            self.odds[place] -= odds >> 5
        else:
            self.range = bound
            self.odds[place] += 2048 - odds >> 5
        while self.range < 1 << 24:
            self.range <<= 8
            self.shift()


def bcj2(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Take the targets of calls and jumps out; a target of which no use is made stays where it is."""
    main, calls, jumps, coder = bytearray(), bytearray(), bytearray(), _Coder()
    at = before = 0
    while at < len(data):
        byte = data[at]
        main.append(byte)
        at += 1
        if byte & 0xFE == 0xE8 or (before == 0x0F and byte & 0xF0 == 0x80):
            taken = at + 4 <= len(data) and data[at + 3] in (0, 0xFF)
            coder.put(before if byte == 0xE8 else 256 if byte == 0xE9 else 257, taken)
            if taken:
                target = int.from_bytes(data[at : at + 4], "little") + at + 4 & 0xFFFFFFFF
                (calls if byte == 0xE8 else jumps).extend(target.to_bytes(4, "big"))
                byte = data[at + 3]
                at += 4
        before = byte
    for _ in range(5):
        coder.shift()
    return bytes(main), bytes(calls), bytes(jumps), bytes(coder.out)


WHERE = Location((Step(kind=StepKind.FILE, name="a.7z", start=0, end=0, source="s"),))
TEXTS = [b"first file " * 40, b"second " * 30, b"third, and the last of them"]
NAMES = [Named("a/first.txt"), Named("second.txt"), Named("third")]
SOLID = archive([solid(TEXTS)], NAMES)


def read(data: bytes, **context: object) -> tuple[ArchiveFacts, list[ChildItem], list[Notice]]:
    return replays.read(sevenzip.parse, WHERE, data, **context)
