"""``mark``: an item is marked, the list says by whom, and nothing that a note holds acts on the terminal."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import forensics

pytestmark = pytest.mark.usefixtures("in_process")

Run = Callable[..., Any]
NOTE = "\x1b[2J=HYPERLINK(1) \u202egnihton [bold]markup[/bold]"


@pytest.fixture
def case(demo: Path, tmp_path: Path) -> Path:
    shutil.copytree(demo / "case", tmp_path / "case")
    return tmp_path / "case"


def test_marks_are_set_shown_and_taken_back(run: Run, case: Path) -> None:
    assert run("mark", case).stdout.strip() == "Nothing is marked."
    marked = run("mark", case, "#1", "question", "--note", NOTE, "--by", "Ann")
    assert marked.returncode == 0, marked.stderr
    said, head = marked.stdout.splitlines()
    assert said == "1 item marked question by Ann." and len(head.rpartition(" ")[2]) == 64
    for command in (["mark", case], ["rank", case], ["show", case, "#1"]):
        shown = run(*command).stdout
        assert "question" in shown and "\x1b" not in shown and "\u202e" not in shown and "[bold]" in shown
        assert max(map(len, shown.splitlines())) <= 80
    undone = run("mark", case, "#1", "--undo", "--by", "Ann")
    assert undone.stdout.splitlines()[0] == "The mark of Ann on 1 item is taken back."
    assert "question" not in run("rank", case).stdout
    listed = run("mark", case).stdout
    assert "question, no longer" in listed and "taken back" in listed


def test_every_form_has_them(run: Run, case: Path) -> None:
    run("mark", case, "#1", "keep", "--note", "=1+1", "--by", "=Ann")
    (row,) = csv.DictReader(io.StringIO(run("mark", case, "--format", "csv").stdout))
    assert (row["mark"], row["by"], row["note"]) == ("keep", "'=Ann", "'=1+1")
    (line,) = map(json.loads, run("mark", case, "#1", "--format", "jsonl").stdout.splitlines())
    assert (line["schema"], line["by"], line["stands"]) == ("forensics/marks/1", "=Ann", True)
    for command in ("items", "rank", "findings"):
        lines = list(map(json.loads, run(command, case, "--format", "jsonl").stdout.splitlines()))
        found = [line["marks"][0]["mark"] for line in lines if line["marks"]]
        assert found and set(found) == {"keep"} and len(found) < len(lines)
        rows = csv.DictReader(io.StringIO(run(command, case, "--format", "csv").stdout))
        assert sum(row["marks"].startswith("keep =Ann 20") for row in rows) == len(found)
    facts = json.loads(run("show", case, "#1", "--format", "json").stdout)["facts"]
    assert [mark["note"] for mark in facts["marks"]] == ["=1+1"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["#1", "guilty", "--by", "Ann"], "no mark 'guilty'; it is one of reviewed, innocent, keep, question"),
        (["--note", "x"], "name the item"),
        (["--undo", "--by", "Ann"], "name the item"),
        (["#1", "keep", "--undo", "--by", "Ann"], "give no verdict"),
        (["#999", "keep", "--by", "Ann"], "no rank '#999'"),
    ],
)
def test_what_is_no_mark_is_said(run: Run, case: Path, given: list[str], said: str) -> None:
    refused = run("mark", case, *given)
    assert refused.returncode == 2 and said in refused.stderr and not refused.stdout


def test_all_items_of_an_entry_are_marked_together(case: Path) -> None:
    with forensics.open_case(case) as opened:
        line = next(line for line in opened.rank() if len(line.items) > 1)
        wanted = {ref.sha256 for ref in line.items}
    done = forensics.mark(case, line.rank, "keep", by="Ann")
    assert {ref.sha256 for ref in done.items} == wanted
    with forensics.open_case(case) as opened:
        (marked,) = [one for one in opened.rank() if one.rank == line.rank]
        assert [(one.mark, one.items) for one in marked.marks] == [("keep", len(wanted))]
        one = sorted(wanted)[0]
    forensics.mark(case, one, by="Ann", undo=True)
    with forensics.open_case(case) as opened:
        (marked,) = [shown for shown in opened.rank() if shown.rank == line.rank]
        assert [(shown.mark, shown.items) for shown in marked.marks] == [("keep", len(wanted) - 1)]
    assert len(forensics.mark(case, line.rank, by="Ann", undo=True).items) == len(wanted) - 1
