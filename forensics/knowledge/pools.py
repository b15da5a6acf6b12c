"""Pools: bins of several rules that rest on one ground and are counted together, over all formats.

The counts of a pool stand in ``counts/pool.NAME.csv``, in rows like those of a rule at version 1 with the bin ``any``.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from forensics.knowledge.rates import RateRow

VERSION, BIN = 1, "any"
LEAST = 100
"""Powered files of its own below which a bin takes no rate of a pool."""
ENOUGH = 2_995
"""Powered files of its own from which a bin stands by these alone: as many without a hit make it moderate."""
WORSE = 3
"""A bin whose share of hits is more than so many times the pool's has left it."""


@cache
def _table(key: str) -> dict[str, tuple[str, ...]]:
    text = resources.files(__package__).joinpath("pools.toml").read_text(encoding="utf-8")
    return {name: tuple(bins) for name, bins in tomllib.loads(text)[key].items()}


def pools() -> tuple[str, ...]:
    """Return the names of the pools."""
    return tuple(_table("pools"))


def members(name: str) -> tuple[str, ...]:
    """Return the bins of a pool, each ``rule bin``."""
    return _table("pools")[name]


def left(name: str) -> tuple[str, ...]:
    """Return the bins that rest on the ground of a pool and were too much worse to stay in it."""
    return _table("left").get(name, ())


def own(name: str) -> tuple[str, ...]:
    """Return the bins that rest on the ground of a pool and have `ENOUGH` files of their own."""
    return _table("own").get(name, ())


@cache
def pool_of(rule: str, bin_name: str) -> str:
    """Return the pool of a bin; empty if it is in none."""
    return next((name for name, bins in _table("pools").items() if f"{rule} {bin_name}" in bins), "")


def rows_id(name: str) -> str:
    """Return the id under which the counts of a pool are kept, in the place of a rule's."""
    return f"pool.{name}"


def stays(hits: int, n: int, pool_rows: Sequence[RateRow]) -> bool:
    """Whether a bin with so many hits of so many powered files belongs to its pool."""
    pool_hits, pool_n = sum([row.hits for row in pool_rows]), sum([row.n for row in pool_rows])
    return n >= LEAST and hits * pool_n <= WORSE * pool_hits * n
