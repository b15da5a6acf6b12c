"""The clock of Google's servers in California, which some of its ids print (T-43, T-64)."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from forensics.model.facts import TICKS_PER_SECOND

_STANDARD, _SUMMER = 8 * 3600, 7 * 3600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pacific(wall: int) -> int:
    """Return the instant of a reading of a clock in California; of the hour that comes twice, the first.

    Summer time (Energy Policy Act of 2005, 15 USC 260a): second Sunday of March to the first of November, at two
    o'clock; before 2007 first Sunday of April to the last of October.
    """
    at = _EPOCH + timedelta(seconds=wall // TICKS_PER_SECOND)
    first, last = _summer(at.year)
    behind = _SUMMER if first <= at < last else _STANDARD
    return wall + behind * TICKS_PER_SECOND


@lru_cache(256)
def _summer(year: int) -> tuple[datetime, datetime]:
    """Return when summer time of a year begins and ends."""
    if year < 2007:
        return _sunday(year, 4, 1), _sunday(year, 11, 1) - timedelta(days=7)
    return _sunday(year, 3, 2), _sunday(year, 11, 1)


def _sunday(year: int, month: int, number: int) -> datetime:
    first = datetime(year, month, 1, 2, tzinfo=UTC)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))
