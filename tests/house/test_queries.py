"""Every query of a rule or explainer is constant, ordered, and runs on empty tables."""

import re
from pathlib import Path

import pytest

import forensics.checks
from forensics.casestore import CaseFolder, Queries
from forensics.model.case import CaseInfo
from forensics.model.presence.message import MessageHas
from forensics.model.rules import Context

CASE_RULES = [name for name in forensics.checks.RULES if name.startswith("case.")]


@pytest.fixture
def queries(tmp_path: Path):
    folder = CaseFolder.create(tmp_path / "case", CaseInfo(as_of="2020-01-01T00:00:00Z"))
    with Queries(folder) as found:
        yield found


@pytest.mark.parametrize("name", CASE_RULES)
def test_rule_query_runs_on_empty_tables(name: str, queries: Queries) -> None:
    rule = forensics.checks.load(name)
    context = Context(as_of=0)
    assert "ORDER BY" in rule.QUERY
    rows = list(queries.rows(rule.QUERY, {"as_of": context.as_of}, rule.Row))
    assert rows == []
    assert list(rule.check(rows, context)) == []


@pytest.mark.parametrize("name", forensics.checks.EXPLAINERS)
def test_explainer_query_runs_on_empty_tables(name: str, queries: Queries) -> None:
    explainer = forensics.checks.load_explainer(name)
    assert "ORDER BY" in explainer.QUERY
    rows = list(queries.rows(explainer.QUERY, {"as_of": 0}, explainer.Row))
    assert list(explainer.explain(rows, [], Context(as_of=0))) == []


MASKS = {
    "case.body_hash": MessageHas.SIGNATURE
    | MessageHas.MULTIPART
    | MessageHas.NON_ASCII
    | MessageHas.ATTACHMENT
    | MessageHas.HTML,
    "case.header_signature": MessageHas.SIGNATURE,
    "case.quoted_recipients": MessageHas.LIST | MessageHas.HEADER,
    "case.reply_recipients": MessageHas.LIST | MessageHas.HEADER,
    "case.stated_file_differs": MessageHas.STATES_FILE,
    "case.store_touched": MessageHas.STORED_TIMES | MessageHas.MODIFIER,
}
"""Presence bits that a query writes as numbers, since SQL knows no names for them."""


@pytest.mark.parametrize("name", CASE_RULES)
def test_the_numbers_of_presence_bits_in_a_query_are_those_meant(name: str) -> None:
    written = 0
    for expression in re.findall(r"mask & \(?([0-9 |]+)", forensics.checks.load(name).QUERY):
        for number in expression.split("|"):
            written |= int(number)
    assert written == int(MASKS.get(name, 0))
