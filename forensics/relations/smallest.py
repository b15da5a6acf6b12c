"""The fewest readings that must be wrong so that all others agree: smallest vertex covers of a graph of conflicts.

Each conflict is a pair of clock readings that cannot both be right. Up to `MOST` readings every smallest set is
counted; where a component has more, whoever contradicts two readings that contradict nobody else is in every smallest
set, which solves the usual large one: one wrong Date, and everybody who answered it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

MOST = 20
"""Readings up to which a component is solved exactly."""


class Solved(msgspec.Struct, frozen=True, kw_only=True):
    """One component of a graph of conflicts."""

    readings: frozenset[int]
    """All that contradict another."""
    least: int
    """How many must be wrong: exactly, or at least so many."""
    exact: bool
    """Whether all smallest sets are known."""
    always: frozenset[int]
    """In every smallest set."""
    never: frozenset[int]
    """In none of them; empty unless ``exact``."""
    sets: int
    """How many smallest sets there are; 0 unless ``exact``."""


def solve(conflicts: Collection[tuple[int, int]]) -> list[Solved]:
    """Solve each component of a graph; components in the order of their smallest readings.

    Args:
        conflicts: pairs of different readings; the order of a pair says nothing.
    """
    beside: dict[int, set[int]] = {}
    for one, other in conflicts:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    return [_solved({one: beside[one] for one in component}) for component in _components(beside)]


def _components(beside: Mapping[int, set[int]]) -> Iterator[list[int]]:
    seen: set[int] = set()
    for start in sorted(beside):
        if start in seen:
            continue
        seen.add(start)
        component = [start]
        for one in component:
            fresh = beside[one] - seen
            seen |= fresh
            component += sorted(fresh)
        yield component


def _solved(beside: Mapping[int, set[int]]) -> Solved:
    """Solve one component: first what two witnesses of their own settle, then the rest, if it is small."""
    left = {one: set(others) for one, others in beside.items()}
    always: set[int] = set()
    while (sure := _sure(left)) is not None:
        always.add(sure)
        for other in left.pop(sure):
            left[other].discard(sure)
        left = {one: others for one, others in left.items() if others}
    everyone = frozenset(beside)
    if len(left) > MOST:
        least = len(always) + _matching(left)
        return Solved(readings=everyone, least=least, exact=False, always=frozenset(always), never=frozenset(), sets=0)
    covers = _smallest(left)
    every = frozenset.intersection(*covers) | always
    return Solved(
        readings=everyone,
        least=len(always) + len(covers[0]),
        exact=True,
        always=every,
        never=everyone - always - frozenset.union(*covers),
        sets=len(covers),
    )


def _sure(left: Mapping[int, set[int]]) -> int | None:
    """Return a reading that two others contradict which contradict nobody else: leaving it in would cost two."""
    for one, others in left.items():
        if sum([len(left[other]) == 1 for other in others]) > 1:
            return one
    return None


def _matching(left: Mapping[int, set[int]]) -> int:
    """Return the size of a set of conflicts without a common reading: so many must be wrong at least."""
    taken: set[int] = set()
    pairs = 0
    for one, others in left.items():
        if (
            one not in taken
            and (other := next((other for other in sorted(others) if other not in taken), None)) is not None
        ):
            taken |= {one, other}
            pairs += 1
    return pairs


def _smallest(left: Mapping[int, set[int]]) -> Sequence[frozenset[int]]:
    """Return all smallest covers of a graph of at most `MOST` readings."""
    size = _matching(left)
    while not (covers := set(_covers(left, frozenset(), size))):
        size += 1
    return sorted(covers, key=sorted)


def _covers(left: Mapping[int, set[int]], chosen: frozenset[int], size: int) -> Iterator[frozenset[int]]:
    """Yield the covers of at most *size* readings, *chosen* among them."""
    open_ = max(left, key=lambda one: len(left[one] - chosen) if one not in chosen else -1, default=None)
    if open_ is None or open_ in chosen or not (others := left[open_] - chosen):
        yield chosen
        return
    if len(chosen) < size:
        yield from _covers(left, chosen | {open_}, size)
    if len(chosen) + len(others) <= size:
        yield from _covers(left, chosen | others, size)
