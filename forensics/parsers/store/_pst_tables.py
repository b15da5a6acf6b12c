"""Table contexts: rows of cells over a heap, in it or in a subnode.

Source: [MS-PST] 2.3.4.
"""

import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from forensics.parsers.store._pst_heap import FIXED, Heap, NodeData, Value, leaves, pointed

TABLE = 0x7C
FIXED_IN_ROW = {**FIXED, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8}
"""Types whose value stands in the row itself, and its bytes."""
MOST_ROWS = 1_000_000
"""Rows of one table."""


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
    def width(self) -> int:
        """Bytes of a row."""
        return self._width

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

    def values(self) -> Iterator[tuple[int, Value | None, bool]]:
        """Yield tag and place of each cell that the row has; the last says whether the place is in the heap's node.

        ``None``: the cell would stand outside of the row, or leads nowhere.
        """
        bits = self._start + self._table.bits
        for column in self._table.columns:
            if not self._data[bits + column.bit // 8 : bits + column.bit // 8 + 1]:
                continue
            if self._data[bits + column.bit // 8] >> (7 - column.bit % 8) & 1:
                yield column.tag, *self._cell(column)

    def _cell(self, column: Column) -> tuple[Value | None, bool]:
        at = self._start + column.start
        fixed = column.tag & 0xFFFF in FIXED_IN_ROW
        if column.start + (column.size if fixed else 4) > self._table.width:
            return None, False
        if fixed:
            return Value(self.block, at, at + column.size), False
        return pointed(self._table.heap, int.from_bytes(self._data[at : at + 4], "little"), self.block, at), True
