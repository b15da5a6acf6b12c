"""The frames of a node's stream, read: a node whose positions are those of the stream."""

from collections.abc import Iterator

from forensics.errors import Malformed, Truncated
from forensics.model.byte_sources import ByteSource
from forensics.model.locations import Locator
from forensics.parsers.store._pst_blocks import UNKNOWN
from forensics.parsers.store._pst_layout import LAYOUTS, Form
from forensics.parsers.store._pst_stream import HEAD, MAGIC, read_names

_MOST_FRAMES = 200_000


class FrameNode:
    """One frame.

    Args:
        source: the stream.
        start: of the frame.

    Attributes:
        nid: number of the node.
        start: of the frame.
        end: of the frame.
        data: range of its data.
        missing: bytes of its data that the store could not give; `UNKNOWN` where it could not say how many.
        codepage: of the store's 8-bit strings; 0: not known.

    Raises:
        ParseError: no whole frame stands there.
    """

    def __init__(self, source: ByteSource, start: int = 0) -> None:
        self._source = source
        head = source.read(start, start + HEAD.size)
        if len(head) < HEAD.size:
            raise Truncated("the frame of a node was cut off", offset=start)
        magic, self.nid, form, _, self.codepage, count, self._frames, names, size, total = HEAD.unpack(head)
        lengths = start + HEAD.size
        data = lengths + 8 * count
        self._below = data + size + names
        if magic != MAGIC or form > max(Form) or self._below > start + total:
            raise Malformed("no frame of a node", offset=start)
        self.start, self.end = start, start + total
        if self.end > source.size:
            raise Truncated("the frame of a node is longer than what it stands in", offset=start)
        self.layout = LAYOUTS[Form(form)]
        self.data = (data, data + size)
        self._names_at = (data + size, self._below)
        self._bounds, self.missing = _bounds(source.read(lengths, data), data)
        if self._bounds[-1] != data + size:
            raise Malformed("the blocks of a node are not what its frame states", offset=start)
        self._subnodes: dict[int, int] | None = None
        self._index, self._held = -1, b""

    @property
    def count(self) -> int:
        """Blocks of data."""
        return len(self._bounds) - 1

    def block(self, index: int) -> bytes:
        """Return the data of a block."""
        if index != self._index:
            self._index, self._held = index, self._source.read(self._bounds[index], self._bounds[index + 1])
        return self._held

    def place(self, index: int, start: int, end: int) -> tuple[int, int]:
        """Return where a range of a block stands in the stream."""
        at = self._bounds[index]
        return at + start, at + end

    def locator(self, index: int, start: int, end: int, path: str) -> Locator:
        """Return where a range of a block stands in the stream."""
        return Locator(ranges=(self.place(index, start, end),), path=path)

    def names(self) -> dict[int, str]:
        """Return the names of its named properties by number."""
        start, end = self._names_at
        return read_names(self._source.read(start, end)) if end > start else {}

    def subnode(self, nid: int) -> "FrameNode | None":
        """Return a subnode."""
        if self._subnodes is None:
            self._subnodes = dict(self._frames_below())
        at = self._subnodes.get(nid)
        return FrameNode(self._source, at) if at is not None else None

    def subnodes(self) -> list[int]:
        """Return the numbers of its subnodes, ascending."""
        if self._subnodes is None:
            self._subnodes = dict(self._frames_below())
        return list(self._subnodes)

    def _frames_below(self) -> Iterator[tuple[int, int]]:
        at = self._below
        for _ in range(min(self._frames, _MOST_FRAMES)):
            head = self._source.read(at, min(at + HEAD.size, self.end))
            if len(head) < HEAD.size or not head.startswith(MAGIC):
                return
            total = int.from_bytes(head[-8:], "little")
            if not HEAD.size <= total <= self.end - at:
                return
            yield int.from_bytes(head[8:12], "little"), at
            at += total


def _bounds(lengths: bytes, start: int) -> tuple[list[int], int]:
    """Return where the blocks begin and the last of them ends, and how many bytes are missing."""
    bounds, missing = [start], 0
    for at in range(0, len(lengths), 8):
        bounds.append(bounds[-1] + int.from_bytes(lengths[at : at + 4], "little"))
        lost = int.from_bytes(lengths[at + 4 : at + 8], "little")
        missing = UNKNOWN if UNKNOWN in (lost, missing) else missing + lost
    return bounds, missing
