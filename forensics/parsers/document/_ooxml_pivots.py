"""The caches of a workbook's pivot tables against the cells that they were made of: what stood there before.

Excel copies the rows of the source into the cache when the table is made or refreshed, and leaves the cache as it is
when cells change afterwards. Items that were in the source once stay in the lists of a field.

Source: ECMA-376 part 1, 18.10.1; [MS-XLSX] 2.1 (pivot caches).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from forensics.model.locations import Locator, quote
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers.document._ooxml_pivot_cache import BLANK, Definition, Records, Room, Value
from forensics.parsers.document._ooxml_source_range import Range, RangeCells, range_of
from forensics.parsers.document._ooxml_workbook import ReadSheet, is_set, letters
from forensics.parsers.document._package import Package, Part
from forensics.parsers.document._part_names import plain
from forensics.parsers.document._xml_scan import tag_end

MOST_TOLD = 50
MOST_PIVOTS = 500
MOST_COMPARED = 20
"""Caches of one workbook whose records are compared."""
MOST_BYTES = 40_000_000
"""Of the records of further caches and of the sheets that these are compared with."""
MOST_UNMATCHED = 300
"""Rows that only one side has among which those are sought that differ in some cells."""
MOST_PAIRED = 3_000_000
"""Cells of a workbook that are held against each other for that."""
MOST_ALIKE = 5
"""Rows that are the same but for their dates among which one with nearly the same dates is sought."""
MOST_TEXT = 300
CACHES = re.compile(rb"xl/pivotCache/pivotCacheDefinition\d{0,6}\.xml", re.IGNORECASE)
_APART = 2 / 86_400
"""Days: dates are kept to the second."""
_NUMBERED = re.compile(r"\d{1,4}")

Row = tuple[Value, ...]
_Placed = list[tuple[Row, int]]
"""Rows and where they stand."""


class _Cache(NamedTuple):
    """A cache with its records and the range that they were taken from."""

    path: str
    records_path: str
    layer: Layer
    definition: Definition
    records: Records
    source: Range


def pivot_cache_facts(
    package: Package, workbook: Part, read: list[ReadSheet], texts: list[str], gathering: Gathering
) -> None:
    """Add where records of pivot caches are others than the rows that they were made of.

    Facts:
        ``ooxml.pivot_rows``: how many records were compared with rows of the workbook.
        ``ooxml.pivot_cell_differs``: a cell, and what the cache has of it, at the cell; ``ooxml.pivot_row_gone``: a
        record that is no row of the source, at the record; ``ooxml.pivot_row_new``: a row that is no record, at its
        first cell; ``ooxml.wrong_pivot_cells``, ``ooxml.pivot_rows_gone``, ``ooxml.pivot_rows_new``: how many of each
        there are. Cells are told of rows that are nearly the same, and rows whole of others.
        ``ooxml.pivot_field_differs``: a column that the cache names otherwise than the source's first row.
        ``ooxml.pivot_item_unused``: an item of a field that no record has: it was in the source once;
        ``ooxml.pivot_items_unused``: how many there are.
        ``ooxml.pivot_count_differs``: the cache counts other records than it has.

    Args:
        package: a workbook.
        workbook: its part.
        read: all of its sheets.
        texts: its shared strings.
        gathering: takes the facts.
    """
    old = is_set(gathering, "date_1904")
    totals: Counter[str] = Counter()
    left, room = MOST_PAIRED, Room(MOST_BYTES)
    for name in package.named(CACHES, MOST_COMPARED):
        cache = _cache(name, package, workbook, read, gathering, room, old=old)
        if cache is None:
            continue
        _unused(cache, totals, gathering)
        found = RangeCells(cache.source.cells, texts, old=old)
        if found.read(cache.source.sheet.layer.data):
            left -= _Comparing(cache, found, totals, gathering).tell(left)
    for counted, count in totals.items():
        gathering.add_fact(f"ooxml.{counted}", str(count), Locator(path=f"xml:xl#{counted}"), b"")


def _cache(
    name: bytes, package: Package, workbook: Part, read: list[ReadSheet], gathering: Gathering, room: Room, *, old: bool
) -> _Cache | None:
    """Return a cache that can be compared."""
    layer, definition, path = package.layer(name), Definition(old=old), f"xml:{quote(name)}"
    if layer is None or not definition.read(layer.data) or definition.external:
        return None
    source = range_of(definition.sheet, definition.ref, definition.name, package, workbook, read)
    records_name = _records_of(name, package)
    kept = package.layer(records_name) if records_name else None
    stored = [one for one in definition.fields if one.stored]
    records = Records(stored, old=old)
    if source is None or kept is None or definition.root.get("refreshOnLoad", "0") in ("1", "true"):
        return None
    if not room.takes(len(kept.data) + len(source.sheet.layer.data)) or not records.read(kept.data):
        gathering.note("pivot_partial", f"the records of {path} are read in part: they are not compared")
        return None
    counted = definition.root.get("recordCount", "")
    if counted.isdecimal() and counted != str(len(records.rows)):
        value = f"{quote(name)} says {counted[:12]} records, there are {len(records.rows)}"
        gathering.add_fact("ooxml.pivot_count_differs", value, Locator(path=f"{path}#recordCount"), b"")
    return None if records.unfit else _Cache(path, f"xml:{quote(records_name)}", kept, definition, records, source)


def _records_of(name: bytes, package: Package) -> bytes:
    folder, _, file = name.rpartition(b"/")
    relationships = package.part(folder + b"/_rels/" + file + b".rels")
    for one in relationships.root.children if relationships is not None else []:
        values = {key: value.text for key, value in one.attributes.items()}
        if values.get("Type", "").endswith("/pivotCacheRecords"):
            target = values.get("Target", "").encode("utf-8", "surrogatepass")
            return plain(target if target.startswith(b"/") else folder + b"/" + target)
    return b""


def _unused(cache: _Cache, totals: Counter[str], gathering: Gathering) -> None:
    """Add the items that no record has."""
    stored = [one for one in cache.definition.fields if one.stored]
    for field, used in zip(stored, cache.records.used, strict=True):
        for place, item in enumerate(field.items):
            # Of a field without any record of an item the list is of groups, or the records have values of their own.
            if not used or place in used or not item.value.said:
                continue
            totals["pivot_items_unused"] += 1
            if totals["pivot_items_unused"] <= MOST_TOLD:
                value = f"{field.name[:80]}: {item.value.said[:MOST_TEXT]}"
                locator = Locator(path=f"{cache.path}#{quote(field.name[:80].encode())}.item[{place}]")
                gathering.add_fact("ooxml.pivot_item_unused", value, locator, b"")


class _Comparing:
    """Compares the records of one cache with the rows of its source."""

    def __init__(self, cache: _Cache, cells: RangeCells, totals: Counter[str], gathering: Gathering) -> None:
        self._cache, self._cells, self._totals, self._gathering = cache, cells, totals, gathering
        self._sheet, self._block = cache.source.sheet, cache.source.cells
        self._fields = [one for one in cache.definition.fields if one.stored]

    def tell(self, most: int) -> int:
        """Add what differs; return how many cells of rows were held against each other, at most so many."""
        columns = self._columns()
        if len(columns) < max(2, len(self._fields) * 2 / 3):
            return 0
        records = [(row, start) for row, start in self._cache.records.rows if any(one.key for one in row)]
        rows = [(row, number) for number, row in self._rows(columns) if any(one.key for one in row)]
        records = [(tuple([row[place] for place in columns]), start) for row, start in records]
        self._totals["pivot_rows"] += len(records)
        gone, new = list(_beyond(records, rows)), list(_beyond(rows, records))
        taken = len(gone) * MOST_ALIKE * len(columns)
        if taken <= most:
            gone, new = _apart(gone, new)
        paired = len(gone) * len(new) * len(columns)
        near = taken + paired <= most and len(gone) <= MOST_UNMATCHED and len(new) <= MOST_UNMATCHED
        self._pair(gone, new, list(columns.values()), near=near)
        return (taken if taken <= most else 0) + (paired if near else 0)

    def _rows(self, columns: dict[int, int]) -> Iterator[tuple[int, Row]]:
        """Yield the rows as far as there are cells: a source may be whole columns."""
        last = max([row for row, _ in self._cells.values], default=self._block.top)
        for number in range(self._block.top + 1, min(self._block.bottom, last) + 1):
            yield number, tuple([self._cells.values.get((number, column), BLANK) for column in columns.values()])

    def _columns(self) -> dict[int, int]:
        """Return the column of each field that has one: that of its name, else the one at its place."""
        top, left = self._block.top, self._block.left
        headers = {at: self._cells.values.get((top, at), BLANK) for at in range(left, self._block.right + 1)}
        found: dict[int, int] = {}
        for place, field in enumerate(self._fields):
            beside = [left + place, *[at for at in headers if at != left + place]]
            named = [at for at in beside if at in headers and _names(headers[at], field.name)]
            if named and named[0] not in found.values():
                found[place] = named[0]
        for place, field in enumerate(self._fields):
            at = left + place
            if place in found:
                continue
            if at not in headers or at in found.values():
                said = f"the pivot cache has the column “{field.name[:80]}”, which {self._sheet.sheet.name} has not"
                self._add("pivot_field_differs", said, (top, left))
                continue
            found[place] = at
            if headers[at].number is None:
                said = f"{self._at(top, at)} is {_shown(headers[at])}, the pivot cache has “{field.name[:80]}”"
                self._add("pivot_field_differs", said, (top, at))
        return dict(sorted(found.items()))

    def _pair(self, gone: _Placed, new: _Placed, columns: list[int], *, near: bool) -> None:
        """Tell rows that differ in some of their cells by these, and the others whole."""
        left = dict(enumerate(new))
        for row, start in gone:
            best = _nearest(row, left) if near else None
            if best is None:
                self._totals["pivot_rows_gone"] += 1
                if self._totals["pivot_rows_gone"] <= MOST_TOLD:
                    self._row_gone(row, start)
                continue
            other, number = left.pop(best)
            for one, held, column in zip(row, other, columns, strict=True):
                if not _same(one, held):
                    self._totals["wrong_pivot_cells"] += 1
                    if self._totals["wrong_pivot_cells"] <= MOST_TOLD:
                        said = f"{self._at(number, column)} is {_shown(held)}, the pivot cache has {_shown(one)}"
                        self._add("pivot_cell_differs", said, (number, column))
        for row, number in left.values():
            self._totals["pivot_rows_new"] += 1
            if self._totals["pivot_rows_new"] <= MOST_TOLD:
                said = f"{self._at(number, columns[0])}: {_listed(row)}"
                self._add("pivot_row_new", said, (number, columns[0]))

    def _row_gone(self, row: Row, start: int) -> None:
        raw = self._cache.layer.cut((start, tag_end(self._cache.layer.data, start)), "")
        locator = raw.locator(f"{self._cache.records_path}#row_gone")
        self._gathering.add_fact("ooxml.pivot_row_gone", f"{self._sheet.sheet.name}: {_listed(row)}", locator, raw.data)

    def _at(self, row: int, column: int) -> str:
        return f"{self._sheet.sheet.name}!{letters(column)}{row}"

    def _add(self, name: str, said: str, place: tuple[int, int]) -> None:
        start, layer = self._cells.starts.get(place), self._sheet.layer
        raw = layer.cut((start, tag_end(layer.data, start)) if start is not None else None, "")
        path = f"{self._sheet.path}#{letters(place[1])}{place[0]}.{name}"
        self._gathering.add_fact(f"ooxml.{name}", said[:MOST_TEXT], raw.locator(path), raw.data)


def _key(row: Row) -> tuple[str, ...]:
    return tuple([one.key for one in row])


def _names(header: Value, field: str) -> bool:
    """Whether a header is that of a field: of equal ones a cache numbers the second and further ones."""
    said, name = header.said.casefold(), " ".join(field.split()).casefold()
    numbered = name.startswith(said) and _NUMBERED.fullmatch(name[len(said) :]) is not None
    return bool(said) and (said == name or numbered)


def _beyond(rows: Sequence[tuple[Row, int]], others: Sequence[tuple[Row, int]]) -> Iterator[tuple[Row, int]]:
    """Yield the rows that the other side does not have, or not as often."""
    left = Counter([_key(row) for row, _ in others])
    for row, place in rows:
        key = _key(row)
        if left[key] > 0:
            left[key] -= 1
        else:
            yield row, place


def _apart(gone: _Placed, new: _Placed) -> tuple[_Placed, _Placed]:
    """Return the rows of both sides without those that are the same but for parts of a second in their dates."""
    dated = {place for row, _ in gone for place, one in enumerate(row) if one.number is not None and "T" in one.said}
    alike: dict[tuple[str, ...], dict[int, Row]] = {}
    for place, (row, _) in enumerate(new) if dated else ():
        alike.setdefault(_undated(row, dated), {})[place] = row
    met, left = set(), []
    for row, start in gone:
        others = alike.get(_undated(row, dated), {}) if dated else {}
        found = (place for place, other in islice(others.items(), MOST_ALIKE) if all(map(_same, row, other)))
        if (same := next(found, None)) is None:
            left.append((row, start))
        else:
            met.add(same)
            del others[same]
    return left, [one for place, one in enumerate(new) if place not in met]


def _undated(row: Row, dated: set[int]) -> tuple[str, ...]:
    return tuple([one.key for place, one in enumerate(row) if place not in dated])


def _nearest(row: Row, others: dict[int, tuple[Row, int]]) -> int | None:
    """Return the row with most cells alike, of which no more than a quarter, or one, are not."""
    best, most = None, len(row) - max(1, len(row) // 4) - 1
    for place, (other, _) in others.items():
        alike = sum([_same(one, held) for one, held in zip(row, other, strict=True)])
        if alike > max(most, 0):
            best, most = place, alike
    return best


def _same(one: Value, other: Value) -> bool:
    if one.number is not None and other.number is not None:
        return abs(one.number - other.number) <= max(_APART if "T" in one.said else 0.0, 1e-9 * abs(other.number))
    return one.key == other.key


def _shown(value: Value) -> str:
    if not value.said:
        return "empty"
    return value.said[:80] if value.number is not None else f"“{value.said[:80]}”"


def _listed(row: Row) -> str:
    return " | ".join([one.said[:80] for one in row])[:MOST_TEXT]
