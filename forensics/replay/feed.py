"""Stored bytes that come in blocks, taken in pieces of any size."""

from collections.abc import Iterable, Iterator

from forensics.replay.streams import INPUT_BYTES

FIRST = 512
"""Bytes that are taken first where nothing says how many there will be."""


class Feed:
    """Stored bytes, taken in pieces that do not depend on the blocks in which they come."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._data = b""
        self._base = self._place = 0

    @property
    def at(self) -> int:
        """Bytes taken so far."""
        return self._base + self._place

    def peek(self, size: int) -> bytes:
        """Return the next bytes, fewer only at the end."""
        while len(self._data) - self._place < size:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            self._data = self._data[self._place :] + chunk
            self._base += self._place
            self._place = 0
        return self._data[self._place : self._place + size]

    def take(self, size: int) -> bytes:
        """Return the next bytes and go on behind them."""
        found = self.peek(size)
        self._place += len(found)
        return found

    def back(self, size: int) -> None:
        """Go back by bytes of what was taken last."""
        self._place -= size

    def pieces(self) -> Iterator[bytes]:
        """Take pieces, small ones first: many a stream is short."""
        size = FIRST
        while piece := self.take(size):
            yield piece
            size = min(2 * size, 1 << 16)

    def some(self) -> bytes:
        """Take what is at hand, or the next block; nothing at the end."""
        if self._place == len(self._data):
            self._base += self._place
            self._data, self._place = next(self._chunks, b""), 0
        return self.take(len(self._data) - self._place)

    def blocks(self, size: int) -> Iterator[bytes]:
        """Take the next bytes in blocks."""
        while size > 0 and (block := self.take(min(size, INPUT_BYTES))):
            size -= len(block)
            yield block

    def rest(self) -> Iterator[bytes]:
        """Take all that is left."""
        while block := self.some():
            yield block
