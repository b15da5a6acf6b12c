"""Edits of what a page says, in its source: the words around them are looked for there, whatever tags part them."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice

from forensics.relations.restoring.candidates import Chosen
from forensics.relations.restoring.edits import Edit

AROUND = 3
"""Words before and after an edit that are looked for with it."""
_NEAR = 200
"""Characters in which they stand."""
_GAP = r"(?:\s|&nbsp;|&#160;|<[^<>]*+>)++"
_SIGNS = {
    "&": "(?:&amp;|&)",
    "<": "(?:&lt;|&#60;)",
    ">": "(?:&gt;|&#62;)",
    '"': '(?:&quot;|&#34;|")',
    "'": "(?:&#39;|&apos;|&#x27;|')",
}
_MARKS = frozenset((">", ">>", ">>>", "|"))

Places = list[tuple[int, int, str]]
"""Ranges of a source, and what stands in the place of each."""


class Page:
    """The source of a page, in which edits are looked for, each once.

    Args:
        source: of the page.
        text: what the edits are of: what the page says, or the text that says the same.
    """

    def __init__(self, source: str, text: str) -> None:
        self._source, self._text = source, text
        self._known: dict[Edit, Places] = {}

    def places(self, chosen: Chosen) -> Iterator[Places]:
        """Yield where edits stand, with what undoes them; nothing unless each stands there once."""
        ways: list[Places] = []
        for edit, _ in chosen:
            if edit not in self._known:
                self._known[edit] = list(_ways(self._source, self._text, edit))
            ways.append(self._known[edit])
        if all(ways):
            for number in range(max(map(len, ways))):
                yield [found[min(number, len(found) - 1)] for found in ways]


def _ways(source: str, text: str, edit: Edit) -> Iterator[tuple[int, int, str]]:
    """Yield where an edit stands, and what may be put there."""
    before = [word for word in text[max(edit.start - _NEAR, 0) : edit.start].split() if word not in _MARKS][-AROUND:]
    after = [word for word in text[edit.end : edit.end + _NEAR].split() if word not in _MARKS][:AROUND]
    words = edit.archived.split()
    said = f"({_of(words)})({_GAP})" if words else "()()"
    pattern = "".join([_of(before), f"({_GAP})" if before else r"(\A|>)", said, _of(after)])
    found = list(islice(re.finditer(pattern, source), 2))
    if len(found) != 1:
        return
    restored = escape(edit.restored, quote=False)
    start, end = found[0].span(2)
    if words and restored:
        yield start, end, restored
    elif words:
        yield found[0].start(1), end, ""
        yield start, found[0].end(3), ""
    else:
        gap = found[0].span(1)
        yield gap[0], gap[0], f" {restored}"
        yield gap[1], gap[1], f"{restored} "


def _of(words: Sequence[str]) -> str:
    """Return a pattern of words as a source writes them."""
    return _GAP.join(["".join([_SIGNS.get(sign) or re.escape(sign) for sign in word]) for word in words])
