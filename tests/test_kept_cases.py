"""Cases that earlier versions made are opened by every command; what cannot be read is said, with what to do."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

import forensics
from forensics.casestore import CaseFolder, Custody, Queries, hash_file
from forensics.errors import OtherVersion
from forensics.model.case import CASE_FORMAT
from forensics.model.locations import quote
from forensics.model.rows.archives import ArchiveRow, MemberRow

KEPT = Path(__file__).parent / "kept"
CASES = sorted(str(path.parent.relative_to(KEPT)) for path in KEPT.glob("format_[2-9]*/*/case"))
Run = Callable[..., Any]


@pytest.fixture(params=CASES)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    shutil.copytree(KEPT / request.param, tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small case of the format in force."""
    shutil.copytree(KEPT / f"format_{CASE_FORMAT}" / "small", tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A case of format 1, which nothing reads any more."""
    shutil.copytree(KEPT / "format_1", tmp_path / "kept")
    return tmp_path / "kept"


def source_of(kept: Path) -> Path:
    (source,) = kept.glob("leak*")
    return source


def test_cases_of_every_format_since_2_are_kept() -> None:
    assert [f"format_{number}/{name}" for number in range(2, CASE_FORMAT + 1) for name in ("demo", "small")] == CASES
    assert sum(path.stat().st_size for path in (KEPT / "format_2" / "demo").rglob("*")) < 2_000_000


def test_every_command(run: Run, kept: Path) -> None:
    case = kept / "case"
    for command, least in (("rank", 5), ("findings", 8), ("items", 20), ("timeline", 50), ("ledger", 1)):
        listed = run(command, case, "--format", "jsonl")
        assert (listed.returncode, listed.stderr) == (0, ""), command
        assert len(listed.stdout.splitlines()) >= least, command
    ledger = run("items", case, "--ledger", "--format", "jsonl")
    assert (ledger.returncode, ledger.stderr) == (0, "")
    assert [json.loads(line)["difference"] for line in ledger.stdout.splitlines()] == [0]
    shown = run("show", case, "#1")
    assert (shown.returncode, shown.stderr) == (0, "")
    verified = run("verify", case, "--source", source_of(kept))
    assert verified.returncode == 0, verified.stdout
    report = run("report", case)
    assert (report.returncode, report.stderr) == (0, "")
    assert run("verify", case, "--source", source_of(kept)).returncode == 0


def test_what_was_found_is_still_said(small: Path) -> None:
    first, second, *_ = forensics.rank(small / "case")
    names = [line.item.location.steps[0].name for line in (first, second) if line.item]
    assert names == ["future.eml", "ahead.eml"]
    forensics.write_report(small / "case")
    assert "284 d 9 h after 2017-06-01" in (small / "case" / "report.html").read_text()


def test_a_scan_goes_on_in_it(kept: Path) -> None:
    folder = CaseFolder.open(kept / "case")
    moved = msgspec.structs.replace(folder.info.sources[0], path=quote(os.fsencode(source_of(kept))))
    folder.update_info(msgspec.structs.replace(folder.info, sources=(moved,)))
    before = list(forensics.items(kept / "case"))
    forensics.scan([source_of(kept)], kept / "case", forensics.ScanOptions(jobs=1))
    assert {item.sha256 for item in forensics.items(kept / "case")} >= {item.sha256 for item in before}
    assert forensics.verify(kept / "case").problems == ()


class Member(msgspec.Struct, frozen=True, order=True):
    """A time that an archive gives a member, and the archive."""

    sha256: str
    path: str
    raw: bytes


def test_members_of_archives_had_no_table(small: Path) -> None:
    """Their times are told from either place, each once."""
    folder = CaseFolder.open(small / "case")
    moved = msgspec.structs.replace(folder.info.sources[0], path=quote(os.fsencode(source_of(small))))
    folder.update_info(msgspec.structs.replace(folder.info, sources=(moved,)))
    times = "SELECT sha256, path, raw FROM timestamps WHERE origin = 'archive' ORDER BY ALL"
    with Queries(folder) as queries:
        before = list(queries.rows(times, {}, Member))
        assert len(before) == 19 and not list(queries.rows("SELECT * FROM archive_members", {}, MemberRow))
        assert sum([len(row.members) for row in queries.rows("SELECT * FROM archives", {}, ArchiveRow)]) == 19
    forensics.scan([source_of(small)], small / "case", forensics.ScanOptions(jobs=1))
    with Queries(CaseFolder.open(small / "case")) as queries:
        assert list(queries.rows(times, {}, Member)) == before
        rows = list(queries.rows("SELECT * FROM archive_members ORDER BY sha256, index", {}, MemberRow))
        assert len(rows) == 19 and all(row.name and row.times for row in rows)
        assert not any(row.members for row in queries.rows("SELECT * FROM archives", {}, ArchiveRow))


def edited(case: Path, **changes: object) -> Path:
    """Change ``case.json`` as another version would have written it."""
    file = case / "case.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    return case


def logged(case: Path, *paths: str) -> None:
    Custody(case / "custody.jsonl").append("case_info", {}, {path: hash_file(case / path) or "" for path in paths})


def refused(run: Run, case: Path, *said: str) -> None:
    """Every command says what the case is and what to do; `verify` also that what it could check holds."""
    made = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    for command in (["rank"], ["findings"], ["items"], ["timeline"], ["show", "#1"], ["report"], ["verify"]):
        ran = run(command[0], case, *command[1:])
        words = ran.stdout if command == ["verify"] else ran.stderr
        assert ran.returncode == (3 if command == ["verify"] else 2), (command, ran.stdout, ran.stderr)
        for text in (*said, "scan the sources again into another --case folder"):
            assert text in words, command
    for call in (forensics.items, forensics.rank, forensics.findings, forensics.timeline):
        with pytest.raises(OtherVersion):
            list(call(case))
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == made


def test_a_case_of_format_1(run: Run, first: Path) -> None:
    refused(run, first / "case", "format 1", "made by forensics 0.1.0", f"reads format {CASE_FORMAT}")
    again = run("scan", first / "leak", "--case", first / "case")
    assert (again.returncode, "It is a case of format 1" in again.stderr) == (2, True)


def test_the_log_and_the_files_of_a_case_of_format_1_are_checked(run: Run, first: Path) -> None:
    held = forensics.verify(first / "case", [str(first / "leak")])
    logged_files = Custody(first / "case" / "custody.jsonl").files()
    assert (held.problems, held.files, held.findings, held.source_files) == ((), len(logged_files), 0, 0)
    assert held.unreadable.startswith(f"{first / 'case'} cannot be read with this version")
    assert held.reached.settled
    last = run("verify", first / "case").stdout.splitlines()[-1]
    assert last.startswith("What was checked holds. This version cannot read all of the case.")
    (table,) = (first / "case" / "tables/contents").iterdir()
    table.write_bytes(table.read_bytes() + b"x")
    changed = run("verify", first / "case")
    assert (changed.returncode, "file.changed" in changed.stdout) == (5, True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 9, "versions": {"forensics": "9.1.0"}}, ("format 9", "made by forensics 9.1.0")),
        ({"format": 0, "versions": 7}, ("format 0", "an unknown version")),
        ({"format": 9, "versions": {"forensics": "\x1b[2J"}}, ("format 9", "an unknown version")),
        ({"weather": "fine"}, (f"format {CASE_FORMAT}", "made by forensics 0.1.0", "weather")),
        ({"options": {"only": "all"}}, (f"format {CASE_FORMAT}", "made by forensics 0.1.0")),
    ],
)
def test_a_case_of_another_version_is_refused_and_nothing_is_wrong_with_it(
    run: Run, small: Path, changes: dict[str, object], said: tuple[str, ...]
) -> None:
    case = edited(small / "case", **changes)
    logged(case, "case.json")
    refused(run, case, *said)


def test_a_changed_case_file_does_not_hold_whatever_it_says(run: Run, small: Path) -> None:
    edited(small / "case", format=9)
    assert run("verify", small / "case").returncode == 5


@pytest.mark.parametrize(
    ("table", "sql"),
    [
        ("findings", "UPDATE t SET stored = replace(stored, '\"capped\"', '\"weather\"')"),
        ("findings", "ALTER TABLE t ADD COLUMN weather INTEGER"),
        ("findings", "ALTER TABLE t ALTER stored TYPE BLOB USING encode(stored)"),
        ("findings", "ALTER TABLE t DROP COLUMN stored"),
        ("ranking", "ALTER TABLE t ALTER score TYPE VARCHAR"),
        ("ranking", "UPDATE t SET ranked = replace(ranked, '\"reasons\"', '\"weather\"')"),
    ],
)
def test_tables_of_another_version(small: Path, table: str, sql: str) -> None:
    case, path = small / "case", f"tables/{table}/grade.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{case / path}')")
        connection.execute(sql)
        connection.execute(f"COPY t TO '{case / path}' (FORMAT parquet)")
    logged(case, path)
    call = forensics.findings if table == "findings" else forensics.rank
    with pytest.raises(OtherVersion, match=rf"format {CASE_FORMAT}, made by forensics 0\.1\.0"):
        list(call(case))
    if "ranked" not in sql:
        found = forensics.verify(case, [str(small / "leak")])
        assert found.problems == ()
        assert f"It is a case of format {CASE_FORMAT}" in found.unreadable


def test_what_an_earlier_version_stored_may_lack_fields_with_defaults(small: Path) -> None:
    case, path = small / "case", "tables/findings/grade.parquet"
    before = list(forensics.findings(case))
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{case / path}')")
        connection.execute("UPDATE t SET stored = regexp_replace(stored, ',\"capped\":\"[a-z]*\"', '')")
        connection.execute(f"COPY t TO '{case / path}' (FORMAT parquet)")
    logged(case, path)
    assert list(forensics.findings(case)) == before
    record = json.loads((case / "case.json").read_text())
    del record["options"], record["exhibit"], record["versions"]
    (case / "case.json").write_text(json.dumps(record))
    logged(case, "case.json")
    assert list(forensics.findings(case)) == before
    assert forensics.verify(case, [str(small / "leak")]).problems == ()
