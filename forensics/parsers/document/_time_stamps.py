"""The time in a time-stamp token.

Source: RFC 3161 2.4.2 (TSTInfo), RFC 5652 5 (SignedData), X.690 (DER).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from forensics.model.facts import TICKS_PER_SECOND, Precision
from forensics.parsers._written_dates import WrittenDate

_INFO = bytes.fromhex("060b2a864886f70d0109100104")
"""The identifier of what such a token holds."""
_OCTETS, _PIECES, _TIME, _SEQUENCE, _CONTENT = 0x04, 0x24, 0x18, 0x30, 0xA0
_WRITTEN = re.compile(rb"(\d{14})(?:\.(\d{1,7})\d{0,11})?Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Token(NamedTuple):
    """What a token says."""

    time: WrittenDate
    imprint: bytes
    """Digest of what it is for."""


def read(token: bytes) -> Token | None:
    """Return what a token says; ``None``: it is none."""
    at = token.find(_INFO)
    if at < 0:
        return None
    try:
        (tag, content), *_ = _values(token[at + len(_INFO) :])
        (inner, info), *_ = _values(content)
        if inner == _PIECES:
            info = b"".join([piece for tag, piece in _values(info) if tag == _OCTETS])
        if tag != _CONTENT or inner not in (_OCTETS, _PIECES):
            return None
        (outer, fields), *_ = _values(info)
        values = list(_values(fields)) if outer == _SEQUENCE else []
        imprint = [content for tag, content in _values(values[2][1]) if tag == _OCTETS]
        written = [content for tag, content in values if tag == _TIME]
        return Token(_time(written[0]), imprint[0])
    except (IndexError, ValueError):
        return None


def _values(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of the values that follow each other."""
    at = 0
    while at + 2 <= len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length == 0x80:  # to an end that is marked: what follows is its content first
            yield tag, data[at:]
            return
        if length > 0x80:
            count = length & 0x7F
            if count > 4:
                raise ValueError("longer than anything here")
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        yield tag, data[at : at + length]
        at += length


def _time(written: bytes) -> WrittenDate:
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise ValueError("no time")
    moment = datetime.strptime(match[1].decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    ticks = round((moment - _EPOCH).total_seconds()) * TICKS_PER_SECOND + int((match[2] or b"0").ljust(7, b"0"))
    return WrittenDate(ticks, ticks, 0, Precision.MILLISECOND if match[2] else Precision.SECOND)
