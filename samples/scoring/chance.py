"""Exact small-sample statistics: bounds of a share, and whether one share is larger than another."""

from math import comb

from forensics.stages.grading.bounds import upper_bound

ALPHA = 0.05


def per_thousand(hits: int, n: int) -> float:
    """Return a share of 1,000; 0 of nothing."""
    return round(1000 * hits / n, 2) if n else 0.0


def bound_per_thousand(hits: int, n: int) -> float:
    """Return the one-sided upper 95 % bound (Clopper-Pearson) of a share of 1,000."""
    return round(1000 * upper_bound(hits, n), 2) if n else 1000.0


def larger(hits: int, n: int, other_hits: int, other_n: int) -> float:
    """Return how likely so many of the hits, or more, fall on the first group by chance (Fisher, one-sided)."""
    whole, found = n + other_n, hits + other_hits
    ways = sum(comb(n, k) * comb(other_n, found - k) for k in range(hits, min(n, found) + 1))
    return ways / comb(whole, found)


def more_only(first: int, second: int) -> float:
    """Return how likely so many of the differing pairs, or more, differ the first way (exact, one-sided)."""
    n = first + second
    return float(sum(comb(n, k) for k in range(first, n + 1)) / 2**n)
