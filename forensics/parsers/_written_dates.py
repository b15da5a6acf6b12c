"""Dates as documents write them: W3CDTF and ISO 8601 (XML), ``D:`` strings (PDF), colons (EXIF).

A date that does not match its form completely is unparsable; nothing is completed or guessed.
Second 60 (a leap second) counts as 59: no instant has a number of its own for it, and day and minute stay as written.

Source: W3C NOTE-datetime; XML Schema 1.1 part 2, 3.3.7; ISO 32000-1 7.9.4; CIPA DC-008 4.6.4 and 4.6.5.
"""

import re
from datetime import datetime
from typing import NamedTuple

from forensics.model.facts import TICKS_PER_SECOND, Absence, Precision

_EPOCH_DAY = datetime(1970, 1, 1).toordinal()  # noqa: DTZ001 - a calendar reading, no zone is meant

_W3CDTF = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,18}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)
_PDF = re.compile(
    r"(?:D:)?(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)?)?)?)?)?"
    r"(?:Z'?(?:(00)'?(00)?'?)?|([+-])(\d\d)(?:'?(\d\d)?'?)?)?",
    re.ASCII,
)
_PDF_ODD_ZONE = re.compile(r"((?:D:)?(?:19|20)\d{10}(?:\d\d)?)(?! ?(?:[\d.:]|[AaPp]\.?[Mm])) ?[ -~]{1,24}", re.ASCII)
_W3CDTF_ODD_ZONE = re.compile(r"((?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,18})?)?)[+-][\d:]{0,6}", re.ASCII)
_EXIF = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_EXIF_UNSET = re.compile(r"[ 0]{4}:[ 0]{2}:[ 0]{2} [ 0]{2}:[ 0]{2}:[ 0]{2}| *", re.ASCII)
_EXIF_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_NO_OFFSET = 1_000_000
_DIGITS = re.compile(r"\d{1,18}", re.ASCII)


class WrittenDate(NamedTuple):
    """What a written date says."""

    instant: int | Absence
    wall: int | Absence
    offset_s: int | Absence
    precision: Precision


UNPARSABLE = WrittenDate(Absence.UNPARSABLE, Absence.UNPARSABLE, Absence.UNPARSABLE, Precision.SECOND)
"""Not in the form that the format asks for, or a day that no calendar has."""
COARSE = WrittenDate(Absence.NOT_AVAILABLE, Absence.NOT_AVAILABLE, Absence.NOT_PRESENT, Precision.DAY)
"""A year, a month or an hour alone: no reading without inventing the rest."""
UNSET = WrittenDate(Absence.NOT_PRESENT, Absence.NOT_PRESENT, Absence.NOT_PRESENT, Precision.SECOND)
"""Zeros or blanks, which the format defines as "unknown"."""


def w3cdtf(text: str) -> WrittenDate:
    """Read a W3CDTF date, as OOXML, ODF and XMP ask for; digits beyond 100 ns stay in the raw bytes only.

    Where only the zone cannot be read, the calendar reading stands without an instant.
    """
    written = text.strip()
    match = _W3CDTF.fullmatch(written)
    read = UNPARSABLE if match is None else _w3cdtf_reading(match)
    if read is UNPARSABLE and (odd := _W3CDTF_ODD_ZONE.fullmatch(written)):
        read = w3cdtf(odd[1])
        if read is not UNPARSABLE:
            return read._replace(instant=Absence.UNPARSABLE, offset_s=Absence.UNPARSABLE)
    return read


def _w3cdtf_reading(match: re.Match[str]) -> WrittenDate:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if day is None:
        return COARSE if 1 <= int(month or 1) <= 12 else UNPARSABLE
    if hour is None:
        return _reading((year, month, day, 0, 0, 0), None, None, Precision.DAY)
    precision = Precision.MINUTE if second is None else _precision(fraction)
    offset = _offset(zone[0], zone[1:3], zone[4:6]) if zone and zone != "Z" else (0 if zone else None)
    read = _reading((year, month, day, hour, minute, second or 0), fraction, offset, precision)
    # RFC 3339 4.3: the instant is known, the writer's own offset is not.
    return read._replace(offset_s=Absence.NOT_PRESENT) if zone == "-00:00" and read is not UNPARSABLE else read


