"""Cells changed in the XML of a worksheet, under Office's own marks: numbers, formulas, texts."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import NamedTuple

from samples.planting.files.folder import File, Folder
from samples.planting.files.operation import FileOperation, FilePlant, patched
from samples.planting.files.texts import other_number
from samples.planting.mime import Unfit

STRINGS = "xl/sharedStrings.xml"
_SHEET = r"xl/worksheets/sheet\d+\.xml"
_CELL = re.compile(r'<c r="([A-Z]{1,3})(\d{1,7})"([^>]*)>(?:<f([^>]*)>([^<]*)</f>)?<v>([^<]*)</v></c>')
_SUM = re.compile(r"SUM\(\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)\)")
_PLAIN = re.compile(r"-?[1-9]\d*(?:\.\d+)?")
_TEXTS = ("paid to the club", "agreed by phone", "see the second account", "consulting, third quarter", "confidential")


class _Cell(NamedTuple):
    column: str
    row: int
    attributes: str
    shared: str
    """Attributes of its formula."""
    formula: str
    value: str
    found: re.Match[str]

    @property
    def name(self) -> str:
        return f"{self.column}{self.row}"

    @property
    def number(self) -> bool:
        """Whether it is a number that somebody typed."""
        return not self.found[5] and " t=" not in self.attributes and _PLAIN.fullmatch(self.value) is not None

    def written(self, held: str) -> str:
        """Return the cell with other content."""
        return f'<c r="{self.name}"{self.attributes}>{held}</c>'


def _cells(sheet: str) -> Iterator[_Cell]:
    for found in _CELL.finditer(sheet):
        column, row, attributes, shared, formula, value = found.groups()
        yield _Cell(column, int(row), attributes, shared or "", formula or "", value, found)


def _sheets(file: File, rng: Random) -> Iterator[tuple[str, str, list[_Cell]]]:
    """Yield the sheets with their cells, in a drawn order."""
    names = file.parts(_SHEET)
    for name in rng.sample(names, len(names)):
        text = file.text(name)
        yield name, text, list(_cells(text))


def _with(file: File, part: str, text: str, cell: _Cell, held: str, changed: str, cls: str = "D") -> FilePlant:
    new = text[: cell.found.start()] + held + text[cell.found.end() :]
    return patched(file, part, new, f"{part} {cell.name}: {changed}", cls)


def summand(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-17: a typed number that a sum adds up; the sum is kept as it was."""
    for part, text, cells in _sheets(file, rng):
        sums = [found for cell in cells if (found := _SUM.fullmatch(cell.formula)) and "t=" not in cell.shared]
        for found in rng.sample(sums, len(sums)):
            top, bottom = sorted((int(found[2]), int(found[4])))
            rows = [cell for cell in cells if cell.column == found[1] == found[3] and top <= cell.row <= bottom]
            numbers = [cell for cell in rows if cell.number]
            if numbers and not sham:
                cell = rng.choice(numbers)
                new = other_number(cell.value, rng)
                held = cell.written(f"<v>{new}</v>")
                return _with(file, part, text, cell, held, f"{cell.value} -> {new}, in ={found[0]}")
    return None


