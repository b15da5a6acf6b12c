"""Geometry of the pictures: where on an axis things stand. Templates draw it, so that everything is escaped once."""

from collections.abc import Sequence

import msgspec

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.instants import calendar
from forensics.model.summary import Month

WIDTH = 720.0
_MONTHS_MAX = 240
_OUTSIDE_SHARE = 0.01
_OUTSIDE_LEAST = 5
_HOUR = 3600 * TICKS_PER_SECOND
LOCAL_SPREAD = 14 * _HOUR
"""How far a local time's instant may lie from its reading, either way."""


class Bar(msgspec.Struct, frozen=True):
    """One month's column; lengths in picture units, origin at the top left."""

    month: str
    x: float
    width: float
    messages_y: float
    messages_height: float
    documents_y: float
    documents_height: float
    messages: int
    documents: int
    findings: int
    mark_y: float


class Tick(msgspec.Struct, frozen=True):
    """A labelled place on an axis."""

    x: float
    label: str


class Line(msgspec.Struct, frozen=True):
    """A date drawn across the axis."""

    x: float
    label: str
    anchor: str
    """``start`` or ``end``: on which side of the line its label fits."""
    level: int
    """Labels that would touch stand on different levels."""


class MonthAxis(msgspec.Struct, frozen=True):
    """The archive's time axis."""

    bars: tuple[Bar, ...]
    years: tuple[Tick, ...]
    lines: tuple[Line, ...]
    base: float
    top: float
    highest: int
    before: int
    """Items that claim months left of the picture."""
    after: int


class Dot(msgspec.Struct, frozen=True):
    """One clock reading: a row of its own, a place on the common axis."""

    y: float
    x: float
    low: float
    """Left end of the interval of a local time; equals ``x`` otherwise."""
    high: float
    number: int
    claimed: bool
    local: bool


class ClockAxis(msgspec.Struct, frozen=True):
    """Readings of several clocks on one axis."""

    dots: tuple[Dot, ...]
    height: float
    claimed_x: float | None
    first: int
    last: int


def months(rows: Sequence[Month], marks: Sequence[tuple[str, str]], base: float = 168.0) -> MonthAxis | None:
    """Lay out claimed dates by month.

    Args:
        rows: months that hold anything, in any order.
        marks: ``(YYYY-MM or YYYY-MM-DD, label)`` of dates to draw across.
        base: y of the axis.

    Returns:
        The layout, or ``None`` if there is no month at all.
    """
    known = sorted([row for row in rows if _index(row.month) is not None], key=lambda row: row.month)
    kept, before, after = _window(known)
    if not kept:
        return None
    dates = [(place, label) for date, label in marks if (place := _place(date)) is not None]
    first, last = _index(kept[0].month) or 0, _index(kept[-1].month) or 0
    near = [place for place, _ in dates if first - 24 <= place < last + 37]
    first = min([first, *[int(place) for place in near]])
    last = max([last, *[int(place) for place in near]])
    slots = last - first + 1
    pitch = WIDTH / slots
    highest = max(row.messages + row.documents for row in kept) or 1
    top = 62.0
    bars = tuple([_bar(row, first, pitch, base, (base - top) / highest) for row in kept])
    lines = _lines([(min(max((place - first) * pitch, 0.0), WIDTH), label) for place, label in dates])
    return MonthAxis(bars, _years(first, last, pitch), lines, base, top, highest, before, after)


def clocks(readings: Sequence[tuple[int, int, bool, bool]], row_height: float = 15.0) -> ClockAxis | None:
    """Lay out clock readings.

    Args:
        readings: ``(row number, ticks, claimed, local)`` each; a local time is drawn with its interval of +-14 h.
        row_height: distance of two rows.

    Returns:
        The layout, or ``None`` if there are not two different readings.
    """
    if len(readings) < 2:
        return None
    lows = [ticks - LOCAL_SPREAD if local else ticks for _, ticks, _, local in readings]
    highs = [ticks + LOCAL_SPREAD if local else ticks for _, ticks, _, local in readings]
    first, last = min(lows), max(highs)
    if first == last:
        return None
    span = last - first
    left, right = 34.0, 12.0
    scale = (WIDTH - left - right) / span
    dots = tuple(
        [
            Dot(
                y=(row + 0.5) * row_height,
                x=left + (ticks - first) * scale,
                low=left + (low - first) * scale,
                high=left + (high - first) * scale,
                number=number,
                claimed=claimed,
                local=local,
            )
            for row, ((number, ticks, claimed, local), low, high) in enumerate(zip(readings, lows, highs, strict=True))
        ]
    )
    claimed_x = next((dot.x for dot in dots if dot.claimed), None)
    return ClockAxis(dots, len(dots) * row_height, claimed_x, first, last)


class Strip(msgspec.Struct, frozen=True):
    """Moments on one line, stacked where they would touch."""

    dots: tuple[Tick, ...]
    """``label`` is the number of the row in the table."""
    levels: tuple[int, ...]
    ticks: tuple[Tick, ...]
    base: float
    first: int


_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400)


