"""The archive on one time axis: how many items claim which time, and what ranked entries claim against their clocks."""

from collections.abc import Sequence

import msgspec

from forensics.model.instants import calendar
from forensics.model.summary import Month

WIDTH = 1080.0
LANES = 3
"""Rows for entries above the columns."""
LANE = 15.0
_BINS_MAX = 120
_UNITS = (1, 3, 12, 60, 600)
"""Months in a bin: the first of these that needs no more than `_BINS_MAX` bins."""
_MONTHS_MAX = 240
_OUTSIDE_SHARE = 0.01
_OUTSIDE_LEAST = 5
_NUMBER = 17.0
"""Width of an entry's number, with room beside it."""
_LABEL = 80.0
"""Distance at which labels of two dates do not touch."""
_ROUNDING = 1e-6
_ARROW = 9.0
"""Shortest distance that is drawn as an arrow."""


class Bar(msgspec.Struct, frozen=True):
    """One bin's column; lengths in picture units, origin at the top left."""

    label: str
    """Its first month, or its year."""
    x: float
    width: float
    messages_y: float
    messages_height: float
    documents_y: float
    documents_height: float
    messages: int
    documents: int


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
    """Labels that would touch stand below each other."""


class Dated(msgspec.Struct, frozen=True):
    """One entry of the ranking: what it claims, and what its clocks say instead."""

    rank: int
    claimed: int
    """100 ns since 1970."""
    said: int | None = None
    """None: its clocks do not say another date."""


class Mark(msgspec.Struct, frozen=True):
    """An entry with its number at the claimed date, and an arrow to what its clocks say."""

    rank: int
    x: float
    to: float | None
    """None: no arrow, or too short to be seen."""
    y: float


class Tally(msgspec.Struct, frozen=True):
    """Ranked items that claim one bin, beside those that have a number of their own."""

    x: float
    y: float
    items: int


class Archive(msgspec.Struct, frozen=True):
    """The archive's time axis."""

    bars: tuple[Bar, ...]
    months: int
    """In a bin."""
    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    tallies: tuple[Tally, ...]
    base: float
    top: float
    highest: int
    before: int
    """Items that claim months left of the picture."""
    after: int
    undrawn: int
    """Entries that claim a time outside the picture."""