def pdf_date(text: str) -> WrittenDate:
    """Read a PDF date; the prefix, the apostrophes and the offset may be missing.

    Where only the zone cannot be read, the calendar reading stands without an instant; a year of no PDF beside it is a
    second fault, and nothing is read.
    """
    written = text.strip(" \t\r\n\0")
    match = _PDF.fullmatch(written)
    read = UNPARSABLE if match is None else _pdf_reading(match)
    if read is UNPARSABLE and (odd := _PDF_ODD_ZONE.fullmatch(written)):
        read = pdf_date(odd[1])
        if read is not UNPARSABLE:
            return read._replace(instant=Absence.UNPARSABLE, offset_s=Absence.UNPARSABLE)
    return read


def _pdf_reading(match: re.Match[str]) -> WrittenDate:
    year, month, day, hour, minute, second, _, _, sign, offset_hour, offset_minute = match.groups()
    offset: int | None = None
    if sign:
        offset = _offset(sign, offset_hour, offset_minute or "0")
    elif "Z" in match[0]:
        offset = 0
    if day is None or (hour is not None and minute is None):
        return COARSE if 1 <= int(month or 1) <= 12 and 1 <= int(day or 1) <= 31 else UNPARSABLE
    if hour is None:
        return _reading((year, month, day, 0, 0, 0), None, None, Precision.DAY)
    precision = Precision.MINUTE if second is None else Precision.SECOND
    return _reading((year, month, day, hour, minute, second or 0), None, offset, precision)


def exif_date(text: str, subsecond: str = "", offset: str = "") -> WrittenDate:
    """Read an EXIF date with what its SubSec and OffsetTime fields say; an odd one of these is left out.

    Args:
        text: ``YYYY:MM:DD HH:MM:SS``.
        subsecond: digits of the fraction; trailing blanks are filling.
        offset: ``+HH:MM``.
    """
    if _EXIF_UNSET.fullmatch(text):
        return UNSET
    match = _EXIF.fullmatch(text.rstrip(" "))
    if match is None:
        return UNPARSABLE
    fraction = subsecond.rstrip(" ")
    used = fraction if _DIGITS.fullmatch(fraction) else None
    offset_s = _exif_offset(offset) if is_exif_offset(offset) else None
    return _reading(match.groups(), used, offset_s, _precision(used))


def is_exif_subsecond(text: str) -> bool:
    """Whether a SubSec field can be read."""
    return _DIGITS.fullmatch(text.rstrip(" ")) is not None


def is_exif_offset(text: str) -> bool:
    """Whether an OffsetTime field can be read."""
    return _exif_offset(text) not in (None, _NO_OFFSET)


def _exif_offset(text: str) -> int | None:
    match = _EXIF_OFFSET.fullmatch(text.rstrip(" "))
    return _offset(*match.groups()) if match else None


def _offset(sign: str, hours: str, minutes: str) -> int:
    if int(hours) > 23 or int(minutes) > 59:
        return _NO_OFFSET
    seconds = int(hours) * 3600 + int(minutes) * 60
    return -seconds if sign == "-" else seconds


def _precision(fraction: str | None) -> Precision:
    if not fraction:
        return Precision.SECOND
    if len(fraction) <= 3:
        return Precision.MILLISECOND
    return Precision.MICROSECOND if len(fraction) <= 6 else Precision.TICK


def _reading(
    fields: tuple[str | int, ...], fraction: str | None, offset_s: int | None, precision: Precision
) -> WrittenDate:
    if offset_s == _NO_OFFSET:
        return UNPARSABLE
    numbers = [int(field) for field in fields]
    numbers[5] = 59 if numbers[5] == 60 else numbers[5]
    try:
        moment = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - wall reading
    except ValueError:
        return UNPARSABLE
    seconds = (moment.toordinal() - _EPOCH_DAY) * 86_400 + moment.hour * 3600 + moment.minute * 60 + moment.second
    ticks = int((fraction or "0")[:7].ljust(7, "0"))
    wall = seconds * TICKS_PER_SECOND + ticks
    if offset_s is None:
        return WrittenDate(Absence.NOT_PRESENT, wall, Absence.NOT_PRESENT, precision)
    return WrittenDate(wall - offset_s * TICKS_PER_SECOND, wall, offset_s, precision)
