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
"""From the line end before it: a search for line ends is the quickest way to lines."""
_FIRST_MARKED = re.compile(r"\n {0,3}+[>|]")
_HEADER = re.compile(
    r"(?:\n[ \t]{0,4}+\*?+[^\W\d_][\w '.-]{0,24}+\*?+[ \t]{0,2}+[:\uff1a][^\n]*+"
    r"(?:\n[ \t]++[^\n]++){0,5}+){3,12}+(?=\n)"
)
_FROM = re.compile(
    r"\n[ \t]{0,4}+\*?+(?=[FVDOLK\u041e\u0412\u0391\u53d1\u5bc4\u5dee\ubcf4])(?:From|Von|De|Da|Van|Od|Fra|Fr\u00e5n"
    r"|L\u00e4hett\u00e4j\u00e4|Kimden|\u041e\u0442|\u0412\u0456\u0434|\u0391\u03c0\u03cc|\u53d1\u4ef6\u4eba"
    r"|\u5bc4\u4ef6\u8005|\u5dee\u51fa\u4eba|\ubcf4\ub0b8)\b",
    re.IGNORECASE,
)
"""How such a block begins, in the languages of its clients; by the first letter most lines are told at once."""
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
    marked: bool = True
    """Whether each line is marked, or inside an element that is."""


def blocks_of(shown: Shown) -> Iterator[QuotedBlock]:
    """Yield the quoted blocks of a mail in order."""
    if shown.page is not None:
        yield from _of_page(shown, shown.page)
        return
    text = shown.text
    end = len(text) if (header := below_header(text)) is None else header
    if ">" in text or "|" in text:
        marked, at = "\n" + text[:end], 0
        while (first := _FIRST_MARKED.search(marked, at)) and (found := _MARKED.match(marked, first.start())):
            at = found.end()
            yield QuotedBlock(letters_of(found[0]), [], first.start(), at - 1, found[0].count("\n"))
    if end < len(text):
        size = text.count("\n", end)
        yield QuotedBlock(letters_of(text[end:]), [], end, len(text), size, marked=False)


def lines_of(shown: Shown, block: QuotedBlock) -> list[TextLine]:
    """Return the lines of a block."""
    if block.lines:
        return block.lines
    return [
        TextLine(line.depth, line.text, line.start + block.start, line.end + block.start)
        for line in text_lines(shown.text[block.start : block.end])
        if line.depth or not block.marked
    ]


def below_header(text: str) -> int | None:
    """Return where the text below the first header block without marks begins; None where there is none."""
    if _FROM.search(text) is None and _FROM.match("\n" + text[:40]) is None:
        return None
    for found in _HEADER.finditer("\n" + text):
        if _TIME.search(found[0]):
            return found.end()
    return None


def _of_page(shown: Shown, page: list[TextLine]) -> Iterator[QuotedBlock]:
    quoted: list[TextLine] = []
    below = len(shown.text) if (header := below_header(shown.text)) is None else header
    for line in page:
        if line.start >= below:
            break
        if line.depth:
            quoted.append(line)
        elif quoted and line.text:
            yield _block(quoted)
            quoted = []
    if quoted:
        yield _block(quoted)
    if rest := [line for line in page if line.start >= below]:
        yield _block(rest)._replace(marked=False)


def _block(lines: list[TextLine]) -> QuotedBlock:
    letters = letters_of("\n".join([line.text for line in lines]))
    return QuotedBlock(letters, lines, lines[0].start, lines[-1].end, len(lines))
