"""The clocks of one item on one line, small: the claimed date and the date that the others say, both labelled."""

from collections.abc import Sequence

import msgspec

from forensics.model.instants import calendar
from forensics.report.pictures.clock_plot import LOCAL_SPREAD, Reading

WIDTH = 320.0
_EDGE = 34.0
_LABEL = 62.0
"""Width of a day's label."""


class Labelled(msgspec.Struct, frozen=True):
    """A moment with its day."""

    x: float
    label_x: float
    """Middle of the label, moved so that it neither leaves the picture nor meets the other one."""
    day: str


class ClaimStrip(msgspec.Struct, frozen=True):
    """Readings on one line."""

    dots: tuple[float, ...]
    """Places of readings other than the claimed one."""
    spans: tuple[tuple[float, float], ...]
    """Intervals of local times."""
    claimed: Labelled
    said: Labelled | None


def claim_strip(readings: Sequence[Reading], said: int | None = None) -> ClaimStrip | None:
    """Lay out the readings of an item.

    Args:
        readings: of the item; times of files and packers are left out.
        said: the moment that the other clocks say, where they say one.

    Returns:
        The layout, or ``None`` where no date is claimed, or no other clock can be seen apart from it.
    """
    claim = next((one for one in readings if one.claimed), None)
    others = [one for one in readings if not one.claimed and not one.apart]
    if claim is None or not others:
        return None
    moments = [claim.ticks, *[end for one in others for end in _ends(one)], *([said] if said is not None else [])]
    first, last = min(moments), max(moments)
    if first == last:
        return None
    scale = (WIDTH - 2 * _EDGE) / (last - first)

    def place(ticks: int) -> float:
        return min(max(_EDGE + (ticks - first) * scale, 4.0), WIDTH - 4.0)

    here, there = place(claim.ticks), place(said) if said is not None else None
    left, right = _labels(here, there)
    return ClaimStrip(
        dots=tuple([place(one.ticks) for one in others if not one.local]),
        spans=tuple([(place(low), place(high)) for low, high in map(_ends, others) if low < high]),
        claimed=Labelled(here, left, _day(claim.ticks)),
        said=Labelled(there, right, _day(said)) if there is not None and said is not None else None,
    )


def _ends(one: Reading) -> tuple[int, int]:
    """Return between which moments a reading lies: a local time may be that of any zone."""
    return (one.ticks - LOCAL_SPREAD, one.ticks + LOCAL_SPREAD) if one.local else (one.ticks, one.ticks)


def _labels(here: float, there: float | None) -> tuple[float, float]:
    """Return the middles of two labels that neither meet nor leave the picture."""
    least, most = _LABEL / 2, WIDTH - _LABEL / 2
    here = min(max(here, least), most)
    if there is None:
        return here, here
    there = min(max(there, least), most)
    if abs(here - there) < _LABEL:
        middle = min(max((here + there) / 2, _LABEL), WIDTH - _LABEL)
        sign = 1 if there >= here else -1
        return middle - sign * _LABEL / 2, middle + sign * _LABEL / 2
    return here, there


def _day(ticks: int) -> str:
    return (calendar(ticks) or "")[:10]
