"""Compound files (OLE2): every stream with the ranges of the file that hold it, and a frame for one storage alone.

The directory and the chains of sectors are followed by our own code, for readers that give streams do not say where
their bytes stand. Chains that come back to themselves end where they could hold no more; of streams that claim the same
sectors the first of the directory keep them, until all together have as many bytes as the file.

A storage that is to be an item of its own (a message attached to a message) is no range of the file. Its frame is:

- 16 bytes `FRAME`, then a count in 4 bytes;
- for each node below the storage, in the order of their paths: its kind in 1 byte (1 storage, 2 stream), the length of
  its path in 2 bytes and the path, creation and modification (FILETIME, 8 bytes each), stated and held size (8 bytes
  each), all little-endian. A path is the names below the storage, percent-encoded, ``/`` between them; that of the
  storage itself is empty and comes first;
- what the streams hold, in the same order.

Source: [MS-CFB].
"""

import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from forensics.errors import Malformed
from forensics.model.byte_sources import ByteSource
from forensics.model.locations import quote

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FRAME = b"\0OLE storage/1\0\0"
STORAGE, STREAM, ROOT = 1, 2, 5
_HEADER = struct.Struct("<8s16sHHHHH6sIIIIIIIIII")
_ENTRY = struct.Struct("<64sHBBIII16sI8s8sIQ")
_NODE = struct.Struct("<BH")
_REST = struct.Struct("<8s8sQQ")
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers from here on are marks and no sectors."""
_FREE = 0xFFFFFFFF
_NO_ENTRY = 0xFFFFFFFF
_ENTRY_BYTES = 128
MOST_ENTRIES = 250_000
MOST_DEPTH = 64
FRAME_BLOCK = 1 << 20
Ranges = tuple[tuple[int, int], ...]
_Entry = tuple[bytes, int, int, int, int, int, int, bytes, int, bytes, bytes, int, int]
"""Name, its length, kind, color, left, right, child, class, state, created, modified, first sector, size."""


class Node(NamedTuple):
    """A storage or stream."""

    path: str
    """Names from the root, percent-encoded, ``/`` between them; the root's is empty."""
    kind: int
    size: int
    """As stated."""
    ranges: Ranges
    """Where its bytes stand; together fewer than ``size`` where its chain breaks off."""
    created: bytes
    modified: bytes
    """FILETIME of each, raw."""
    times_at: int
    """Where these two stand in the item."""

    @property
    def held(self) -> int:
        """Bytes that are there."""
        return sum([end - start for start, end in self.ranges])


class Pieces:
    """Bytes of a stream that stands in several ranges of a source."""

    def __init__(self, source: ByteSource, ranges: Ranges) -> None:
        self._source, self._ranges = source, ranges
        self._size = sum([end - start for start, end in ranges])

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self._size

    def read(self, start: int, end: int) -> bytes:
        """Return ``start:end``."""
        found, passed = [], 0
        for first, last in self._ranges:
            low, high = max(start - passed, 0), min(end - passed, last - first)
            if low < high:
                found.append(self._source.read(first + low, first + high))
            passed += last - first
        return found[0] if len(found) == 1 else b"".join(found)


class Storage:
    """A tree of storages and streams, whatever holds it.

    Attributes:
        nodes: by path, a storage before what it holds.
        framed: whether it is a frame, and so a part of another.
        faults: what was odd, in words, with the range it is about.
        structure: bytes of the structure itself: header, tables, directory.
        unreached: streams that no storage leads to, as many bytes.
        free: ranges of sectors that nothing uses.
    """

    def __init__(self, nodes: Mapping[str, Node], *, framed: bool, structure: int) -> None:
        self.nodes = nodes
        self.framed = framed
        self.structure = structure
        self.faults: list[tuple[str, int, int]] = []
        self.unreached = 0
        self.free: Ranges = ()
        self._below: dict[str, list[str]] = {}
        for path in nodes:
            if path:
                parent, _, name = path.rpartition("/")
                self._below.setdefault(parent, []).append(name)

    def below(self, path: str) -> Sequence[str]:
        """Return the names in a storage."""
        return self._below.get(path, ())


def open_storage(source: ByteSource) -> Storage:
    """Read a compound file or a frame.

    Raises:
        Malformed: neither, or its header or directory cannot be read.
    """
    head = source.read(0, 16)
    if head == FRAME:
        return _read_frame(source)
    if not head.startswith(MAGIC):
        raise Malformed("no compound file", 0)
    return _Compound(source).storage()


