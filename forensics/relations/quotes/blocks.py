"""The quoted blocks of a mail: lines in a row that are marked, an element of HTML, or all below a header block.

Clients of the Outlook kind mark nothing: they put the header of what they answer above it. Such a block is told by its
form in every language: lines that each begin with a name and a colon, one with a time or a year.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.parsers.mail.quoted_lines import TextLine, text_lines
from forensics.parsers.mail.texts import letters_of
from forensics.relations.quotes.shown import Shown

_MARKED = re.compile(r"(?:\n {0,3}+[>|][^\n]*+(?:\n[ \t\r]*+(?=\n))*+)++")
"""In a text with a line end before it: lines are then found by their ends, in a third of the time."""
_HEADER = re.compile(
    r"(?:\n[ \t]{0,4}+\*?+[^\W\d_][\w '.-]{0,24}+\*?+[ \t]{0,2}+[:\uff1a][^\n]*+"
    r"(?:\n[ \t]++[^\n]++){0,5}+){3,12}+(?=\n)"
)
_TIME = re.compile(r"\d[:.h]\d\d|\b(?:19|20)\d\d\b")


class QuotedBlock(NamedTuple):
    """Quoted lines in a row, with blank ones between them."""

    letters: bytes
    lines: list[TextLine]
    """None but where the block is compared line by line: see `lines_of`."""
    start: int
    end: int
    size: int
    """How many lines it has, blank ones among them."""


def blocks_of(shown: Shown) -> Iterator[QuotedBlock]:
    """Yield the quoted blocks of a mail in order."""
    if shown.page is not None:
        yield from _of_page(shown, shown.page)
        return
    text = shown.text
    end = len(text) if (header := below_header(text)) is None else header
    if ">" in text or "|" in text:
        for found in _MARKED.finditer("\n" + text[:end]):
            first, last = found.span()
            yield QuotedBlock(letters_of(found[0]), [], first, last - 1, found[0].count("\n"))
    if end < len(text):
        yield QuotedBlock(letters_of(text[end:]), [], end, len(text), text.count("\n", end))


def lines_of(shown: Shown, block: QuotedBlock) -> list[TextLine]:
    """Return the lines of a block."""
    if block.lines:
        return block.lines
    unmarked = block.end == len(shown.text) and below_header(shown.text) == block.start
    lines = text_lines(shown.text[block.start : block.end])
    return [
        TextLine(line.depth + unmarked, line.text, line.start + block.start, line.end + block.start)
        for line in lines
        if line.depth or unmarked
    ]


def below_header(text: str) -> int | None:
    """Return where the text below the first header block without marks begins; None where there is none."""
    for found in _HEADER.finditer("\n" + text):
        if _TIME.search(found[0]):
            return found.end()
    return None


def _of_page(shown: Shown, page: list[TextLine]) -> Iterator[QuotedBlock]:
    quoted: list[TextLine] = []
    below = below_header(shown.text)
    for line in page:
        if line.depth or (below is not None and line.start >= below):
            quoted.append(TextLine(max(line.depth, 1), *line[1:]))
        elif quoted and line.text:
            yield _block(shown, quoted)
            quoted = []
    if quoted:
        yield _block(shown, quoted)


def _block(shown: Shown, lines: list[TextLine]) -> QuotedBlock:
    start, end = lines[0].start, lines[-1].end
    return QuotedBlock(letters_of("\n".join([line.text for line in lines])), lines, start, end, len(lines))