def archive(
    rows: Sequence[Month], dates: Sequence[tuple[str, str]], entries: Sequence[Dated] = (), height: float = 26.0
) -> Archive | None:
    """Lay out claimed dates by month, or by longer bins where there are many months.

    Args:
        rows: months that hold anything, in any order.
        dates: ``(YYYY-MM or YYYY-MM-DD, label)`` of dates to draw across.
        entries: of the ranking, those to be drawn first at the front.
        height: of the highest column.

    Returns:
        The layout, or ``None`` if there is no month at all.
    """
    known = sorted([row for row in rows if _index(row.month) is not None], key=lambda row: row.month)
    kept, before, after = _window(known)
    if not kept:
        return None
    places = [(place, label) for date, label in dates if (place := _place(date)) is not None]
    first, last = _index(kept[0].month) or 0, _index(kept[-1].month) or 0
    near = [place for place, _ in places if first - 24 <= place < last + 37]
    said = [place for one in entries for place in _months_of(one) if first - 24 <= place < last + 37]
    first = min([first, *[int(place) for place in (*near, *said)]])
    last = max([last, *[int(place) for place in (*near, *said)]])
    unit = next(unit for unit in _UNITS if (last // unit - first // unit + 1) <= _BINS_MAX or unit == _UNITS[-1])
    first = first // unit * unit
    slots = last // unit - first // unit + 1
    scale = WIDTH / (slots * unit)
    claims = [(one, _months_of(one)[:1]) for one in entries]
    drawn = [one for one, claim in claims if claim and first <= claim[0] < first + slots * unit]
    marks = _marks(drawn, first, scale)
    top = (max([mark.y for mark in marks], default=0.0) + LANE * 0.6 if marks else 0.0) + 16.0
    base = top + height
    bars = _bars(kept, first, unit, scale, base, height)
    return Archive(
        bars=bars,
        months=unit,
        ticks=_ticks(first, slots * unit, scale),
        lines=_lines([(min(max((place - first) * scale, 0.0), WIDTH), label) for place, label in places]),
        marks=marks,
        tallies=_tallies(kept, marks, bars, first, unit, scale),
        base=base,
        top=top,
        highest=max([bar.messages + bar.documents for bar in bars], default=0),
        before=before,
        after=after,
        undrawn=len(entries) - len(drawn),
    )


def _marks(entries: Sequence[Dated], first: int, scale: float) -> tuple[Mark, ...]:
    """Give each entry the first lane in which nothing is in its way; who finds none has no number."""
    taken: list[list[tuple[float, float]]] = [[] for _ in range(LANES)]
    made = []
    for one in entries:
        x, *others = [at for place in _months_of(one) if 0.0 <= (at := (place - first) * scale) <= WIDTH]
        to = others[0] if others and abs(others[0] - x) >= _ARROW + _NUMBER / 2 else None
        low, high = min(x, to if to is not None else x) - _NUMBER / 2, max(x, to if to is not None else x) + _NUMBER / 2
        lane = next((n for n, spans in enumerate(taken) if all(high < a or low > b for a, b in spans)), None)
        if lane is not None:
            taken[lane].append((low, high))
            made.append(Mark(rank=one.rank, x=x, to=to, y=lane * LANE + LANE / 2))
    return tuple(made)


def _tallies(
    rows: Sequence[Month], marks: Sequence[Mark], bars: Sequence[Bar], first: int, unit: int, scale: float
) -> tuple[Tally, ...]:
    """Count the ranked items without a number by the bin that they claim, above its column."""
    pitch = unit * scale
    counts: dict[int, int] = {}
    for row in rows:
        slot = ((_index(row.month) or 0) - first) // unit
        counts[slot] = counts.get(slot, 0) + row.findings
    for mark in marks:
        slot = int(mark.x / pitch + _ROUNDING)  # the first day of a bin lies on its edge
        counts[slot] = counts.get(slot, 0) - 1
    tops = {round(bar.x / pitch): bar.documents_y for bar in bars}
    return tuple(
        [Tally((slot + 0.5) * pitch, tops[slot] - 3, n) for slot, n in sorted(counts.items()) if n > 0 and slot in tops]
    )


def _months_of(one: Dated) -> list[float]:
    """Return the claimed time and what the clocks say as months, those that have a calendar form."""
    texts = [calendar(at) for at in (one.claimed, one.said) if at is not None]
    return [place for text in texts if text and (place := _place(text[:10])) is not None]


def _bars(rows: Sequence[Month], first: int, unit: int, scale: float, base: float, height: float) -> tuple[Bar, ...]:
    bins: dict[int, tuple[int, int]] = {}
    for row in rows:
        slot = ((_index(row.month) or 0) - first) // unit
        messages, documents = bins.get(slot, (0, 0))
        bins[slot] = (messages + row.messages, documents + row.documents)
    highest = max([sum(counts) for counts in bins.values()]) or 1
    pitch = unit * scale
    made = []
    for slot, (messages, documents) in sorted(bins.items()):
        tall = [max(n * height / highest, 1.0) if n else 0.0 for n in (messages, documents)]
        month = first + slot * unit
        made.append(
            Bar(
                label=str(month // 12) if unit >= 12 else f"{month // 12}-{month % 12 + 1:02d}",
                x=slot * pitch,
                width=max(pitch - (1.0 if pitch > 4 else 0.0), 0.8),
                messages_y=base - tall[0],
                messages_height=tall[0],
                documents_y=base - sum(tall),
                documents_height=tall[1],
                messages=messages,
                documents=documents,
            )
        )
    return tuple(made)


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


def _ticks(first: int, months: int, scale: float) -> tuple[Tick, ...]:
    step = next((step for step in (1, 3, 12, 24, 60, 120, 240, 600, 1200, 6000) if step * scale >= 52), 12_000)
    marks = [month for month in range(first, first + months) if month % step == 0] or [first]
    return tuple(
        [
            Tick((month - first) * scale, str(month // 12) if step >= 12 else f"{month // 12}-{month % 12 + 1:02d}")
            for month in marks
        ]
    )


def _lines(places: list[tuple[float, str]]) -> tuple[Line, ...]:
    made: list[Line] = []
    for x, label in sorted(places):
        level = made[-1].level + 1 if made and x - made[-1].x < _LABEL else 0
        made.append(Line(x, label, "start" if x <= WIDTH / 2 else "end", level))
    return tuple(made)
