"""The words of one mail that another one may have too, with their places, and the marks before their lines."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from forensics.parsers.mail.bodies import Body
from forensics.parsers.mail.quoted_lines import TextLine, page_lines, text_lines
from forensics.relations.quotes.blocks import blocks_of, lines_of
from forensics.relations.quotes.shown import Shown

PARTS = ("original", "copy", "answer", "quoted")
"""What a mail is to the one that was changed: its original in a reference source, a version of it, a mail that quotes
it, or the mail that it quotes."""
_WORD = re.compile(r"\S+")


class Word(NamedTuple):
    """One word."""

    said: str
    start: int
    """In the text, as ``end``."""
    end: int
    line: int
    """Number of its line."""


class Wording:
    """Lines of a text, as deep as they are quoted in the mail that was changed.

    Attributes:
        text: the whole text.
        lines: those that count; a depth below 0 never stands in the other mail.
        words: of these lines.
    """

    def __init__(self, text: str, lines: Iterable[TextLine]) -> None:
        self.text = text
        self.lines = list(lines)
        self.words = [
            Word(found[0], *found.span(), number)
            for number, line in enumerate(self.lines)
            for found in _WORD.finditer(text, line.start, line.end)
        ]

    def line_end(self) -> str:
        """Return the line end of the text."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def mark(self, number: int) -> str:
        """Return what stands before a line: the marks of a quote."""
        start = self.lines[number].start
        return self.text[self.text.rfind("\n", 0, start) + 1 : start]

    def around(self, first: int, last: int) -> tuple[int, int]:
        """Return where the lines begin and end that words *first* to *last* stand in, or would stand."""
        near = self.words[first:last] or self.words[max(first - 1, 0) : first + 1]
        return self.lines[near[0].line].start, self.lines[near[-1].line].end


def compared(body: Body) -> tuple[str, list[TextLine]]:
    """Return what is compared of a text of the mail that was changed, and its lines as they stand there."""
    if body.part.media_type == "text/html":
        return page_lines(body.sheets)
    return body.text, list(text_lines(body.text))


def wording_of_text(text: str, lines: Iterable[TextLine], part: str) -> Wording:
    """Return what counts of a text of the mail that was changed: against a mail that it quotes, only its quotes."""
    return Wording(text, [line for line in lines if line.depth] if part == "quoted" else lines)


def wording_of_other(shown: Shown, part: str) -> Wording:
    """Return what counts of the other mail, as deep as the changed one quotes it."""
    if part == "answer":
        lines = [
            line._replace(depth=line.depth - block.marked)
            for block in blocks_of(shown)
            for line in lines_of(shown, block)
        ]
        return Wording(shown.text, lines)
    lines = shown.page if shown.page is not None else list(text_lines(shown.text))
    return Wording(shown.text, [line._replace(depth=line.depth + (part == "quoted")) for line in lines])