def strip(moments: Sequence[tuple[int, int]], radius: float = 8.0) -> Strip | None:
    """Lay out ``(row number, ticks)`` on one line with ticks at round clock times; ``None`` if there is none."""
    if not moments:
        return None
    ordered = sorted(moments, key=lambda entry: (entry[1], entry[0]))
    first_s, last_s = ordered[0][1] // TICKS_PER_SECOND, ordered[-1][1] // TICKS_PER_SECOND
    step = next((step for step in _STEPS_S if (last_s - first_s) / step <= 8), (last_s - first_s) // 8 or 1)
    start, end = first_s // step * step, -(-(last_s + 1) // step) * step
    scale = (WIDTH - 60) / (end - start)
    dots: list[Tick] = []
    levels: list[int] = []
    for number, ticks in ordered:
        x = 30 + (ticks / TICKS_PER_SECOND - start) * scale
        taken = {level for dot, level in zip(dots, levels, strict=True) if abs(dot.x - x) < 2 * radius + 1}
        dots.append(Tick(x, str(number)))
        levels.append(next(level for level in range(len(taken) + 1) if level not in taken))
    base = (max(levels) + 1) * (2 * radius + 1) + 4
    marks = [Tick(30 + (at - start) * scale, _tick_label(at, step)) for at in range(start, end + 1, step)]
    return Strip(tuple(dots), tuple(levels), tuple(marks), base, ordered[0][1])


def _tick_label(seconds: int, step: int) -> str:
    text = calendar(seconds * TICKS_PER_SECOND) or ""
    return text[:10] if step >= 86400 else text[11:16] if step % 60 == 0 else text[11:]


def _index(month: str) -> int | None:
    year, _, rest = month.partition("-")
    if not (len(year) == 4 and year.isdecimal() and rest.isdecimal() and 1 <= int(rest) <= 12):
        return None
    return int(year) * 12 + int(rest) - 1


def _place(date: str) -> float | None:
    index = _index(date[:7])
    if index is None:
        return None
    day = date[8:10]
    return index + (int(day) - 1) / 31 if day.isdecimal() else float(index)


def _window(rows: list[Month]) -> tuple[list[Month], int, int]:
    """Cut months far outside where nearly nothing stands, so that one wrong year does not squeeze the picture.

    A month that a ranked item claims is never cut.
    """
    kept, before, after = list(rows), 0, 0
    allowed = int(sum(_items(row) for row in rows) * _OUTSIDE_SHARE)
    while len(kept) > 1 and (_index(kept[-1].month) or 0) - (_index(kept[0].month) or 0) >= _MONTHS_MAX:
        gap_first = (_index(kept[1].month) or 0) - (_index(kept[0].month) or 0)
        gap_last = (_index(kept[-1].month) or 0) - (_index(kept[-2].month) or 0)
        end = 0 if gap_first >= gap_last else -1
        if before + after + _items(kept[end]) > max(allowed, _OUTSIDE_LEAST) or kept[end].findings:
            break
        gone = kept.pop(end)
        before, after = (before + _items(gone), after) if end == 0 else (before, after + _items(gone))
    return kept, before, after


def _items(row: Month) -> int:
    return row.messages + row.documents


def _bar(row: Month, first: int, pitch: float, base: float, scale: float) -> Bar:
    gap = 1.0 if pitch > 4 else 0.0
    x = ((_index(row.month) or 0) - first) * pitch
    messages = max(row.messages * scale, 1.0) if row.messages else 0.0
    documents = max(row.documents * scale, 1.0) if row.documents else 0.0
    top = base - messages - documents
    return Bar(
        month=row.month,
        x=x,
        width=max(pitch - gap, 0.8),
        messages_y=base - messages,
        messages_height=messages,
        documents_y=top,
        documents_height=documents,
        messages=row.messages,
        documents=row.documents,
        findings=row.findings,
        mark_y=top - 4,
    )


def _years(first: int, last: int, pitch: float) -> tuple[Tick, ...]:
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100, 500) if 12 * step * pitch >= 34), 1000)
    if last - first < 18 and pitch >= 38:
        return tuple(
            [Tick((index - first) * pitch, f"{index // 12}-{index % 12 + 1:02d}") for index in range(first, last + 1)]
        )
    years = [year for year in range(first // 12, last // 12 + 1) if year % step == 0]
    ticks = [Tick((year * 12 - first) * pitch, str(year)) for year in years if year * 12 >= first]
    return tuple(ticks or [Tick(0.0, f"{first // 12}-{first % 12 + 1:02d}")])


def _lines(places: list[tuple[float, str]]) -> tuple[Line, ...]:
    """Give each label a height of its own, so that none crosses a line that stands beside it."""
    ordered = sorted(places)
    left = [place for place in ordered if place[0] <= WIDTH / 2]
    right = [place for place in ordered if place[0] > WIDTH / 2][::-1]
    made = [Line(x, label, "start", level) for level, (x, label) in enumerate(left)]
    made += [Line(x, label, "end", level) for level, (x, label) in enumerate(right)]
    return tuple(sorted(made, key=lambda line: line.x))
