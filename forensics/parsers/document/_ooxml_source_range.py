"""The range of a worksheet that a pivot table was made of: which it is, and what its cells hold.

Source: ECMA-376 part 1, 18.10.1.95 (worksheetSource), 18.2.5 (definedName), 18.5.1.2 (table).
"""

import re
from typing import NamedTuple

from forensics.parsers._xml import Element
from forensics.parsers.document._ooxml_cells import Block, block
from forensics.parsers.document._ooxml_pivot_cache import BLANK, MOST_TEXT, MOST_VALUES, Value, number, value_of, words
from forensics.parsers.document._ooxml_workbook import ReadSheet
from forensics.parsers.document._package import Package, Part
from forensics.parsers.document._part_names import plain
from forensics.parsers.document._xml_scan import Full, Scan, local

MOST_TABLES = 200
_NAMED = re.compile(r"(?:'((?:[^']|''){1,120})'|([^'!\[\]]{1,120}))!(\$?[A-Z]{1,3}\$?\d{1,7}:\$?[A-Z]{1,3}\$?\d{1,7})")
_TABLES = re.compile(rb"xl/tables/[^/]{1,80}\.xml", re.IGNORECASE)


class Range(NamedTuple):
    """A range of a sheet of the same workbook."""

    sheet: ReadSheet
    cells: Block


def range_of(sheet: str, ref: str, name: str, package: Package, workbook: Part, read: list[ReadSheet]) -> Range | None:
    """Return the range that a cache names; ``None``: it is none of this workbook, or not told as one.

    Args:
        sheet: its name, beside *ref*, its range.
        ref: likewise.
        name: of a range or table, if the cache names that.
        package: that it stands in.
        workbook: its part.
        read: its sheets.
    """
    if ref:
        return _on(sheet, ref, read)
    for one in workbook.root.walk():
        said = one.attributes.get("name")
        if one.local == "definedName" and said is not None and said.text.casefold() == name.casefold():
            found = _NAMED.fullmatch(one.value.text.strip())
            return _on((found[1] or found[2]).replace("''", "'"), found[3], read) if found else None
    return _table(name, package, read)


def _on(sheet: str, ref: str, read: list[ReadSheet]) -> Range | None:
    cells = block(ref)
    one = next((one for one in read if one.sheet.name.casefold() == sheet.casefold()), None)
    return Range(one, cells) if one is not None and cells is not None and cells.bottom > cells.top else None


def _table(name: str, package: Package, read: list[ReadSheet]) -> Range | None:
    for part in package.named(_TABLES, MOST_TABLES):
        table = package.part(part)
        if table is None or name.casefold() not in [
            _said(table.root, key).casefold() for key in ("name", "displayName")
        ]:
            continue
        cells = block(_said(table.root, "ref"))
        one = next((one for one in read if part.lower() in _tables_of(one, package)), None)
        totals = _said(table.root, "totalsRowCount")
        if one is None or cells is None or _said(table.root, "headerRowCount") == "0":
            return None
        return Range(one, cells._replace(bottom=cells.bottom - (int(totals) if totals in ("1", "2") else 0)))
    return None


def _said(element: Element, name: str) -> str:
    value = element.attributes.get(name)
    return value.text if value is not None else ""


def _tables_of(one: ReadSheet, package: Package) -> set[bytes]:
    folder, _, file = one.sheet.part.rpartition(b"/")
    relationships = package.part(folder + b"/_rels/" + file + b".rels")
    found = set()
    for element in relationships.root.children if relationships is not None else []:
        target = _said(element, "Target").encode("utf-8", "surrogatepass")
        found.add(plain(target if target.startswith(b"/") else folder + b"/" + target).lower())
    return found


class RangeCells(Scan):
    """The values of the cells of a range, by row and column; those that are not there are blank.

    Attributes:
        values: of cells.
        starts: where each begins.
    """

    def __init__(self, cells: Block, texts: list[str], *, old: bool) -> None:
        super().__init__()
        self._old = old
        self.values: dict[tuple[int, int], Value] = {}
        self.starts: dict[tuple[int, int], int] = {}
        self._cells, self._texts = cells, texts
        self._place: tuple[int, int] | None = None
        self._type, self._said, self._inside, self._start = "n", list[str](), 0, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "c":
            found = block(attributes.get("r", ""))
            inside = found is not None and self._cells.holds(found.top, found.left)
            self._place = (found.top, found.left) if inside and found is not None else None
            self._type, self._said, self._start = attributes.get("t", "n"), [], self.at
        elif self._place is not None:
            self._inside += {"v": 1, "t": 1, "rPh": -1}.get(name, 0)

    def end(self, tag: str) -> None:
        name = local(tag)
        if self._place is None:
            return
        self._inside -= {"v": 1, "t": 1, "rPh": -1}.get(name, 0)
        if name == "c":
            if len(self.values) >= MOST_VALUES:
                raise Full
            self.values[self._place] = self._value("".join(self._said))
            self.starts[self._place] = self._start
            self._place, self._inside = None, 0

    def characters(self, text: str) -> None:
        if self._inside > 0:
            self._said.append(text)

    def _value(self, said: str) -> Value:
        if self._type == "s":
            place = int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else -1
            return words(self._texts[place]) if 0 <= place < len(self._texts) else BLANK
        if self._type in ("b", "e", "d"):
            return value_of(self._type, said[:MOST_TEXT], old=self._old) if said else BLANK
        if self._type == "n":
            return number(said) if said else BLANK
        return words(said)
