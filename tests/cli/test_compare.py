"""``compare``: two files, two sets, a case and its reference."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics import ScanOptions, open_case, scan
from forensics.model.comparing import Outcome

Run = Callable[..., Any]
MAIL = """\
Received: from a.example by b.example with ESMTP id {n}A; Mon, 4 Jan 2016 10:00:05 +0000
From: A <a@a.example>
To: b@b.example
Subject: number {n}
Message-ID: <{n}@a.example>
Date: Mon, 4 Jan 2016 10:00:00 +0000

We mend the roof before winter.
"""


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    for n in range(3):
        (one / f"{n}.eml").write_text(MAIL.format(n=n))
    (other / "0.eml").write_text(MAIL.format(n=0))
    (other / "1.eml").write_text(MAIL.format(n=1).replace("before", "after"))
    (other / "3.eml").write_text(MAIL.format(n=3))
    return one, other


def test_two_files_are_shown_side_by_side(run: Run, sides: tuple[Path, Path]) -> None:
    ran = run("compare", sides[0] / "1.eml", sides[1] / "1.eml")
    assert ran.returncode == 0
    assert "1 difference that nothing lawful explains" in ran.stdout
    assert "[-before-] {+after+}" in ran.stdout
    assert max(map(len, ran.stdout.splitlines())) <= 80
    assert "identical, byte for byte" in run("compare", sides[0] / "0.eml", sides[1] / "0.eml").stdout


def test_lines_for_programs(run: Run, sides: tuple[Path, Path]) -> None:
    ran = run("compare", sides[0] / "1.eml", sides[1] / "1.eml", "--format", "jsonl")
    (line,) = [json.loads(text) for text in ran.stdout.splitlines()]
    assert (line["schema"], line["outcome"], line["derived"]) == ("forensics/compare/1", "differs", "not told")
    assert [one["kind"] for one in line["differences"]] == ["words"]
    assert line["one"]["location"]["text"] == "1.eml"


def test_two_folders_are_matched(run: Run, sides: tuple[Path, Path]) -> None:
    ran = run("compare", *sides, "--no-progress", "--format", "jsonl")
    assert ran.returncode == 0
    outcomes = [json.loads(text)["outcome"] for text in ran.stdout.splitlines()]
    assert outcomes == ["differs", "only_one", "only_other"]
    shown = run("compare", *sides, "--no-progress").stdout
    counts = "Compared: 1 identical, 1 that differs otherwise, 1 only in the first, 1 only in the second."
    assert counts in " ".join(shown.split())


def test_what_was_not_read_is_said(run: Run, sides: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(sides[1] / "more.zip", "w") as archive:
        archive.writestr("a.eml", MAIL.format(n=2))
    whole = (sides[1] / "more.zip").read_bytes()
    (sides[1] / "more.zip").write_bytes(whole[:100])
    ran = run("compare", *sides, "--no-progress")
    assert ran.returncode == 3
    assert "2 items of the second were not read in full" in " ".join(ran.stdout.split())


def test_cases_are_compared_by_their_sources(run: Run, sides: tuple[Path, Path], tmp_path: Path) -> None:
    for name, side in zip(("a", "b"), sides, strict=True):
        scan([side], tmp_path / name, ScanOptions(jobs=1))
    ran = run("compare", tmp_path / "a", tmp_path / "b", "--no-progress")
    assert ran.returncode == 0
    assert "1 only in the first" in " ".join(ran.stdout.split())


def test_a_case_and_its_reference(run: Run, sides: tuple[Path, Path], tmp_path: Path) -> None:
    case = tmp_path / "case"
    ran = run("scan", sides[1], "--case", case, "--reference", sides[0], "--no-progress")
    assert "1 only in the archive" in " ".join(ran.stdout.split())
    shown = run("compare", case).stdout
    assert "words (1): “before” → “after”" in " ".join(shown.split())
    assert run("compare", case, "--limit", "1").stdout.count("2 more;") == 1


def test_wrong_calls(run: Run, sides: tuple[Path, Path], tmp_path: Path) -> None:
    scan([sides[0]], tmp_path / "case", ScanOptions(jobs=1))
    assert run("compare", tmp_path / "case").returncode == 2
    assert run("compare", sides[0] / "0.eml", sides[1]).returncode == 2
    assert run("compare", sides[0], tmp_path / "missing").returncode == 2
    assert run("compare", sides[0]).returncode == 2


def test_hostile_text_is_shown_safely(run: Run, sides: tuple[Path, Path]) -> None:
    changed = MAIL.format(n=1).replace("before", "\x1b[31m‮https://evil.example/x")
    (sides[1] / "1.eml").write_text(changed)
    shown = run("compare", sides[0] / "1.eml", sides[1] / "1.eml").stdout
    assert "\x1b" not in shown and "‮" not in shown and "https://evil" not in shown


def test_two_items_of_a_case(run: Run, sides: tuple[Path, Path], tmp_path: Path) -> None:
    scan([*sides], tmp_path / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    with open_case(tmp_path / "case") as opened:
        items = [line.sha256 for line in opened.items() if line.location.text.endswith("1.eml")]
        found = opened.compare(*items)
        assert opened.compare(items[0], items[0]).outcome is Outcome.IDENTICAL
    assert [one.kind for one in found.unexplained] == ["words"]
    ran = run("compare", tmp_path / "case", *items)
    assert ran.returncode == 0 and "[-before-] {+after+}" in ran.stdout
    (line,) = run("compare", tmp_path / "case", *items, "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["other"]["sha256"] == items[1]
    assert run("compare", tmp_path / "case", items[0], "nothing-such").returncode == 2
    assert run("compare", *sides, "--source", sides[0]).returncode == 2
    (sides[1] / "1.eml").unlink()
    gone = run("compare", tmp_path / "case", *items)
    assert gone.returncode == 2 and not gone.stdout and "1.eml: cannot open the file" in gone.stderr
