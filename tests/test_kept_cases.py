"""Cases that earlier versions made are opened by every command; what cannot be read is said, with what to do."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import msgspec
import pytest

import forensics
from forensics.casestore import CaseFolder, Custody, hash_file
from forensics.errors import OtherVersion
from forensics.model.locations import quote

KEPT = Path(__file__).parent / "kept"
COMMAND = [sys.executable, "-c", "from forensics.cli import main; main()"]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    given = [str(argument) for argument in arguments]
    return subprocess.run([*COMMAND, *given], capture_output=True, text=True, check=False)


@pytest.fixture(params=sorted(path.name for path in KEPT.iterdir() if (path / "case").is_dir()))
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    shutil.copytree(KEPT / request.param, tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def first(tmp_path: Path) -> Path:
    shutil.copytree(KEPT / "format_1", tmp_path / "kept")
    return tmp_path / "kept"


def test_every_command(kept: Path) -> None:
    case = kept / "case"
    ranked = run("rank", case, "--format", "jsonl")
    assert (ranked.returncode, ranked.stderr) == (0, "")
    lines = [json.loads(line) for line in ranked.stdout.splitlines()]
    assert [line["item"]["location"]["steps"][0]["name"] for line in lines[:2]] == ["future.eml", "ahead.eml"]
    for command, least in (("findings", 8), ("items", 20), ("timeline", 50)):
        listed = run(command, case, "--format", "jsonl")
        assert (listed.returncode, listed.stderr) == (0, ""), command
        assert len(listed.stdout.splitlines()) >= least, command
    shown = run("show", case, "#1")
    assert (shown.returncode, shown.stderr) == (0, "")
    verified = run("verify", case, "--source", kept / "leak")
    assert verified.returncode == 0, verified.stdout
    report = run("report", case)
    assert (report.returncode, report.stderr) == (0, "")
    assert "284 d 9 h after 2017-06-01" in (case / "report.html").read_text()
    assert run("verify", case, "--source", kept / "leak").returncode == 0


def test_a_scan_goes_on_in_it(kept: Path) -> None:
    folder = CaseFolder.open(kept / "case")
    moved = msgspec.structs.replace(folder.info.sources[0], path=quote(os.fsencode(kept / "leak")))
    folder.update_info(msgspec.structs.replace(folder.info, sources=(moved,)))
    before = list(forensics.items(kept / "case"))
    forensics.scan([kept / "leak"], kept / "case", forensics.ScanOptions(jobs=1))
    assert {item.sha256 for item in forensics.items(kept / "case")} >= {item.sha256 for item in before}
    assert forensics.verify(kept / "case").problems == ()


def edited(case: Path, **changes: object) -> Path:
    """Change ``case.json`` as another version would have written it."""
    file = case / "case.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    return case


def logged(case: Path, *paths: str) -> None:
    Custody(case / "custody.jsonl").append("case_info", {}, {path: hash_file(case / path) or "" for path in paths})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2, "versions": {"forensics": "9.1.0"}}, ("format 2", "made by forensics 9.1.0")),
        ({"format": 0, "versions": 7}, ("format 0", "an unknown version")),
        ({"format": 2, "versions": {"forensics": "\x1b[2J"}}, ("format 2", "an unknown version")),
        ({"weather": "fine"}, ("format 1", "made by forensics 0.1.0", "weather")),
        ({"options": {"only": "all"}}, ("format 1", "made by forensics 0.1.0")),
    ],
)
def test_a_case_of_another_version_is_refused_and_nothing_is_wrong_with_it(
    first: Path, changes: dict[str, object], said: tuple[str, ...]
) -> None:
    case = edited(first / "case", **changes)
    logged(case, "case.json")
    for command in ("rank", "verify"):
        ran = run(command, case)
        assert ran.returncode == 2, (command, ran.stdout, ran.stderr)
        for words in (*said, "scan the sources again into another --case folder"):
            assert words in ran.stderr
    for call in (forensics.items, forensics.rank, forensics.findings, forensics.timeline):
        with pytest.raises(OtherVersion):
            list(call(case))
    with pytest.raises(OtherVersion):
        forensics.write_report(case)
    with pytest.raises(OtherVersion):
        forensics.show(case, "#1")


def test_a_changed_case_file_does_not_hold_whatever_it_says(first: Path) -> None:
    edited(first / "case", format=2)
    assert run("verify", first / "case").returncode == 5


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
def test_tables_of_another_version(first: Path, table: str, sql: str) -> None:
    case, path = first / "case", f"tables/{table}/case.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{case / path}')")
        connection.execute(sql)
        connection.execute(f"COPY t TO '{case / path}' (FORMAT parquet)")
    logged(case, path)
    call = forensics.findings if table == "findings" else forensics.rank
    with pytest.raises(OtherVersion, match=r"format 1, made by forensics 0\.1\.0"):
        list(call(case))
    if "ranked" not in sql:
        with pytest.raises(OtherVersion):
            forensics.verify(case, [str(first / "leak")])


def test_what_an_earlier_version_stored_may_lack_fields_with_defaults(first: Path) -> None:
    case, path = first / "case", "tables/findings/case.parquet"
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
    assert forensics.verify(case, [str(first / "leak")]).problems == ()
