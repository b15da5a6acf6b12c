"""Date before a hand wrote another: the second that the mail's other clocks name, in the form that stands here.

A signer names the second of signing (``t=``), and servers stamp a mail that was sent at once within seconds of Date:
each second around these is tried against the digest that was signed.

Source: RFC 5322 3.3, RFC 6376 3.5.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone

from forensics.model.facts import TICKS_PER_SECOND
from forensics.parsers.mail.dates import parse_date
from forensics.parsers.mail.tag_lists import read_tags, values

_DAYS = (b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun")
_MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
_WRITTEN = re.compile(
    rb"((?:[A-Za-z]{3},\s+)?)(\d{1,2})(\s+)([A-Za-z]{3})\s+(\d{4})\s+\d{1,2}:\d\d:\d\d\s+([+-]\d{4}|GMT|UTC)(.{0,40})",
    re.DOTALL,
)
_SIGNING = ("dkim-signature", "arc-message-signature", "x-google-dkim-signature")
_BEFORE, _AFTER = 120, 10
"""Seconds before a clock's time, and after it, at which the mail may have been dated."""
_MOST = 2
"""Clocks of one mail: more cost more than they restore, for most headers that fail were changed elsewhere."""
_LONGEST = 4_000


def originals_of_date(fields: Mapping[str, Sequence[bytes]]) -> Iterator[bytes]:
    """Yield what Date may have been, the nearest seconds to each of the mail's clocks first; nothing in other forms.

    Args:
        fields: lower-case name to field bodies, topmost first.
    """
    here = fields.get("date", ())
    written = _WRITTEN.fullmatch(here[0].strip()) if len(here) == 1 else None
    if written is None:
        return
    weekday, day, _, _, _, zone, rest = written.groups()
    offset = _offset(zone)
    for at in _clocks(fields):
        for apart in _seconds():
            moment = datetime.fromtimestamp(at + apart, UTC).astimezone(timezone(timedelta(minutes=offset)))
            name = _DAYS[moment.weekday()] + b", " if weekday else b""
            days = {b"%d" % moment.day, b"%02d" % moment.day}
            clock = b"%d %02d:%02d:%02d " % (moment.year, moment.hour, moment.minute, moment.second)
            for shown in sorted(days, key=lambda one: len(one) != len(day)):
                yield name + shown + b" " + _MONTHS[moment.month - 1] + b" " + clock + zone + rest


def _clocks(fields: Mapping[str, Sequence[bytes]]) -> list[int]:
    """Return times of signing, then those of the servers, the first server's first; unix seconds."""
    found = []
    for key in _SIGNING:
        for body in reversed(fields.get(key, ())):
            stated = values(read_tags(body[:_LONGEST])).get(b"t", b"").strip()
            if stated.isdigit() and len(stated) < 11:
                found.append(int(stated))
    for body in reversed(fields.get("received", ())):
        date = parse_date(body[:_LONGEST].rpartition(b";")[2])
        if isinstance(date.instant, int):
            found.append(date.instant // TICKS_PER_SECOND)
    return [at for at in dict.fromkeys(found) if 0 < at < 4_000_000_000][:_MOST]


def _seconds() -> Iterator[int]:
    yield from range(0, -_BEFORE, -1)
    yield from range(1, _AFTER)


def _offset(zone: bytes) -> int:
    """Return minutes east of UTC."""
    if zone[:1] not in (b"+", b"-"):
        return 0
    minutes = int(zone[1:3]) % 24 * 60 + int(zone[3:5]) % 60
    return -minutes if zone[:1] == b"-" else minutes
