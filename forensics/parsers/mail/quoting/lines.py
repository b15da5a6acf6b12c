"""Single lines of a text, looked up from a place in it: most lines of a mail are never looked at."""

import re
from typing import NamedTuple

MOST = 1000
"""Characters of a line beyond which it is none that a client wrote to introduce a quote."""
PATCH = ("--- ", "+++ ", "diff ", "@@ ", "Index: ")
"""What lines of a patch begin with."""
_MARKS = re.compile(r"[ \t]{0,3}+(?:[>|][ \t]{0,2}+){0,60}+")
_SPACES = str.maketrans("\u202f\u00a0\u2007\u2009\u3000\t\r", "       ", "\ufeff\u200e\u200f\u202a\u202c")


class Line(NamedTuple):
    """One line."""

    depth: int
    """How many ``>`` stand before it."""
    text: str
    """Without these; every space is U+0020, and none stands at its ends."""
    start: int
    """First character of what it says, in the whole text."""
    end: int
    """Where it ends, before its line end."""


def line_at(text: str, place: int) -> Line:
    """Return the line in which a place stands; of a line that is too long what stands nearest before its end."""
    first = text.rfind("\n", max(0, place - MOST), place) + 1 or max(0, place - MOST)
    last = text.find("\n", place, place + MOST)
    last = min(len(text), place + MOST) if last < 0 else last
    marks = _MARKS.match(text, first, last)
    start = marks.end() if marks is not None else first
    said = text[start:last]
    said = said.replace("\t", " ") if said.isascii() else said.translate(_SPACES)
    return Line(text.count(">", first, start), said.strip(), start, last)


def line_before(text: str, line: Line) -> Line | None:
    """Return the line above; None where there is none."""
    end = text.rfind("\n", 0, line.start)
    return line_at(text, end) if end >= 0 else None


def line_after(text: str, line: Line) -> Line | None:
    """Return the line below; None where there is none."""
    at = text.find("\n", line.end, line.end + MOST)
    return line_at(text, at + 1) if 0 <= at < len(text) - 1 else None
