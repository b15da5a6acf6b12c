"""Every query of grading on the case store's own tables."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from forensics.casestore import CaseFolder, Queries, replace_tables
from forensics.checks import load
from forensics.examples.cases import Kind, context
from forensics.examples.files import location
from forensics.model.case import CaseInfo
from forensics.model.codec import encode, encode_text
from forensics.model.findings import ItemRef
from forensics.model.rows.observations import ObservationRow
from forensics.model.rules import Role, Subject, SubjectRef
from forensics.stages.grading.clusters import FORMATS, TOTALS, FormatRow, TotalRow
from forensics.stages.grading.grade import Grading, grade_case
from forensics.stages.grading.habits import GROUPS, GroupCount
from forensics.stages.grading.origin import CARRIED, DOCUMENTS, MESSAGES, OriginRow
from forensics.stages.power import rule_power


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    return CaseFolder.create(tmp_path / "case", CaseInfo(as_of="2026-01-01T00:00:00Z"))


@pytest.fixture
def queries(case: CaseFolder) -> Iterator[Queries]:
    with Queries(case) as opened:
        yield opened


@pytest.mark.parametrize(("group", "subject"), list(GROUPS))
def test_comparison_groups(queries: Queries, group: str, subject: Subject) -> None:
    parameters = {"needs": 1, "values": ["a", "b"]}
    assert list(queries.rows(GROUPS[group, subject], parameters, GroupCount)) == []


@pytest.mark.parametrize("query", [MESSAGES, DOCUMENTS, CARRIED])
def test_origins(queries: Queries, query: str) -> None:
    assert list(queries.rows(query, {"items": ["a"], "list": 2}, OriginRow)) == []


def test_coverage(queries: Queries) -> None:
    assert list(queries.rows(FORMATS, {"items": ["a"]}, FormatRow)) == []
    assert list(queries.rows(TOTALS, {}, TotalRow)) == []


def test_power(queries: Queries) -> None:
    assert {(power.powered, power.subjects) for power in rule_power(queries.rows)} == {(0, 0)}


def test_an_empty_case(queries: Queries) -> None:
    assert grade_case(queries.rows, context()) == Grading(findings=(), ranking=(), set_aside=(), notices=())


def test_a_stored_observation_becomes_a_finding(case: CaseFolder) -> None:
    rule = load("mail.date_weekday")
    fires = next(one for one in rule.cases() if one.kind is Kind.FIRES)
    (seen,) = rule.check(fires.subject, fires.context)
    subject = SubjectRef(role=Role.SUSPECT, sha256="a" * 64, location=location())
    row = ObservationRow(
        rule=rule.RULE.id,
        rule_version=rule.RULE.version,
        bin=seen.bin,
        sha256="a" * 64,
        location=encode_text(location()),
        cluster=seen.cluster,
        compare=seen.compare,
        observation=encode_text(msgspec.structs.replace(seen, subjects=(subject,))),
    )
    lines = case.tmp / "observations.ndjson"
    with case.lock():
        lines.write_bytes(encode(row) + b"\n")
        case.custody.append("case_tables", {}, replace_tables(case, {"observations": lines}))
    with Queries(case) as queries:
        grading = grade_case(queries.rows, context())
    assert [notice.text for notice in grading.notices] == []
    (stored,) = grading.findings
    assert stored.finding.item == ItemRef(sha256="a" * 64, location=location())
    assert stored.finding.reference is not None
    assert [line.findings for line in grading.ranking] == [(stored.finding.id,)]
