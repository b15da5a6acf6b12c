"""Text bodies before a list server wrote its footer below them.

A footer is told by the line that it begins with.
"""

import re
from collections.abc import Iterator

from forensics.authenticity.repairs.mails import Body, Mail, Removed

_RULE = re.compile(rb"(?m)^(?:_{20,}+|-{20,}+|={20,}+|-- ?|--[ \t]?[A-Za-z][^\n]{0,80})$")
_NEAR_END = 4_000
"""Bytes at the end of a body in which a footer begins."""
_MOST = 4
"""Lines that may begin one, the lowest first."""


def footer_cut(mail: Mail, body: Body) -> Iterator[Body]:
    """Yield a text without what stands from its last line of underscores, dashes, or ``-- `` on."""
    if body.encoding in ("base64", "quoted-printable") or not body.type.value.startswith("text/"):
        return
    content = body.content
    floor = max(len(content) - _NEAR_END, 0)
    for start in [found.start() for found in _RULE.finditer(content, floor)][: -_MOST - 1 : -1]:
        yield _cut(body, start)


def _cut(body: Body, start: int) -> Body:
    """Return a text without what stands from *start* on."""
    text = body.content[start:].strip()
    shown = body.type.value == "text/plain"
    removed = (*body.removed, Removed(text, *body.piece(start, len(body.content)), shown))
    end = body.piece(0, start)[1]
    return Body(body.content[:start], body.mime, body.start, end, body.verbatim, (*body.steps, "footer_cut"), removed)
