"""Where in a body the bytes begin that a signature with ``l=`` does not cover.

Source: RFC 6376 3.4.5, 8.2.
"""

import re

_RUN = re.compile(rb"[ \t]+|[^ \t]+")


def first_unsigned(body: bytes, canonical: bytes, length: int, relaxed: bool) -> int:
    """Return the offset in a body of what its canonical form has at *length*.

    Args:
        body: as it is.
        canonical: its canonical form; it has the same lines, but for empty ones at the end.
        length: less than the bytes of *canonical*.
        relaxed: the form.
    """
    line = canonical.count(b"\r\n", 0, length)
    column = length - (canonical.rfind(b"\r\n", 0, length) + 2 if line else 0)
    start = _line_start(body, line)
    end = body.find(b"\n", start)
    text = body[start : end if end >= 0 else len(body)].removesuffix(b"\r")
    return start + (_column(text, column) if relaxed else min(column, len(text)))


def _line_start(body: bytes, line: int) -> int:
    """Return where a line begins, 0 = the first: halves are counted, so that no more than twice the body is read."""
    low, high = 0, len(body)
    while line and high - low > 1:
        middle = (low + high) // 2
        ends = body.count(b"\n", low, middle)
        if ends >= line:
            high = middle
        else:
            low, line = middle, line - ends
    return high if line else low


def _column(text: bytes, column: int) -> int:
    """Return the offset in a line of a byte of its relaxed form, in which each run of white space is one space."""
    for run in _RUN.finditer(text):
        size = 1 if run[0][:1] in (b" ", b"\t") else len(run[0])
        if column < size:
            return run.start() + column
        column -= size
    return len(text)
