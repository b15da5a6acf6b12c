"""What the cache of a pivot table keeps: where its rows were taken from, its fields with their items, and its records.

Source: ECMA-376 part 1, 18.10.1.95 (worksheetSource), 18.10.1.2 (cacheField), 18.10.1.84 (sharedItems), 18.10.1.78
(records).
"""

import re
from datetime import datetime
from typing import NamedTuple

from forensics.parsers.document._xml_scan import Full, Scan, local

MOST_FIELDS = 500
MOST_ITEMS = 100_000
"""Shared items of one cache."""
MOST_VALUES = 400_000
"""Values of the records of one cache."""
MOST_TEXT = 200
_KINDS = frozenset({"s", "n", "d", "b", "e", "m"})
_DAY = 86_400
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial date is a calendar reading, no zone is meant
_OFF = ("0", "false")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How attributes have characters that XML would not keep there."""
_LONGEST = 7
"""Characters in which one is written so."""


class Room:
    """What is still gone through of the sheets and records of one workbook; the first cache is, however large."""

    def __init__(self, most: int) -> None:
        self._left, self._begun = most, False

    def takes(self, size: int) -> bool:
        """Whether so many bytes are gone through."""
        fits = size <= self._left or not self._begun
        self._left, self._begun = self._left - (size if fits else 0), True
        return fits


class Value(NamedTuple):
    """A value as a cell or a cache has it: what it is compared by, and how it is written."""

    key: str
    said: str
    number: float | None = None


BLANK = Value("", "")


def value_of(kind: str, text: str, *, old: bool = False) -> Value:
    """Return a value of a cache: text ``s``, number ``n``, date ``d``, truth ``b``, fault ``e``, missing ``m``.

    Dates are what a cell has for them, days since the workbook's epoch; ``old``: that of 1904.
    """
    if kind == "n":
        return number(text)
    if kind == "d":
        return _date(text, old=old)
    if kind == "b":
        return Value(f"b{text not in _OFF}", text)
    if kind == "e":
        return Value(f"e{text}", text)
    return words(text) if kind == "s" else BLANK


def number(text: str) -> Value:
    """Return a number; numbers are the same as far as fourteen digits say."""
    try:
        found = float(text)
    except ValueError:
        return Value(f"?{text[:MOST_TEXT]}", text[:MOST_TEXT])
    return Value(f"n{found:.12g}", text[:MOST_TEXT], found)


def words(text: str) -> Value:
    """Return a text: case and white space are not what tells two apart, for a cache keeps one of such."""
    meant = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text[: MOST_TEXT * _LONGEST])
    plain = " ".join(meant[:MOST_TEXT].split())
    return Value(f"s{plain.casefold()}", plain) if plain else BLANK


def _date(text: str, *, old: bool) -> Value:
    try:
        since = datetime.fromisoformat(text).replace(tzinfo=None) - _EPOCH
    except (ValueError, TypeError):
        return Value(f"?{text[:MOST_TEXT]}", text[:MOST_TEXT])
    days = since.days + (since.seconds + since.microseconds / 1_000_000) / _DAY - (1_462 if old else 0)
    return Value(f"n{days:.12g}", text[:MOST_TEXT], days)


class Item(NamedTuple):
    """A value that records name by its place, and where its tag begins."""

    value: Value
    start: int


class Field:
    """A column of the cache."""

    def __init__(self, name: str, start: int, *, stored: bool) -> None:
        self.name, self.start, self.stored = name, start, stored
        self.items: list[Item] = []


class Definition(Scan):
    """The definition of a cache.

    Attributes:
        sheet, ref, name: of the source: a range of a sheet, or a name or table.
        external: whether it is in another workbook, or no worksheet.
        fields: its columns, those too that it computes and that no record has (``stored`` is false).
        root: attributes of the whole.
    """

    def __init__(self, *, old: bool) -> None:
        super().__init__()
        self.sheet = self.ref = self.name = ""
        self.external = True
        self.fields: list[Field] = []
        self.root: dict[str, str] = {}
        self._old, self._items = old, 0
        self._shared = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "pivotCacheDefinition":
            self.root = {local(key): value for key, value in attributes.items()}
        elif name == "worksheetSource":
            self.sheet, self.ref, self.name = (attributes.get(one, "") for one in ("sheet", "ref", "name"))
            self.external = any(local(key) == "id" for key in attributes)
        elif name == "cacheField":
            if len(self.fields) >= MOST_FIELDS:
                raise Full
            stored = attributes.get("databaseField", "1") not in _OFF
            self.fields.append(Field(attributes.get("name", ""), self.at, stored=stored))
        elif name == "sharedItems":
            self._shared = self._depth
        elif self._shared and self._depth == self._shared + 1 and name in _KINDS and self.fields:
            self._items += 1
            if self._items > MOST_ITEMS:
                raise Full
            value = value_of(name, attributes.get("v", ""), old=self._old)
            self.fields[-1].items.append(Item(value, self.at))

    def end(self, tag: str) -> None:
        if local(tag) == "sharedItems":
            self._shared = 0


class Records(Scan):
    """The records of a cache.

    Attributes:
        rows: the values of each record, and where its tag begins.
        used: of each field the places of the items that records name.
        unfit: whether a record names what is not there, or has another number of values than there are fields.
    """

    def __init__(self, fields: list[Field], *, old: bool) -> None:
        super().__init__()
        self.rows: list[tuple[tuple[Value, ...], int]] = []
        self.used: list[set[int]] = [set() for _ in fields]
        self.unfit = False
        self._fields, self._old = fields, old
        self._row: list[Value] | None = None
        self._start = self._values = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "r" and self._depth == 2:
            self._row, self._start = [], self.at
        elif self._row is None or self._depth != 3:
            return
        elif name == "x":
            self._row.append(self._item(attributes.get("v", "")))
        elif name in _KINDS:
            self._row.append(value_of(name, attributes.get("v", ""), old=self._old))

    def _item(self, text: str) -> Value:
        place, column = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1, len(self._row or ())
        if column >= len(self._fields) or not 0 <= place < len(self._fields[column].items):
            self.unfit = True
            return BLANK
        self.used[column].add(place)
        return self._fields[column].items[place].value

    def end(self, tag: str) -> None:
        if local(tag) == "r" and self._depth == 1 and self._row is not None:
            self.unfit |= len(self._row) != len(self._fields)
            self._values += len(self._row)
            if self._values > MOST_VALUES:
                raise Full
            self.rows.append((tuple(self._row), self._start))
            self._row = None
