"""In which words two versions of one text differ, whatever wrap, marks and signs each came with."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein, Opcode

from forensics.parsers.mail.texts import letters_of
from forensics.relations.quotes.shown import Shown
from forensics.relations.quotes.words import MOST_WORDS, kind_of

KINDS = (
    *("word", "number", "negation", "address", "inserted", "deleted", "two_words", "typo"),
    *("passage", "start", "end", "all"),
)
"""As `forensics.relations.quotes.words` has them, inserted into the second text or deleted from it. More words than a
few are a passage; what one text has before or after all that they share is its start or end: lists and gateways add
such text. Texts that share no word differ in all."""
MOST_COMPARED = 4_000
"""Words of each text between what both begin and end with."""

_WORD = re.compile(r"\S+")


class Change(NamedTuple):
    """One place where the texts differ."""

    kind: str
    """Of `KINDS`."""
    words: str
    """Of the first text; empty where it has none there."""
    other_words: str
    span: tuple[int, int]
    """Of the line or lines in the first text, in characters."""
    other_span: tuple[int, int]


_ALL = Change("all", "", "", (0, 0), (0, 0))


class _Word(NamedTuple):
    letters: bytes
    start: int
    end: int


class _Place(NamedTuple):
    """Some of a text's words."""

    text: str
    words: list[_Word]
    begin: int
    end: int

    @property
    def said(self) -> list[str]:
        return [self.text[word.start : word.end] for word in self.words[self.begin : self.end]]

    @property
    def letters(self) -> bytes:
        return b"".join([word.letters for word in self.words[self.begin : self.end]])

    @property
    def lines(self) -> tuple[int, int]:
        """The span of the lines in which they stand, or would stand."""
        near = self.words[self.begin : self.end] or self.words[max(self.begin - 1, 0) : self.begin] or self.words[:1]
        start, stop = near[0].start, near[-1].end
        line_end = self.text.find("\n", stop)
        rest = self.text[stop : line_end if line_end >= 0 else None].rstrip()
        return self.text.rfind("\n", 0, start) + 1, stop + len(rest)


def changes(first: Shown, second: Shown) -> list[Change] | None:
    """Return where two texts differ, in their order; None where too much is to be compared."""
    one, other = _words(first.text), _words(second.text)
    low, high = _shared([word.letters for word in one], [word.letters for word in other])
    middle, opposite = one[low : len(one) - high], other[low : len(other) - high]
    if max(len(middle), len(opposite)) > MOST_COMPARED:
        return None
    if not (one and other):
        return [_ALL] if one or other else []
    edits = Levenshtein.opcodes([word.letters for word in middle], [word.letters for word in opposite])
    found = []
    for at, here in _places(edits):
        place = _Place(first.text, one, at.start + low, at.stop + low)
        opposed = _Place(second.text, other, here.start + low, here.stop + low)
        if len(place.said) == len(one) and len(opposed.said) == len(other):
            return [_ALL]
        if change := _change(place, opposed):
            found.append(change)
    return found


def agreement(first: Shown, second: Shown) -> float:
    """Return which share of the letters of the shorter text stand in words of the other, wherever; 0 of none."""
    one, other = (Counter([word.letters for word in _words(shown.text)]) for shown in (first, second))
    shorter = min(len(first.letters), len(second.letters))
    return sum([len(letters) * count for letters, count in (one & other).items()]) / shorter if shorter else 0.0


def _words(text: str) -> list[_Word]:
    found = ((letters_of(word[0]), *word.span()) for word in _WORD.finditer(text))
    return [_Word(*word) for word in found if word[0]]


def _shared(one: Sequence[bytes], other: Sequence[bytes]) -> tuple[int, int]:
    """Return how many words both begin with, and how many of the rest both end with."""
    most = min(len(one), len(other))
    low = next((place for place in range(most) if one[place] != other[place]), most)
    ends = range(1, most - low + 1)
    return low, next((place - 1 for place in ends if one[-place] != other[-place]), most - low)


def _places(edits: Iterable[Opcode]) -> Iterator[tuple[slice, slice]]:
    """Yield what is replaced, inserted and deleted in either text; what touches as one."""
    held: tuple[slice, slice] | None = None
    for edit in edits:
        if edit.tag != "equal":
            begin, start = (held[0].start, held[1].start) if held else (edit.src_start, edit.dest_start)
            held = slice(begin, edit.src_end), slice(start, edit.dest_end)
        elif held:
            yield held
            held = None
    if held:
        yield held


def _change(one: _Place, other: _Place) -> Change | None:
    """Return what a place says; None for what clients, charsets and lists make of one text."""
    words, other_words = one.said, other.said
    both = bool(words and other_words)
    if not both and not one.begin and not other.begin:
        kind = "start"
    elif not both and one.end == len(one.words) and other.end == len(other.words):
        kind = "end"
    elif one.letters == other.letters:
        return None
    elif max(len(words), len(other_words)) > MOST_WORDS:
        kind = "passage"
    else:
        kind = kind_of(other_words, words, at_start=False)
    return Change(kind, " ".join(words), " ".join(other_words), one.lines, other.lines) if kind else None
