"""Word's compound files patched in place: times of the properties, text, the time of the root entry.

Source: [MS-CFB] 2.3 to 2.6, [MS-OLEPS] 2.20, [MS-DOC] 2.5.
"""

import io
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import olefile

from samples.planting.files.folder import File, Folder
from samples.planting.files.operation import FileOperation, FilePlant
from samples.planting.mime import Unfit

_SUMMARY, _DOCUMENT, _WORD = "\x05SummaryInformation", "\x05DocumentSummaryInformation", "WordDocument"
_CREATED, _SAVED = 12, 13
_FILETIME = 0x40
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_TABLES = 109
"""Sectors of the table of sectors that the header itself lists."""
_ROOT_MODIFIED = 0x6C
_NARROW = re.compile(rb"(?<=[ ])[a-z]{5,12}(?=[ .,])")
_WIDE = re.compile(rb"(?<= \0)(?:[a-z]\0){5,12}(?=[ .,]\0)")


class _Compound:
    """A compound file that is patched in place."""

    def __init__(self, data: bytes, held: olefile.OleFileIO) -> None:
        self.data, self._held = bytearray(data), held

    def stream(self, name: str) -> bytes:
        if not self._held.exists(name):
            raise Unfit(f"no stream {name}")
        found: bytes = self._held.openstream(name).read()
        return found

    def place(self, name: str, offset: int) -> int:
        """Return where a byte of a stream lies in the file."""
        entry = self._held.direntries[self._held._find(name)]
        if entry.size >= self._held.minisectorcutoff:
            return self._sector(entry.isectStart, offset)
        small = self._held.mini_sector_size
        number = self._walked(self._held.minifat, entry.isectStart, offset // small)
        return self._sector(self._held.root.isectStart, number * small + offset % small)

    def root(self) -> int:
        """Return where the entry of the root begins."""
        return self._sector(self._held.first_dir_sector, 0)

    def _sector(self, first: int, offset: int) -> int:
        size: int = self._held.sector_size
        return (self._walked(self._held.fat, first, offset // size) + 1) * size + offset % size

    def _walked(self, table: list[int], first: int, steps: int) -> int:
        for _ in range(steps):
            if first >= len(table):
                raise Unfit("a chain that ends early")
            first = table[first]
        return first

    def replace(self, name: str, content: bytes) -> None:
        """Give a small stream other content, as a large one at the end of the file; its old place is free.

        Raises:
            Unfit: it is large, or the file has too many sectors.
        """
        size, number = self._held.sector_size, self._held._find(name)
        old, step = self._held.direntries[number], self._held.direntries[number].isectStart
        if old.size >= self._held.minisectorcutoff:
            raise Unfit("a large stream")
        while step < len(self._held.minifat):
            place = self._sector(self._held.first_mini_fat_sector, 4 * step)
            step = self._held.minifat[step]
            struct.pack_into("<I", self.data, place, _FREE)
        content = content.ljust(self._held.minisectorcutoff, b"\0")
        padded = content + bytes(-len(content) % size)
        self.data += bytes(-len(self.data) % size)
        count = len(padded) // size
        # A table of sectors has its own sector in it.
        while len(self.data) // size + count > self._tables() * (size // 4):
            self._table()
        first = len(self.data) // size - 1
        self.data += padded
        for sector in range(first, first + count):
            self._follow(sector, sector + 1 if sector + 1 < first + count else _END)
        entry = self._sector(self._held.first_dir_sector, 128 * number)
        struct.pack_into("<II", self.data, entry + 0x74, first, len(content))

    def _tables(self) -> int:
        count: int = struct.unpack_from("<I", self.data, 0x2C)[0]
        return count

    def _table(self) -> None:
        """Add a sector to the table of sectors."""
        size, count = self._held.sector_size, self._tables()
        if count >= _TABLES:
            raise Unfit("too many sectors")
        number = len(self.data) // size - 1
        self.data += struct.pack("<I", _FREE) * (size // 4)
        struct.pack_into("<I", self.data, 0x4C + 4 * count, number)
        struct.pack_into("<I", self.data, 0x2C, count + 1)
        self._follow(number, _TABLE)

    def _follow(self, sector: int, following: int) -> None:
        size = self._held.sector_size
        table = struct.unpack_from("<I", self.data, 0x4C + 4 * (sector // (size // 4)))[0]
        struct.pack_into("<I", self.data, (table + 1) * size + 4 * (sector % (size // 4)), following)

    def put(self, name: str, offset: int, new: bytes) -> None:
        """Write over bytes of a stream, which may lie in two sectors."""
        for step, byte in enumerate(new):
            self.data[self.place(name, offset + step)] = byte


@contextmanager
def _opened(data: bytes) -> Iterator[_Compound]:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as held:
            held.loadminifat()
            yield _Compound(data, held)
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise Unfit(str(error)) from error


def _properties(stream: bytes) -> dict[int, int]:
    """Return where the value of each property begins in the stream, behind its type."""
    start = struct.unpack_from("<I", stream, 44)[0]
    count = struct.unpack_from("<I", stream, start + 4)[0]
    pairs = [struct.unpack_from("<II", stream, start + 8 + 8 * number) for number in range(min(count, 100))]
    return {
        id: start + offset + 4
        for id, offset in pairs
        if id in (_CREATED, _SAVED) and struct.unpack_from("<I", stream, start + offset)[0] == _FILETIME
    }


def summary_times(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-32: creation and last save moved back alike in the property set; the document's own fields stay."""
    minutes = rng.randrange(20 * 1440, 400 * 1440)
    with _opened(file.data) as held:
        stream = held.stream(_SUMMARY)
        found = _properties(stream)
        moved = 0
        for place in found.values():
            old = struct.unpack_from("<Q", stream, place)[0]
            new = old - minutes * 600_000_000
            if old and new > 0:
                held.put(_SUMMARY, place, struct.pack("<Q", new))
                moved += 1
        if sham or not moved:
            return None
        return FilePlant(bytes(held.data), "D", f"{moved} times by {timedelta(minutes=-minutes)}")


def text_patched(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-33: a word gives way to one of the same length; no other byte changes."""
    with _opened(file.data) as held:
        stream = held.stream(_WORD)
        start, end = struct.unpack_from("<II", stream, 0x18)
        if not 0 < start < end <= len(stream) or sham:
            return None
        for pattern in (_NARROW, _WIDE):
            found = list(pattern.finditer(stream, start, end))
            for one in rng.sample(found, min(len(found), 50)):
                others = sorted({other[0] for other in found if len(other[0]) == len(one[0])} - {one[0]})
                if others:
                    new = rng.choice(others)
                    held.put(_WORD, one.start(), new)
                    said = [text.replace(b"\0", b"").decode("ascii") for text in (one[0], new)]
                    return FilePlant(bytes(held.data), "N", f"{said[0]!r} -> {said[1]!r}")
    return None


def root_time(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-34: the time of the root entry moved back."""
    days = rng.randrange(3, 400)
    with _opened(file.data) as held:
        place = held.root() + _ROOT_MODIFIED
        old = struct.unpack_from("<Q", held.data, place)[0]
        if not old or sham:
            return None
        struct.pack_into("<Q", held.data, place, old - days * 864_000_000_000)
        return FilePlant(bytes(held.data), "P", f"root entry by {-days} days")


def properties_set(data: bytes, like: bytes) -> bytes:
    """Return a compound file with the property sets of another, and the time of its root entry.

    Raises:
        Unfit: one of them is damaged, or has none.
    """
    with _opened(like) as other, _opened(data) as held:
        for name in (_SUMMARY, _DOCUMENT):
            held.replace(name, other.stream(name))
        place = other.root() + _ROOT_MODIFIED
        at = held.root() + _ROOT_MODIFIED
        held.data[at : at + 8] = other.data[place : place + 8]
        return bytes(held.data)


_KINDS = ("compound",)
OPERATIONS = (
    FileOperation("E-32", "times of a .doc's properties moved", (16,), summary_times, _KINDS),
    FileOperation("E-33", "a word of a .doc patched in place", (17,), text_patched, _KINDS),
    FileOperation("E-34", "the time of a .doc's root entry moved", (16,), root_time, _KINDS),
)
