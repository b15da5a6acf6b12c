"""Dates of mail: RFC 5322 date-time in every obsolete form, and the asctime form of mailbox separator lines.

Nothing is guessed. What a reading would need a guess for has a typed absence instead:

- ``+hhmm``, ``UT``, ``GMT``, ``UTC``, ``Z`` and the North American names of RFC 5322 4.3 give offset and instant.
- ``-0000`` says "this is UTC, and nothing is said of the local zone" (RFC 5322 3.3): the offset is ``NOT_PRESENT``,
  the instant is known.
- Other single letters (their sense was published wrongly in RFC 822) and other names (``CET``, ``IST`` have several
  meanings) give no offset and no instant, only the wall reading.
- No zone at all: likewise.
- What stands behind the time and can be no part of it (``0100`` without a sign, ``+020`` that was cut, ``GMT+02:00``
  whose sense has two schools): likewise.
- A day, time or offset that cannot be (30 February, 25:00, -9900) is ``UNPARSABLE``, never moved to a neighbour.
- A last group of one digit may be a group cut off: ``14:40:5`` is a minute, ``14:4`` nothing.
- Second 60 (a leap second) counts as 59: no instant has a number of its own for it, and day and minute stay as written.

Source: RFC 5322 3.3 and 4.3; ISO 8601 for dates that begin with the year, as some programs write them; the text form
of Go's ``time.Time``.
"""

import re
from datetime import date
from functools import lru_cache

import msgspec

from forensics.model.facts import TICKS_PER_SECOND, Absence, Precision
from forensics.parsers.mail.words import without_comments

MAX_BYTES = 256
"""A longer text is no date."""


class WrittenDate(msgspec.Struct, frozen=True, gc=False):
    """What a written date says."""

    instant: int | Absence
    """100 ns since 1970 UTC."""
    wall: int | Absence
    """The calendar reading as if it were UTC."""
    offset_s: int | Absence
    """Seconds east of UTC as written."""
    precision: Precision
    weekday: int | None
    """As named in English, Monday = 0."""


_MONTHS = {
    name: number
    for number, (short, rest) in enumerate(
        (
            (b"jan", b"uary"),
            (b"feb", b"ruary"),
            (b"mar", b"ch"),
            (b"apr", b"il"),
            (b"may", b""),
            (b"jun", b"e"),
            (b"jul", b"y"),
            (b"aug", b"ust"),
            (b"sep", b"tember"),
            (b"oct", b"ober"),
            (b"nov", b"ember"),
            (b"dec", b"ember"),
        ),
        1,
    )
    for name in (short, short + rest)
} | {b"sept": 9}
_WEEKDAYS = {
    name: number
    for number, whole in enumerate(
        (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
    )
    for name in (whole[:3], whole)
} | {b"tues": 1, b"wednes": 2, b"thur": 3, b"thurs": 3}
_COMMON = re.compile(
    rb"\s*(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun), )? ?(\d\d? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    rb"(?:19|20)\d\d) (\d\d):(\d\d):(\d\d) ([+-]\d\d\d\d)(?: \([^()\\]*\))?\s*"
)
_CLOCK = rb"(\d{1,2})(?:\s*:\s*(\d{1,2})(?:\s*:\s*(\d{1,2})(?:[.,](\d{1,9}))?)?|\.(\d\d)(?:\.(\d\d))?)(?![\d:])(.*)"
_GENERAL = re.compile(
    rb"(?:([^\s,:\d]{1,20})[\s.]*+,?\s*+)?"  # weekday, in whatever language
    rb"(\d{1,2})(?:\s*-\s*|\s+)?([A-Za-z]{3,9})\.?(?:\s*-\s*|\s+)?(\d{2,})(?:\s*[,\s]\s*" + _CLOCK + rb"|[\s,.;]*\Z)",
    re.DOTALL,
)
_ISO = re.compile(rb"((\d{4})-(\d\d)-(\d\d))(?:(?:[Tt]|,?\s+)" + _CLOCK + rb"|[\s,.;]*\Z)", re.DOTALL)
_ASCTIME = re.compile(
    rb"(?:([A-Za-z]{3,9}),?\s+)?([A-Za-z]{3,9})\s+(\d{1,2}),?\s+(\d{1,2}):(\d\d)(?::(\d\d))?"
    rb"(?:\s+([A-Za-z]{1,5})(?:\s+[A-Za-z]{3,4})?)??(\s+[+-]\d[\d:]{0,5})?\s+(\d{4})"
    rb"(\s+[+-]\d[\d:]{0,5})?"
)
_WORD = re.compile(rb"\s*([A-Za-z]+)")
_EPOCH = date(1970, 1, 1).toordinal()
_FINER = (Precision.MILLISECOND, Precision.MICROSECOND, Precision.TICK)