class _Compound:
    """Reads one compound file."""

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
        self.mini_fat = self._table(self.mini_start)

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
        if end > start >= 0:
            found += mini.places(start, end)
        return _joined(found)

    def storage(self) -> Storage:
        """Read the directory and follow its trees."""
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
            for found in self._siblings(entries, number, reached):
                at, entry = entries[found]
                name = _name(entry[0], entry[1])
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
                        node = node._replace(ranges=())
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
                size = self._stream("", entry, at, mini).held if entry[2] == STREAM else 0
                name = _name(entry[0], entry[1])
                faults.append((f"an entry {name!r} of {size:,} bytes that no storage leads to; not read", at, at + 128))
                found_storage.unreached += size
        found_storage.free = self._free()
        return found_storage

    def _siblings(
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
        if size < self.cutoff:
            ranges = self._mini_spans(entry[11], size, mini)
        else:
            needed = (size + self.sector - 1) // self.sector
            ranges = self._spans(self._chain(entry[11], needed), size)
        return Node(path, STREAM, size, ranges, entry[9], entry[10], at + 100)

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

    def places(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the file that a range of that stream stands in."""
        passed = 0
        for first, last in self._ranges:
            low, high = max(start - passed, 0), min(end - passed, last - first)
            if low < high:
                yield first + low, first + high
            passed += last - first
            if passed >= end:
                return


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


def _name(raw: bytes, length: int) -> str:
    """Return a name as paths have it."""
    text = raw[: max(0, min(length, 64) - 2) & ~1].decode("utf-16-le", "surrogatepass")
    if text.isascii() and text.isprintable() and "%" not in text and "/" not in text and ">" not in text:
        return text
    return quote(text.encode("utf-8", "surrogatepass")).replace("/", "%2F")


def inner(storage: Storage, path: str) -> list[Node]:
    """Return the nodes of a storage that is to be a frame, itself first, then in the order of their paths."""
    prefix = path + "/"
    names = sorted([one for one in storage.nodes if one.startswith(prefix)])
    own = storage.nodes[path]
    return [own._replace(path=""), *[storage.nodes[one]._replace(path=one[len(prefix) :]) for one in names]]


def frame(source: ByteSource, nodes: Sequence[Node]) -> Iterator[bytes]:
    """Yield the frame of nodes, in bounded blocks."""
    table = [FRAME, len(nodes).to_bytes(4, "little")]
    for node in nodes:
        path = node.path.encode("ascii")[:0xFFFF]
        table += (_NODE.pack(node.kind, len(path)), path)
        table.append(_REST.pack(node.created, node.modified, node.size, node.held))
    yield b"".join(table)
    for node in nodes:
        for start, end in node.ranges:
            for at in range(start, end, FRAME_BLOCK):
                yield source.read(at, min(at + FRAME_BLOCK, end))


def _read_frame(source: ByteSource) -> Storage:
    """Read what `frame` gave; one that was made otherwise may be broken as any file."""
    count = int.from_bytes(source.read(16, 20), "little")
    at, listed = 20, list[tuple[str, int, bytes, bytes, int, int, int]]()
    table = source.read(0, min(source.size, 20 + min(count, MOST_ENTRIES) * 300))
    for _ in range(min(count, MOST_ENTRIES)):
        if at + _NODE.size + _REST.size > len(table):
            table = source.read(0, at + FRAME_BLOCK)
            if at + _NODE.size + _REST.size > len(table):
                raise Malformed("a frame that ends inside its table", at)
        kind, length = _NODE.unpack_from(table, at)
        path = table[at + _NODE.size : at + _NODE.size + length].decode("ascii", "replace")
        at += _NODE.size + length
        if at + _REST.size > len(table):
            raise Malformed("a frame that ends inside its table", at)
        created, modified, size, held = _REST.unpack_from(table, at)
        listed.append((path, kind, created, modified, size, held, at))
        at += _REST.size
    nodes: dict[str, Node] = {}
    structure = start = at
    for path, kind, created, modified, size, held, place in listed:
        end = min(start + held, source.size)
        nodes.setdefault(path, Node(path, kind, size, ((start, end),) if end > start else (), created, modified, place))
        start = end
    nodes.setdefault("", Node("", STORAGE, 0, (), bytes(8), bytes(8), 0))
    return Storage(nodes, framed=True, structure=structure)
