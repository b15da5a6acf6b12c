"""Exact binomial confidence bounds (Clopper-Pearson, one-sided), without a numerical library.

The bound solves ``I_p(a, b) = level`` for the regularised incomplete beta function, by bisection. ``I`` comes from its
continued fraction, which converges in about ``sqrt(max(a, b))`` terms.

Source: Clopper and Pearson, Biometrika 26 (1934) 404; DLMF 8.17.22 (continued fraction), evaluated by Lentz's method.
"""

from functools import lru_cache
from math import exp, expm1, lgamma, log, log1p

CONFIDENCE = 0.95
_TINY = 1e-300
_PRECISION = 1e-15


@lru_cache(maxsize=65536)
def upper_bound(hits: int, n: int) -> float:
    """Return the one-sided upper 95 % bound of a share.

    Args:
        hits: how many of *n* showed it.
        n: at least 1.
    """
    if hits >= n:
        return 1.0
    if hits == 0:
        # Closed form: (1 - p)^n = 0.05.
        return -expm1(log(1 - CONFIDENCE) / n)
    return _quantile(CONFIDENCE, hits + 1, n - hits)


@lru_cache(maxsize=65536)
def lower_bound(hits: int, n: int) -> float:
    """Return the one-sided lower 95 % bound of a share; 0 for no hits."""
    if hits <= 0:
        return 0.0
    return _quantile(1 - CONFIDENCE, hits, n - hits + 1)


def _quantile(level: float, a: int, b: int) -> float:
    low, high = 0.0, 1.0
    while high - low > _PRECISION * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if incomplete_beta(middle, a, b) < level:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function ``I_x(a, b)`` for ``0 <= x <= 1`` and positive *a*, *b*."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    # The fraction converges fast on one side of the mean only; the other side is its mirror image.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 100_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = _inverse(1 + even * d)
        c = 1 + even / c
        value *= d * (c or _TINY)
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = _inverse(1 + odd * d)
        c = 1 + odd / (c or _TINY)
        change = d * (c or _TINY)
        value *= change
        if abs(change - 1) < _PRECISION:
            break
    return value


def _inverse(value: float) -> float:
    return 1 / (value or _TINY)
