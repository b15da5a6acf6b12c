"""Words of two sheets that differ, cell by cell, and by their addresses.

What differs is sought in the words of whole sheets, so that a row that was put in moves no other; then each place is
told by its cells.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from forensics.model.sheet_cells import SheetCells
from forensics.relations.comparing.words import Changed, Words


class Sheets(NamedTuple):
    """The cells of two versions of a sheet; ``None`` of one in which they are not told."""

    one: SheetCells | None
    other: SheetCells | None


class _Cell(NamedTuple):
    address: str
    first: int
    end: int


def by_cells(change: Changed, one: Words, other: Words, sheets: Sheets) -> Iterator[Changed]:
    """Yield a place cell by cell where both have words in the same cells; else as it is."""
    mine, yours = _cells(one, change.one, sheets.one), _cells(other, change.other, sheets.other)
    addresses = [cell.address for cell in mine]
    if len(mine) < 2 or "" in addresses or addresses != [cell.address for cell in yours]:
        yield change
        return
    for left, right in zip(mine, yours, strict=True):
        if one.plain[left.first : left.end] != other.plain[right.first : right.end]:
            yield Changed((left.first, left.end), (right.first, right.end))


def _cells(words: Words, span: tuple[int, int], cells: SheetCells | None) -> list[_Cell]:
    """Return the cells in which some words stand, each with its words."""
    if cells is None:
        return []
    found = []
    for address, places in groupby(range(*span), lambda place: cells.at(words.spans[place][0])):
        every = list(places)
        found.append(_Cell(address, every[0], every[-1] + 1))
    return found


def addresses(words: Words, span: tuple[int, int], cells: SheetCells | None) -> str:
    """Return where words stand, ``Budget!B7``, of several cells the first and the last; empty: not told."""
    start, end = span
    if cells is None or start == end:
        return ""
    first, last = [cells.at(words.spans[place][0]) for place in (start, end - 1)]
    if not first or not last:
        return ""
    return f"{cells.sheet}!{first}" if first == last else f"{cells.sheet}!{first}...{last}"
