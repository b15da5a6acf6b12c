"""How a worksheet's rows are written: their order, their marks, and whether all cells lie in the range that is stated.

Excel writes rows and cells in their order, the range of all cells, on each row of sixteen the columns that these
sixteen have cells in, and on all rows of a sheet the same marks. Who puts a row or a cell in has to know that.

Source: ECMA-376 part 1, 18.3.1.35 (dimension), 18.3.1.73 (row); [MS-XLSX] (dyDescent). The sixteen rows, and that marks
stand on all rows, are seen in files.
"""

from typing import NamedTuple

MOST_TOLD = 20
_TOGETHER = 16
_DESCENT = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac}dyDescent"


class Odd(NamedTuple):
    """A row or cell that is written otherwise: which (``B7``, ``17``), what is odd, and where it begins."""

    place: str
    said: str
    start: int


class _Row(NamedTuple):
    number: int
    spans: str
    descent: bool
    start: int


class Rows:
    """Takes the rows and cells of one sheet as they come, and says what does not fit.

    Attributes:
        count: rows with cells.
        order: rows and cells that stand behind one that follows them, or in another row.
        marks: rows whose marks are others than those of the rest.
        beyond: cells outside the stated range, once it is known.
    """

    def __init__(self) -> None:
        self.count = 0
        self.order: list[Odd] = []
        self.marks: list[Odd] = []
        self.beyond: list[Odd] = []
        self._range: tuple[int, int, int, int] | None = None
        self._stated = ""
        self._row = _Row(0, "", False, 0)
        self._first = self._last = 0
        self._blocks: dict[int, tuple[str, int]] = {}
        self._bare: list[_Row] = []
        self._spanned = 0
        self._descents: tuple[list[_Row], list[_Row]] = ([], [])
        self._descent_counts = [0, 0]

    def state(self, text: str, corners: tuple[int, int, int, int] | None) -> None:
        """Take the range that the sheet states: top, left, bottom, right."""
        self._stated, self._range = text, corners

    def begin(self, number: int, attributes: dict[str, str], start: int) -> None:
        """A row begins."""
        self.end()
        if number <= self._row.number:
            _add(self.order, Odd(str(number), f"row {number} stands behind row {self._row.number}", start))
        self._row = _Row(number, attributes.get("spans", ""), _DESCENT in attributes, start)
        self._first = self._last = 0

    def cell(self, name: str, row: int, column: int, start: int) -> None:
        """A cell that is named begins."""
        if row != self._row.number:
            _add(self.order, Odd(name, f"{name} stands in row {self._row.number}", start))
        elif column <= self._last:
            _add(self.order, Odd(name, f"{name} stands behind a cell that follows it", start))
        self._first, self._last = self._first or column, max(self._last, column)
        if self._range is not None:
            top, left, bottom, right = self._range
            if not (top <= row <= bottom and left <= column <= right):
                _add(self.beyond, Odd(name, f"{name} lies outside the stated range {self._stated}", start))

    def end(self) -> None:
        """The row that was begun ends."""
        row = self._row
        if not row.start:
            return
        self._descent_counts[row.descent] += 1
        if len(self._descents[row.descent]) < MOST_TOLD:
            self._descents[row.descent].append(row)
        if not self._first:
            return
        self.count += 1
        if not row.spans:
            if len(self._bare) < MOST_TOLD:
                self._bare.append(row)
            return
        self._spanned += 1
        spans = _spans(row.spans)
        if spans and not (_in(spans, self._first) and _in(spans, self._last)):
            said = f"row {row.number} is said to span {row.spans[:40]} and has a cell elsewhere"
            _add(self.marks, Odd(str(row.number), said, row.start))
            return
        before = self._blocks.setdefault((row.number - 1) // _TOGETHER, (row.spans, row.number))
        if before[0] != row.spans:
            said = f"row {row.number} is said to span {row.spans[:40]}, row {before[1]} {before[0][:40]}"
            _add(self.marks, Odd(str(row.number), said, row.start))

    def finish(self) -> None:
        """The sheet ends: marks that a few rows lack, or have alone, are odd."""
        self.end()
        self._row = _Row(0, "", False, 0)
        if self._spanned:
            for row in self._bare:
                said = f"row {row.number} does not say which columns it spans, as {self._spanned} rows do"
                _add(self.marks, Odd(str(row.number), said, row.start))
        without, with_descent = self._descent_counts
        if without and with_descent:
            fewer = self._descents[with_descent < without]
            what = "has a descent, unlike the rest" if with_descent < without else "has no descent, unlike the rest"
            for row in fewer:
                _add(self.marks, Odd(str(row.number), f"row {row.number} {what}", row.start))


def _add(found: list[Odd], odd: Odd) -> None:
    if len(found) < MOST_TOLD:
        found.append(odd)


def _spans(text: str) -> list[tuple[int, int]]:
    """Return the ranges of columns that a row spans; empty where they cannot be read."""
    found = []
    for one in text.split()[:64]:
        first, _, last = one.partition(":")
        if not (first.isdecimal() and last.isdecimal() and len(first) < 6 and len(last) < 6):
            return []
        found.append((int(first), int(last)))
    return found


def _in(spans: list[tuple[int, int]], column: int) -> bool:
    return any(first <= column <= last for first, last in spans)
