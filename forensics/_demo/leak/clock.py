"""Civil time without a wall clock: zones of the story and the date forms that mail and documents print."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Zone = Callable[[datetime], int]
"""UTC offset in seconds east at an instant."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
MOIS_COURTS = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FILETIME_EPOCH = 116_444_736_000_000_000


def at(text: str) -> datetime:
    """Read ``2016-10-06 12:22:10`` (UTC, seconds optional)."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def later(instant: datetime, seconds: float) -> datetime:
    """Return the instant *seconds* later."""
    return instant + timedelta(seconds=seconds)


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970 UTC, exact."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def filetime(instant: datetime) -> int:
    """100 ns units since 1601 UTC."""
    return microseconds(instant) * 10 + _FILETIME_EPOCH


def _sunday(year: int, month: int, number: int) -> int:
    """Day of the month of a Sunday: 1 = first, -1 = last of a month of 31 days."""
    if number > 0:
        first = datetime(year, month, 1, tzinfo=UTC).weekday()
        return 1 + (6 - first) % 7 + 7 * (number - 1)
    return 31 - (datetime(year, month, 31, tzinfo=UTC).weekday() + 1) % 7


def paris(instant: datetime) -> int:
    """Offset of mainland France: summer time from the last Sunday of March to the last of October, at 01:00 UTC."""
    start = datetime(instant.year, 3, _sunday(instant.year, 3, -1), 1, tzinfo=UTC)
    end = datetime(instant.year, 10, _sunday(instant.year, 10, -1), 1, tzinfo=UTC)
    return 7200 if start <= instant < end else 3600


def _american(instant: datetime, standard: int) -> int:
    start = datetime(instant.year, 3, _sunday(instant.year, 3, 2), 2, tzinfo=UTC)
    end = datetime(instant.year, 11, _sunday(instant.year, 11, 1), 1, tzinfo=UTC)
    summer = later(start, -standard) <= instant < later(end, -standard)
    return standard + 3600 if summer else standard


def pacific(instant: datetime) -> int:
    """Offset of the US west coast since 2007."""
    return _american(instant, -8 * 3600)


def montreal(instant: datetime) -> int:
    """Offset of eastern Canada since 2007."""
    return _american(instant, -5 * 3600)


def utc(instant: datetime) -> int:
    """Offset of a server that keeps UTC."""
    del instant
    return 0


def wall(instant: datetime, offset: int) -> datetime:
    """What a clock at *offset* shows, as if it were UTC."""
    return later(instant, offset)


def numeric(offset: int) -> str:
    """``+0200``."""
    minutes = abs(offset) // 60
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02d}{minutes % 60:02d}"


def date_field(instant: datetime, offset: int, *, padded: bool = False, comment: str = "") -> str:
    """Print an RFC 5322 date at an offset; *padded* writes the day of the month with two digits."""
    local = wall(instant, offset)
    day = f"{local.day:02d}" if padded else str(local.day)
    text = f"{DAYS[local.weekday()]}, {day} {MONTHS[local.month - 1]} {local:%Y %H:%M:%S} {numeric(offset)}"
    return f"{text} ({comment})" if comment else text


def asctime(instant: datetime) -> str:
    """Print the date of an mbox separator, UTC."""
    return f"{DAYS[instant.weekday()]} {MONTHS[instant.month - 1]} {instant.day:2d} {instant:%H:%M:%S %Y}"


def iso(instant: datetime) -> str:
    """``2016-10-06T12:22:10Z``."""
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def minute(instant: datetime) -> datetime:
    """Cut to the minute, as Word does."""
    return instant.replace(second=0, microsecond=0)
