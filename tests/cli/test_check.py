"""``check``: one file without a case."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.parsers.document.ole2_files import old

Run = Callable[..., Any]


def test_check_one_file(run: Run, demo: Path) -> None:
    ran = run("check", demo / "leak.zip", "--format", "json")
    assert ran.returncode == 3, "the lure in it has no parser"
    assert len(ran.stdout.splitlines()) > 200


def test_check_shows_the_times_of_an_old_document(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.doc"
    path.write_bytes(old())
    shown = " ".join(run("check", path).stdout.split())
    assert "Format ole2.word" in shown and "Author Ada Lind" in shown
    assert "Created 2009-09-04T04:58:00" in shown and "Last saved 2009-09-07T12:10:00" in shown
