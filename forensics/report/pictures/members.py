"""When the members of a cluster were saved: moments on one line, stacked where they would touch."""

from collections.abc import Sequence

import msgspec

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.instants import calendar
from forensics.report.pictures.archive import Tick

WIDTH = 720.0


class Strip(msgspec.Struct, frozen=True):
    """Moments on one line."""

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
