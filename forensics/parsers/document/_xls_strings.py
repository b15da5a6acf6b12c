"""The strings that the cells of a workbook share: a table over a record and those that continue it.

Source: [MS-XLS] 2.4.265 (SST), 2.4.58 (Continue), 2.5.293 (XLUnicodeRichExtendedString).
"""

from collections.abc import Sequence

_WIDE, _EXTENDED, _RICH = 1, 4, 8
_HEAD = 8


class _End(Exception):
    pass


def shared_strings(pieces: Sequence[bytes], most: int) -> tuple[list[str], bool]:
    """Return the strings of a table, and whether all could be read.

    Args:
        pieces: the content of its records, in order.
        most: characters of all of them together.
    """
    reader = _Reader(pieces)
    found = list[str]()
    try:
        head = reader.take(_HEAD)
        for _ in range(int.from_bytes(head[4:8], "little")):
            said = reader.string()
            most -= len(said) + 1
            if most < 0:
                return found, False
            found.append(said)
    except _End:
        return found, False
    return found, True


class _Reader:
    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces, self._place, self._at = pieces, 0, 0

    def take(self, size: int) -> bytes:
        """Return the next bytes; they may go on in the next record."""
        found = b""
        while len(found) < size:
            piece = self._piece()
            more = piece[self._at : self._at + size - len(found)]
            self._at += len(more)
            found += more
        return found

    def skip(self, size: int) -> None:
        while size > 0:
            step = min(size, len(self._piece()) - self._at)
            self._at += step
            size -= step

    def _piece(self) -> bytes:
        """Return the record in which the next byte stands."""
        while self._place < len(self._pieces) and self._at >= len(self._pieces[self._place]):
            self._place, self._at = self._place + 1, 0
        if self._place >= len(self._pieces):
            raise _End
        return self._pieces[self._place]

    def string(self) -> str:
        """Return the next string, without its fonts and how it is read aloud."""
        head = self.take(3)
        left, flags = int.from_bytes(head[:2], "little"), head[2]
        runs = int.from_bytes(self.take(2), "little") if flags & _RICH else 0
        extra = int.from_bytes(self.take(4), "little") if flags & _EXTENDED else 0
        said, wide = list[str](), bool(flags & _WIDE)
        while left:
            place = self._place
            piece = self._piece()
            if self._place != place:
                # Where characters go on in another record it says anew how wide they are.
                wide = bool(piece[0] & _WIDE)
                self._at = 1
            unit = 2 if wide else 1
            raw = piece[self._at : self._at + left * unit]
            count = len(raw) // unit
            if not count:
                raise _End
            said.append(raw[: count * unit].decode("utf-16-le" if wide else "latin-1", "replace"))
            self._at += count * unit
            left -= count
        self.skip(4 * runs + extra)
        return "".join(said)
