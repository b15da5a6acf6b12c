"""What a newcomer types: the README as it stands, and commands that are nearly right."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from forensics.cli import COMMANDS, app

Run = Callable[..., Any]
README = Path(__file__).parents[2] / "README.md"
FORMS = ("items", "rank", "findings", "timeline")


def test_the_commands_of_the_readme_work_behind_the_demo(
    run: Run, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo").symlink_to(demo)
    monkeypatch.chdir(tmp_path)
    section = README.read_text(encoding="utf-8").partition("## Step by step")[2]
    lines = re.findall(r"^    (.+)$", section.partition("This is the sample")[0], re.MULTILINE)
    assert lines[0] == ". .venv/bin/activate"
    assert len(lines) > 5
    for line in lines[1:]:
        program, *arguments = shlex.split(line)
        ran = run(*arguments)
        assert program == "forensics"
        assert ran.returncode in ((0, 3) if "scan" in arguments else (0,)), (line, ran.stderr)
        if "scan" in arguments:
            following = ran.stdout.partition("Next:\n")[2].splitlines()
            assert [shlex.split(text)[:3] for text in following][:2] == [
                ["forensics", "show", "case"], ["forensics", "rank", "case"],
            ]  # fmt: skip


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_fits_80_columns_and_ends_no_sentence_in_the_middle(run: Run, name: str) -> None:
    ran = run(*([name] if name else []), "--help")
    assert ran.returncode == 0
    assert max(map(len, ran.stdout.splitlines())) <= 80
    assert not re.search(r"[a-z,;]\.\.\.$", ran.stdout, re.MULTILINE), "a sentence is cut off"


@pytest.mark.parametrize("command", FORMS)
def test_an_empty_list_says_why_in_every_form(run: Run, demo: Path, command: str) -> None:
    case = demo / "case"
    for form in ("table", "jsonl", "csv"):
        ran = run(command, case, "--format", form, "--from", "nobody", "--since", "2016-01-01")
        assert ran.returncode == 0
        said = ran.stdout if form == "table" else ran.stderr
        assert re.search(r"No item of \d+ matches all filters: none for --from nobody, \d+ for --since 2016", said)
        assert "─" not in ran.stdout
        assert (ran.stdout == "") == (form == "jsonl")


def test_words_that_tables_print_are_taken(run: Run, demo: Path) -> None:
    case = demo / "case"
    whole = run("items", case, "--status", "unread", "--format", "jsonl").stdout
    assert whole == run("items", case, "--status", "not read", "--format", "jsonl").stdout != ""
    assert run("items", case, "--status", "Read", "--limit", "1").returncode == 0
    printed = run("items", case, "--type", "mail.rfc5322", "--format", "jsonl").stdout
    assert printed == run("items", case, "--type", "message/rfc822", "--format", "jsonl").stdout != ""
    assert run("rank", case, "--strength", "Strong").stdout == run("rank", case, "--strength", "strong").stdout
    assert run("findings", case, "--rule", "date_weekday").stdout == (
        run("findings", case, "--rule", "mail.date_weekday").stdout
    )
    assert "mail.date_weekday version" in run("rules", "date_weekday").stdout
    wrong = run("rules", "weekday")
    assert (wrong.returncode, "perhaps date_weekday" in wrong.stderr) == (2, True)


def test_a_bare_rank_and_a_filter_of_the_list_mean_the_same_item(run: Run, demo: Path) -> None:
    case = demo / "case"
    assert run("show", case, "1").stdout == run("show", case, "#1").stdout != ""
    beyond = run("show", case, "99")
    assert (beyond.returncode, "the last is 10" in beyond.stderr) == (2, True)


@pytest.mark.parametrize(
    ("head", "name", "said"),
    [
        (b"SQLite format 3\0" + bytes(600), "kept.sqlite", "database program"),
        (bytes.fromhex("60ea") + bytes(60), "all.arj", "7z x"),
    ],
)
def test_what_is_not_read_says_what_to_do(run: Run, tmp_path: Path, head: bytes, name: str, said: str) -> None:
    (tmp_path / name).write_bytes(head)
    ran = run("check", tmp_path / name)
    assert (ran.returncode, said in ran.stdout) == (3, True)


def test_an_archive_is_summed_up(run: Run, demo: Path) -> None:
    ran = run("check", demo / "leak.zip")
    assert ran.returncode == 3
    assert re.search(r"leak.zip and all inside it are \d+ different items: \d+ read, 1 not read\.", ran.stdout)
    assert len(ran.stdout.splitlines()) < 100
    assert f"forensics scan {shlex.quote(str(demo / 'leak.zip'))} --case case" in ran.stdout
    total = int(re.search(r"(\d+) findings: ", ran.stdout)[1])  # type: ignore[index]
    parts = re.search(r"findings: (.*)\.", ran.stdout)[1]  # type: ignore[index]
    assert sum(int(part.split()[0]) for part in parts.split(", ")) == total
    assert len(run("check", demo / "leak.zip", "--all").stdout.splitlines()) > 1000


def test_what_is_no_source_and_what_is_no_case(run: Run, demo: Path, tmp_path: Path) -> None:
    case = demo / "case"
    ran = run("scan", case, "--case", tmp_path / "k")
    assert (ran.returncode, "is a case and no source" in ran.stderr) == (2, True)
    assert not (tmp_path / "k").exists()
    ran = run("check", case)
    assert (ran.returncode, "is a case" in ran.stderr) == (2, True)
    ran = run("rank", demo / "leak.zip")
    assert (ran.returncode, "forensics scan" in ran.stderr) == (2, True)
    (tmp_path / "a b").mkdir()
    ran = run("rank", tmp_path / "a b")
    assert (ran.returncode, f"scan '{tmp_path}/a b'" in ran.stderr) == (2, True)


@pytest.mark.parametrize("arguments", [("items", "--format", "jsonl"), ("items", "--limit", "0"), ("show", "1")])
def test_a_reader_that_goes_away_is_no_error(demo: Path, arguments: tuple[str, ...]) -> None:
    command, *rest = arguments
    code = "import sys; from forensics.cli import main; sys.exit(main())"
    ran = subprocess.Popen(
        [sys.executable, "-c", code, command, str(demo / "case"), *rest],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.close()
    assert (ran.stderr.read(), ran.wait(timeout=60)) == (b"", 0)
    ran.stderr.close()


def test_every_command_has_help() -> None:
    context = click.Context(app)
    assert all(app.get_command(context, name).help for name in app.list_commands(context))  # type: ignore[union-attr]


def test_lists_of_what_a_reader_marked_and_of_the_rest(run: Run, demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo / "case", tmp_path / "case")
    case = tmp_path / "case"
    every = len(run("items", case, "--format", "csv").stdout.splitlines()) - 1
    assert run("mark", case, "1", "reviewed", "--by", "Ann").returncode == 0
    assert run("mark", case, "2", "keep", "--by", "Ann").returncode == 0
    assert run("mark", case, "2", "--undo", "--by", "Ann").returncode == 0
    (line,) = [json.loads(text) for text in run("items", case, "--reviewed", "--format", "jsonl").stdout.splitlines()]
    assert line["label"]["subject"] == "virement Mars"
    rest = run("items", case, "--not-reviewed", "--format", "csv").stdout.splitlines()
    assert len(rest) - 1 == every - 1
    (entry,) = [json.loads(text) for text in run("rank", case, "--reviewed", "--format", "jsonl").stdout.splitlines()]
    assert entry["rank"] == 1
    assert "No item of" in run("items", case, "--reviewed", "--from", "nobody").stdout
