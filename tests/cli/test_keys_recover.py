"""``keys recover``: what it prints, and how it ends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics import ScanOptions, scan
from forensics.casestore import CaseFolder
from tests.signed_mails import write_mails

pytestmark = pytest.mark.usefixtures("in_process", "unjudged")
Run = Callable[..., Any]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    write_mails(tmp_path / "mails", "a", "a.example/one", range(6))
    scan([tmp_path / "mails"], tmp_path / "case", ScanOptions(jobs=1))
    return tmp_path / "case"


def test_keys_are_listed_with_what_they_open(run: Run, case: Path) -> None:
    ran = run("keys", "recover", case, "--domain", "a.example")
    assert ran.returncode == 0, ran.stderr
    line = next(line for line in ran.stdout.splitlines() if line.startswith("a.example"))
    assert line.split()[1:6] == ["1024", "6", "of", "6", "2020-09-13"]
    for said in ("1 key recovered", "not whose key it is", "The case was judged with them."):
        assert said in ran.stdout
    assert CaseFolder.open(case).custody.head() in ran.stdout
    again = run("keys", "recover", case)
    assert (again.returncode, "No key recovered" in again.stdout) == (0, True)


def test_a_source_that_is_away_is_said(run: Run, case: Path) -> None:
    moved = (case.parent / "mails").rename(case.parent / "elsewhere")
    ran = run("keys", "recover", case)
    assert (ran.returncode, "--source" in ran.stdout) == (6, True)
    assert run("keys", "recover", case, "--source", f"mails={moved}").returncode == 0
