"""``views.sql`` of a case that was scanned once, read by plain DuckDB: no code of ours between the reader and it."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from forensics import ScanOptions, findings, mark, rank, scan
from forensics.model.rows import BY_READERS, TABLES

pytestmark = pytest.mark.usefixtures("in_process")

KEPT = Path(__file__).parents[1] / "kept" / "format_1" / "leak"
ODD = """it's "odd" \\ [x].eml"""


def opened(case: Path, monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
    monkeypatch.chdir(case)
    connection = duckdb.connect(
        ":memory:", config={"autoload_known_extensions": "false", "autoinstall_known_extensions": "false"}
    )
    connection.execute((case / "views.sql").read_text())
    return connection


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scanned")
    for file in KEPT.rglob("*"):
        if file.is_file():
            target = folder / "leak" / file.relative_to(KEPT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    (folder / "leak" / ODD).write_bytes((KEPT / "future.eml").read_bytes().replace(b"Future", b"Future too"))
    scan([folder / "leak"], folder / "case", ScanOptions(jobs=1, as_of="2017-06-01"))
    return folder / "case"


@pytest.fixture
def reader(scanned: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(scanned, monkeypatch) as connection:
        yield connection


def rows(reader: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = reader.execute(sql)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


VIEWS = [*(table for table in TABLES if table not in BY_READERS), "timestamps", "parties", "places", "hops", "items"]
EMPTY = (
    *("keys", "verdicts", "chains", "repairs", "signed_parts", "originals", "counterparts"),
    *("signer_keys", "carried_keys", "signer_verdicts"),
    *(
        "quoted_mails",
        "quotes",
        "copies",
        "copy_claims",
        "document_copies",
        "lineage",
        "restored",
        "ghosts",
        "wrong_times",
    ),
)
"""Empty where no key or reference is at hand, no author signs, and no mail quotes, names or copies another."""


def test_every_view_can_be_read(reader: duckdb.DuckDBPyConnection) -> None:
    for view in VIEWS:
        assert rows(reader, f"SELECT * FROM {view}") or view in EMPTY, view


def test_what_readers_note_has_a_view_that_never_stays_empty(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view that was written before the first mark would hide every later one."""
    shutil.copytree(scanned.parent, tmp_path / "home")
    case = tmp_path / "home" / "case"
    with opened(case, monkeypatch) as connection, pytest.raises(duckdb.CatalogException):
        rows(connection, "SELECT * FROM marks")
    mark(case, 1, "keep", by="Ann")
    scan([tmp_path / "home" / "leak"], case, ScanOptions(jobs=1))
    mark(case, 1, "question", by="Bob")
    with opened(case, monkeypatch) as connection:
        assert [row["author"] for row in rows(connection, "SELECT * FROM marks ORDER BY act")] == ["Ann", "Bob"]


def test_findings_can_be_read_by_a_person(reader: duckdb.DuckDBPyConnection, scanned: Path) -> None:
    found = rows(reader, "SELECT * FROM findings")
    expected = list(findings(scanned))
    assert [row["id"] for row in found] == [finding.id for finding in expected]
    for row, finding in zip(found, expected, strict=True):
        assert row["location"] == finding.item.location.text
        for field in ("rule", "rule_version", "strength", "statement", "proposition", "bin", "rate"):
            assert row[field] == getattr(finding, field)
        reference = finding.reference
        assert (row["hits"], row["n"]) == ((reference.hits, reference.n) if reference else (None, None))
        assert json.loads(row["stored"])["finding"]["id"] == finding.id
    (future,) = [row for row in found if (row["rule"], row["subject"]) == ("mail.date_after_as_of", "Future")]
    assert (future["path"], future["source"]) == ("future.eml", "leak")
    assert (future["dated_utc"], future["dated_wall"]) == (datetime(2018, 3, 12, 9, 20), datetime(2018, 3, 12, 10, 20))  # noqa: DTZ001
    (packed,) = [row for row in found if row["rule"] == "document.date_after_as_of"]
    assert (packed["path"], packed["location"]) == ("files/packed.zip", "files/packed.zip > ../offer.docx")
    assert packed["dated_utc"] == datetime(2017, 9, 1, 9, 30)  # noqa: DTZ001


def test_the_ranking_can_be_read_by_a_person(reader: duckdb.DuckDBPyConnection, scanned: Path) -> None:
    found = rows(reader, "SELECT * FROM ranking")
    expected = list(rank(scanned))
    assert [row["rank"] for row in found] == [line.rank for line in expected]
    for row, line in zip(found, expected, strict=True):
        assert (row["strength"], row["score"]) == (line.strength, line.score)
        assert row["reasons"] == " ".join(line.reasons)
        assert row["findings"] == list(line.findings)
        assert row["propositions"] == ", ".join(line.propositions)
        if line.item is None:
            assert line.cluster is not None
            assert (row["location"], row["cluster"]) == (None, line.cluster.value)
            assert row["items"] == [member.sha256 for member in line.cluster.members]
        else:
            assert (row["location"], row["items"]) == (line.item.location.text, [line.item.sha256])
    assert any(row["path"] == ODD.replace("%", "%25") for row in found), "a name that JSON and SQL would escape"


def test_what_was_set_aside(reader: duckdb.DuckDBPyConnection) -> None:
    (row,) = [row for row in rows(reader, "SELECT * FROM set_aside") if row["rule"] == "mail.offset_unknown"]
    assert (row["reason"], row["count"], len(row["items"][0])) == ("timezone_misconfigured", 1, 64)


@pytest.mark.parametrize(
    ("view", "column", "instant"),
    [
        ("messages", "date_utc", "date.instant"),
        ("messages", "arrived_utc", "arrived"),
        ("documents", "created_utc", "created.instant"),
        ("documents", "modified_utc", "modified.instant"),
        ("timestamps", "instant_utc", "instant"),
        ("timestamps", "wall_time", "wall"),
        ("hops", "instant_utc", "instant"),
        ("signatures", "time_utc", "time * 10000000"),
        ("signatures", "expiration_utc", "expiration * 10000000"),
    ],
)
def test_timestamps(reader: duckdb.DuckDBPyConnection, view: str, column: str, instant: str) -> None:
    found = reader.execute(
        f"SELECT typeof({column}), epoch_us({column}), CAST({instant} AS BIGINT) FROM {view}"
    ).fetchall()
    assert found
    assert {kind for kind, _, _ in found} == {"TIMESTAMP"}
    assert [us for _, us, _ in found] == [ticks if ticks is None else ticks // 10 for _, _, ticks in found]


def test_a_case_without_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "leak").mkdir()
    scan([tmp_path / "leak"], tmp_path / "case")
    with opened(tmp_path / "case", monkeypatch) as connection:
        for view in VIEWS:
            assert rows(connection, f"SELECT * FROM {view}") == [], view


def test_cluster_lines_of_a_ranking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instants before 1970 are rounded down; a finding whose item is nowhere still has its line."""
    from forensics.casestore import CaseFolder, write_unit, write_views
    from forensics.model.case import CaseInfo
    from forensics.model.codec import encode, encode_text
    from forensics.model.findings import Cluster, ItemRef, Ranked
    from forensics.model.locations import Location
    from forensics.model.rows.ranking import RankRow

    members = tuple([ItemRef(sha256=digest * 64, location=Location(())) for digest in "ab"])
    line = Ranked(
        rank=1,
        score=2.0,
        strength="weak",
        item=None,
        cluster=Cluster(rule="case.batch_touch", value="it's", members=members),
        propositions=(),
        findings=(),
        reasons=("One. ", "Two."),
        supported_by=(),
    )
    folder = CaseFolder.create(tmp_path / "case", CaseInfo(as_of=""))
    (folder.tmp / "r").write_bytes(
        encode(RankRow(rank=1, strength="weak", score=2.0, ranked=encode_text(line))) + b"\n"
    )
    folder.custody.append("stage", {}, write_unit(folder, "grade", {"ranking": folder.tmp / "r"}))
    write_views(folder)
    with opened(folder.path, monkeypatch) as connection:
        (row,) = rows(connection, "SELECT * FROM ranking")
    assert (row["cluster"], row["items"], row["location"]) == ("it's", ["a" * 64, "b" * 64], None)
    assert row["findings"] == []
