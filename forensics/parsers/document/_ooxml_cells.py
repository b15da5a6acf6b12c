"""The cells of a worksheet, the calculation chain and the shared strings, each read in one pass with places.

Source: ECMA-376 part 1, 18.3.1.4 (c), 18.3.1.40 (f), 18.6.1 (calcChain), 18.4.8 (si), 18.4.9 (sst).
"""

import re
from typing import NamedTuple

from forensics.parsers.document._ooxml_rows import Rows
from forensics.parsers.document._xml_scan import Full, Scan, local
from forensics.parsers.document._xml_scan import named as attribute

MOST_CELLS = 400_000
"""Formulas, and cells that hold a number, of one workbook that are kept for comparing."""
MOST_TEXT = 500
MOST_UNSEEN = 50
"""Cells of a sheet that are kept though they are not shown."""
MOST_COLUMNS = 500
"""Elements of columns that are looked at."""
LAST_COLUMN = 18_278
_ON = ("1", "true")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


class Formula(NamedTuple):
    """A cell with a formula.

    Attributes:
        text: the formula as written; empty where another cell's is shared.
        kept: the value that is kept for it, as written; empty if none is.
        type: of the value: ``n`` number, ``str`` text, ``b``, ``e``.
        start: where the cell begins in its part.
        wordless: whether it has no text and shares no other's: an array's, of which the chain lists the first cell.
        always: whether it is marked to be computed at each load: what is kept for it need not be what its cells make.
    """

    text: str
    kept: str
    type: str
    start: int
    wordless: bool = False
    always: bool = False


class Hidden(NamedTuple):
    """A cell that is not shown: its reference, why, the type and text of its value, where it begins."""

    name: str
    why: str
    type: str
    value: str
    start: int


