"""The records in a folder's index of the Finder: blocks of powers of two, and in them a tree whose order is by name."""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.errors import Malformed
from forensics.model.locations import Locator
from forensics.parsers._gathering import MAX_VALUES, Gathering

SHIFT = 4
"""Places are counted from behind the first four bytes."""
_HEADER = 36
_TABLE_STEP = 256
"""Places of blocks are listed in steps of so many."""
_MOST_DEPTH = 16
_MOST_NAME = 1_024
_MOST_BLOCKS = 65_536
_MOST_NOTICES = 20
"""Of blocks that are not where blocks can be."""
_TREE = b"DSDB"
_TREE_BYTES = 20
_FIXED = {b"bool": 1, b"shor": 4, b"long": 4, b"type": 4, b"comp": 8, b"dutc": 8}
_COUNTED = {b"blob": 1, b"ustr": 2}
"""Bytes of each unit whose number stands before the value."""


class Record(NamedTuple):
    """What is said of one file: a name of four letters, a type, and where name and value stand."""

    file: str
    code: str
    kind: bytes
    name: tuple[int, int]
    value: tuple[int, int]


class Index:
    """The blocks of one index.

    Raises:
        Malformed: the list of blocks or the head of the tree cannot be read.
    """

    def __init__(self, data: bytes, gathering: Gathering) -> None:
        self._data, self._gathering = data, gathering
        self.used = 0
        """Bytes of blocks that were read."""
        self._places: tuple[int, ...] = ()
        self._seen: set[int] = set()
        self._records = self._misplaced = 0
        self._full = False
        head = self._open()
        self._root, self._stated = _number(data, head), _number(data, head + 8)

    def _open(self) -> int:
        """Read the list of blocks; return where the head of the tree stands."""
        data = self._data
        start, size, again = (_number(data, at) for at in (8, 12, 16))
        first, end = start + SHIFT, min(start + SHIFT + size, len(data))
        if start != again or start < _HEADER - SHIFT:
            raise Malformed("no list of blocks where the index says")
        count = _number(data, first)
        at = first + 8 + 4 * -(-count // _TABLE_STEP) * _TABLE_STEP
        if not 0 < count <= _MOST_BLOCKS or at + 4 > end:
            raise Malformed("the list of blocks ends beyond the file")
        self._places = tuple([_number(data, first + 8 + 4 * number) for number in range(count)])
        head = -1
        entries, at = _number(data, at), at + 4
        for _ in range(min(entries, 100)):
            if at + 1 > end or at + 5 + data[at] > end:
                break
            if data[at + 1 : at + 1 + data[at]] == _TREE:
                head = _number(data, at + 1 + data[at])
            at += 5 + data[at]
        place = self._block(head)
        if place is None or place[0] + _TREE_BYTES > place[1]:
            raise Malformed("the index has no tree")
        self.used = _HEADER + (at - first) + _TREE_BYTES
        return place[0]

    def records(self) -> Iterator[Record]:
        """Yield all records in their order; what cannot be read is told."""
        yield from self._node(self._root, 0)
        if not self._full and self._records != self._stated:
            self._gathering.note("count_differs", f"{self._stated} records are stated, {self._records} were read")

    def _block(self, number: int) -> tuple[int, int] | None:
        """Return where a block stands, as far as the file goes; ``None``: there is no such block in the file."""
        if not 0 <= number < len(self._places):
            return None
        packed = self._places[number]
        start = (packed & ~31) + SHIFT
        if packed < 32 or start >= len(self._data):
            return None
        return start, min(start + (1 << (packed & 31)), len(self._data))

    def _node(self, number: int, depth: int) -> Iterator[Record]:
        place = self._block(number)
        if place is None or place[0] in self._seen or depth > _MOST_DEPTH or place[0] + 8 > place[1]:
            self._misplaced += 1
            if self._misplaced <= _MOST_NOTICES:
                text = f"block {number} is not where a block can be: what it holds was not read"
                self._gathering.note("block_damaged", text)
            return
        start, end = place
        self._seen.add(start)
        last, count = _number(self._data, start), _number(self._data, start + 4)
        at = start + 8
        for number in range(count):
            if last:
                yield from self._node(_number(self._data, at), depth + 1)
                at += 4
            if self._records >= MAX_VALUES:
                if not self._full:
                    self._gathering.note("value_limit", f"more than {MAX_VALUES} records; the rest was not read")
                self._full = True
                return
            record = self._record(at, end)
            if record is None:
                text = f"record {number + 1} of {count} of a block cannot be read, and what follows in the block"
                rest = Locator(path="ds_store.block", ranges=((at, end),) if at < end else ())
                self._gathering.note("record_damaged", text, rest, unread=max(end - at, 0))
                self.used += end - start
                return
            self._records += 1
            yield record
            at = record.value[1]
        self.used += at - start
        if last:
            yield from self._node(last, depth + 1)

    def _record(self, at: int, end: int) -> Record | None:
        """Return the record at a place; ``None``: none stands there."""
        data = self._data
        letters = _number(data, at)
        behind = at + 4 + 2 * letters
        if not 0 < letters <= _MOST_NAME or behind + 8 > end:
            return None
        code, kind = data[behind : behind + 4], data[behind + 4 : behind + 8]
        value, size = behind + 8, _FIXED.get(kind)
        if size is None:
            unit = _COUNTED.get(kind)
            if unit is None or value + 4 > end:
                return None
            size, value = unit * _number(data, value), value + 4
        if not (code.isascii() and code.decode("ascii").isprintable()) or value + size > end:
            return None
        file = data[at + 4 : behind].decode("utf-16-be", "replace")
        return Record(file, code.decode("ascii"), kind, (at + 4, behind), (value, value + size))


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
