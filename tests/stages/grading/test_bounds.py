from fractions import Fraction
from math import comb

import pytest

from forensics.stages.grading.bounds import incomplete_beta, lower_bound, upper_bound


def at_most(hits: int, n: int, share: Fraction) -> Fraction:
    return sum((comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(hits + 1)), Fraction(0))


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 10), (5, 20), (19, 20), (3, 300), (50, 100), (250, 300)])
def test_bounds_solve_the_exact_binomial_equation(hits: int, n: int) -> None:
    assert float(at_most(hits, n, Fraction(upper_bound(hits, n)))) == pytest.approx(0.05, rel=1e-10)
    if hits:
        at_least = 1 - at_most(hits - 1, n, Fraction(lower_bound(hits, n)))
        assert float(at_least) == pytest.approx(0.05, rel=1e-10)


@pytest.mark.parametrize(
    ("hits", "n", "bound"),
    [
        (0, 3000, 0.000998079),  # 1 - 0.05^(1/3000)
        (0, 299, 0.00996915),
        (2, 116_902, 5.38543e-5),  # chi2(0.95, 6) / 2 / n = 6.29579 / 116902
        (0, 33_541, 8.93115e-5),
        (1, 10, 0.394163),
    ],
)
def test_upper_bound_of_known_counts(hits: int, n: int, bound: float) -> None:
    assert upper_bound(hits, n) == pytest.approx(bound, rel=1e-5)


def test_lower_bound_of_known_counts() -> None:
    assert lower_bound(5, 20) == pytest.approx(0.104081, rel=1e-5)
    assert lower_bound(20, 20) == pytest.approx(0.05 ** (1 / 20), rel=1e-12)


def test_ends() -> None:
    assert lower_bound(0, 10) == 0.0
    assert upper_bound(10, 10) == 1.0
    assert incomplete_beta(0.0, 2, 3) == 0.0
    assert incomplete_beta(1.0, 2, 3) == 1.0


def test_incomplete_beta_of_small_integers() -> None:
    # I_x(2, 3) = x^2 (6 - 8 x + 3 x^2)
    for x in (0.1, 0.5, 0.9):
        assert incomplete_beta(x, 2, 3) == pytest.approx(x * x * (6 - 8 * x + 3 * x * x), rel=1e-13)


def test_large_counts() -> None:
    assert upper_bound(50_000, 1_000_000) == pytest.approx(0.05036, rel=1e-4)
    assert lower_bound(3_000, 1_000_000) == pytest.approx(0.00291061, rel=1e-5)
