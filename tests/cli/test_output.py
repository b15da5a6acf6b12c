"""What the commands write: lists in all forms, on any terminal."""

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
from forensics.report.jsonl import LINES

Run = Callable[..., Any]


@pytest.mark.parametrize("command", ["items", "rank", "findings", "timeline", "ledger"])
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


def test_missing_messages_in_all_forms(run: Run, demo: Path) -> None:
    case = demo / "case"
    absent = list(forensics.missing(case))
    table = run("ledger", case, "--missing")
    assert (table.returncode, table.stderr) == (0, "")
    assert max(map(len, table.stdout.splitlines())) <= 80
    lines = [json.loads(line) for line in run("ledger", case, "--missing", "--format", "jsonl").stdout.splitlines()]
    assert [line["id"] for line in lines] == [one.id for one in absent]
    rows = list(csv.reader(io.StringIO(run("ledger", case, "--missing", "--format", "csv").stdout)))
    assert len(rows) == len(absent) + 1
    assert run("ledger", case, "--missing", "--marked").returncode == 2


def test_the_account_of_each_source_in_all_forms(run: Run, demo: Path) -> None:
    case = demo / "case"
    table = run("items", case, "--ledger")
    assert (table.returncode, table.stderr) == (0, "")
    assert max(map(len, table.stdout.splitlines())) <= 80
    assert "Every byte of every file counts once" in table.stdout and "error of this program" not in table.stdout
    (line,) = [json.loads(line) for line in run("items", case, "--ledger", "--format", "jsonl").stdout.splitlines()]
    (source,) = forensics.accounts(case)
    assert (line["schema"], line["size"]) == (LINES["accounts"].__struct_defaults__[0], source.size)
    assert source.size == (demo / "leak.zip").stat().st_size == sum(share.size for share in source.shares)
    assert (source.difference, source.shared, source.excess, source.unrecorded) == (0, 0, 0, 0)
    rows = list(csv.DictReader(io.StringIO(run("items", case, "--ledger", "--format", "csv").stdout)))
    assert sum(int(row["size"]) for row in rows) == source.size
    assert run("items", case, "--ledger", "--status", "unread").returncode == 2
    assert run("items", case, "--ledger", "--from", "x").returncode == 2


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
