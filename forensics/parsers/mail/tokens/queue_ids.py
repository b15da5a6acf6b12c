"""Ids that servers give a mail in their own trace field (T-60 to T-66)."""

import re

from forensics.model.facts import ClockKind, Precision
from forensics.parsers.mail.tokens.scheme import (
    B52,
    B62,
    ZMAILER,
    Decoded,
    Read,
    Scheme,
    any_of,
    calendar,
    decode,
    dotnet,
    positional,
    unix,
)

SENDMAIL_LETTERS = b"0-9A-Za-x"
NOT_OLD = rb"(?![A-X]AA\d)"
"""Before 8.10 an id began with the hour of the day as a letter, ``AA`` and a number: it holds no date."""
_SM60 = B62[:60]


def queue_id(token: bytes) -> tuple[Decoded, ...]:
    """Decode the ``id`` clause of a trace field."""
    return decode(token, SCHEMES) if _MAY_BE_ANY.match(token) else ()


def sendmail(token: bytes) -> int:
    """Ticks of a sendmail queue id: year, month, day, hour, minute, second as one letter each, UTC.

    The year counts from 1900 modulo 60; the reading between 1990 and 2049 is taken.
    """
    year, month, day, hour, minute, second = map(_SM60.index, token[:6])
    year += 1960 if year >= 30 else 2020
    return calendar(year, month + 1, day, hour, minute, second)


def postfix_long(token: bytes) -> int:
    """Ticks of a long Postfix queue id: seconds in six letters, microseconds in four."""
    micro = positional(token[6:10], B52)
    if micro >= 1_000_000:
        raise ValueError(token)
    return unix(positional(token[:6], B52)) + micro * 10


def _zmailer(found: re.Match[bytes]) -> int:
    high, middle, low, month, day, hour, minute, second = map(ZMAILER.index, found[1])
    return calendar(high * 4096 + middle * 64 + low, month + 1, day + 1, hour, minute, second)


def _google(found: re.Match[bytes]) -> int:
    return calendar(*[int(piece) for piece in found[1].split(b".")])


def _row(name: str, rule: str, pattern: bytes, read: Read, precision: Precision, **more: object) -> Scheme:
    return Scheme(
        name=name,
        rule=rule,
        pattern=re.compile(pattern),
        read=read,
        clock=ClockKind.SERVER,
        precision=precision,
        **more,  # type: ignore[arg-type]
    )


_SECOND = Precision.SECOND
SCHEMES = (
    _row(
        "Exim",
        "T-60",
        rb"E?([0-9A-Za-z]{6})-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})\Z",
        lambda found: unix(positional(found[1], B62)),
        _SECOND,
    ),
    _row(
        "Postfix long",
        "T-61",
        rb"([0-9A-Za-z]{10}z[0-9A-Za-z]{4,12})\Z",
        lambda found: postfix_long(found[1]),
        Precision.MICROSECOND,
    ),
    _row(
        "sendmail",
        "T-63",
        NOT_OLD + rb"([" + SENDMAIL_LETTERS + rb"]{8}\d{5,6})(?:[-+]\S*)?\Z",
        lambda found: sendmail(found[1]),
        _SECOND,
    ),
    _row(
        "Google",
        "T-64",
        rb"\S+\.(20\d\d\.\d\d\.\d\d\.\d\d\.\d\d\.\d\d)\Z",
        _google,
        _SECOND,
        local=True,
        zone="pacific",
    ),
    _row("ZMailer", "T-65", rb"S\d+([A-Za-z0-7]{8})\Z", _zmailer, _SECOND),
)
"""All rows; short Postfix ids hold microseconds only and give no time (T-62)."""
_MAY_BE_ANY = any_of(SCHEMES)

_NETWORK_ID = Scheme(
    name="Exchange network id",
    rule="T-66",
    pattern=re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-([0-9a-f]{12})\Z", re.IGNORECASE),
    read=lambda found: dotnet(int(found[1], 16) << 16),
    clock=ClockKind.SERVER,
    precision=Precision.MILLISECOND,
)


def network_id(token: bytes) -> tuple[Decoded, ...]:
    """Decode an Exchange network message id: the last 48 bits are the top of .NET ticks, 6.55 ms apart (T-66)."""
    return decode(token, (_NETWORK_ID,))
