"""MIME boundaries that carry the time (B-01 to B-16)."""

import re

from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Precision
from forensics.parsers.mail.tokens.scheme import Decoded, Read, Scheme, calendar, decode, filetime, milliseconds, unix

_MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
_SECOND, _MS, _TICK = Precision.SECOND, Precision.MILLISECOND, Precision.TICK


def boundary(token: bytes) -> tuple[Decoded, ...]:
    """Decode a boundary parameter."""
    return decode(token, SCHEMES)


def _gmail(found: re.Match[bytes]) -> int:
    return int(found[2] + found[1], 16) * 10


def _seconds(found: re.Match[bytes]) -> int:
    return unix(int(found[1]))


def _hex_seconds(found: re.Match[bytes]) -> int:
    return unix(int(found[1], 16))


def _filetime(found: re.Match[bytes]) -> int:
    return filetime(int(found[1] + found[2], 16))


def _ms(found: re.Match[bytes]) -> int:
    return milliseconds(int(found[1]))


def _named(found: re.Match[bytes]) -> int:
    day, month, year, hour, minute, second = found.group("day", "month", "year", "hour", "minute", "second")
    return calendar(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second))


def _zoned(found: re.Match[bytes]) -> int:
    zone = found["zone"]
    offset = (int(zone[1:3]) * 60 + int(zone[3:5])) * (-60 if zone[:1] == b"-" else 60)
    return _named(found) - unix(offset)


def _row(name: str, rule: str, pattern: bytes, read: Read, precision: Precision, *, local: bool = False) -> Scheme:
    return Scheme(
        name=name,
        rule=rule,
        pattern=re.compile(pattern),
        read=read,
        clock=ClockKind.SENDER,
        precision=precision,
        local=local,
    )


_CLOCK = rb"(?P<hour>\d\d)[:_](?P<minute>\d\d)[:_](?P<second>\d\d)"
SCHEMES = (
    _row("Gmail", "B-01", rb"[0-9a-f]{12}([0-9a-f]{6})([0-9a-f]{8})[0-9a-f]{2}\Z", _gmail, Precision.MICROSECOND),
    _row(
        "Outlook", "B-03", rb"----=_NextPart_\w{3}_\w{4}_([0-9A-F]{8})\.([0-9A-F]{8})\Z", _filetime, _TICK, local=True
    ),
    _row("Exchange 2003", "B-04", rb"----_=_NextPart_\w{3}_([0-9A-F]{8})\.([0-9A-F]{8})\Z", _filetime, _TICK),
    _row("JavaMail", "B-06", rb"----=_Part_\d+_-?\d+\.(\d{12,13})\Z", _ms, _MS),
    _row("Yahoo", "B-07", rb"0-\d+-(\d{9,10})=:\d+\Z", _seconds, _SECOND),
    _row("Pine", "B-08", rb"-?[1-9]\d*-\d+-(\d{9,10})=:\d+\Z", _seconds, _SECOND),
    _row("QQMail", "B-10", rb"----=_NextPart_([0-9A-F]{8})_[0-9A-F]{8}_[0-9A-F]{8}\Z", _hex_seconds, _SECOND),
    _row("Perl", "B-11", rb"_?----------=_(\d{10})(?:-\d+-\d+|\d*)\Z", _seconds, _SECOND),
    _row("SwiftMailer", "B-12", rb"_=_swift_(?:v4_)?(\d{10})_[0-9a-f]+_=_\Z", _seconds, _SECOND),
    _row("SwiftMailer", "B-12", rb"_=_swift-\d*([0-9a-f]{8})[0-9a-f]{5}\d\.\d{8}_=_\Z", _hex_seconds, _SECOND),
    _row("Ruby", "B-13", rb"--==_mimepart_([0-9a-f]{8})[0-9a-f]{5}_", _hex_seconds, _SECOND),
    _row(
        "Sylpheed",
        "B-14",
        rb"(?:Multipart|Signature)=?_[A-Z][a-z]{2}__(?P<day>\d{1,2})_(?P<month>[A-Z][a-z]{2})_(?P<year>\d{4})_"
        + _CLOCK
        + rb"_(?P<zone>[+-]\d{4})_",
        _zoned,
        _SECOND,
    ),
    _row(
        "Mew",
        "B-15",
        rb"--Next_Part\([A-Z][a-z]{2}_(?P<month>[A-Z][a-z]{2})_(?P<day>[_\d]\d)_" + _CLOCK + rb"_(?P<year>\d{4})_",
        _named,
        _SECOND,
        local=True,
    ),
    _row("maildrop", "B-16", rb"=_\S+-\d+-(\d{10})-\d{4}-\d+\Z", _seconds, _SECOND),
)
"""All rows. Apple Mail's boundary (B-09) counts modulo 24.9 days: its time is read beside an instant."""

_APPLE_EPOCH = 978_307_200 * TICKS_PER_SECOND
_APPLE_PERIOD = milliseconds(2**31)
APPLE = _row(
    "Apple Mail, modulo 24.9 days",
    "B-09",
    rb"Apple-Mail-\d+-(-?\d+)\Z",
    lambda found: _APPLE_EPOCH + milliseconds(int(found[1])),
    Precision.MILLISECOND,
)


def apple_time(token: bytes, near: int) -> int | None:
    """Return the time of an old Apple Mail boundary that is nearest to an instant: it counts milliseconds modulo 2**31.

    Args:
        token: the boundary.
        near: 100 ns since 1970.

    Returns:
        100 ns since 1970; ``None`` for any other boundary.
    """
    found = APPLE.pattern.match(token)
    if found is None:
        return None
    first = APPLE.read(found)
    return first + (near - first + _APPLE_PERIOD // 2) // _APPLE_PERIOD * _APPLE_PERIOD