class Block(NamedTuple):
    """A range of cells, from row and column to row and column, all counted from 1 and included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def block(text: str) -> Block | None:
    """Return the cells that a reference on the same sheet names; ``None``: it is no such reference."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    top, left = int(found[2]), column_number(found[1])
    bottom, right = (int(found[4]), column_number(found[3])) if found[3] else (top, left)
    return Block(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def column_number(letters: str) -> int:
    """Return the number of a column, A = 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class Cells(Scan):
    """The cells of one sheet.

    Attributes:
        formulas: by the cell's reference.
        numbers: values of cells that hold a number, by row and column; kept only as far as `MOST_CELLS` reaches.
        others: cells that hold text, truth values or faults, by row and column, with their type; ``e`` also where no
            value is kept for a formula.
        spread: ranges in which one cell's formula makes the values of others: arrays and data tables.
        strings: numbers of the shared strings that cells name.
        named: of each cell that names one, its number; only where they are asked for.
        rows: how its rows are written.
        origin: the identifier that it got when it was made; empty where none is written.
        hidden_rows, hidden_columns: those that are not shown, each with the place of its tag; ``filtered``: whether a
            filter is set.
        unseen: the first cells with a value that are not shown, ``unseen_count`` how many there are, and
            ``unseen_lines`` in which rows and columns.
        inline: cells with a text of their own, and where the first of them begins.
    """

    def __init__(
        self, room: int = MOST_CELLS, *, named: bool = False, hidden: bool = False, masked: frozenset[str] = frozenset()
    ) -> None:
        super().__init__()
        self._room, self._keep = room, named
        self._hidden_sheet, self._masked = hidden, masked
        self.formulas: dict[str, Formula] = {}
        self.numbers: dict[tuple[int, int], float] = {}
        self.others: dict[tuple[int, int], str] = {}
        self.spread: list[Block] = []
        self.strings: set[int] = set()
        self.named: dict[tuple[int, int], int] = {}
        self.rows = Rows()
        self.origin = ""
        self.hidden_rows: dict[int, int] = {}
        self.hidden_columns: dict[int, int] = {}
        self.filtered = self._hidden_row = False
        self.unseen: list[Hidden] = []
        self.unseen_count = 0
        self.unseen_lines: dict[str, set[int]] = {"hidden_rows": set(), "hidden_columns": set()}
        self._style = ""
        self._hidden = 0
        self.inline: list[tuple[str, int]] = []
        self._row = self._column = 0
        self._cell = self._type = self._inside = ""
        self._start = 0
        self._formula: list[str] | None = None
        self._shared = self._always = False
        self._value: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "c":
            self._begin(attributes)
        elif name == "row":
            written = attributes.get("r", "")
            self._row = int(written) if written.isascii() and written.isdigit() and len(written) < 8 else self._row + 1
            self._column = 0
            self.rows.begin(self._row, attributes, self.at)
            self._hidden_row = attributes.get("hidden") in _ON
            if self._hidden_row:
                self.hidden_rows[self._row] = self.at
        elif name == "col" and attributes.get("hidden") in _ON:
            self._hide(attributes.get("min", ""), attributes.get("max", ""))
        elif name == "dimension":
            text = attributes.get("ref", "")
            self.rows.state(text[:40], block(text))
        elif name == "f" and self._cell:
            kind = attributes.get("t")
            if kind != "dataTable":  # it is no formula, and the chain does not list it
                self._inside, self._formula, self._shared = "f", [], kind == "shared"
                self._always = attributes.get("ca") in _ON
            if kind in ("array", "dataTable") and (cells := block(attributes.get("ref", ""))):
                self.spread.append(cells)
        elif name == "v" and self._cell:
            self._inside = "v"
        elif name == "worksheet":
            self.origin = attribute(attributes, "uid")
        elif name == "filterColumn":
            self.filtered = True

    def _hide(self, first: str, last: str) -> None:
        self._hidden += 1
        if first.isdecimal() and last.isdecimal() and max(len(first), len(last)) < 8 and self._hidden <= MOST_COLUMNS:
            self.hidden_columns.update(dict.fromkeys(range(int(first), min(int(last), LAST_COLUMN) + 1), self.at))

    def _begin(self, attributes: dict[str, str]) -> None:
        found = _RANGE.fullmatch(attributes.get("r", ""))
        if found is not None:
            row, self._column = int(found[2]), column_number(found[1])
            self.rows.cell(found[0], row, self._column, self.at)
            self._row = row
        else:
            self._column += 1
        self._cell = attributes.get("r") or f"R{self._row}C{self._column}"
        self._type, self._start = attributes.get("t", "n"), self.at
        self._style = attributes.get("s", "")
        self._formula, self._value, self._inside = None, [], ""

    def end(self, tag: str) -> None:
        name = local(tag)
        if name == "c" and self._cell:
            self._finish("".join(self._value))
            self._cell = ""
        elif name in ("f", "v"):
            self._inside = ""
        elif name == "sheetData":
            self.rows.finish()

    def _finish(self, value: str) -> None:
        if len(self.formulas) + len(self.numbers) + len(self.others) >= self._room:
            raise Full
        place = self._row, self._column
        if self._formula is not None:
            text = "".join(self._formula)
            said = text[:MOST_TEXT], value[:MOST_TEXT], self._type, self._start
            self.formulas[self._cell] = Formula(*said, wordless=not text and not self._shared, always=self._always)
        if self._type == "s" and value.isascii() and value.isdigit() and len(value) < 10:
            self.strings.add(int(value))
            if self._keep:
                self.named[place] = int(value)
        if self._type == "inlineStr" or (self._type == "str" and self._formula is None):
            self.inline.append((self._cell, self._start))
        if value and (self._hidden_row or self._hidden_sheet or self.hidden_columns or self._masked):
            self._see(value)
        if self._type != "n":
            self.others[place] = self._type
        elif value:
            try:
                self.numbers[place] = float(value)
            except ValueError:
                self.others[place] = "e"
        elif self._formula is not None:
            self.others[place] = "e"

    def _see(self, value: str) -> None:
        """Keep a cell that is not shown."""
        column = self._column in self.hidden_columns
        if self._hidden_row:
            self.unseen_lines["hidden_rows"].add(self._row)
        if column:
            self.unseen_lines["hidden_columns"].add(self._column)
        why = (
            "hidden sheet"
            if self._hidden_sheet
            else "hidden row"
            if self._hidden_row
            else "hidden column"
            if column
            else "format that shows nothing"
            if self._style in self._masked
            else ""
        )
        if why:
            self.unseen_count += 1
            if len(self.unseen) < MOST_UNSEEN:
                self.unseen.append(Hidden(self._cell, why, self._type, value[:MOST_TEXT], self._start))

    def characters(self, text: str) -> None:
        if self._inside == "v":
            self._value.append(text)
        elif self._inside == "f" and self._formula is not None:
            self._formula.append(text)


class Chain(Scan):
    """The calculation chain: for each sheet, by its number, the cells that it lists and where."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: dict[str, dict[str, int]] = {}
        self.count = 0
        self._sheet = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if local(tag) != "c":
            return
        if self.count >= MOST_CELLS:
            raise Full
        self._sheet = attributes.get("i", self._sheet)
        self.cells.setdefault(self._sheet, {}).setdefault(attributes.get("r", ""), self.at)
        self.count += 1


class Strings(Scan):
    """The shared strings: where each begins and ends, the text of each, and what the table says of their number."""

    def __init__(self) -> None:
        super().__init__()
        self.spans: list[tuple[int, int]] = []
        self.texts: list[str] = []
        self.stated: dict[str, str] = {}
        self._start = self._inside = 0
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "si":
            self._start, self._text = self.at, []
        elif name == "sst":
            self.stated = {key: value for key, value in attributes.items() if key in ("count", "uniqueCount")}
        self._inside += {"t": 1, "rPh": -1}.get(name, 0)

    def end(self, tag: str) -> None:
        name = local(tag)
        self._inside -= {"t": 1, "rPh": -1}.get(name, 0)
        if name == "si":
            if len(self.spans) >= MOST_CELLS:
                raise Full
            self.spans.append((self._start, self.at))
            self.texts.append("".join(self._text)[:MOST_TEXT])

    def characters(self, text: str) -> None:
        if self._inside > 0:
            self._text.append(text)
