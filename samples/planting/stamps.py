"""Printed times, moved in the form they are printed in, and ids that are made from a time, made again for another."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from forensics._demo.leak.clock import DAYS, MONTHS
from forensics._demo.leak.tokens import B52, B62
from samples.planting.mail import Mail

STAMP = re.compile(
    r"(?:(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun),?(?P<gap>\s+))?(?P<day>\d{1,2})(?P<a>\s+)"
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?P<b>\s+)(?P<year>\d{4})(?P<c>\s+)"
    r"(?P<time>\d{1,2}:\d\d(?::\d\d)?)"
)
ZONE = re.compile(r"(?<=:\d\d) ?([+-]\d{4})\b")
TRACE_FIELDS = ("received", "x-received", "arc-seal", "arc-authentication-results", "received-spf", "resent-date")
_SM60 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[:60]
_NEAR = timedelta(hours=15)
"""A token may hold local time: it belongs to the mail's instant if it is no farther off than a zone."""


def wall(found: re.Match[str]) -> datetime | None:
    """Return the printed local time; ``None``: no such day."""
    hour, minute, *second = [int(piece) for piece in found["time"].split(":")]
    try:
        month = MONTHS.index(found["month"]) + 1
        day = datetime(int(found["year"]), month, int(found["day"]), hour, minute)  # noqa: DTZ001
        return day.replace(second=second[0] if second else 0)
    except ValueError:
        return None


def printed(found: re.Match[str], new: datetime, *, weekday: bool = True) -> str:
    """Print a local time as the old one was: padding, blanks, weekday or none. The weekday may be left as it was."""
    day = f"{new.day:02d}" if found["day"].startswith("0") or new.day > 9 else str(new.day)
    name = "" if not found["weekday"] else (DAYS[new.weekday()] if weekday else found["weekday"])
    head = found[0][: found.start("day") - found.start()].replace(found["weekday"] or "\0", name)
    clock = f"{new:%H:%M:%S}"[: len(found["time"]) if len(found["time"]) > 5 else 5]
    month = MONTHS[new.month - 1]
    return f"{head}{day}{found['a']}{month}{found['b']}{new.year}{found['c']}{clock}"


def moved(text: str, by: timedelta) -> str:
    """Move every printed time."""

    def one(found: re.Match[str]) -> str:
        old = wall(found)
        return found[0] if old is None else printed(found, old + by)

    return STAMP.sub(one, text)


def move_field(mail: Mail, place: int, by: timedelta, old: datetime | None = None) -> None:
    """Move all printed times of a field; with *old*, the ids made near that instant too."""
    raw = mail.fields[place].raw.decode("latin-1")
    new = moved(raw, by)
    if old is not None:
        new = retimed(new, old, by)
    if new != raw:
        mail.rewrite(place, new.encode("latin-1"))


def move_trace(mail: Mail, by: timedelta, old: datetime | None = None) -> None:
    """Move the times that servers printed; with *old*, their queue ids too."""
    for place, field in enumerate(mail.fields):
        if field.name.lower() in TRACE_FIELDS:
            move_field(mail, place, by, old)


def retimed(text: str, old: datetime, by: timedelta) -> str:
    """Make again, for an instant *by* later, every id that decodes to a time near *old*; others stay."""
    for pattern, decode, encode in _SCHEMES:

        def one(
            found: re.Match[str],
            decode: Callable[[str], datetime] = decode,
            encode: Callable[[datetime, str], str] = encode,
        ) -> str:
            try:
                at = decode(found[1])
                near = abs(at - old) <= _NEAR
            except (ValueError, OverflowError, OSError):
                return found[0]
            return encode(at + by, found[1]) + found[0][len(found[1]) :] if near else found[0]

        text = pattern.sub(one, text)
    return text


def _value(text: str, alphabet: str) -> int:
    total = 0
    for letter in text:
        total = total * len(alphabet) + alphabet.index(letter)
    return total


def _letters(value: int, alphabet: str, width: int) -> str:
    text = ""
    while len(text) < width:
        value, rest = divmod(value, len(alphabet))
        text = alphabet[rest] + text
    return text


def _unix(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _queue_sendmail(text: str) -> datetime:
    year, month, day, hour, minute, second = [_SM60.index(letter) for letter in text[:6]]
    century = 1900 if year >= 60 else 1960 if year + 1960 > 1992 else 2020
    return datetime(century + year, month + 1, day, hour, minute, second, tzinfo=UTC)


def _sendmail(at: datetime, text: str) -> str:
    fields = ((at.year - 1900) % 60, at.month - 1, at.day, at.hour, at.minute, at.second)
    return "".join([_SM60[field] for field in fields]) + text[6:]


def _digits(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _minutes(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=UTC)


_SCHEMES: tuple[tuple[re.Pattern[str], Callable[[str], datetime], Callable[[datetime, str], str]], ...] = (
    (re.compile(r"(?<!\d)((?:19|20)\d{12})(?!\d)"), _digits, lambda at, _: f"{at:%Y%m%d%H%M%S}"),
    (re.compile(r"(?<!\d)((?:19|20)\d{10})(?!\d)"), _minutes, lambda at, _: f"{at:%Y%m%d%H%M}"),
    (
        re.compile(r"(?<!\d)([89]\d{8}|1\d{9})(?!\d)"),
        lambda text: _unix(int(text)),
        lambda at, _: f"{at.timestamp():.0f}",
    ),
    (
        re.compile(r"(?<!\d)([89]\d{11}|1\d{12})(?!\d)"),
        lambda text: _unix(int(text) / 1000),
        lambda at, _: f"{at.timestamp() * 1000:.0f}",
    ),
    (
        re.compile(r"(?<![0-9A-Za-z])([3-6][0-9A-F]{7})(?=\.\d)"),
        lambda text: _unix(int(text, 16)),
        lambda at, _: f"{int(at.timestamp()):08X}",
    ),
    (
        re.compile(r"\bE?([0-9A-Za-z]{6})(?=-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})\b)"),
        lambda text: _unix(_value(text, B62)),
        lambda at, _: _letters(int(at.timestamp()), B62, 6),
    ),
    (
        re.compile(rf"\b([{B52}]{{6}})(?=[{B52}]{{4}}z[{B52}]{{4,}}\b)"),
        lambda text: _unix(_value(text, B52)),
        lambda at, _: _letters(int(at.timestamp()), B52, 6),
    ),
    (re.compile(r"\b([0-9A-Za-x]{8})(?=\d{5,6}\b)"), _queue_sendmail, _sendmail),
)
