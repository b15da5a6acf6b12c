"""Where the words of two wordings differ, and what may have stood there in the one."""

from collections.abc import Iterator
from itertools import accumulate, islice, pairwise
from typing import NamedTuple

from forensics.relations.restoring.places import Place, places_of
from forensics.relations.restoring.wordings import Wording

MOST_EDITS = 60
"""Of two wordings."""


class Edit(NamedTuple):
    """One place, and what may have stood there."""

    start: int
    """In the text that was changed, as ``end``: what is replaced."""
    end: int
    archived: str
    """The words there, as the text has them; empty where it has none."""
    restored: str
    """The words that the other text has."""
    line: tuple[int, int]
    """Range of the lines in the text that was changed."""
    other_line: tuple[int, int]
    ways: tuple[str, ...]
    """What to put there, the likeliest first: the same words, with other line ends or spaces."""
    broad: bool = False
    """Whether there are several edits inside it."""


def edits_of(changed: Wording, other: Wording) -> list[Edit] | None:
    """Return the edits in their order; None where too much is to be compared."""
    places = places_of(changed, other)
    if places is None:
        return None
    found = (_edit(place, changed, other) for place in places)
    return list(islice((edit for edit in found if edit is not None), MOST_EDITS))


def _edit(place: Place, changed: Wording, other: Wording) -> Edit | None:
    ways = _Ways(place, changed, other)
    if not (ways.has_left or ways.has_right):
        return None
    return Edit(
        ways.start,
        ways.end,
        " ".join([word.said for word in changed.words[place.first : place.last]]),
        " ".join([word.said for word in other.words[place.other_first : place.other_last]]),
        changed.around(place.first, place.last),
        other.around(place.other_first, place.other_last),
        tuple([way for way in dict.fromkeys(ways.all()) if way != changed.text[ways.start : ways.end]]),
        place.broad,
    )


class _Ways:
    """What may stand in a place of the changed text, from the word before it to the word after it.

    Attributes:
        start: in the changed text, as ``end``.
        has_left: whether both texts have a word before the place, and so the same.
        has_right: the same of the word after it.
    """

    def __init__(self, place: Place, changed: Wording, other: Wording) -> None:
        self._place, self._changed, self._other = place, changed, other
        words = changed.words
        self._words = words[place.first : place.last]
        self._others = other.words[place.other_first : place.other_last]
        self.start = words[place.first - 1].end if place.first else 0
        self.end = words[place.last].start if place.last < len(words) else len(changed.text)
        self.has_left = place.first > 0 and place.other_first > 0
        self.has_right = place.last < len(words) and place.other_last < len(other.words)
        near = [words[number] for number in (place.last, place.first - 1) if 0 <= number < len(words)]
        self._marks = {changed.lines[word.line].depth: changed.mark(word.line) for word in near}

    def all(self) -> Iterator[str]:
        """Yield them, the likeliest first; some more than once."""
        if self._words:
            yield from self._in_place()
        else:
            yield from self._between_words()

    def _in_place(self) -> Iterator[str]:
        """Yield what stands in place of words."""
        text, words = self._changed.text, self._words
        lead, trail = text[self.start : words[0].start], text[words[-1].end : self.end]
        if not self._others:
            yield from [self._whole()] if self.has_left and self.has_right else ()
            yield lead
            yield trail
            return
        if len(self._others) == len(words):
            gaps = [text[one.end : two.start] for one, two in pairwise(words)]
            yield lead + "".join([one.said + gap for one, gap in zip(self._others, [*gaps, trail], strict=True)])
        if self.has_left and self.has_right:
            yield self._whole()
        yield lead + self._inner() + trail
        yield lead + self._joined() + trail

    def _between_words(self) -> Iterator[str]:
        """Yield what stands between two words, where the changed text has nothing but a gap."""
        gap, end = self._changed.text[self.start : self.end], self._changed.line_end()
        gaps = [(gap, " "), (" ", gap), (end, gap)] if end in gap else [(gap, gap)]
        lines = islice(
            accumulate(map(len, gap.split(end)[:-1]), lambda at, size: at + size + len(end), initial=0), 1, 5
        )
        gaps += [(gap[:at], end + gap[at:]) for at in lines]
        place = self._place
        if self.has_left:
            gaps.append((self._between(place.other_first - 1, place.other_first), gap))
        if self.has_right:
            gaps.append((gap, self._between(place.other_last - 1, place.other_last)))
        if self.has_left and self.has_right:
            yield self._whole()
        for lead, trail in gaps:
            yield lead + self._inner() + trail
            yield lead + self._joined() + trail

    def _joined(self) -> str:
        return " ".join([word.said for word in self._others])

    def _whole(self) -> str:
        """Return what the other text has there, its lines marked as the changed text marks them."""
        return self._between(self._place.other_first - 1, self._place.other_last)

    def _inner(self) -> str:
        """Return its words alone, with what stands between them."""
        first, last = self._others[0], self._others[-1]
        return self._text(first.start, last.end, first.line, last.line)

    def _between(self, left: int, right: int) -> str:
        """Return what it has between two of its words."""
        one, two = self._other.words[left], self._other.words[right]
        return self._text(one.end, two.start, one.line, two.line)

    def _text(self, start: int, end: int, first: int, last: int) -> str:
        pieces: list[str] = []
        for number in range(first, last + 1):
            line = self._other.lines[number]
            text = self._other.text[max(start, line.start) : min(end, line.end)]
            mark = self._mark(line.depth) if number > first else ""
            pieces.append(mark + text if line.end > line.start else mark.rstrip())
        return self._changed.line_end().join(pieces)

    def _mark(self, depth: int) -> str:
        """Return how the changed text marks lines of a depth, those beside the place first."""
        if depth <= 0:
            return ""
        if depth not in self._marks:
            lines = self._changed.lines
            self._marks[depth] = next((self._changed.mark(n) for n, one in enumerate(lines) if one.depth == depth), "")
        return self._marks[depth] or "> " * depth
