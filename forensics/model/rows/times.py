"""A timestamp inside a row of another table."""

import msgspec

from forensics.model.codec import encode_text
from forensics.model.facts import Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import Locator, Step
from forensics.model.rows.numbers import MOST
from forensics.model.time_kinds import TimeKind


class TimeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A timestamp inside another row."""

    instant: int | None
    wall: int | None
    absence: str | None
    offset_s: int | None
    precision: str
    description: str
    clock: str
    owner: str
    raw: bytes
    path: str
    kind: str
    """`forensics.model.time_kinds`: what it was read from."""
    index: int
    """Position of that among its like, from 0."""
    start: int | None
    end: int | None
    steps: str
    """JSON text of the locator's steps below the item; empty if none."""
    wall_absence: str | None = None
    """Why there is no wall reading."""
    offset_absence: str | None = None
    """Why there is no offset: none written, none by definition of the format, or one that cannot be read."""
    rest: str = ""
    """JSON text of the locator's ranges after the first; empty if none."""
    scheme: str = ""
    """Id scheme that gave the time; empty: it is written out."""


def row_of(stamp: Timestamp) -> TimeRow:
    """Flatten a timestamp."""
    locator = stamp.locator
    ranges, steps = locator.ranges, locator.steps
    start, end = ranges[0] if ranges else (None, None)
    at, no_instant = _column(stamp.instant)
    wall, no_wall = _column(stamp.wall)
    offset, no_offset = _column(stamp.offset_s)
    return TimeRow(
        at,
        wall,
        no_instant,
        offset,
        stamp.precision,
        stamp.description,
        stamp.clock,
        stamp.owner,
        stamp.raw,
        locator.path,
        stamp.kind,
        stamp.index,
        start,
        end,
        encode_text(steps) if steps else "",
        no_wall,
        no_offset,
        encode_text(ranges[1:]) if len(ranges) > 1 else "",
        stamp.scheme,
    )


def timestamp(row: TimeRow) -> Timestamp:
    """Undo `row_of`."""
    steps = msgspec.json.decode(row.steps, type=tuple[Step, ...]) if row.steps else ()
    ranges: tuple[tuple[int, int], ...] = ()
    if row.start is not None and row.end is not None:
        rest = msgspec.json.decode(row.rest, type=tuple[tuple[int, int], ...]) if row.rest else ()
        ranges = ((row.start, row.end), *rest)
    return Timestamp(
        instant=row.instant if row.instant is not None else Absence(row.absence or ""),
        wall=row.wall if row.wall is not None else Absence(row.wall_absence or ""),
        offset_s=row.offset_s if row.offset_s is not None else Absence(row.offset_absence or ""),
        precision=Precision(row.precision),
        description=Description(row.description),
        clock=ClockKind(row.clock),
        owner=row.owner,
        raw=row.raw,
        locator=Locator(ranges=ranges, path=row.path, steps=steps),
        kind=TimeKind(row.kind),
        index=row.index,
        scheme=row.scheme,
    )


def instant_of(stamp: Timestamp | Absence | None) -> int | None:
    """Return the instant of a timestamp that has one."""
    if isinstance(stamp, Timestamp) and isinstance(stamp.instant, int):
        return stamp.instant
    return None


def first_range(locator: Locator) -> tuple[int | None, int | None]:
    """Return the first range of a locator, twice ``None`` where it has none."""
    return locator.ranges[0] if locator.ranges else (None, None)


def _column(value: int | Absence) -> tuple[int | None, str | None]:
    """Return what a column holds, and why it is null; a number that no column holds counts as unparsable."""
    if isinstance(value, int):
        return (value, None) if -MOST - 1 <= value <= MOST else (None, Absence.UNPARSABLE)
    return None, value
