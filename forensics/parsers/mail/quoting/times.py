"""The time in a line that introduces a quote, in whatever order, language and zone its client wrote it.

Which number is the day is left open where two readings are days: a client follows its user's country and names it
nowhere.
"""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from forensics.knowledge.quoting_words import month_numbers, quoting_words
from forensics.model.facts import TICKS_PER_SECOND, Absence, Precision
from forensics.parsers.mail.dates import read_zone

_WORDS = quoting_words().time


def _any(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_HALVES = _any(_WORDS.morning + _WORDS.afternoon)
_DAY = re.compile(
    r"(?<![\d./-])(?:"
    r"(?P<year>(?:19|20)\d\d)(?P<sign>[-/.]|年) ?(?P<month>\d\d?)[-/.月] ?(?P<day>\d\d?)日?"
    r"|(?P<a>\d\d?)(?P<between>[./-]) ?(?P<b>\d\d?)(?P=between) ?(?P<c>(?:19|20)\d\d|\d\d)"
    r"|(?P<first>\d\d?)(?:st|nd|rd|th|er|º|\.)?(?: de)?[ -](?P<named>[^\W\d_]{3,12})\.?,?(?: de)?[ -]"
    r"(?P<its>(?:19|20)\d\d)"
    r"|(?<!\w)(?P<name>[^\W\d_]{3,12})\.? (?P<number>\d\d?)(?:st|nd|rd|th)?,? (?P<years>(?:19|20)\d\d)"
    r")(?!\d)"
)
_CLOCK = re.compile(
    rf"(?<![\d:.+-])(?:(?P<before>{_HALVES}) ?)?(?P<hour>\d\d?)(?:[:h時点]|\.(?=\d\d(?!\d)))(?P<minute>\d\d)"
    rf"(?:[:.分](?P<second>\d\d))?(?!\d)(?: {{0,2}}(?P<after>{_HALVES})(?!\w))?",
    re.IGNORECASE,
)
_ZONE = re.compile(
    rf" ?\(?(?P<zone>[+-]\d\d:?\d\d(?!\d)|(?:{_any(_WORDS.zones)})(?![\w+-])|(?:GMT|UTC)[+-]\d{{1,2}}(?!\d))\)?"
)
_DIGIT = re.compile(r"[0-9]")
_MORNING = frozenset(word.lower() for word in _WORDS.morning)
_EPOCH = date(1970, 1, 1).toordinal()
_BEHIND, _AHEAD = 30, 24
"""Characters after a day, and before it, in which its time of day is looked for."""


class ReadTime(NamedTuple):
    """A time as it was read."""

    wall: int
    """The calendar reading as if it were UTC, 100 ns since 1970; of several that which is likeliest."""
    others: tuple[int, ...]
    """Further readings, where the writing leaves open which number is the day."""
    instant: int | Absence
    offset_s: int | Absence
    precision: Precision
    form: str
    """``named`` (a month's name), ``iso`` (year first) or ``numbers``."""
    day_first: bool
    """Whether a named month stands behind its day."""
    zone: str
    """As written; empty where none is."""
    start: int
    end: int


@lru_cache(1024)
def read_time(text: str) -> ReadTime | None:
    """Return the first day that a text names with its time of day, if it has one; None where it names no day.

    Answers to one mail quote it by the same line.
    """
    if _DIGIT.search(text) is None:
        return None
    for found in _DAY.finditer(text):
        days = _days(found)
        if days:
            return _with_clock(text, found, days)
    return None


def _with_clock(text: str, found: re.Match[str], days: list[int]) -> ReadTime:
    start, end = found.span()
    clock = _CLOCK.search(text, end, end + _BEHIND)
    if clock is None:
        clock = _CLOCK.search(text, max(0, start - _AHEAD), start)
    seconds, zone, precision = 0, "", Precision.DAY
    if clock is not None and (read := _seconds(clock)) is not None:
        seconds, precision = read, Precision.SECOND if clock["second"] else Precision.MINUTE
        start, end = min(start, clock.start()), max(end, clock.end())
        zoned = _ZONE.match(text, clock.end())
        if zoned is not None:
            zone, end = zoned["zone"], max(end, zoned.end())
        if clock["after"] and found["between"] == "/":  # who writes a half of the day writes the month first
            days = [*days[1:2], days[0], *days[2:]]
    walls = [(day * 86_400 + seconds) * TICKS_PER_SECOND for day in days]
    instant, offset = read_zone(walls[0], zone.encode()) or (Absence.NOT_AVAILABLE, Absence.NOT_PRESENT)
    form = "named" if found["named"] or found["name"] else "iso" if found["year"] else "numbers"
    first = found["named"] is not None
    return ReadTime(walls[0], tuple(walls[1:]), instant, offset, precision, form, first, zone, start, end)


def _days(found: re.Match[str]) -> list[int]:
    """Return the days that a writing may mean, the likeliest first; none where it means no day."""
    if found["year"]:
        written = [(found["year"], found["month"], found["day"])]
    elif found["a"]:
        a, b, c, between = found["a"], found["b"], found["c"], found["between"]
        written = [(c, b, a)] if between == "." else [(c, b, a), (c, a, b)]
        if between != "." and len(c) == 2:
            written.append((a, b, c))
    else:
        name, day, year = (
            (found["named"], found["first"], found["its"])
            if found["named"]
            else (found["name"], found["number"], found["years"])
        )
        number = month_numbers().get(name.lower())
        written = [(year, str(number), day)] if number else []
    days = []
    for year, month, day in written:
        number = _ordinal(int(year), int(month), int(day))
        if number is not None and number not in days:
            days.append(number)
    return days


def _ordinal(year: int, month: int, day: int) -> int | None:
    if year < 100:
        year += 1900 if year >= 70 else 2000
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None


def _seconds(clock: re.Match[str]) -> int | None:
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    half = (clock["before"] or clock["after"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 if half in _MORNING else hour % 12 + 12
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour * 3600 + minute * 60 + min(second, 59)
