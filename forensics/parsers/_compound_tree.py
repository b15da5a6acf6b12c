"""A tree of storages and streams, whatever holds it, and the bytes of its streams."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource

STORAGE, STREAM, ROOT = 1, 2, 5
"""Kinds of nodes."""
MOST_ENTRIES = 250_000
"""Nodes of one tree."""
Ranges = tuple[tuple[int, int], ...]


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
    held: int = 0
    """Bytes that are there."""


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
