"""Numbers, bits and ranges of a 7z header, read with their places.

Source: 7zFormat.txt of the 7-Zip sources, "Archive structure".
"""

from forensics.errors import Truncated


class Cursor:
    """A header that is read from front to back, within its end.

    Attributes:
        data: the header's bytes.
        at: place of the next byte.
        end: place behind the last one that may be read.
    """

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes, start: int = 0, end: int | None = None) -> None:
        self.data = data
        self.at = start
        self.end = len(data) if end is None else end

    @property
    def left(self) -> int:
        """Bytes that are left."""
        return self.end - self.at

    def take(self, size: int) -> bytes:
        """Return the next bytes.

        Raises:
            Truncated: fewer are left.
        """
        if not 0 <= size <= self.end - self.at:
            raise Truncated(f"the header ends inside a field of {size} bytes", self.at)
        self.at += size
        return self.data[self.at - size : self.at]

    def inside(self, size: int) -> "Cursor":
        """Return a cursor on the next bytes alone, and step over them."""
        start = self.at
        self.take(size)
        return Cursor(self.data, start, self.at)

    def byte(self) -> int:
        """Return one byte."""
        if self.at >= self.end:
            raise Truncated("the header ends before its structure does", self.at)
        self.at += 1
        return self.data[self.at - 1]

    def u32(self) -> int:
        """Return four bytes as a number."""
        return int.from_bytes(self.take(4), "little")

    def number(self) -> int:
        """Return a number of variable length: the set bits on top of its first byte count the bytes that follow."""
        first = self.byte()
        if first < 0x80:
            return first
        more = 1
        while more < 8 and first >> (7 - more) & 1:
            more += 1
        value = int.from_bytes(self.take(more), "little")
        return value if more == 8 else value | (first & (1 << (7 - more)) - 1) << 8 * more

    def bits(self, count: int) -> list[bool]:
        """Return so many bits, the highest of each byte first."""
        if count > 8 * (self.end - self.at):
            raise Truncated(f"the header ends inside a list of {count} bits", self.at)
        packed = self.take((count + 7) // 8)
        return [bool(packed[place >> 3] & 0x80 >> (place & 7)) for place in range(count)]

    def defined(self, count: int) -> list[bool]:
        """Return for which of so many things a value follows; a first byte that is not 0 says: for all."""
        if self.byte() == 0:
            return self.bits(count)
        if count > 8 * (self.end - self.at) + 8:
            raise Truncated(f"the header ends inside a list of {count} values", self.at)
        return [True] * count
