"""The places where the words of two wordings differ.

Each lies between words that both have: lines are matched first, and words only between them. Quoters leave out what
they do not answer, so that most of what only the changed mail has is no edit: a place with more words than the other
mail has there may be one at either end of it.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel

from forensics.relations.restoring.wordings import Wording

MOST_COMPARED = 30_000_000
"""Lines of one side times those of the other, and words between two lines that both have: 10 ms and as many MB."""
MOST_WORDS = 80
"""Of one place, on either side."""
BY_CHANCE = 2
"""Words in a row that two other texts may share."""


class Place(NamedTuple):
    """Words that only one side has, by their numbers; none where the first is the last."""

    first: int
    """Of the changed text, as ``last``: the first after them."""
    last: int
    other_first: int
    other_last: int
    broad: bool = False
    """Whether there are several places inside it."""

    def moved(self, block: "Place") -> "Place":
        """Return a place inside a block as one of the whole."""
        first, other = block.first, block.other_first
        return Place(self.first + first, self.last + first, self.other_first + other, self.other_last + other)


class _Line(NamedTuple):
    """A line with words: what it says, and the numbers of its words."""

    said: tuple[str, ...]
    first: int
    last: int


def places_of(changed: Wording, other: Wording) -> Iterator[Place] | None:
    """Return the places in their order, some of them inside others; None where too much is to be compared."""
    if len(changed.lines) * len(other.lines) > MOST_COMPARED:
        return None
    blocks = list(_blocks(changed, other))
    if any((one.last - one.first) * (one.other_last - one.other_first) > MOST_COMPARED for one in blocks):
        return None
    return (
        place
        for block in blocks
        for whole in _of_block(block, changed, other)
        for place in _narrowed(whole, changed, other)
    )


def _of_block(block: Place, changed: Wording, other: Wording) -> Iterator[Place]:
    inner = list(_places(block, changed, other))
    yield from _with_joined(inner)
    if len(inner) > 1:
        yield block._replace(broad=True)


def _blocks(changed: Wording, other: Wording) -> Iterator[Place]:
    """Yield what lies between lines that both have."""
    one, two = _lines(changed), _lines(other)
    at = other_at = 0
    for edit in Indel.opcodes([line.said for line in one], [line.said for line in two]):
        if edit.tag == "equal":
            first, other_first = one[edit.src_start].first, two[edit.dest_start].first
            if at < first or other_at < other_first:
                yield Place(at, first, other_at, other_first)
            at, other_at = one[edit.src_end - 1].last, two[edit.dest_end - 1].last
    if at < len(changed.words) or other_at < len(other.words):
        yield Place(at, len(changed.words), other_at, len(other.words))


def _lines(side: Wording) -> list[_Line]:
    """Return the lines that have words, with the numbers of these."""
    found: list[_Line] = []
    for _, words in groupby(enumerate(side.words), lambda one: one[1].line):
        numbers, said = zip(*words, strict=True)
        found.append(_Line(tuple([word.said for word in said]), numbers[0], numbers[-1] + 1))
    return found


def _places(block: Place, changed: Wording, other: Wording) -> Iterator[Place]:
    """Yield what is replaced, inserted and deleted in a block; what touches as one."""
    one = [word.said for word in changed.words[block.first : block.last]]
    two = [word.said for word in other.words[block.other_first : block.other_last]]
    held: Place | None = None
    for edit in Indel.opcodes(one, two):
        if edit.tag != "equal":
            begin, start = (held.first, held.other_first) if held else (edit.src_start, edit.dest_start)
            held = Place(begin, edit.src_end, start, edit.dest_end)
        elif held:
            yield held.moved(block)
            held = None
    if held:
        yield held.moved(block)


def _with_joined(places: list[Place]) -> Iterator[Place]:
    """Yield places, those first as one that words between them part which both texts have by chance."""
    first = 0
    for number, place in enumerate(places):
        if number + 1 == len(places) or places[number + 1].first - place.last > BY_CHANCE:
            if first < number:
                yield Place(places[first].first, place.last, places[first].other_first, place.other_last)
            yield from places[first : number + 1]
            first = number + 1


def _narrowed(place: Place, changed: Wording, other: Wording) -> Iterator[Place]:
    """Yield a place, moved to where a line begins if it can be, and its ends where words were left out beside it."""
    here, there = place.last - place.first, place.other_last - place.other_first
    if max(here, there) <= MOST_WORDS:
        yield _at_line(place, changed, other)
    at_end = place.other_first == 0 or place.other_last == len(other.words)
    if here and 0 < there <= MOST_WORDS and (there < here or at_end):
        for size in (there, 0) if there < here else (0,):
            yield place._replace(last=place.first + size)
            yield place._replace(first=place.last - size)


def _at_line(place: Place, changed: Wording, other: Wording) -> Place:
    """Move what only one side has back to where its line begins: ``a b [c d a b] e`` may be ``[a b c d] a b e``."""
    side, begin, end = changed, place.first, place.last
    if begin == end:
        side, begin, end = other, place.other_first, place.other_last
    elif place.other_first != place.other_last:
        return place
    words = side.words
    for back in range(min(end - begin, begin, place.first, place.other_first) + 1):
        if back and words[begin - back].said != words[end - back].said:
            break
        if begin == back or words[begin - back - 1].line != words[begin - back].line:
            first, last, other_first, other_last, broad = place
            return Place(first - back, last - back, other_first - back, other_last - back, broad)
    return place
