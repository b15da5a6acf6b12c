"""Delimiter lines of a multipart.

Source: RFC 2046 5.1.1.
"""

import re
from typing import NamedTuple

OPEN, CLOSE, CUT = range(3)
"""Kinds of delimiter lines: before a part, after the last one, and one at the very end that opens no part."""
_REST = re.compile(rb"(--)?[ \t]*+(?:\r?\n|\r|\Z)")
_MORE = re.compile(rb"(--)?[ \t]")
_GUESSES = 20
"""Lines that begin with ``--`` and are looked at for a boundary."""
_GUESSED = re.compile(rb"--([^\r\n]{1,100})(?:\r?\n|\r)Content-[A-Za-z-]{1,60}[ \t]*:", re.IGNORECASE)


class Delimiter(NamedTuple):
    """One delimiter line."""

    start: int
    end: int
    kind: int
    """`OPEN`, `CLOSE` or `CUT`."""


class Delimiters(NamedTuple):
    """The delimiter lines of one boundary, up to and with the closing one."""

    lines: list[Delimiter]
    more: list[int]
    """Starts of those after which more stands on the line."""
    longer: list[int]
    """Starts of lines that begin with the boundary and go on, and are taken for text."""
    limit: int | None = None
    """Start of the first one beyond the limit."""


def find(
    data: bytes, newline: bytes, start: int, end: int, boundary: bytes, most: int, *, through: bool = False
) -> Delimiters:
    """Find the delimiter lines of a boundary.

    Lines that only begin with the boundary are its delimiters where no other line is: boundaries of inner multiparts
    may begin with that of the outer one.

    Args:
        data: the message.
        newline: the byte that ends lines.
        start: first byte of the range.
        end: first byte after it.
        boundary: as the Content-Type field has it.
        most: parts that may be opened.
        through: whether to go on after a closing delimiter.
    """
    found = _find(data, newline, start, end, boundary, most, exact=True, through=through)
    if not found.lines and found.longer:
        found = _find(data, newline, start, end, boundary, most, exact=False)
    return found


def find_loosely(data: bytes, newline: bytes, start: int, end: int, boundary: bytes, most: int) -> Delimiters:
    """Find the lines that begin with a boundary, whatever follows on them."""
    return _find(data, newline, start, end, boundary, most, exact=False)


def _find(
    data: bytes, newline: bytes, start: int, end: int, boundary: bytes, most: int, *, exact: bool, through: bool = False
) -> Delimiters:
    mark, newline_byte = b"--" + boundary, newline[0]
    found = Delimiters([], [], [])
    position = data.find(mark, start, end)
    while position >= 0:
        after = position + len(mark)
        if position == start or data[position - 1] == newline_byte:
            rest = _REST.match(data, after, end)
            if rest is None and exact and _MORE.match(data, after, end) is None:
                found.longer.append(position)
            else:
                closing = data.startswith(b"--", after, end)
                line_end = rest.end() if rest is not None else data.find(newline, after, end) + 1 or end
                if not closing and len(found.lines) > most:
                    return found._replace(limit=position)
                if rest is None:
                    found.more.append(position)
                last = (closing and not through) or (line_end == end and bool(found.lines))
                found.lines.append(Delimiter(position, line_end, CLOSE if closing else CUT if last else OPEN))
                if last:
                    break
                after = line_end
        position = data.find(mark, after, end)
    return found


def guess(data: bytes, newline: bytes, start: int, end: int) -> bytes | None:
    """Return the boundary that a body shows without any field that names it.

    A line that begins with ``--`` has a Content field below it, a closing delimiter follows, and nothing above speaks
    of the boundary, as the header of a mail that is quoted whole would.
    """
    if data.find(b"ontent-", start, end) < 0:
        return None
    position = start if data.startswith(b"--", start, end) else data.find(newline + b"--", start, end) + 1 or -1
    for _ in range(_GUESSES):
        if position < start:
            break
        found = _GUESSED.match(data, position, end)
        if found is not None:
            boundary = found[1].rstrip(b" \t")
            told = data.find(boundary, start, position) >= 0
            closed = data.find(newline + b"--" + boundary + b"--", found.end(), end) >= 0
            return boundary if closed and not told else None
        position = data.find(newline + b"--", position + 1, end) + 1 or -1
    return None
