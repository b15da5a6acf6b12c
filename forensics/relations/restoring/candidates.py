"""Which edits are undone together, one alone first: what is tried is few, since a hash decides on each."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from forensics.parsers.mail.texts import letters_of
from forensics.relations.restoring.edits import Edit

TOGETHER = 5
"""Edits of which all combinations are tried."""
WAYS = 2
"""Of each, where several are undone."""

Chosen = tuple[tuple[Edit, str], ...]
"""Edits with what is put in their places."""


def candidates(edits: Sequence[Edit]) -> Iterator[Chosen]:
    """Yield what may have been there: each edit undone alone, all together, some of the first, then broad ones."""
    ordered = sorted([edit for edit in edits if not edit.broad], key=is_of_form)
    yield from _alone(ordered)
    apart: list[Edit] = []
    for edit in ordered:
        if edit.ways and all(edit.end <= one.start or one.end <= edit.start for one in apart):
            apart.append(edit)
    if len(apart) > TOGETHER:
        yield from _together(apart)
    for size in range(min(len(apart), TOGETHER), 1, -1):
        for some in combinations(apart[:TOGETHER], size):
            yield from _together(some)
    yield from _alone([edit for edit in edits if edit.broad])


def is_of_form(edit: Edit) -> bool:
    """Whether both wordings have the same letters, and only signs and spaces differ."""
    return letters_of(edit.archived) == letters_of(edit.restored)


def _alone(edits: Sequence[Edit]) -> Iterator[Chosen]:
    for edit in edits:
        for way in edit.ways:
            yield ((edit, way),)


def _together(edits: Sequence[Edit]) -> Iterator[Chosen]:
    for number in range(max([min(len(edit.ways), WAYS) for edit in edits])):
        yield tuple([(edit, edit.ways[min(number, len(edit.ways) - 1)]) for edit in edits])