_MONTH_EXACT = {name.capitalize(): number for name, number in _MONTHS.items() if len(name) == 3}
_WEEKDAY_EXACT: dict[bytes | None, int] = {
    name.capitalize(): number for name, number in _WEEKDAYS.items() if len(name) == 3
}

Zoned = tuple[int | Absence, int | Absence]
"""Instant and offset in seconds."""

_NAMES = {b"ut": 0, b"gmt": 0, b"utc": 0, b"z": 0} | {
    letter + kind: (hours + (kind == b"dt")) * 3600
    for letter, hours in ((b"e", -5), (b"c", -6), (b"m", -7), (b"p", -8))
    for kind in (b"st", b"dt")
}
_SIGNED = re.compile(rb"\s*([+-])\s*(\d\d?:\d\d|\d\d\d\d)(?![\d:'])(?:\W.*|[A-Za-z_].*)?", re.DOTALL)
_NAMED = re.compile(rb"(?:\s+|(?=[Zz]\Z))([A-Za-z](?:[A-Za-z0-9/_+ -]|:(?=\d)){0,40})")
_HALVES_OF_DAY = re.compile(rb"\s*[ap]\.?\s?m\b", re.IGNORECASE)
_GO_CLOCK = re.compile(rb" m=[+-][\d.]{1,40}\Z")
_ANOTHER = re.compile(rb"\d:\d\d:\d\d|(?<!\d)(?:19|20)\d\d(?!\d)")
_ODD = re.compile(
    rb"(?=[^\w:.])[^\d\x80-\xff]{0,10}(?:[\x80-\xff]{1,3}(?=\d))?"  # a minus sign of another alphabet
    rb"(?:\d{1,6}(?:[:.']\d{0,3})?'?)?[^\d\x80-\xff]{0,40}"
)
_MINUTE_TICKS = 60 * TICKS_PER_SECOND

NO_DATE = WrittenDate(Absence.UNPARSABLE, Absence.UNPARSABLE, Absence.UNPARSABLE, Precision.SECOND, None)
"""A text that cannot be read as a date."""


def parse_date(raw: bytes) -> WrittenDate:
    """Read an RFC 5322 date-time, current or obsolete form, or the asctime form.

    Args:
        raw: the field body; folding, comments and surrounding white space are allowed.

    Returns:
        The reading; every member of it absent as ``UNPARSABLE`` where the text is no possible date.
    """
    found = _COMMON.fullmatch(raw)
    if found is None:
        return _parse_general(raw)
    weekday, day, hour, minute, second, zone = found.groups()
    days = _days_of(day)
    clock = _seconds(int(hour), int(minute), int(second))
    named = _WEEKDAY_EXACT.get(weekday)
    if days is None or clock is None:
        return _impossible(named)
    wall = (days * 86400 + clock) * TICKS_PER_SECOND
    offset = plain_offset(zone)
    if isinstance(offset, int):
        return WrittenDate(wall - offset * TICKS_PER_SECOND, wall, offset, Precision.SECOND, named)
    return WrittenDate(wall if offset is Absence.NOT_PRESENT else offset, wall, offset, Precision.SECOND, named)


@lru_cache(8192)
def _days_of(text: bytes) -> int | None:
    day, month, year = text.split(b" ")
    return _ordinal(int(year), _MONTH_EXACT[month], int(day))


def parse_asctime(raw: bytes) -> WrittenDate:
    """Read ``Www Mmm dd hh:mm:ss [zone] yyyy``, the form of mbox separator lines; without zone it is a local time."""
    found = _ASCTIME.fullmatch(raw.strip()) if len(raw) <= MAX_BYTES else None
    if found is None:
        return NO_DATE
    weekday, month, day, hour, minute, second, name, offset, year, offset_after = found.groups()
    zone = offset or offset_after or (b" " + name if name else b"")
    return _reading(_named(weekday), _days(day, month, year), (hour, minute, second, None), zone)


def weekday_named(raw: bytes) -> int | None:
    """Return the English weekday that a date begins with, Monday = 0, or ``None`` where it names none."""
    found = _WORD.match(raw)
    return _WEEKDAYS.get(found[1].lower()) if found is not None else None


