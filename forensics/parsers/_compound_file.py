"""Reads a compound file: sectors, chains, directory.

They are followed by our own code, for readers that give streams do not say where their bytes stand. Chains that come
back to themselves end where they could hold no more; of streams that claim the same sectors the first of the directory
keep them, until all together have as many bytes as the file.

Source: [MS-CFB].
"""

import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from forensics.errors import Malformed
from forensics.model.byte_sources import ByteSource
from forensics.model.locations import quote
from forensics.parsers._compound_tree import MOST_ENTRIES, ROOT, STORAGE, STREAM, Node, Ranges, Storage

_HEADER = struct.Struct("<8s16sHHHHH6sIIIIIIIIII")
_ENTRY = struct.Struct("<64sHBBIII16sI8s8sIQ")
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers from here on are marks and no sectors."""
_FREE = 0xFFFFFFFF
_NO_ENTRY = 0xFFFFFFFF
_ENTRY_BYTES = 128
MOST_DEPTH = 64
_STEPS = 4
"""Sectors that are followed for each one that the file has: streams that claim the same ones again and again end."""
_Entry = tuple[bytes, int, int, int, int, int, int, bytes, int, bytes, bytes, int, int]
"""Name, its length, kind, color, left, right, child, class, state, created, modified, first sector, size."""


class CompoundFile:
    """One compound file; `entries` and `storage` raise `Malformed` where its directory cannot be read."""

    def __init__(self, source: ByteSource) -> None:
        self.source = source
        head = source.read(0, 512)
        if len(head) < 512:
            raise Malformed("a compound file that ends inside its header", len(head))
        fields = _HEADER.unpack_from(head)
        shift, mini_shift = fields[5], fields[6]
        if shift not in (9, 12) or mini_shift != 6:
            raise Malformed(f"sectors of 2**{shift} and 2**{mini_shift} bytes, which no version of the format has", 30)
        self.sector = 1 << shift
        self.wide = shift == 12
        self.total = max(0, (source.size - 1) // self.sector)
        """Sectors that the file has, the last one perhaps in part."""
        self.directory_start, self.cutoff = fields[10], fields[12]
        self.mini_start = fields[13]
        self.tables = 0
        """Sectors of tables."""
        self.fat = self._fat(head, fields[15])
        self.mini_fat = array("I")
        self._steps = 0
        """Sectors that may still be followed for streams."""

    def _fat(self, head: bytes, further: int) -> "array[int]":
        numbers = array("I", head[76:512])
        each, seen = self.sector // 4 - 1, 0
        while further < min(_LAST_SECTOR, self.total) and seen <= self.total // max(each, 1):
            more = array("I", self._read(further)[: self.sector // 4 * 4])
            self.tables += 1
            seen += 1
            numbers += more[:each]
            further = more[each] if len(more) > each else _FREE
        fat = array("I")
        for number in numbers:
            if number >= self.total or len(fat) >= self.total:
                break
            self.tables += 1
            fat.frombytes(self._read(number).ljust(self.sector, b"\xff"))
        return fat

    def _read(self, number: int) -> bytes:
        start = (number + 1) * self.sector
        data = self.source.read(start, start + self.sector)
        return data if len(data) % 4 == 0 else data[: len(data) // 4 * 4]

    def _chain(self, first: int, most: int) -> list[int]:
        """Return the sectors of a chain, at most as many as the file has."""
        found: list[int] = []
        fat, size, total = self.fat, len(self.fat), self.total
        most = min(most, total)
        while first < total and len(found) < most:
            found.append(first)
            first = fat[first] if first < size else _FREE
        return found

    def _table(self, first: int) -> "array[int]":
        table = array("I")
        chain = self._chain(first, self.total)
        self.tables += len(chain)
        for number in chain:
            table.frombytes(self._read(number))
        return table

    def _spans(self, chain: list[int], size: int) -> Ranges:
        """Return the ranges of *size* bytes in a chain of sectors, neighbors joined."""
        found: list[tuple[int, int]] = []
        sector, left, end_of_file = self.sector, size, self.source.size
        start = end = -1
        for number in chain:
            at = (number + 1) * sector
            if at != end:
                if end > start:
                    found.append((start, end))
                start = at
            end = min(at + min(sector, left), end_of_file)
            left -= end - at
            if left <= 0:
                break
        if end > start >= 0:
            found.append((start, end))
        return tuple(found)

    def _mini_spans(self, first: int, size: int, mini: "_Mini") -> Ranges:
        found: list[tuple[int, int]] = []
        table, left, most = self.mini_fat, size, len(self.mini_fat)
        seen, start, end = 0, -1, -1
        while left > 0 and first < most and seen < most:
            at = first * 64
            if at != end:
                if end > start:
                    found += mini.places(start, end)
                start = at
            end = at + min(64, left)
            left -= 64
            first, seen = table[first], seen + 1
        self._steps -= seen
        if end > start >= 0:
            found += mini.places(start, end)
        return _joined(found)

    def entries(self) -> list[tuple[int, _Entry]]:
        """Return the entries of the directory, each with its place; the first is the root."""
        chain = self._chain(self.directory_start, MOST_ENTRIES * _ENTRY_BYTES // self.sector)
        self.tables += len(chain)
        entries: list[tuple[int, _Entry]] = []
        for number in chain:
            data = self._read(number)
            at = (number + 1) * self.sector
            whole = len(data) // _ENTRY_BYTES * _ENTRY_BYTES
            for start in range(0, whole, _ENTRY_BYTES):
                entries.append((at + start, _ENTRY.unpack_from(data, start)))
        if not entries or entries[0][1][2] != ROOT:
            raise Malformed("a compound file whose directory cannot be read", (self.directory_start + 1) * self.sector)
        return entries

    def storage(self) -> Storage:
        """Read the directory and follow its trees."""
        entries = self.entries()
        self.mini_fat = self._table(self.mini_start)
        self._steps = _STEPS * (self.total + len(self.mini_fat))
        faults: list[tuple[str, int, int]] = []
        root = entries[0][1]
        mini_size = root[12] if self.wide else root[12] & 0xFFFFFFFF
        mini = _Mini(self._spans(self._chain(root[11], self.total), min(mini_size, self.source.size)))
        nodes: dict[str, Node] = {}
        nodes[""] = Node("", STORAGE, 0, (), root[9], root[10], entries[0][0] + 100)
        reached = {0}
        left = self.source.size
        stack = [(root[6], "", 0)]
        while stack:
            number, parent, depth = stack.pop()
            for found in self.siblings(entries, number, reached):
                at, entry = entries[found]
                name = entry_name(entry[0], entry[1])
                path = f"{parent}/{name}" if parent else name
                kind = entry[2]
                if path in nodes:
                    faults.append((f"two entries of the name {path!r} in one storage; the first counts", at, at + 128))
                    continue
                if kind == STORAGE:
                    nodes[path] = Node(path, STORAGE, 0, (), entry[9], entry[10], at + 100)
                    if depth < MOST_DEPTH:
                        stack.append((entry[6], path, depth + 1))
                    else:
                        faults.append((f"storages nested deeper than {MOST_DEPTH}; not read", at, at + 128))
                elif kind == STREAM:
                    node = self._stream(path, entry, at, mini)
                    left -= node.held
                    if left < 0:
                        faults.append((f"{path}: claims bytes that other streams have; not read", at, at + 128))
                        left += node.held
                        node = node._replace(ranges=(), held=0)
                    elif node.held < node.size:
                        text = (
                            f"{path}: {node.size:,} bytes stated, {node.held:,} there: its chain of sectors breaks off"
                        )
                        faults.append((text, at, at + 128))
                    nodes[path] = node
        found_storage = Storage(nodes, framed=False, structure=self._structure())
        found_storage.faults = faults
        for number, (at, entry) in enumerate(entries):
            if entry[2] in (STORAGE, STREAM) and number not in reached:
                size = min(left, self._stream("", entry, at, mini).held) if entry[2] == STREAM else 0
                left -= size
                name = entry_name(entry[0], entry[1])
                faults.append((f"an entry {name!r} of {size:,} bytes that no storage leads to; not read", at, at + 128))
                found_storage.unreached += size
        found_storage.free = self._free()
        return found_storage

    def siblings(
        self,
        entries: Sequence[tuple[int, _Entry]],
        number: int,
        reached: set[int],
    ) -> list[int]:
        """Return the entries of one storage's tree, each once."""
        found, stack = [], [number]
        while stack:
            one = stack.pop()
            if one == _NO_ENTRY or one >= len(entries) or one in reached:
                continue
            reached.add(one)
            found.append(one)
            entry = entries[one][1]
            stack += (entry[5], entry[4])
        return found

    def _stream(
        self,
        path: str,
        entry: _Entry,
        at: int,
        mini: "_Mini",
    ) -> Node:
        size = entry[12] if self.wide else entry[12] & 0xFFFFFFFF
        ranges: Ranges = ()
        if self._steps <= 0:
            pass  # not followed: the sectors of all streams together were met often enough
        elif size < self.cutoff:
            ranges = self._mini_spans(entry[11], size, mini)
        else:
            needed = (size + self.sector - 1) // self.sector
            chain = self._chain(entry[11], needed)
            self._steps -= len(chain)
            ranges = self._spans(chain, size)
        held = sum([end - start for start, end in ranges])
        return Node(path, STREAM, size, ranges, entry[9], entry[10], at + 100, held)

    def _structure(self) -> int:
        size = (self.tables + 1) * self.sector
        return size if size < self.source.size else self.source.size

    def _free(self) -> Ranges:
        found = []
        end_of_file = self.source.size
        for number, following in enumerate(self.fat[: self.total]):
            if following == _FREE:
                at = (number + 1) * self.sector
                found.append((at, min(at + self.sector, end_of_file)))
        return _joined(found)


class _Mini:
    """Where the small streams' own stream stands in the file."""

    def __init__(self, ranges: Ranges) -> None:
        self._ranges = ranges
        self._starts = [0, *accumulate([last - first for first, last in ranges])]
        """Where each range begins in the stream, and where the last one ends."""

    def places(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the file that a range of that stream stands in."""
        at = bisect_right(self._starts, start) - 1
        while at < len(self._ranges) and self._starts[at] < end:
            (first, last), passed = self._ranges[at], self._starts[at]
            yield first + max(start - passed, 0), min(first + end - passed, last)
            at += 1


def _joined(ranges: Sequence[tuple[int, int]]) -> Ranges:
    if len(ranges) < 2:
        return tuple(ranges)
    found: list[tuple[int, int]] = []
    for start, end in ranges:
        if found and found[-1][1] == start:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return tuple(found)


def entry_name(raw: bytes, length: int) -> str:
    """Return a name as paths have it."""
    text = raw[: max(0, min(length, 64) - 2) & ~1].decode("utf-16-le", "surrogatepass")
    if text.isascii() and text.isprintable() and "%" not in text and "/" not in text and ">" not in text:
        return text
    return quote(text.encode("utf-8", "surrogatepass")).replace("/", "%2F")
