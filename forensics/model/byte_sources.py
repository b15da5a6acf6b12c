"""Read-only bytes of one layer, wherever they are."""

from typing import Protocol


class ByteSource(Protocol):
    """Read-only random access to one layer's bytes."""

    @property
    def size(self) -> int:
        """Number of bytes."""

    def read(self, start: int, end: int) -> bytes:
        """Return ``start:end``, fewer bytes only at the end. Never writes, never seeks a shared position."""


class MemoryBytes:
    """A layer that is held in memory."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.data)

    def read(self, start: int, end: int) -> bytes:
        """Return ``start:end``."""
        if start == 0 and end >= len(self.data):
            return self.data
        return self.data[start:end]
