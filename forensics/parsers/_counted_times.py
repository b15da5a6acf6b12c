"""Times that systems count or pack into bits: FILETIME and the seconds of Unix, which are UTC, and DOS's local times.

Source: [MS-DTYP] 2.3.3 (FILETIME); PKWARE APPNOTE.TXT 6.3.10, 4.4.6 (date and time of DOS).
"""

import calendar
from functools import lru_cache

from forensics.model.facts import (
    FILETIME_EPOCH,
    TICKS_PER_SECOND,
    Absence,
    ClockKind,
    Description,
    Precision,
    Timestamp,
)
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind

_SIGN = 63


def filetime(raw: bytes) -> int | Absence:
    """Return a FILETIME in 100 ns since 1970, or why it is none; 0 means "not set"."""
    value = int.from_bytes(raw, "little")
    if len(raw) != 8 or value >> _SIGN:
        return Absence.UNPARSABLE
    return value - FILETIME_EPOCH if value else Absence.NOT_PRESENT


def dos_wall(date: int, time: int) -> int | Absence:
    """Return what a date and a time of DOS read, or why they are none; both 0 mean "not set"."""
    return _dos_wall(date, time) if date or time else Absence.NOT_PRESENT


@lru_cache(4096)
def _dos_wall(date: int, time: int) -> int | Absence:
    year, month, day = 1980 + (date >> 9), date >> 5 & 15, date & 31
    hour, minute, second = time >> 11, time >> 5 & 63, (time & 31) * 2
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return Absence.UNPARSABLE
    if hour > 23 or minute > 59 or second > 59:
        return Absence.UNPARSABLE
    return calendar.timegm((year, month, day, hour, minute, second)) * TICKS_PER_SECOND


def in_utc(
    ticks: int | Absence,
    raw: bytes,
    locator: Locator,
    kind: TimeKind,
    description: Description,
    *,
    precision: Precision = Precision.TICK,
    clock: ClockKind = ClockKind.FILE_SYSTEM,
    index: int = 0,
) -> Timestamp:
    """Return a time that is UTC by its definition, so that no offset is written."""
    return Timestamp(
        instant=ticks,
        wall=ticks,
        offset_s=Absence.NOT_APPLICABLE,
        precision=precision,
        description=description,
        clock=clock,
        owner="",
        raw=raw,
        locator=locator,
        kind=kind,
        index=index,
    )


def local_to_packer(
    wall: int | Absence,
    raw: bytes,
    locator: Locator,
    kind: TimeKind,
    description: Description = Description.MODIFICATION,
    *,
    precision: Precision = Precision.TWO_SECONDS,
) -> Timestamp:
    """Return a time that an archive has in the local time of who packed it, without an offset."""
    return Timestamp(
        instant=Absence.NOT_AVAILABLE,
        wall=wall,
        offset_s=Absence.NOT_PRESENT,
        precision=precision,
        description=description,
        clock=ClockKind.PACKER,
        owner="",
        raw=raw,
        locator=locator,
        kind=kind,
    )
