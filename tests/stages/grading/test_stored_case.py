"""Every query of grading on the case store's own tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.casestore import CaseFolder, Queries
from forensics.model.case import CaseInfo
from forensics.stages.grading.clusters import FORMATS, TOTALS, FormatRow, TotalRow
from forensics.stages.grading.groups import GROUPS, GroupCount, ItemValue
from forensics.stages.grading.origin import CARRIED, DOCUMENTS, MESSAGES, OriginRow
from forensics.stages.power import rule_power


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    return CaseFolder.create(tmp_path / "case", CaseInfo(as_of="2026-01-01T00:00:00Z"))


@pytest.fixture
def queries(case: CaseFolder) -> Iterator[Queries]:
    with Queries(case) as opened:
        yield opened


@pytest.mark.parametrize("group", GROUPS)
def test_comparison_groups(queries: Queries, group: str) -> None:
    assert list(queries.rows(GROUPS[group].count, {"values": ["a", "b"]}, GroupCount)) == []
    assert list(queries.rows(GROUPS[group].of_items, {"items": ["a"]}, ItemValue)) == []


@pytest.mark.parametrize("query", [MESSAGES, DOCUMENTS, CARRIED])
def test_origins(queries: Queries, query: str) -> None:
    assert list(queries.rows(query, {"items": ["a"], "list": 2}, OriginRow)) == []


def test_coverage(queries: Queries) -> None:
    assert list(queries.rows(FORMATS, {"items": ["a"]}, FormatRow)) == []
    assert list(queries.rows(TOTALS, {}, TotalRow)) == []


def test_power(queries: Queries) -> None:
    assert {(power.powered, power.subjects) for power in rule_power(queries.rows)} == {(0, 0)}
