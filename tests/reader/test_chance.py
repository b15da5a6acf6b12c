"""What chance allows: the exact tail, and when a month is marked."""

from math import comb

import pytest

from forensics.model.ledger import Mark
from forensics.reader.chance import ACTIVE_DAYS, SILENT_DAYS, at_least, marks, silence


@pytest.mark.parametrize(("k", "n", "p"), [(1, 10, 0.2), (7, 20, 0.18), (20, 20, 0.5), (40, 300, 0.06)])
def test_the_tail_is_the_sum_of_its_terms(k: int, n: int, p: float) -> None:
    terms = sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
    assert at_least(k, n, p) == pytest.approx(terms, rel=1e-9)


def test_what_must_be_so_is_certain() -> None:
    assert at_least(0, 10, 0.1) == at_least(10, 10, 1.0) == at_least(0, 0, 0.0) == 1.0
    assert at_least(1, 10, 0.0) == 0.0


def test_the_quieter_side_of_a_silence_counts_and_a_short_one_never() -> None:
    assert silence(10, 0.5, 0.9) == silence(10, 0.9, 0.5) == pytest.approx(0.5**10)
    assert silence(SILENT_DAYS - 1, 1.0, 1.0) == 1.0
    assert silence(SILENT_DAYS, 1.0, 1.0) == 0.0
    assert ACTIVE_DAYS > 1


def judged(
    threads: tuple[int, int, float] = (0, 0, 0.2),
    numbers: tuple[int, int, float] | None = None,
    silences: tuple[float, int] = (1.0, 1),
    tests: int = 1,
) -> tuple[Mark, ...]:
    return marks(tests=tests, threads=threads, numbers=numbers, silences=silences)


def test_a_month_is_marked_only_beyond_what_all_months_together_allow() -> None:
    assert judged(threads=(9, 12, 0.2)) == (Mark.MISSING,)
    assert judged(threads=(9, 12, 0.2), tests=100) == ()
    assert judged(threads=(9, 12, 0.6)) == ()


def test_a_few_numbers_that_are_left_out_are_nothing() -> None:
    assert judged(numbers=(3, 300, 0.0)) == ()
    assert judged(numbers=(30, 300, 0.0)) == (Mark.NUMBERS,)
    assert judged(numbers=(30, 300, 0.1)) == ()
    assert judged(numbers=None) == ()


def test_a_silence_is_held_against_all_days_on_which_one_could_begin() -> None:
    assert judged(silences=(1e-6, 10)) == (Mark.SILENCE,)
    assert judged(silences=(1e-6, 1000)) == ()
