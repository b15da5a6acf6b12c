"""The forms in which a signed part may have been signed: as it is, or before what is honestly done to every text.

A signature covers lines that end with CRLF, whatever ends they have in an archive. Some programs sign without white
space at the end of lines, or with one line end more; a mailbox marks lines that begin with ``From``.

Source: RFC 3156 5, RFC 8551 3.1.1, RFC 4155.
"""

import re
from collections.abc import Iterator

AS_IS = "as_is"
_MARKED = re.compile(rb"(?m)^>(?=>{0,9}From )")


def forms(part: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the name of each form and its bytes: ``as_is`` first, the same bytes never twice."""
    lines = part.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    given = {lines}
    yield AS_IS, lines
    for name, form in _others(lines):
        if form not in given:
            given.add(form)
            yield name, form


def _others(lines: bytes) -> Iterator[tuple[str, bytes]]:
    stripped = b"".join([line.rstrip(b" \t") + b"\r\n" for line in lines.split(b"\r\n")])
    yield "line_end_added", lines + b"\r\n"
    yield "line_end_removed", lines.removesuffix(b"\r\n")
    yield "trailing_space", stripped.removesuffix(b"\r\n")
    yield "trailing_space", stripped
    yield "from_unmarked", _MARKED.sub(b"", lines)
