"""Quoted-printable as mails carry it.

Source: RFC 2045 6.7.
"""

import binascii
import re
from typing import NamedTuple

_SOFT_BREAK = re.compile(rb"=[ \t]*+(?:\r\n|[\r\n]|\Z)")
_NO_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|\n)")


class QuotedPrintable(NamedTuple):
    """What a range of quoted-printable gives."""

    content: bytes
    malformed: int = 0
    """Equals signs that begin neither an escape nor a soft line break; they stand for themselves."""


def quoted_printable(data: bytes) -> bytes:
    """Decode quoted-printable as `read` does."""
    return read(data).content


def read(data: bytes) -> QuotedPrintable:
    """Decode quoted-printable: blanks after the sign of a soft break are no text, a malformed escape is."""
    content = binascii.a2b_qp(data)
    if len(data) - len(content) == _expected_loss(data):
        return QuotedPrintable(content)
    # What the fast decoder reads otherwise is written so that it reads it right.
    data, _ = _replaced(_SOFT_BREAK, data, b"=\n")
    data, malformed = _replaced(_NO_ESCAPE, data, b"=3D")
    return QuotedPrintable(binascii.a2b_qp(data), malformed)


def _expected_loss(data: bytes) -> int:
    """Return by how many bytes decoding shortens data without any fault; -1 where they have one for certain."""
    signs = data.count(b"=")
    if b"\r" not in data:
        return 2 * signs
    long_breaks = data.count(b"=\r\n")
    return 2 * signs + long_breaks if data.count(b"=\r") == long_breaks else -1


def _replaced(pattern: re.Pattern[bytes], data: bytes, by: bytes) -> tuple[bytes, int]:
    """Replace every match, without a list of all pieces in memory; also return how many there are."""
    out, position, count = bytearray(), 0, 0
    for count, found in enumerate(pattern.finditer(data), 1):  # noqa: B007  the count is returned
        out += data[position : found.start()]
        out += by
        position = found.end()
    out += data[position:]
    return bytes(out), count
