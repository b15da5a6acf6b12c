"""Geometry of the picture of a ledger: a row for each mailbox, its mails above the line, missing messages below it.

All bars of a row are two paths, so that six mailboxes of many years take some kilobytes.
"""

from collections.abc import Sequence
from itertools import groupby, pairwise

import msgspec

from forensics.model.ledger import LedgerLine

WIDTH = 720.0
UP, DOWN = 36.0, 16.0
"""Height of the longest bar above and below the line."""
ROW = 92.0
SLOTS = 48
"""Bars of a row, at most; each is a month, else a quarter or some years."""
_STEPS = (1, 3, 12, 36, 120, 1200)
_EDGE = 0.005
"""Share of a picture's mails that may be cut off at either end: wrong dates lie far outside."""
_FAR = 12
"""Months."""
_BASE = 62.0


class Row(msgspec.Struct, frozen=True):
    """One mailbox."""

    first: LedgerLine
    """Any of its months: whose the row is."""
    y: float
    """Top of the row."""
    base: float
    """The line."""
    held: str
    """Path of the bars of mails."""
    missing: str
    """Path of the bars of missing messages, on the scale of the mails, hanging from the line."""
    marks: str
    """Path of a triangle for each slot with a marked month."""
    highest: int
    """Mails of the highest bar."""
    mails: int
    answered: int
    missing_count: int
    numbers_missing: int
    marked: tuple[LedgerLine, ...]
    """Its months with a mark."""


class Picture(msgspec.Struct, frozen=True):
    """The whole picture."""

    rows: tuple[Row, ...]
    labels: tuple[tuple[float, str], ...]
    """Left ends of years, and their names."""
    height: float
    step: int
    """Months in a bar."""
    left_out: int
    """Mails without a month, or of months far outside."""


def picture(months: Sequence[LedgerLine]) -> Picture | None:
    """Lay out months by mailbox; ``None`` where no month is known.

    Args:
        months: in the order of their mailboxes.
    """
    dated = sorted((_index(line.month), line.mails) for line in months if _index(line.month) is not None)
    if not dated:
        return None
    first, last = _window([(index, mails) for index, mails in dated if index is not None])
    step = next(step for step in _STEPS if (last - first) // step < SLOTS or step == _STEPS[-1])
    first -= first % step
    pitch = WIDTH / ((last - first) // step + 1)
    boxes = [list(group) for _, group in groupby(months, key=lambda line: (line.source, line.mailbox))]
    rows = [_row(lines, place * ROW, (first, last), step, pitch) for place, lines in enumerate(boxes)]
    shown = sum(line.mails for line in months if (index := _index(line.month)) is not None and first <= index <= last)
    return Picture(
        rows=tuple(rows),
        labels=_labels(first, last, step, pitch),
        height=len(rows) * ROW + 18,
        step=step,
        left_out=sum(line.mails for line in months) - shown,
    )


def _row(lines: Sequence[LedgerLine], y: float, span: tuple[int, int], step: int, pitch: float) -> Row:
    slots: dict[int, tuple[int, int, bool]] = {}
    for line in lines:
        index = _index(line.month)
        if index is not None and span[0] <= index <= span[1]:
            mails, missing, marked = slots.get((index - span[0]) // step, (0, 0, False))
            total = (mails + line.mails, missing + line.missing, marked or bool(line.marks))
            slots[(index - span[0]) // step] = total
    highest = max([mails for mails, _, _ in slots.values()], default=0)
    base, width = y + _BASE, max(pitch - 1.0, 0.8)
    held, missing_bars, marks = [], [], []
    for slot, (mails, missing, marked) in sorted(slots.items()):
        x = slot * pitch
        top = max(mails / highest * UP, 1.0)
        held.append(_bar(x, base, -top, width))
        if missing:
            missing_bars.append(_bar(x, base, min(max(missing / highest * UP, 1.0), DOWN), width))
        if marked:
            marks.append(f"M{_short(x + width / 2)} {_short(base - top - 2)}l3-5h-6z")
    return Row(
        first=lines[0],
        y=y,
        base=base,
        held="".join(held),
        missing="".join(missing_bars),
        marks="".join(marks),
        highest=highest,
        mails=sum(line.mails for line in lines),
        answered=sum(line.answered for line in lines),
        missing_count=sum(line.missing for line in lines),
        numbers_missing=sum(line.numbers_missing for line in lines),
        marked=tuple([line for line in lines if line.marks]),
    )


def _bar(x: float, base: float, height: float, width: float) -> str:
    return f"M{_short(x)} {_short(base)}v{_short(height)}h{_short(width)}v{_short(-height)}z"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _window(months: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the first and last month that are drawn: a few mails far from all others are left out."""
    allowed = sum(mails for _, mails in months) * _EDGE
    first, _ = _end(months, allowed)
    last, _ = _end(months[::-1], allowed)
    return first, last


def _end(months: Sequence[tuple[int, int]], allowed: float) -> tuple[int, int]:
    """Return the first month behind the last wide gap before which no more mails stand than may be left out."""
    passed, end = 0, months[0]
    for month, next_month in pairwise(months):
        passed += month[1]
        if passed > allowed:
            break
        if abs(next_month[0] - month[0]) >= _FAR:
            end = next_month
    return end


def _labels(first: int, last: int, step: int, pitch: float) -> tuple[tuple[float, str], ...]:
    """Name the years, as many as have room; of less than a year the first month."""
    years = range(-(-first // 12), last // 12 + 1)
    every = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000, 10000) if n * 12 / step * pitch >= 34 or n == 10000)
    found = [(round((year * 12 - first) / step * pitch, 1), f"{year:04}") for year in years if year % every == 0]
    return tuple(found) or ((0.0, f"{first // 12:04}-{first % 12 + 1:02}"),)


def _index(month: str) -> int | None:
    """Return months since the year 0; none for mails without a date, or of a year that has not four digits."""
    year, _, rest = month.partition("-")
    return int(year) * 12 + int(rest) - 1 if len(year) == 4 and year.isdecimal() and rest.isdecimal() else None
