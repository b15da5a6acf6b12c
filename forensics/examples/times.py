"""Times for examples.

They are written as ISO 8601 with offset (``2017-03-06T10:00:00+01:00``), or without for a local time. A bare
``HH:MM:SS`` stands on 2017-03-06, UTC.
"""

from datetime import UTC, datetime, timedelta

from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.rows.times import TimeRow
from forensics.model.time_kinds import TimeKind

DAY = "2017-03-06"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ticks(text: str) -> int:
    """Return the instant of an ISO time, or its wall reading if it has no offset."""
    at = _read(text)
    return int((at.replace(tzinfo=at.tzinfo or UTC) - _EPOCH) / timedelta(microseconds=1)) * (TICKS_PER_SECOND // 10**6)


def time(
    text: str,
    *,
    path: str = "header:Date[0]",
    kind: TimeKind = TimeKind.DATE,
    index: int = 0,
    raw: bytes | None = None,
    start: int | None = 0,
    owner: str = "",
    clock: ClockKind = ClockKind.SENDER,
    description: Description = Description.SENT,
    precision: Precision = Precision.SECOND,
) -> Timestamp:
    """A timestamp from an ISO time; without offset it is a local time, and without a time of day it is a day."""
    at = _read(text)
    wall = ticks(at.replace(tzinfo=None).isoformat())
    offset = at.utcoffset()
    body = text.encode("ascii") if raw is None else raw
    return Timestamp(
        instant=Absence.NOT_PRESENT if offset is None else ticks(text),
        wall=wall,
        offset_s=Absence.NOT_PRESENT if offset is None else int(offset.total_seconds()),
        precision=Precision.DAY if len(text) == len(DAY) else precision,
        description=description,
        clock=clock,
        owner=owner,
        raw=body,
        locator=Locator(ranges=() if start is None else ((start, start + len(body)),), path=path),
        kind=kind,
        index=index,
    )


def rfc_date(text: str, weekday: str | None = None) -> bytes:
    """Write an ISO time as RFC 5322 does, with its own or another weekday; ``""`` leaves the weekday out."""
    at = _read(text)
    name = _NAMES[at.weekday()] if weekday is None else weekday
    zone = "" if at.tzinfo is None else f" {at:%z}"
    lead = f"{name}, " if name else ""
    return f"{lead}{at.day} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S}{zone}".encode("ascii")


def weekday_of(text: str, weekday: str | None = None) -> int | None:
    """Return the weekday that `rfc_date` writes, Monday = 0; ``None``: it writes none."""
    name = _NAMES[_read(text).weekday()] if weekday is None else weekday
    return _NAMES.index(name) if name else None


def time_row(
    text: str, *, path: str = "modified", kind: TimeKind = TimeKind.CORE_MODIFIED, index: int = 0, start: int = 0
) -> TimeRow:
    """A timestamp inside a row, from an ISO time; without offset it is a local time."""
    stamp = time(text, path=path, start=start)
    instant, wall = stamp.instant, stamp.wall
    return TimeRow(
        instant if isinstance(instant, int) else None,
        wall if isinstance(wall, int) else None,
        None if isinstance(instant, int) else str(instant),
        stamp.offset_s if isinstance(stamp.offset_s, int) else None,
        stamp.precision,
        stamp.description,
        stamp.clock,
        stamp.owner,
        stamp.raw,
        path,
        kind,
        index,
        start,
        start + len(stamp.raw),
        "",
    )


def _read(text: str) -> datetime:
    return datetime.fromisoformat(f"{DAY}T{text}+00:00" if len(text) == 8 else text)
