"""Windows over a byte source: small reads without a call per field, searches without holding the whole."""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource

BLOCK = 1 << 20


class Window:
    """Reads ahead; asks the source again only when a range is not in hand."""

    __slots__ = ("_ahead", "_data", "_start", "source")

    def __init__(self, source: ByteSource, ahead: int) -> None:
        self.source = source
        self._ahead = ahead
        self._start = 0
        self._data = b""

    def read(self, start: int, end: int) -> bytes:
        """Return ``start:end``, fewer bytes only at the end of the source."""
        at = start - self._start
        if at < 0 or end - self._start > len(self._data):
            self._start, at = start, 0
            self._data = self.source.read(start, max(end, start + self._ahead))
        return self._data[at : at + end - start]

    def find(self, needle: bytes, start: int, end: int) -> int:
        """Return the offset of the first *needle* that lies in ``start:end``, or -1."""
        while start + len(needle) <= end:
            if not self._start <= start <= self._start + len(self._data) - len(needle):
                self._start, self._data = start, self.source.read(start, start + self._ahead)
                if len(self._data) < len(needle):
                    return -1
            found = self._data.find(needle, start - self._start, end - self._start)
            if found >= 0:
                return self._start + found
            start = self._start + len(self._data) - len(needle) + 1
        return -1


class RangeBytes:
    """A range of a source as a source of its own."""

    __slots__ = ("_end", "_source", "_start")

    def __init__(self, source: ByteSource, start: int, end: int) -> None:
        self._source = source
        self._start = start
        self._end = end

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self._end - self._start

    def read(self, start: int, end: int) -> bytes:
        """Return ``start:end`` of the range."""
        return self._source.read(self._start + start, min(self._start + end, self._end))


def blocks(source: ByteSource, start: int, end: int, size: int = BLOCK) -> Iterator[bytes]:
    """Yield ``start:end`` in blocks, cut at the same places whatever reads them."""
    while start < end:
        block = source.read(start, min(start + size, end))
        if not block:
            return
        yield block
        start += len(block)
