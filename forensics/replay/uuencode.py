"""The uuencode transfer encoding of mails before MIME and of some after it.

Source: POSIX.1-2017, uuencode.
"""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE = re.compile(rb"([^\r\n]*+)(?:\r\n|[\r\n]|\Z)")
_CODE = re.compile(rb"[ -`]++")
_BEGIN = re.compile(rb"begin[ \t]")


class Lines(NamedTuple):
    """A run of uuencoded lines."""

    end: int
    """First byte after the last line of it."""
    good: int
    """Lines that are code."""
    bad: int
    """Lines among them that are none."""
    ended: bool
    """Whether the line ``end`` is there."""


def uudecode(data: bytes) -> bytes:
    """Decode the lines from ``begin`` to ``end``, all lines where there is no ``begin``; others are left out."""
    first, out = first_line(data), bytearray()
    for line, _ in _lines(data, first[1] if first is not None else 0):
        if line.rstrip(b" \t") == b"end":
            break
        if _is_code(line) or (first is not None and _is_cut(line)):
            out += binascii.a2b_uu(line[: 1 + _length(line)])
    return bytes(out)


def first_line(data: bytes) -> tuple[int, int] | None:
    """Return the range of the first line ``begin``; None: there is none."""
    position = data.find(b"begin ")
    while position > 0 and data[position - 1] not in b"\r\n":
        position = data.find(b"begin ", position + 1)
    found = _LINE.match(data, position) if position >= 0 else None
    return found.span() if found is not None else None


def run(data: bytes, start: int) -> Lines:
    """Find how far uuencoded lines go.

    Without the line ``end`` they go to the first line that is no code: text may follow.

    Args:
        data: the text.
        start: first byte after the line ``begin``.
    """
    good = bad = 0
    unended = Lines(start, 0, 0, False)
    for line, after in _lines(data, start):
        text = line.rstrip(b" \t")
        if text == b"end":
            return Lines(after, good, bad, True)
        if _BEGIN.match(line) or bad > good:
            break
        if _is_code(line):
            good += 1
            if not bad:
                unended = Lines(after, good, 0, False)
        elif text and text != b"`" and not _is_cut(line):
            bad += 1
    return unended


def _lines(data: bytes, start: int) -> Iterator[tuple[bytes, int]]:
    """Yield each line without its end, and where the next one begins."""
    while start < len(data) and (found := _LINE.match(data, start)):
        start = found.end()
        yield found[1], start


def _length(line: bytes) -> int:
    """Return how many characters of code the first one promises."""
    return ((line[0] - 32 & 63) + 2) // 3 * 4


def _is_code(line: bytes) -> bool:
    """Whether a line is code of the length that it states; some writers add one character as a checksum."""
    if _CODE.fullmatch(line) is None:
        return False
    length = _length(line)
    return length > 0 and (length <= len(line) - 1 <= length + 1 or len(line.rstrip(b" ")) - 1 == length)


def _is_cut(line: bytes) -> bool:
    """Whether a line may be code whose last blanks, which stand for zero, were taken off on the way."""
    return _CODE.fullmatch(line) is not None and len(line) - 1 < _length(line)
