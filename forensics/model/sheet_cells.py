"""Where the cells of a sheet stand in its text."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class SheetCells(NamedTuple):
    """The cells of one sheet that show something, in the order of its text."""

    sheet: str
    """Its name."""
    starts: Sequence[int]
    """Where each begins, in characters of the text."""
    addresses: Sequence[str]
    """``B7``; empty where the cell does not say which it is."""

    def at(self, place: int) -> str:
        """Return the address of the cell in which a character stands; empty: it is not told."""
        number = bisect_right(self.starts, place) - 1
        return self.addresses[number] if number >= 0 else ""
