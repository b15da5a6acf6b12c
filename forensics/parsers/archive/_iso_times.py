"""Times of discs: seven bytes in a directory, seventeen in a volume descriptor, each with its own UTC offset.

Source: ECMA-119 8.4.26.1 and 9.1.5; RRIP 4.1.6.
"""

from datetime import UTC, datetime

from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind

SHORT, LONG = 7, 17
_QUARTER = 15 * 60
_MOST_QUARTERS = 56
"""Offsets run from -12 to +13 hours (-48 to 52); zones up to +14 are let pass."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def disc_time(
    raw: bytes, start: int, what: tuple[TimeKind, Description], path: str, index: int = 0
) -> Timestamp | None:
    """Read a time of seven or seventeen bytes; ``None`` where it says that it is not set.

    Args:
        raw: its bytes.
        start: where they stand.
        what: it was read from, and what it means.
        path: of its locator.
        index: position among its like.
    """
    if not raw.strip(b"\0" if len(raw) == SHORT else b"\x000 "):
        return None
    wall = _wall_short(raw) if len(raw) == SHORT else _wall_long(raw)
    quarters = int.from_bytes(raw[-1:], "little", signed=True)
    fits = abs(quarters) <= _MOST_QUARTERS
    kind, description = what
    return Timestamp(
        instant=wall - quarters * _QUARTER * TICKS_PER_SECOND if isinstance(wall, int) and fits else _absent(wall),
        wall=wall,
        offset_s=quarters * _QUARTER if fits else Absence.UNPARSABLE,
        precision=Precision.SECOND if len(raw) == SHORT else Precision.MILLISECOND,
        description=description,
        clock=ClockKind.PACKER,
        owner="",
        raw=raw,
        locator=Locator(ranges=((start, start + len(raw)),), path=path),
        kind=kind,
        index=index,
    )


def _absent(wall: int | Absence) -> Absence:
    return Absence.UNPARSABLE if isinstance(wall, int) else wall


def _wall_short(raw: bytes) -> int | Absence:
    year, month, day, hour, minute, second, _ = raw
    return _ticks(1900 + year, month, day, hour, minute, second)


def _wall_long(raw: bytes) -> int | Absence:
    digits = raw[:16]
    if not digits.isdigit():
        return Absence.UNPARSABLE
    year, rest = int(digits[:4]), [int(digits[at : at + 2]) for at in range(4, 16, 2)]
    whole = _ticks(year, *rest[:5])
    return whole + rest[5] * (TICKS_PER_SECOND // 100) if isinstance(whole, int) else whole


def _ticks(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int | Absence:
    try:
        read = datetime(year, month, day, hour, minute, min(second, 59) if second == 60 else second, tzinfo=UTC)
    except ValueError:
        return Absence.UNPARSABLE
    return int((read - _EPOCH).total_seconds()) * TICKS_PER_SECOND
