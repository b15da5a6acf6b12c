"""One stream of a compound file in memory, each of its bytes with its place in the file."""

from forensics.model.byte_sources import ByteSource
from forensics.model.locations import Locator
from forensics.parsers._compound_tree import Node, Pieces, Ranges


class Stream:
    """The first bytes of a stream.

    Attributes:
        path: start of the paths of what stands in it.
        data: the bytes.
        whole: whether these are all that the directory states.
    """

    def __init__(self, source: ByteSource, node: Node, most: int) -> None:
        """Read at most *most* bytes."""
        self.path = f"ole:{node.path}"
        self.data = Pieces(source, node.ranges).read(0, most)
        self.whole = len(self.data) >= node.size
        self._ranges = node.ranges

    def ranges(self, start: int, end: int) -> Ranges:
        """Return where bytes of the stream stand in the file."""
        found, passed = list[tuple[int, int]](), 0
        for first, last in self._ranges:
            low, high = max(start - passed, 0), min(end - passed, last - first)
            if low < high:
                found.append((first + low, first + high))
            passed += last - first
            if passed >= end:
                break
        return tuple(found)

    def locator(self, name: str, start: int, end: int) -> Locator:
        """Return the locator of bytes of the stream under a name."""
        return Locator(ranges=self.ranges(start, end), path=f"{self.path}#{name}")

    def number(self, at: int, size: int) -> int | None:
        """Return an unsigned number; ``None`` where the stream ends before."""
        raw = self.data[at : at + size] if at >= 0 else b""
        return int.from_bytes(raw, "little") if len(raw) == size else None
