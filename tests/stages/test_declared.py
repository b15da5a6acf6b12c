"""Every table that a query of a stage names is one that the stage says it reads, and earlier stages write those."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from forensics import ScanOptions, checks, scan
from forensics.casestore import CaseFolder, Queries, _flat
from forensics.casestore._selects import VIEWS
from forensics.model.rows import BY_READERS, TABLES
from forensics.stages import STAGES
from forensics.stages.stage import Settings, Tables, load

pytestmark = pytest.mark.usefixtures("in_process")

LEAK = Path(__file__).parents[1] / "kept" / "format_1" / "leak"
MADE_OF = {
    **VIEWS,
    **{f"flat.{table}": query for table, query in _flat._TABLES.items()},
    **dict.fromkeys(("flat.numbered", "flat.shown"), "SELECT * FROM messages"),
    "flat.organizations": _flat._NAMES,
    "flat.judged": _flat._JUDGED,
}
"""Queries of what stands before tables."""


@cache
def named(sql: str) -> frozenset[str]:
    """Return the tables that a query names, those behind views in their place."""
    with duckdb.connect() as connection:
        (parsed,) = connection.execute("SELECT json_serialize_sql($1)", [sql]).fetchall()[0]
    found, own = set(), set()
    left: list[Any] = [json.loads(parsed)]
    assert not left[0]["error"], sql
    while left:
        node = left.pop()
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                found.add(".".join([part for part in (node["schema_name"], node["table_name"]) if part]))
            own |= {entry["key"] for entry in node.get("cte_map", {}).get("map", ())}
            left += node.values()
        elif isinstance(node, list):
            left += node
    return frozenset().union(*[named(MADE_OF[name]) if name in MADE_OF else {name} for name in found - own])


@pytest.mark.parametrize("name", [name for name in checks.RULES if name.startswith("case.")])
def test_tables_of_a_rule(name: str) -> None:
    assert named(checks.load(name).QUERY) <= set(load("observe").READS)


@pytest.mark.parametrize("name", checks.EXPLAINERS)
def test_tables_of_an_explainer(name: str) -> None:
    assert named(checks.load_explainer(name).QUERY) <= set(load("explain").READS)


def test_tables_of_every_stage(tmp_path: Path) -> None:
    scan([LEAK], tmp_path / "case", ScanOptions(jobs=1, as_of="2017-06-01"))
    with Queries(CaseFolder.open(tmp_path / "case")) as queries:
        for name in STAGES:
            asked: list[str] = []

            def rows(
                sql: str, parameters: Mapping[str, object], kind: type[Any], /, to: list[str] = asked
            ) -> Iterator[Any]:
                to.append(sql)
                return queries.rows(sql, parameters, kind)

            written: set[str] = set()
            load(name).run(Tables(rows), Settings(as_of=1, leave_out=()), lambda table, row, to=written: to.add(table))
            assert written <= set(load(name).WRITES)
            assert asked
            assert {table for sql in asked for table in named(sql)} <= set(load(name).READS), name


def test_a_stage_reads_what_the_sources_or_earlier_stages_gave() -> None:
    there = {"contents", "occurrences", "messages", "signatures", "signed_parts", "documents", "archives", "keys"}
    there |= {"archive_members", "observations", "notices", "quoted_mails", "originals", "signer_keys", "carried_keys"}
    for name in STAGES:
        stage = load(name)
        assert set(stage.READS) <= there, name
        assert set(stage.WRITES) <= set(TABLES)
        assert set(stage.TAKES) <= set(Settings.__struct_fields__)
        assert set(stage.ROWS_NEEDED) <= set(stage.READS)
        there |= set(stage.WRITES)
    assert there == set(TABLES) - BY_READERS


def written_by(name: str, queries: Queries) -> list[str]:
    """Run a stage and return the tables of the rows that it writes."""
    written: list[str] = []
    load(name).run(Tables(queries.rows), Settings(as_of=1, leave_out=()), lambda table, row: written.append(table))
    return written


def following(table: str) -> set[str]:
    """Return a table and those that have no rows where it has none, what is made together with it among them."""
    gone = {table}.union(*[stage.WRITES for stage in map(load, STAGES) if table in stage.WRITES])
    for stage in map(load, STAGES):
        gone |= set(stage.WRITES) if gone & stage.ROWS_NEEDED.keys() else set()
    return gone


def test_a_stage_without_the_rows_that_it_needs_writes_nothing(tmp_path: Path) -> None:
    scan([LEAK], tmp_path / "case", ScanOptions(jobs=1, as_of="2017-06-01"))
    writes = set()
    for name in STAGES:
        for table in load(name).ROWS_NEEDED:
            with Queries(CaseFolder.open(tmp_path / "case")) as queries:
                writes |= {name} if written_by(name, queries) else set()
            with Queries(CaseFolder.open(tmp_path / "case")) as queries:
                queries._files |= {gone: {} for gone in following(table)}
                assert not written_by(name, queries)
    assert {"repair", "grade", "label"} <= writes


@pytest.mark.parametrize("name", ["copy.eml", "files/packed.zip"])
def test_a_stage_that_compares_writes_nothing_of_one_item(name: str, tmp_path: Path) -> None:
    scan([LEAK / name], tmp_path / "case", ScanOptions(jobs=1, as_of="2017-06-01"))
    with Queries(CaseFolder.open(tmp_path / "case")) as queries:
        for stage in STAGES:
            if 2 in load(stage).ROWS_NEEDED.values():
                assert not written_by(stage, queries)
