"""The heap of a node, and what is laid in it: B-tree heaps, property contexts, table contexts.

Source: [MS-PST] 2.3.
"""

import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from forensics.parsers.store._pst_layout import Layout

HEAP, TREE, CONTEXT, TABLE = 0xEC, 0xB5, 0xBC, 0x7C
_LEVELS = 8
_MOST_PIECES = 100_000
"""Pieces of the heap that one tree in it may be spread over."""

MOST_RECORDS = 20_000
"""Properties of one object."""
MOST_ROWS = 1_000_000
"""Rows of one table."""

FIXED = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 1}
"""Types whose value stands in the record itself, and its bytes."""
FIXED_IN_ROW = {**FIXED, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8}
"""The same in rows of a table."""


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

    def place(self, index: int, start: int, end: int) -> tuple[int, int] | None:
        """Return the range where a range of a block stands, for locators; ``None``: it cannot be named."""

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


class Column(NamedTuple):
    """One column of a table."""

    tag: int
    start: int
    size: int
    bit: int


_INFO = struct.Struct("<BB4HIII")
_COLUMN = struct.Struct("<IHBB")


class Table:
    """A table context.

    Attributes:
        columns: in their order.
        rows: rows that its index lists.
        whole: whether it could be read as a table at all.
    """

    def __init__(self, heap: Heap) -> None:
        self.heap = heap
        self.columns: list[Column] = []
        self._ids = array("I")
        self._rows = array("I")
        self._matrix: NodeData | None = None
        self._width = self._bits = 0
        self._held: Value | None = None
        self.whole = heap.client == TABLE and self._open()

    @property
    def rows(self) -> int:
        """How many rows its index lists."""
        return len(self._ids)

    def ids(self) -> "array[int]":
        """Return the ids of all rows, in the order of the index: for contents tables the numbers of the nodes."""
        return self._ids

    def at(self, row: int) -> int | None:
        """Return the position in the index of a row of this id."""
        at = bisect_left(self._ids, row)
        return at if at < len(self._ids) and self._ids[at] == row else None

    def _open(self) -> bool:
        place = self.heap.find(self.heap.root)
        info = self.heap.bytes_of(place) if place else b""
        if len(info) < _INFO.size or info[0] != TABLE:
            return False
        _, count, _, _, bits, width, index, matrix, _ = _INFO.unpack_from(info)
        end = _INFO.size + min(count, (len(info) - _INFO.size) // _COLUMN.size) * _COLUMN.size
        self.columns = [Column(*one) for one in _COLUMN.iter_unpack(info[_INFO.size : end])]
        self._bits, self._width = bits, width
        self._index(index)
        if matrix & 0x1F:
            self._matrix = self.heap.node.subnode(matrix)
        elif matrix:
            self._held = self.heap.find(matrix)
        return True

    def _index(self, hid: int) -> None:
        width = self.heap.node.layout.row_index
        pairs: list[tuple[int, int]] = []
        for key, size, piece in leaves(self.heap, hid):
            if key == 4 and size == width and len(pairs) < MOST_ROWS:
                data = self.heap.bytes_of(piece)
                form = "<II" if width == 4 else "<IH"
                pairs += struct.iter_unpack(form, data[: len(data) // (4 + width) * (4 + width)])
        pairs.sort()
        self._ids = array("I", [one for one, _ in pairs])
        self._rows = array("I", [row for _, row in pairs])

    def order(self) -> list[int]:
        """Return the positions in the index in the order of the rows themselves."""
        return sorted(range(len(self._rows)), key=self._rows.__getitem__)

    def cells(self, position: int) -> "Row | None":
        """Return the row that stands at a position of the index; ``None``: it is not there."""
        row = self._rows[position]
        if not self._width:
            return None
        if self._held is not None:
            start = self._held.start + row * self._width
            return Row(self, self.heap.node, self._held.block, start) if start + self._width <= self._held.end else None
        if self._matrix is None or not self._matrix.count:
            return None
        each = self._per_block(self._matrix) // self._width
        if not each or row // each >= self._matrix.count:
            return None
        start = row % each * self._width
        if start + self._width > len(self._matrix.block(row // each)):
            return None
        return Row(self, self._matrix, row // each, start)

    def _per_block(self, matrix: NodeData) -> int:
        return matrix.layout.block_bytes if matrix.count > 1 else max(matrix.layout.block_bytes, len(matrix.block(0)))

    @property
    def bits(self) -> int:
        """Where in a row the bits stand that say which cells it has."""
        return self._bits


class Row:
    """One row of a table."""

    def __init__(self, table: Table, node: NodeData, block: int, start: int) -> None:
        self._table = table
        self.node = node
        self.block = block
        self._start = start
        self._data = node.block(block)

    def values(self) -> Iterator[tuple[int, Value, bool]]:
        """Yield tag and place of each cell that is there; the last says whether the place is in the heap's node."""
        bits = self._start + self._table.bits
        for column in self._table.columns:
            if not self._data[bits + column.bit // 8 : bits + column.bit // 8 + 1]:
                continue
            if self._data[bits + column.bit // 8] >> (7 - column.bit % 8) & 1:
                found = self._cell(column)
                if found is not None:
                    yield column.tag, *found

    def _cell(self, column: Column) -> tuple[Value, bool] | None:
        at = self._start + column.start
        here = Value(self.block, at, at + column.size)
        if column.tag & 0xFFFF in FIXED_IN_ROW:
            return here, False
        place = pointed(self._table.heap, int.from_bytes(self._data[at : at + 4], "little"), self.block, at)
        return (place, True) if place is not None else None