def _parse_general(raw: bytes) -> WrittenDate:
    if len(raw) > MAX_BYTES:
        return NO_DATE
    text = without_comments(raw).strip()
    if (found := _GENERAL.fullmatch(text)) is not None:
        weekday, day, month, year = found.groups()[:4]
        named, days, whole = _named(weekday), _days(day, month, year), len(year) == 4
    elif (found := _ISO.fullmatch(text)) is not None:
        named, days, whole = None, _ordinal(int(found[2]), int(found[3]), int(found[4])), True
    else:
        return parse_asctime(text)
    hour, minute, second, fraction, dot_minute, dot_second, rest = found.groups()[4:]
    if hour is not None:
        return _reading(named, days, (hour, minute or dot_minute, second or dot_second, fraction), rest)
    if days is None or not whole:  # a year of two digits at the end may be one cut off
        return _impossible(named)
    wall = days * 86400 * TICKS_PER_SECOND
    return WrittenDate(Absence.NOT_PRESENT, wall, Absence.NOT_PRESENT, Precision.DAY, named)


def _reading(
    weekday: int | None, days: int | None, time_of: tuple[bytes, bytes, bytes | None, bytes | None], rest: bytes
) -> WrittenDate:
    hour, minute, second, fraction = time_of
    if not rest.strip(b" \t\r\n,;."):  # a last group of one digit may be a group cut off
        if len(second or minute) == 1 and second is None:
            return _impossible(weekday)
        second = second if second is not None and len(second) == 2 else None
    clock = _seconds(int(hour), int(minute), int(second or 0))
    if days is None or clock is None:
        return _impossible(weekday)
    precision = Precision.MINUTE if second is None else Precision.SECOND
    wall = (days * 86400 + clock) * TICKS_PER_SECOND
    if fraction is not None and second is not None:
        wall += int(fraction[:7].ljust(7, b"0"))
        precision = _FINER[min(len(fraction) - 1, 6) // 3]
    zoned = read_zone(wall, rest)
    return _impossible(weekday) if zoned is None else WrittenDate(zoned[0], wall, zoned[1], precision, weekday)


def _named(weekday: bytes | None) -> int | None:
    return _WEEKDAYS.get(weekday.lower()) if weekday else None


def _days(day: bytes, month: bytes, year: bytes) -> int | None:
    number = _MONTHS.get(month.lower())
    if number is None or len(year) > 4:
        return None
    full = int(year)
    if len(year) == 2:
        full += 2000 if full < 50 else 1900
    elif len(year) == 3:
        full += 1900
    if full < 1900:
        return None
    return _ordinal(full, number, int(day))


@lru_cache(4096)
def _ordinal(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None


def _seconds(hour: int, minute: int, second: int) -> int | None:
    """Seconds of the day; 60 is a leap second (RFC 5322 3.3)."""
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour * 3600 + minute * 60 + (second if second < 60 else 59)


def _impossible(weekday: int | None) -> WrittenDate:
    if weekday is None:
        return NO_DATE
    return WrittenDate(Absence.UNPARSABLE, Absence.UNPARSABLE, Absence.UNPARSABLE, Precision.SECOND, weekday)


def read_zone(wall: int, rest: bytes) -> Zoned | None:
    """Return instant and offset of a wall reading.

    Args:
        wall: the reading, in ticks.
        rest: what follows the time of day, without comments.

    Returns:
        ``None`` where *rest* may change the reading itself: half of the day, or a second time.
    """
    rest = rest.rstrip(b" \t\r\n,;.:")
    if not rest:
        return Absence.NOT_PRESENT, Absence.NOT_PRESENT
    if _HALVES_OF_DAY.match(rest):
        return None
    signed = _SIGNED.fullmatch(rest)
    if signed is not None:
        after = _GO_CLOCK.sub(b"", rest[signed.end(2) :])
        digits = signed[2].replace(b":", b"")
        return None if _ANOTHER.search(after) else offset_of(wall, signed[1] == b"-", digits[:-2], digits[-2:])
    named = _NAMED.fullmatch(rest)
    if named is not None:
        known = _NAMES.get(named[1].lower())
        if known is None:
            return Absence.NOT_AVAILABLE, Absence.NOT_PRESENT
        return wall - known * TICKS_PER_SECOND, known
    return (Absence.UNPARSABLE, Absence.UNPARSABLE) if _ODD.fullmatch(rest) else None


def offset_of(wall: int, west: bool, hours: bytes, minutes: bytes) -> Zoned:
    """Return instant and offset for the digits of an offset; ``-0000`` says UTC and no zone (RFC 5322 3.3)."""
    if west and hours in (b"00", b"0") and minutes == b"00":
        return wall, Absence.NOT_PRESENT
    away = int(hours) * 60 + int(minutes)
    if away >= 24 * 60 or minutes >= b"60":
        return Absence.UNPARSABLE, Absence.UNPARSABLE
    if west:
        away = -away
    return wall - away * _MINUTE_TICKS, away * 60


@lru_cache(1024)
def plain_offset(text: bytes) -> int | Absence:
    """Return the seconds that ``+hhmm`` names."""
    return offset_of(0, text[:1] == b"-", text[1:3], text[3:])[1]
