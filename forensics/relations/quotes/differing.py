"""Quoted lines that differ from the original by one edit, told from what stands beside them in both texts."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from forensics.parsers.mail.quoted_lines import TextLine
from forensics.parsers.mail.texts import letters_of
from forensics.relations.quotes import forms
from forensics.relations.quotes.shown import Shown
from forensics.relations.quotes.words import LEAST_WORDS, REACH, Difference, Search, difference, kind_of

SHORT = 8
"""Letters below which a line stands in any text."""
ADDED_LINES = 12
"""Lines in a row that only the quote has, between two that follow each other in the original."""
_NEAR = 3
"""Letters between two lines that follow each other: a mark of a list."""
_MARKS = re.compile(r"[ \t>|]*")
_LINE_END = re.compile(r"[ \t\r]*(?:\n|\Z)")


class Found(NamedTuple):
    """A difference and the quoted line that has it."""

    difference: Difference
    start: int
    """Where the line stands in the quoting mail's text, as ``end``."""
    end: int
    depth: int
    """How deep it is quoted by marks; 0 where nothing but a header above it says that it is quoted."""
    matched: int
    """Lines of the same block that stand in the original."""
    quoted: bytes
    """Letters of the quoted line: who else has them agrees with the quote."""
    original: bytes
    """Letters of the original there: who else has these agrees with it."""


class Line:
    """A quoted line while it is looked for."""

    __slots__ = ("depth", "end", "explained", "last", "letters", "place", "start", "text")

    def __init__(self, line: TextLine) -> None:
        self.depth, self.text, self.start, self.end = line
        self.letters = letters_of(line.text)
        self.place = self.last = -1
        """From where to where it stands in the letters of the original; below 0 where it does not."""
        self.explained = len(self.letters) < SHORT


def edited(lines: Sequence[Line], number: int, source: Shown, search: Search, *, address: bool = False) -> Found | None:
    """Return the one edit of a line; *address*: only that of an address."""
    line = lines[number]
    after, before = _nearest(reversed(lines[:number]), "last"), _nearest(lines[number + 1 :], "place")
    found = difference(line.text, source, after, before, search, address=address)
    if found is None:
        return None
    original = letters_of(source.text[found.start : found.end])
    return Found(found, line.start, line.end, line.depth, 0, line.letters, original)


def _nearest(lines: Iterator[Line] | Sequence[Line], which: str) -> int | None:
    """Return the place of the first line that has one, over lines too short to have any."""
    for line in lines:
        if line.place >= 0:
            return int(getattr(line, which))
        if not line.explained:
            return None
    return None


def added(lines: Sequence[Line], first: int, last: int, source: Shown) -> Found | None:
    """Return lines *first* to *last* as ones that only the quote has, if those around them follow each other."""
    after, before = _nearest(reversed(lines[:first]), "last"), _nearest(lines[last:], "place")
    if after is None or before is None or last - first > ADDED_LINES or not 0 <= before - after <= _NEAR:
        return None
    run = lines[first:last]
    depths = {line.depth for line in (lines[first - 1], *run, lines[last])}
    of_original = {source.depth(after - 1), source.depth(before)}
    if len(depths) > 1 or len(of_original) > 1 or not depths <= {*of_original, max(of_original) + 1}:
        return None  # written between by somebody whose mail this is not
    said = " ".join([line.text.strip() for line in run])
    words = len(said.split())
    if words < LEAST_WORDS:
        return None
    inside = lines[first - 1].letters and lines[last].letters
    around = source.words(after - 1, before + 1)
    kind = "line" if inside else "passage"
    edit = Difference(kind, said, "", words, around[0][0], around[-1][1])
    letters = b"".join([line.letters for line in run])
    return Found(edit, run[0].start, run[-1].end, run[0].depth, 0, letters, source.letters[after - 30 : before + 30])


def left_out(lines: Sequence[Line], source: Shown) -> Iterator[Found]:
    """Yield words of the original that lack between two quoted lines; whole lines are what quoters leave out."""
    for above, below in pairwise(lines):
        if above.place < 0 or not 0 < below.place - above.last <= REACH or len(above.text.split()) < LEAST_WORDS:
            continue
        words = source.words(above.last, below.place)
        start, end = words[0][0], words[-1][1]
        alone = _MARKS.fullmatch(source.text, source.text.rfind("\n", 0, start) + 1, start) is not None
        if words[0][2] < above.last or words[-1][3] > below.place or (alone and _LINE_END.match(source.text, end)):
            continue
        if forms.form_of(above.text) or forms.form_of(source.text[start : end + 100].partition("\n")[0]):
            continue
        original = [source.text[first:last] for first, last, _, _ in words]
        if kind := kind_of([], original, at_start=alone):
            around = source.words(above.place, below.last)
            edit = Difference(kind, "", " ".join(original), len(above.text.split()), around[0][0], around[-1][1])
            letters, other = above.letters + below.letters, source.letters[above.place : below.last]
            yield Found(edit, above.start, below.end, above.depth, 0, letters, other)
