"""Times in calendar form: ISO 8601 and its profile RFC 3339 for programs, aligned columns for people."""

from datetime import UTC, datetime, timedelta

from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Description, Precision, Timestamp

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = -62_135_596_800 * TICKS_PER_SECOND
"""0001-01-01, the first instant that RFC 3339 readers agree on."""
LAST = 253_402_300_800 * TICKS_PER_SECOND
"""10000-01-01, the first instant that has no four-digit year."""
_DIGITS = {Precision.MILLISECOND: 3, Precision.MICROSECOND: 6, Precision.TICK: 7}
OFFSET_LIMIT_S = 18 * 3600
"""Larger offsets are refused by readers built on Java's ``ZoneOffset`` (OpenSearch, so Timesketch)."""


def calendar(ticks: int, precision: Precision = Precision.SECOND) -> str | None:
    """Return ``2017-04-24 08:12:31`` with as many digits as *precision* has, or ``None`` outside the years 1-9999.

    A day is written without a time of day.
    """
    if not FIRST <= ticks < LAST:
        return None
    seconds, rest = divmod(ticks, TICKS_PER_SECOND)
    moment = _EPOCH + timedelta(seconds=seconds)
    text = moment.replace(tzinfo=None).isoformat(" ")
    if precision is Precision.DAY:
        return text[:10]
    digits = _DIGITS.get(precision, 0)
    return f"{text}.{rest:07d}"[: len(text) + 1 + digits] if digits else text


def offset_text(offset_s: int) -> str | None:
    """Return ``+02:00``, or ``None`` for an offset that RFC 3339 readers refuse."""
    if abs(offset_s) > OFFSET_LIMIT_S or offset_s % 60:
        return None
    hours, minutes = divmod(abs(offset_s) // 60, 60)
    return f"{'-' if offset_s < 0 else '+'}{hours:02d}:{minutes:02d}"


def written(time: Timestamp) -> str | None:
    """Return a time in RFC 3339 with its offset as written; a local time in ISO 8601 without any.

    ``-00:00`` says that UTC is known and the local offset is not (RFC 3339 4.3): for ``-0000``, and where the offset
    cannot be expressed. RFC 3339 has no form for a time whose UTC is unknown, so such a reading has no zone at all.

    Returns:
        The text, or ``None`` where there is no date between the years 1 and 9999.
    """
    if isinstance(time.instant, int):
        offset = offset_text(time.offset_s) if isinstance(time.offset_s, int) else None
        shift = time.offset_s if offset and isinstance(time.offset_s, int) else 0
        precision = Precision.SECOND if time.precision is Precision.DAY else time.precision
        text = calendar(time.instant + shift * TICKS_PER_SECOND, precision)
        return text and text.replace(" ", "T") + (offset or "-00:00")
    text = calendar(time.wall, time.precision) if isinstance(time.wall, int) else None
    return text and text.replace(" ", "T")


def is_local(time: Timestamp) -> bool:
    """Whether only a calendar reading is known, an interval of +-14 h."""
    return not isinstance(time.instant, int) and isinstance(time.wall, int)


def moment(time: Timestamp) -> int | None:
    """Return the instant, or the calendar reading of a local time as if it were UTC, for drawing and sorting only."""
    if isinstance(time.instant, int):
        return time.instant
    return time.wall if isinstance(time.wall, int) else None


_CLAIMS = (
    (Description.SENT, (ClockKind.SENDER,)),
    (Description.MODIFICATION, (ClockKind.APPLICATION, ClockKind.CAMERA)),
    (Description.CREATION, (ClockKind.APPLICATION, ClockKind.CAMERA)),
)


def claimed(times: tuple[Timestamp, ...]) -> Timestamp | None:
    """Return the time that an item claims for itself: a mail's Date, a document's own saved or created time."""
    for description, clocks in _CLAIMS:
        for time in times:
            if time.description is description and time.clock in clocks and moment(time) is not None:
                return time
    return None
