"""Pools name bins that exist, each in one pool, and what has left a pool is not counted in it."""

import pytest

from forensics.checks import load
from forensics.knowledge import pools
from forensics.knowledge.rates import rates_of, shaped_on
from forensics.stages.grading.strength import measure

BINS = [(pool, bin_name) for pool in pools.pools() for bin_name in pools.members(pool)]


@pytest.mark.parametrize(("pool", "named"), BINS)
def test_a_member_is_a_bin_of_a_rule(pool: str, named: str) -> None:
    rule, _, name = named.partition(" ")
    assert name in {one.name for one in load(rule).RULE.bins}
    assert pools.pool_of(rule, name) == pool


def test_no_bin_is_in_two_pools() -> None:
    names = [bin_name for _, bin_name in BINS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("pool", pools.pools())
def test_a_pool_is_counted_in_rows_of_its_own(pool: str) -> None:
    rows = rates_of(pools.rows_id(pool), pools.VERSION)
    assert rows and {row.bin for row in rows} == {pools.BIN}


@pytest.mark.parametrize("pool", pools.pools())
def test_what_is_not_in_a_pool_is_a_bin_of_a_rule_and_no_member(pool: str) -> None:
    for named in (*pools.left(pool), *pools.own(pool)):
        rule, _, name = named.partition(" ")
        assert name in {one.name for one in load(rule).RULE.bins}
        assert named not in pools.members(pool)


@pytest.mark.parametrize("pool", pools.pools())
def test_a_bin_with_enough_files_of_its_own_is_in_no_pool(pool: str) -> None:
    def counted(named: str) -> int:
        rule, _, name = named.partition(" ")
        apart = shaped_on(rule, name)
        rows = rates_of(rule, load(rule).RULE.version)
        found = measure([row for row in rows if row.bin == name and row.corpus not in apart], "", "")
        return found.reference.n if found is not None else 0

    assert [named for named in pools.members(pool) if counted(named) >= pools.ENOUGH] == []
    assert [named for named in pools.own(pool) if counted(named) < pools.ENOUGH] == []
