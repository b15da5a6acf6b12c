"""Every command end to end on the sample leak, through the command line and the library."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import forensics
from forensics._demo import Demo
from forensics.errors import UsageError
from forensics.report.jsonl import LINES

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def demo(made: Demo) -> Path:
    return made.scan.case.parent


@pytest.mark.parametrize("command", ["items", "rank", "findings", "timeline"])
def test_lists_in_all_forms(run: Run, command: str, demo: Path) -> None:
    case = demo / "case"
    table = run(command, case)
    assert table.returncode == 0, table.stderr
    assert max(map(len, table.stdout.splitlines())) <= 80
    lines = [json.loads(line) for line in run(command, case, "--format", "jsonl").stdout.splitlines()]
    assert lines
    assert {line["schema"] for line in lines} == {LINES[command].__struct_defaults__[0]}
    assert len(lines) == len(list(getattr(forensics, command)(case)))
    rows = list(csv.reader(io.StringIO(run(command, case, "--format", "csv").stdout)))
    assert len({len(row) for row in rows}) == 1
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows[1:] for cell in row)


def test_show_a_rank_and_a_cluster(run: Run, demo: Path) -> None:
    case = demo / "case"
    first = run("show", case, "#1")
    assert first.returncode == 0, first.stderr
    (sheet,) = forensics.show(case, "#1")
    assert [field.name for field in sheet.facts.headers if field.key == "date"] == ["Date"]
    assert all(field.raw.startswith(field.name.encode("latin-1")) for field in sheet.facts.headers)
    assert "Header fields, read again from the source" in first.stdout
    ranks = list(forensics.rank(case))
    cluster = next(line for line in ranks if line.cluster)
    shown = forensics.show(case, f"#{cluster.rank}")
    assert len(shown) == len(cluster.cluster.members)
    text = run("show", case, f"#{cluster.rank}").stdout
    assert text.count("was last saved") + text.count("were all last saved") == 1, "the shared finding is printed once"


def test_check_one_file(run: Run, demo: Path) -> None:
    ran = run("check", demo / "leak.zip", "--format", "json")
    assert ran.returncode == 3, "the lure in it has no parser"
    assert len(ran.stdout.splitlines()) > 200


def test_rules_are_listed_and_shown(run: Run) -> None:
    listed = run("rules").stdout
    assert all(rule.id in listed for rule in forensics.rules())
    assert "mail.date_weekday" in run("rules", "mail.date_weekday").stdout
    assert run("rules", "no.such").returncode == 2


def test_verify_the_demo(run: Run, demo: Path) -> None:
    assert run("verify", demo / "case").returncode == 0
    assert run("verify", demo / "case", "--head", "0" * 64).returncode == 5


def test_report_never_replaces_anything_else(run: Run, demo: Path, tmp_path: Path) -> None:
    case, leak = demo / "case", demo / "leak.zip"
    before = leak.read_bytes()
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    for target in (leak, case / "custody.jsonl", case / "case.json", case / "other.html", mine, tmp_path):
        with pytest.raises(UsageError):
            forensics.write_report(case, target)
    assert leak.read_bytes() == before and mine.read_text() == "mine"
    page = forensics.write_report(case, tmp_path / "page.html")
    assert forensics.write_report(case, page) == page, "an earlier report may be replaced"
    (tmp_path / "link").symlink_to(case)
    assert run("report", tmp_path / "link").returncode == 0
    assert run("report", case / ".." / "case").returncode == 0
    assert run("verify", case).returncode == 0


def test_report_does_not_write_into_a_source_folder(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_text("a")
    forensics.scan([source], tmp_path / "case")
    with pytest.raises(UsageError, match="lies in the source"):
        forensics.write_report(tmp_path / "case", source / "report.html")


def test_demo_leaves_other_folders_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "leak.zip").write_text("mine")
    assert run("demo", tmp_path).returncode == 2
    assert (tmp_path / "leak.zip").read_text() == "mine"


@pytest.mark.parametrize(("encoding", "command"), [("latin-1", ["rank"]), ("ascii", ["show", "#1"])])
def test_terminals_that_cannot_show_a_character(encoding: str, command: list[str], demo: Path) -> None:
    words = [sys.executable, "-c", "from forensics.cli import main; main()", command[0], demo / "case", *command[1:]]
    ran = subprocess.run(words, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding})
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_typos_are_wrong_calls(run: Run, demo: Path) -> None:
    case = demo / "case"
    assert run("findings", case, "--rule", "nope").returncode == 2
    assert run("items", case, "--status", "foo").returncode == 2
    assert run("rank", case, "--strength", "foo").returncode == 2
