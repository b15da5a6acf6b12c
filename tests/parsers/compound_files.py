"""Compound files made for tests: storages and streams, whole, in pieces, or broken."""

import itertools
import struct
from collections.abc import Iterator, Mapping
from typing import Union

Tree = Mapping[str, Union[bytes, "Tree"]]
SECTOR, MINI = 512, 64
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MADE, CHANGED = 132_000_000_000_000_000, 132_000_000_010_000_000


class Compound:
    """A compound file that is being made."""

    def __init__(self, tree: Tree, *, scattered: bool = False) -> None:
        self._scattered = scattered
        self._mini = bytearray()
        self._mini_fat: list[int] = []
        self._sectors: list[bytes] = []
        self._chains: list[list[int]] = []
        self._entries: list[list[object]] = [["Root Entry", 5, FREE, FREE, FREE, MADE, CHANGED, END, 0]]
        self._entries[0][4] = self._storage(tree)
        self._entries[0][7], self._entries[0][8] = self._large(bytes(self._mini)), len(self._mini)

    def _storage(self, tree: Tree) -> int:
        numbers = []
        for name, held in tree.items():
            number = len(self._entries)
            numbers.append(number)
            entry: list[object] = [name, 2 if isinstance(held, bytes) else 1, FREE, FREE, FREE, 0, 0, END, 0]
            self._entries.append(entry)
            if isinstance(held, bytes):
                entry[7], entry[8] = self._stream(held), len(held)
            else:
                entry[5], entry[6] = MADE, CHANGED
                entry[4] = self._storage(held)
        for number, following in itertools.pairwise(numbers):
            self._entries[number][3] = following
        return numbers[0] if numbers else FREE

    def _stream(self, data: bytes) -> int:
        if not data:
            return END
        if len(data) >= 4096:
            return self._large(data)
        first = len(self._mini_fat)
        count = -(-len(data) // MINI)
        self._mini += data.ljust(count * MINI, b"\0")
        self._mini_fat += [*range(first + 1, first + count), END]
        return first

    def _large(self, data: bytes) -> int:
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        chain = []
        for piece in pieces:
            if self._scattered:
                self._sectors.append(b"\xaa" * SECTOR)
            chain.append(len(self._sectors))
            self._sectors.append(piece)
        self._chains.append(chain)
        return chain[0] if chain else END

    def data(self) -> bytes:
        """Return the file."""
        directory = b"".join(self._directory())
        directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0")
        mini_fat = b"".join([struct.pack("<I", one) for one in self._mini_fat])
        mini_start, directory_start = self._large(mini_fat), self._large(directory)
        tables = 1
        while tables * SECTOR // 4 < len(self._sectors) + tables:
            tables += 1
        first = len(self._sectors)
        fat = [FREE] * (tables * SECTOR // 4)
        for chain in self._chains:
            for one, following in zip(chain, [*chain[1:], END], strict=True):
                fat[one] = following
        for number in range(first, first + tables):
            fat[number] = FAT
        header = struct.pack(
            "<8s16sHHHHH6sIIIIIIIIII",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            bytes(16),
            0x3E,
            3,
            0xFFFE,
            9,
            6,
            bytes(6),
            0,
            tables,
            directory_start,
            0,
            4096,
            mini_start,
            -(-len(mini_fat) // SECTOR),
            END,
            0,
            0,
        )[:76]
        places = [*range(first, first + tables), *[FREE] * 109][:109]
        return b"".join([header, struct.pack("<109I", *places), *self._sectors, struct.pack(f"<{len(fat)}I", *fat)])

    def _directory(self) -> Iterator[bytes]:
        for name, kind, left, right, child, made, changed, start, size in self._entries:
            raw = str(name).encode("utf-16-le")
            yield struct.pack(
                "<64sHBBIII16sIQQIQ",
                raw,
                len(raw) + 2,
                kind,
                1,
                left,
                right,
                child,
                bytes(16),
                0,
                made,
                changed,
                start,
                size,
            )


def compound(tree: Tree, *, scattered: bool = False) -> bytes:
    """Return a compound file; *scattered*: no two sectors of a stream stand beside each other."""
    return Compound(tree, scattered=scattered).data()
