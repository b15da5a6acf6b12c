"""What a scheme of time-bearing tokens is, and the numbers that programs count time in."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from forensics.model.facts import FILETIME_EPOCH, TICKS_PER_SECOND, ClockKind, Precision

EARLIEST = 631_152_000 * TICKS_PER_SECOND
"""1990-01-01: a reading before it means that the token is of another scheme, not that its clock was wrong."""
LATEST = 2_524_608_000 * TICKS_PER_SECOND
"""2050-01-01; rules hold readings against the date of the capture."""

B62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
B52 = b"0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
ZMAILER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123abcdefghijklmnopqrstuvwxyz4567"
REVERSED36 = b"zyxwvutsrqponmlkjihgfedcba9876543210"

_DOTNET_EPOCH = 621_355_968_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Read = Callable[[re.Match[bytes]], int]
"""Gives the reading in 100 ns since 1970; raises ``ValueError`` where the digits are no time."""


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """A row: one way in which one family of programs makes tokens."""

    name: str
    """Of the program or family, as it is shown."""
    rule: str
    """Row of the knowledge base; empty: none."""
    pattern: re.Pattern[bytes]
    read: Read
    clock: ClockKind
    precision: Precision = Precision.SECOND
    local: bool = False
    """The reading is the wall clock of a place that the token does not name."""
    zone: str = ""
    """``pacific``: the reading is the wall clock of Google's servers in California."""


def any_of(schemes: Iterable[Scheme]) -> re.Pattern[bytes]:
    """Return what matches the tokens of any scheme: one search tells that a token is of none, as most are."""
    return re.compile(b"|".join([b"(?:%b)" % scheme.pattern.pattern for scheme in schemes]))


class Decoded(msgspec.Struct, frozen=True):
    """One reading of a token."""

    scheme: Scheme
    time: int
    """100 ns since 1970; of the calendar reading where the scheme is local."""
    schemes: tuple[str, ...]
    """Names of all schemes that the token fits, this one first."""


def decode(token: bytes, schemes: Iterable[Scheme]) -> tuple[Decoded, ...]:
    """Return one reading for each different time that a token can mean, in the order of the schemes."""
    fits: list[tuple[Scheme, int]] = []
    for scheme in schemes:
        found = scheme.pattern.match(token)
        if found is None:
            continue
        try:
            time = scheme.read(found)
        except (ValueError, OverflowError):
            continue
        if EARLIEST <= time <= LATEST:
            fits.append((scheme, time))
    if len(fits) < 2:
        return tuple([_reading(scheme, time, ()) for scheme, time in fits])
    return tuple([_reading(scheme, time, fits) for scheme, time in _different(fits)])


def _different(fits: Sequence[tuple[Scheme, int]]) -> list[tuple[Scheme, int]]:
    seen: dict[tuple[int, bool], tuple[Scheme, int]] = {}
    for scheme, time in fits:
        seen.setdefault((time, scheme.local), (scheme, time))
    return list(seen.values())


def _reading(scheme: Scheme, time: int, fits: Sequence[tuple[Scheme, int]]) -> Decoded:
    others = [other.name for other, _ in fits if other is not scheme]
    return Decoded(scheme, time, (scheme.name, *others))


def positional(digits: bytes, alphabet: bytes) -> int:
    """Return the value of digits in an alphabet."""
    value, base = 0, len(alphabet)
    for digit in digits:
        value = value * base + alphabet.index(digit)
    return value


def unix(seconds: int) -> int:
    """Ticks of unix seconds."""
    return seconds * TICKS_PER_SECOND


def milliseconds(value: int) -> int:
    """Ticks of unix milliseconds."""
    return value * (TICKS_PER_SECOND // 1000)


def filetime(value: int) -> int:
    """Ticks of a FILETIME (100 ns since 1601)."""
    return value - FILETIME_EPOCH


def dotnet(value: int) -> int:
    """Ticks of .NET ticks (100 ns since year 1)."""
    return value - _DOTNET_EPOCH


def calendar(year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> int:
    """Ticks of a calendar reading as if it were UTC."""
    at = datetime(year, month, day, hour, minute, second, tzinfo=UTC) - _EPOCH
    return unix(at.days * 86_400 + at.seconds)


def digits(text: bytes) -> int:
    """Ticks of ``YYYYMMDDhhmm`` with or without seconds."""
    return calendar(int(text[:4]), *[int(text[place : place + 2]) for place in range(4, len(text), 2)])


def short_digits(text: bytes) -> int:
    """Ticks of ``YYMMDDhhmm`` with or without seconds; years from 70 on are of the last century."""
    return digits((b"19" if int(text[:2]) >= 70 else b"20") + text)
