"""Lengths of time in sentences: in one unit, so that each language counts it in its own way."""

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.sentences import Saying, Sentence, says

MINUTE = 60 * TICKS_PER_SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_UNITS = (
    (DAY, says("conclusion.length.days", one="1 day", many="{n} days")),
    (HOUR, says("conclusion.length.hours", one="1 hour", many="{n} hours")),
    (MINUTE, says("conclusion.length.minutes", one="1 minute", many="{n} minutes")),
    (TICKS_PER_SECOND, says("conclusion.length.seconds", one="1 second", many="{n} seconds")),
)


def about(ticks: int) -> Sentence:
    """Write a length in the largest unit of which there are two, rounded to the nearest."""
    unit, saying = _of(abs(ticks))
    return saying((abs(ticks) + unit // 2) // unit)


def at_most(ticks: int) -> Sentence:
    """Write a length in the same way, rounded up: a second at least."""
    unit, saying = _of(abs(ticks))
    return saying(max(1, -(-abs(ticks) // unit)))


def _of(ticks: int) -> tuple[int, Saying]:
    return next(((unit, saying) for unit, saying in _UNITS if ticks >= 2 * unit), _UNITS[-1])
