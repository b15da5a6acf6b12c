"""The heap of a node, and what is laid in it: B-tree heaps and property contexts.

Source: [MS-PST] 2.3.1 to 2.3.3.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from forensics.model.locations import Locator
from forensics.parsers.store._pst_layout import Layout

HEAP, TREE, CONTEXT = 0xEC, 0xB5, 0xBC
_LEVELS = 8
_MOST_PIECES = 100_000
"""Pieces of the heap that one tree in it may be spread over."""

MOST_RECORDS = 20_000
"""Properties of one object."""
FIXED = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 1}
"""Types whose value stands in the record itself, and its bytes."""


class NodeData(Protocol):
    """Data and subnodes of a node, in whatever they are kept."""

    @property
    def layout(self) -> Layout:
        """Of the store."""

    @property
    def count(self) -> int:
        """Blocks of data."""

    def block(self, index: int) -> bytes:
        """Return the data of a block; nothing where it is missing."""

    def locator(self, index: int, start: int, end: int, path: str) -> Locator:
        """Return where a range of a block stands; without ranges where that cannot be named."""

    def subnode(self, nid: int) -> "NodeData | None":
        """Return a subnode."""


class Value(NamedTuple):
    """A value in a heap, a row or a subnode."""

    block: int
    """Index of the block; -1: the whole of a subnode."""
    start: int
    end: int
    nid: int = 0
    """Of that subnode."""


_RECORD = struct.Struct("<HHI")
_NUMBER = struct.Struct("<H6x")


class Record(NamedTuple):
    """One property of a property context."""

    id: int
    type: int
    value: int
    """Of four bytes: itself, a heap id, or the number of a subnode."""
    block: int
    start: int
    """Where these four bytes stand."""


class Heap:
    """A heap over the blocks of a node."""

    def __init__(self, node: NodeData) -> None:
        self.node = node
        self._shift = node.layout.hid_shift
        self._maps: dict[int, tuple[int, ...]] = {}
        head = node.block(0) if node.count else b""
        whole = len(head) >= 12 and head[2] == HEAP
        self.client = head[3] if whole else 0
        """What is laid in it; 0: it is no heap."""
        self.root = int.from_bytes(head[4:8], "little") if whole else 0

    def find(self, hid: int) -> Value | None:
        """Return where an allocation stands; ``None``: it names none."""
        index, block = (hid & ((1 << self._shift) - 1)) >> 5, hid >> self._shift
        places = self._maps.get(block)
        if places is None:
            places = self._maps[block] = self._map(block)
        if not 0 < index < len(places):
            return None
        start, end = places[index - 1], places[index]
        return Value(block, start, end) if start <= end else None

    def bytes_of(self, value: Value) -> bytes:
        """Return what stands in a block."""
        return self.node.block(value.block)[value.start : value.end]

    def _map(self, block: int) -> tuple[int, ...]:
        data = self.node.block(block) if block < self.node.count else b""
        at = int.from_bytes(data[:2], "little")
        if len(data) < 6 or at + 4 > len(data):
            return ()
        count = min(int.from_bytes(data[at : at + 2], "little") + 1, (len(data) - at - 4) // 2)
        return tuple([min(place, len(data)) for place in struct.unpack_from(f"<{count}H", data, at + 4)])


def leaves(heap: Heap, hid: int) -> Iterator[tuple[int, int, Value]]:
    """Yield the pieces of leaf records of a B-tree heap, with the bytes of key and data."""
    place = heap.find(hid)
    head = heap.bytes_of(place) if place else b""
    if len(head) < 8 or head[0] != TREE:
        return
    key, size, levels, root = head[1], head[2], head[3], int.from_bytes(head[4:8], "little")
    if not key or not size or levels > _LEVELS:
        return
    stack, met = [(root, levels)], set[int]()
    while stack and len(met) < _MOST_PIECES:
        one, level = stack.pop()
        piece = heap.find(one) if one and one not in met else None
        met.add(one)
        if piece is None:
            continue
        if not level:
            yield key, size, piece
            continue
        data, width = heap.bytes_of(piece), key + 4
        below = [data[at + key : at + width] for at in range(0, len(data) - width + 1, width)]
        stack += [(int.from_bytes(hid, "little"), level - 1) for hid in reversed(below)]


def records(heap: Heap) -> Iterator[Record]:
    """Yield the properties of a property context."""
    if heap.client != CONTEXT:
        return
    left = MOST_RECORDS
    for key, size, piece in leaves(heap, heap.root):
        if (key, size) != (2, 6):
            continue
        data = heap.node.block(piece.block)
        at = piece.start
        count = min((piece.end - at) // 8, left)
        left -= count
        block = piece.block
        for number, kind, value in _RECORD.iter_unpack(data[at : at + count * 8]):
            at += 8
            yield Record(number, kind, value, block, at - 4)


def numbers(heap: Heap) -> Iterator[int]:
    """Yield the numbers of the properties of a property context."""
    if heap.client == CONTEXT:
        for key, size, piece in leaves(heap, heap.root):
            if (key, size) == (2, 6):
                data = heap.node.block(piece.block)
                end = piece.start + (piece.end - piece.start) // 8 * 8
                yield from [number for (number,) in _NUMBER.iter_unpack(data[piece.start : end])]


def value_of(heap: Heap, record: Record) -> Value | None:
    """Return where the bytes of a property stand; ``None`` where it names nothing that is there."""
    size = FIXED.get(record.type)
    if size is not None:
        return Value(record.block, record.start, record.start + size)
    return pointed(heap, record.value, record.block, record.start)


def pointed(heap: Heap, value: int, block: int, start: int) -> Value | None:
    """Return where the bytes stand that a heap id or a number of a subnode leads to; both stand at this place."""
    if not value:
        return Value(block, start, start)
    if value & 0x1F:
        return Value(-1, 0, 0, value)
    return heap.find(value)
