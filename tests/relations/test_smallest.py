"""The fewest wrong readings: against every subset, and at sizes where those cannot be tried."""

from itertools import combinations
from random import Random

import pytest

from forensics.relations.smallest import MOST, Solved, solve


def tried(conflicts: set[tuple[int, int]]) -> list[frozenset[int]]:
    """Return the smallest covers by trying every subset."""
    everyone = sorted({one for pair in conflicts for one in pair})
    for size in range(len(everyone) + 1):
        found = [frozenset(s) for s in combinations(everyone, size) if all(a in s or b in s for a, b in conflicts)]
        if found:
            return found
    raise AssertionError


def test_one_pair_does_not_tell_which() -> None:
    (found,) = solve([(1, 2)])
    assert found == Solved(
        readings=frozenset({1, 2}), least=1, exact=True, always=frozenset(), never=frozenset(), sets=2
    )


def test_two_witnesses_clear_each_other() -> None:
    (found,) = solve([(1, 2), (1, 3)])
    assert (found.always, found.never, found.sets) == ({1}, {2, 3}, 1)


def test_components_are_apart() -> None:
    first, second = solve([(7, 8), (1, 2), (1, 3)])
    assert first.readings == {1, 2, 3}
    assert second.readings == {7, 8}


def test_a_wrong_date_with_a_thousand_replies_is_solved() -> None:
    (found,) = solve([(0, other) for other in range(1, 1001)])
    assert (found.always, found.least, found.exact, found.sets) == ({0}, 1, True, 1)
    assert found.never == frozenset(range(1, 1001))


def test_of_a_large_knot_only_a_bound_is_known() -> None:
    ring = [(one, (one + 1) % 41) for one in range(41)]
    (found,) = solve(ring)
    assert (found.exact, found.sets, found.always, found.never) == (False, 0, frozenset(), frozenset())
    assert found.least <= 21


@pytest.mark.parametrize("seed", range(40))
def test_it_agrees_with_trying_everything(seed: int) -> None:
    rng = Random(seed)
    size = rng.randint(2, 9)
    conflicts = {pair for pair in combinations(range(size), 2) if rng.random() < rng.choice((0.15, 0.3, 0.6))}
    solved = solve(sorted(conflicts, key=lambda _: rng.random()))
    for found in solved:
        inside = {pair for pair in conflicts if pair[0] in found.readings}
        expected = tried(inside)
        assert found.exact
        assert found.sets == len(expected)
        assert found.least == len(expected[0])
        assert found.always == frozenset.intersection(*expected)
        assert found.never == found.readings - frozenset.union(*expected)


def test_the_most_that_is_solved_ends_soon() -> None:
    (found,) = solve(list(combinations(range(MOST), 2)))
    assert (found.least, found.sets) == (MOST - 1, MOST)
