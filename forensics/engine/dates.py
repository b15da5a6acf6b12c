"""Dates as the user gives them: a day or a moment, RFC 3339; kept as text, compared as instants."""

from datetime import UTC, date, datetime, timedelta

from forensics.errors import UsageError
from forensics.model.facts import TICKS_PER_SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400 * TICKS_PER_SECOND


def instant_of(text: str, what: str) -> int:
    """Return the last instant that a given day or moment covers, in 100 ns since 1970 UTC.

    Raises:
        UsageError: it is neither ``2017-04-24`` nor ``2017-04-24T18:00:00Z``.
    """
    return span_of(text, what)[1]


def span_of(text: str, what: str) -> tuple[int, int]:
    """Return the first and the last instant that a given day or moment covers, in 100 ns since 1970 UTC.

    Raises:
        UsageError: it is neither ``2017-04-24`` nor ``2017-04-24T18:00:00Z``.
    """
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            first = ticks(datetime(day.year, day.month, day.day, tzinfo=UTC))
            return first, first + _DAY - 1
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise UsageError(f"{what}: {text!r} is not a date like 2017-04-24 or 2017-04-24T18:00:00Z") from wrong
    if moment.tzinfo is None:
        raise UsageError(f"{what}: {text!r} names no offset; write Z or +02:00 after the time")
    return ticks(moment), ticks(moment)


def ticks(moment: datetime) -> int:
    """Return an aware datetime as 100 ns since 1970 UTC."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * TICKS_PER_SECOND + since.microseconds * 10


def rfc3339(instant: int) -> str:
    """Return an instant as RFC 3339 UTC with as many digits as it needs."""
    whole, rest = divmod(instant, TICKS_PER_SECOND)
    text = (_EPOCH + timedelta(seconds=whole)).isoformat()[:19]
    return f"{text}.{rest:07d}".rstrip("0") + "Z" if rest else text + "Z"