def formula_replaced(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-18: a formula gives way to another value than it had."""
    for part, text, cells in _sheets(file, rng):
        found = [cell for cell in cells if cell.found[5] and not cell.shared and _PLAIN.fullmatch(cell.value)]
        found = [cell for cell in found if " t=" not in cell.attributes]
        if found and not sham:
            cell = rng.choice(found)
            new = other_number(cell.value, rng)
            return _with(file, part, text, cell, cell.written(f"<v>{new}</v>"), f"={cell.formula} -> {new}")
    return None


def formula_injected(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-19: a typed number gives way to a formula with the same value."""
    for part, text, cells in _sheets(file, rng):
        numbers = [cell for cell in cells if cell.number]
        if numbers and not sham:
            cell = rng.choice(numbers)
            held = cell.written(f"<f>{cell.value}*1</f><v>{cell.value}</v>")
            return _with(file, part, text, cell, held, f"{cell.value} -> ={cell.value}*1")
    return None


def _lone_text(file: File, rng: Random) -> tuple[str, str, _Cell]:
    """Return a cell whose shared text no other cell of the workbook shows, and its sheet.

    Raises:
        Unfit: there is none.
    """
    held = [(part, text, cell) for part, text, cells in _sheets(file, rng) for cell in cells if _shared(cell)]
    shown = Counter([cell.value for _, _, cell in held])
    lone = [one for one in held if shown[one[2].value] == 1]
    if not lone:
        raise Unfit("no text of one cell")
    return rng.choice(lone)


def _shared(cell: _Cell) -> bool:
    return ' t="s"' in cell.attributes and cell.value.isdigit()


def string_appended(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-20: a cell shows a new text at the end of the table; the old one stays there and no cell shows it."""
    if sham:
        return None
    part, text, cell = _lone_text(file, rng)
    strings = file.text(STRINGS)
    place, count = strings.rfind("</sst>"), len(re.findall(r"<si[ />]", strings))
    if place < 0:
        return None
    new = rng.choice(_TEXTS)
    longer = strings[:place] + f"<si><t>{new}</t></si>" + strings[place:]
    longer = re.sub(r'(?<= uniqueCount=")\d+(?=")', str(count + 1), longer, count=1)
    sheet = text[: cell.found.start()] + cell.written(f"<v>{count}</v>") + text[cell.found.end() :]
    package = file.package.holding(part, sheet.encode()).holding(STRINGS, longer.encode())
    return FilePlant(package.encode(), "D", f"{part} {cell.name}: string {cell.value} -> {new!r}")


def string_inline(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-21: a cell has a new text in itself."""
    if sham:
        return None
    part, text, cell = _lone_text(file, rng)
    new = rng.choice(_TEXTS)
    attributes = cell.attributes.replace(' t="s"', ' t="inlineStr"')
    held = f'<c r="{cell.name}"{attributes}><is><t>{new}</t></is></c>'
    return _with(file, part, text, cell, held, f"string {cell.value} -> {new!r}")


def number_changed(file: File, rng: Random) -> tuple[bytes, str]:
    """Return a workbook with one typed number changed, and what was and is.

    Raises:
        Unfit: it has none.
    """
    for part, text, cells in _sheets(file, rng):
        numbers = [cell for cell in cells if cell.number]
        if numbers:
            cell = rng.choice(numbers)
            new = other_number(cell.value, rng)
            made = _with(file, part, text, cell, cell.written(f"<v>{new}</v>"), f"{cell.value} -> {new}")
            return made.data, made.changed
    raise Unfit("no number")


def rows_exchanged(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-22: two typed numbers of a column change places, so that each belongs to the other's row."""
    for part, text, cells in _sheets(file, rng):
        numbers = sorted([cell for cell in cells if cell.number], key=lambda cell: (cell.column, cell.row))
        pairs = [
            (one, other) for one, other in pairwise(numbers) if one.column == other.column and one.value != other.value
        ]
        if pairs and not sham:
            one, other = rng.choice(pairs)
            new = text[: one.found.start()] + one.written(f"<v>{other.value}</v>")
            new += text[one.found.end() : other.found.start()] + other.written(f"<v>{one.value}</v>")
            new += text[other.found.end() :]
            return patched(file, part, new, f"{part}: {one.name} and {other.name} exchanged", "N")
    return None


_EXCEL = ("excel",)
OPERATIONS = (
    FileOperation("E-17", "a number changed that a sum adds up", (13,), summand, _EXCEL),
    FileOperation("E-18", "a formula replaced by another value", (14,), formula_replaced, _EXCEL),
    FileOperation("E-19", "a number replaced by a formula", (13,), formula_injected, _EXCEL),
    FileOperation("E-20", "a shared text replaced by one appended", (13,), string_appended, _EXCEL),
    FileOperation("E-21", "a text written into a cell", (13,), string_inline, _EXCEL),
    FileOperation("E-22", "two numbers of a column exchanged", (15,), rows_exchanged, _EXCEL),
)
