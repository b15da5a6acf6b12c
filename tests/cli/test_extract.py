"""``extract``: what it prints, and how it ends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import forensics

Run = Callable[..., Any]


def test_an_item_is_written_and_the_head_printed(run: Run, demo: Path, tmp_path: Path) -> None:
    done = run("extract", demo / "case", "#1", tmp_path / "first.eml")
    assert done.returncode == 0, done.stderr
    with forensics.open_case(demo / "case") as case:
        assert (tmp_path / "first.eml").read_bytes() == case.read(1)
        assert case.item(1).ref.sha256 in done.stdout
    assert str(tmp_path / "first.eml") in done.stdout
    assert forensics.verify(demo / "case", head=done.stdout.split()[-1]).problems == ()
    again = run("extract", demo / "case", "#1", tmp_path / "first.eml")
    assert (again.returncode, again.stdout) == (2, "") and "exists; name a new file" in again.stderr


@pytest.mark.parametrize(("source", "code"), [("elsewhere", 2), ("other.zip", 5)])
def test_a_source_that_is_gone_or_another(run: Run, demo: Path, tmp_path: Path, source: str, code: int) -> None:
    (tmp_path / "other.zip").write_bytes(b"PK")
    done = run("extract", demo / "case", "#1", tmp_path / "new", "--source", tmp_path / source)
    assert done.returncode == code and done.stderr.startswith("forensics: ")
    assert not (tmp_path / "new").exists()
