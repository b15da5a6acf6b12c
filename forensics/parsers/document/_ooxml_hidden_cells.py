"""Cells of a workbook that its reader does not see: in hidden sheets, rows and columns, by formats that show nothing.

A filter hides rows, a group that is folded rows and columns; numbers under the format ``;;;`` show nothing.

Source: ECMA-376 part 1, 18.3.1.13 (col), 18.3.1.73 (row), 18.2.19 (sheet), 18.8.31 (numFmts).
"""

from collections.abc import Callable

from forensics.model.locations import Locator
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._ooxml_cells import Hidden
from forensics.parsers.document._ooxml_workbook import ReadSheet, letters
from forensics.parsers.document._package import Package
from forensics.parsers.document._xml_scan import Scan, local, tag_end

MOST_TOLD = 50
"""Cells of one workbook that are told."""
MOST_RANGES = 40
MOST_TEXT = 300
MOST_FORMATS = 4_000
STYLES = b"xl/styles.xml"


def hidden_cell_facts(read: list[ReadSheet], texts: list[str], gathering: Gathering) -> None:
    """Add what a workbook holds and does not show.

    Facts:
        ``ooxml.hidden_rows``, ``ooxml.hidden_columns``: of a sheet which rows and columns with cells are not shown, and
        whether a filter is set; at the first row, or column.
        ``ooxml.hidden_cell``: a cell in one of these, in a sheet that is not shown, or under a format that shows
        nothing, with why and its value, at the cell; ``ooxml.hidden_cells``: how many there are.

    Args:
        read: all sheets.
        texts: the shared strings; empty where they could not be read.
        gathering: takes the facts.
    """
    count = told = 0
    for one in read:
        _lines("hidden_rows", one.cells.hidden_rows, str, one, gathering)
        _lines("hidden_columns", one.cells.hidden_columns, letters, one, gathering)
        count += one.cells.unseen_count
        for cell in one.cells.unseen[: MOST_TOLD - told]:
            told += 1
            raw = one.layer.cut((cell.start, tag_end(one.layer.data, cell.start)), cell.name)
            value = f"{one.sheet.name}!{cell.name} ({cell.why}): {_value(cell, texts)}"
            gathering.add_fact("ooxml.hidden_cell", value, raw.locator(f"{one.path}#{cell.name}.hidden"), raw.data)
    if count:
        gathering.add_fact("ooxml.hidden_cells", str(count), Locator(path="xml:xl#hidden_cells"), b"")


def _lines(name: str, found: dict[int, int], named: Callable[[int], str], one: ReadSheet, gathering: Gathering) -> None:
    held = sorted([number for number in found if number in one.cells.unseen_lines[name]])
    if held:
        start = found[held[0]]
        raw = one.layer.cut((start, tag_end(one.layer.data, start)), "")
        value = f"{one.sheet.name}: {_ranges(held, named)}{', a filter is set' if one.cells.filtered else ''}"
        gathering.add_fact(f"ooxml.{name}", value, raw.locator(f"{one.path}#{name}"), raw.data)


def _value(cell: Hidden, texts: list[str]) -> str:
    if cell.type != "s":
        return cell.value[:MOST_TEXT]
    number = int(cell.value) if cell.value.isascii() and cell.value.isdecimal() and len(cell.value) < 10 else -1
    return texts[number][:MOST_TEXT] if 0 <= number < len(texts) else ""


def _ranges(numbers: list[int], named: Callable[[int], str]) -> str:
    """Return numbers in their order as ranges: ``5, 9-12``; of many the first."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said = [named(first) if first == last else f"{named(first)}-{named(last)}" for first, last in runs[:MOST_RANGES]]
    return ", ".join(said) + (", ..." if len(runs) > MOST_RANGES else "")


def masked_styles(package: Package) -> frozenset[str]:
    """Return the numbers of the cell formats under which no value shows: ``;;;``."""
    layer = package.layer(STYLES)
    if layer is None or b";;;" not in layer.data:
        return frozenset()
    styles = _Formats()
    return frozenset(styles.masked) if styles.read(layer.data) else frozenset()


class _Formats(Scan):
    def __init__(self) -> None:
        super().__init__()
        self.masked: set[str] = set()
        self._empty: set[str] = set()
        self._inside = False
        self._number = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "numFmt" and attributes.get("formatCode", "").strip() == ";;;" and len(self._empty) < MOST_FORMATS:
            self._empty.add(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            if attributes.get("numFmtId") in self._empty and len(self.masked) < MOST_FORMATS:
                self.masked.add(str(self._number))
            self._number += 1

    def end(self, tag: str) -> None:
        if local(tag) == "cellXfs":
            self._inside = False
