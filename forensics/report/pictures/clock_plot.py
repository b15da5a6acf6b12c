"""The clocks of one item on one axis: a labelled row each, the claimed date, and the date that the others say."""

from collections.abc import Sequence

import msgspec

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.instants import calendar

WIDTH = 720.0
LEFT, RIGHT = 236.0, 14.0
"""Room for the labels, and behind the last dot."""
ROW = 15.0
HEAD = 16.0
"""Room above the rows, for what the lines across them are."""
LABEL_MAX = 40
"""Characters of a label that fit."""
_HOUR = 3600 * TICKS_PER_SECOND
LOCAL_SPREAD = 14 * _HOUR
"""How far a local time's instant may lie from its reading, either way."""
_NAME = 64.0
"""Width of the name of a line."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One clock reading."""

    number: int
    label: str
    ticks: int
    claimed: bool = False
    local: bool = False
    """Uncertain by `LOCAL_SPREAD`."""
    apart: bool = False
    """A time of a file or packer: it does not widen the axis."""


class Dot(msgspec.Struct, frozen=True):
    """One clock reading in its row."""

    y: float
    x: float
    low: float
    """Left end of the interval of a local time; equals ``x`` otherwise."""
    high: float
    number: int
    label: str
    claimed: bool
    local: bool
    outside: str
    """Day of a reading beyond the axis, at whose end it stands; empty within it."""


class Across(msgspec.Struct, frozen=True):
    """A date drawn across all rows."""

    x: float
    anchor: str
    """Side of the line on which its name fits."""


class ClockPlot(msgspec.Struct, frozen=True):
    """Readings of several clocks on one axis."""

    dots: tuple[Dot, ...]
    height: float
    """Of the rows with what stands above them."""
    claimed: Across | None
    said: Across | None
    first: int
    last: int


def clock_plot(readings: Sequence[Reading], said: int | None = None) -> ClockPlot | None:
    """Lay out clock readings.

    Args:
        readings: in the order of the rows.
        said: the moment that the other clocks say, where they say one.

    Returns:
        The layout, or ``None`` if there are not two different readings that count for the axis.
    """
    inside = [one for one in readings if not one.apart]
    if len(inside) < 2:
        return None
    first = min([one.ticks - LOCAL_SPREAD if one.local else one.ticks for one in inside])
    last = max([one.ticks + LOCAL_SPREAD if one.local else one.ticks for one in inside])
    if first == last:
        return None
    scale = (WIDTH - LEFT - RIGHT) / (last - first)
    dots = tuple([_dot(row, one, first, last, scale) for row, one in enumerate(readings)])
    claim = next((one.ticks for one in readings if one.claimed), None)
    ends = [at for at in (claim, said) if at is not None and first <= at <= last]
    return ClockPlot(
        dots=dots,
        height=HEAD + len(dots) * ROW,
        claimed=_across(claim, ends, first, scale) if claim in ends else None,
        said=_across(said, ends, first, scale) if said in ends and said != claim else None,
        first=first,
        last=last,
    )


def _dot(row: int, one: Reading, first: int, last: int, scale: float) -> Dot:
    def place(ticks: int) -> float:
        return LEFT + (min(max(ticks, first), last) - first) * scale

    spread = LOCAL_SPREAD if one.local else 0
    beyond = not first <= one.ticks <= last
    return Dot(
        y=HEAD + (row + 0.5) * ROW,
        x=place(one.ticks),
        low=place(one.ticks - spread),
        high=place(one.ticks + spread),
        number=one.number,
        label=one.label if len(one.label) <= LABEL_MAX else one.label[: LABEL_MAX - 1] + "…",
        claimed=one.claimed,
        local=one.local,
        outside=(calendar(one.ticks) or "")[:10] if beyond else "",
    )


def _across(at: int | None, ends: Sequence[int], first: int, scale: float) -> Across:
    """Return where a line stands; its name stands on the side away from the other line, where there is room."""
    assert at is not None
    x = LEFT + (at - first) * scale
    others = [LEFT + (other - first) * scale for other in ends if other != at]
    left = any(other > x for other in others) if others else x > WIDTH - RIGHT - _NAME
    if x - _NAME < 0:
        left = False
    elif x + _NAME > WIDTH:
        left = True
    return Across(x=x, anchor="end" if left else "start")
