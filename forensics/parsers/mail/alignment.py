"""Two texts word by word: the runs of words that both have, and what stands between them.

Texts of any length are compared in windows, for the cost of one window grows with its square.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

WINDOW = 10_000
"""Words of each text that are compared at once."""
ANCHOR = 20
"""Common words in a row behind which the next window begins."""
CONTEXT = 3
"""Common words in a row that hold two texts together."""


class Run(NamedTuple):
    """Words that both texts have: where in the one, where in the other, and how many."""

    one: int
    other: int
    size: int


class Edit(NamedTuple):
    """What differs between two long runs, or a long run and an end: in each text from where to where.

    Attributes:
        only_one: words there that the other text does not have, in order.
        only_other: the same of the other text.
    """

    one: tuple[int, int]
    other: tuple[int, int]
    only_one: list[int]
    only_other: list[int]


def common(one: Sequence[str], other: Sequence[str]) -> tuple[list[Run], bool]:
    """Return the runs of common words in order, and whether both texts were compared to their ends."""
    if one == other:
        return [Run(0, 0, len(one))], True
    from rapidfuzz.distance import Levenshtein  # loaded for texts that differ only

    runs: list[Run] = []
    at = to = 0
    while at < len(one) and to < len(other):
        found = [
            Run(at + run.src_start, to + run.dest_start, run.src_end - run.src_start)
            for run in Levenshtein.opcodes(one[at : at + WINDOW], other[to : to + WINDOW])
            if run.tag == "equal"
        ]
        if at + WINDOW >= len(one) and to + WINDOW >= len(other):
            return runs + found, True
        while found and found[-1].size < ANCHOR:
            found.pop()  # words at the end of a window have their partners outside
        runs += found
        if not found or found[-1].one + found[-1].other + 2 * found[-1].size < at + to + WINDOW // 2:
            return runs, False
        at, to = found[-1].one + found[-1].size, found[-1].other + found[-1].size
    return runs, True


def ends(runs: Sequence[Run]) -> tuple[int, int]:
    """Return how many words of each text were compared where the comparison ended early."""
    return (runs[-1].one + runs[-1].size, runs[-1].other + runs[-1].size) if runs else (0, 0)


def edits(runs: Sequence[Run], one: int, other: int) -> Iterator[Edit]:
    """Yield what differs, neighbouring differences with fewer than `CONTEXT` common words between them as one edit.

    Args:
        runs: of common words, in order.
        one: how many words the one text has.
        other: how many the other has.
    """
    if not any(run.size >= CONTEXT for run in runs):
        return
    start = last = Run(0, 0, 0)
    only_one: list[int] = []
    only_other: list[int] = []
    for run in (*runs, Run(one, other, 0)):
        only_one += range(last.one + last.size, run.one)
        only_other += range(last.other + last.size, run.other)
        last = run
        if run.size >= CONTEXT or (run.one, run.other) == (one, other):
            if only_one or only_other:
                spans = (start.one + start.size, run.one), (start.other + start.size, run.other)
                yield Edit(*spans, only_one, only_other)
            start, only_one, only_other = run, [], []
