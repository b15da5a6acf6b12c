"""An extracted value inside a row of another table, with its bytes and its place."""

import msgspec

from forensics.model.codec import encode_text
from forensics.model.facts import Located
from forensics.model.locations import Locator, Step


class LocatedRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A `Located` inside another row; an absent one has an empty value and no ``start``."""

    value: str
    raw: bytes = b""
    path: str = ""
    start: int | None = None
    end: int | None = None
    steps: str = ""
    """JSON text of the locator's steps below the item; empty if none."""
    rest: str = ""
    """JSON text of the locator's ranges after the first; empty if none."""


def row_of(fact: Located, most: int | None = None) -> LocatedRow:
    """Flatten a located value.

    Args:
        fact: the value.
        most: bytes that the row quotes; of more the first so many, and their range alone.
    """
    raw, ranges, steps = fact.raw, fact.locator.ranges, fact.locator.steps
    if not ranges:
        return LocatedRow(fact.value, raw[:most], fact.locator.path)
    start, end = ranges[0]
    rest = encode_text(ranges[1:]) if len(ranges) > 1 else ""
    if most is not None and len(raw) > most:
        raw, end, rest = raw[:most], min(end, start + most), ""
    return LocatedRow(fact.value, raw, fact.locator.path, start, end, encode_text(steps) if steps else "", rest)


def located(row: LocatedRow) -> Located:
    """Undo `row_of`."""
    steps = msgspec.json.decode(row.steps, type=tuple[Step, ...]) if row.steps else ()
    ranges: tuple[tuple[int, int], ...] = ()
    if row.start is not None and row.end is not None:
        rest = msgspec.json.decode(row.rest, type=tuple[tuple[int, int], ...]) if row.rest else ()
        ranges = ((row.start, row.end), *rest)
    return Located(row.value, row.raw, Locator(ranges=ranges, path=row.path, steps=steps))
