"""A `ByteSource` as a seekable binary file, for libraries that want one; it counts what they read."""

import io

from forensics.errors import LimitExceeded
from forensics.model.byte_sources import ByteSource


class SourceFile(io.RawIOBase):
    """Read-only file over a source.

    Raises:
        LimitExceeded: on a read beyond the budget; a library that loops over a hostile structure ends here.
    """

    def __init__(self, source: ByteSource, *, max_reads: int, max_bytes: int) -> None:
        super().__init__()
        self._source = source
        self._position = 0
        self._reads = max_reads
        self._bytes = max_bytes

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the position; before the start is the start."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._source.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Return up to *size* bytes; a size that a hostile field claims allocates nothing beyond the source."""
        left = max(0, self._source.size - self._position)
        buffer = bytearray(left if size is None or size < 0 else min(size, left))
        return bytes(buffer[: self.readinto(memoryview(buffer))])

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the base says "any buffer"
        """Fill *buffer* from the position."""
        end = min(self._position + len(buffer), self._source.size)
        data = self._source.read(self._position, end) if end > self._position else b""
        self._reads -= 1
        self._bytes -= len(data)
        if self._reads < 0 or self._bytes < 0:
            raise LimitExceeded("the structure was read over and over", self._position)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
