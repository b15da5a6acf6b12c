"""Zones of written dates: what stands behind the time of day, in whatever form.

An offset is read where all its digits are there (``+hhmm``, ``+h:mm``) or a name says it without doubt. Anything else
that can be no part of the time (``0100`` without a sign, ``+020`` that was cut, ``GMT+02:00`` whose sense has two
schools) leaves the wall reading alone.

Source: RFC 5322 3.3 and 4.3; the text form of Go's ``time.Time``.
"""

import re
from functools import lru_cache

from forensics.model.facts import TICKS_PER_SECOND, Absence

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
