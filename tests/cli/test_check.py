"""``check``: one file without a case."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="an interpreter is started elsewhere")
def test_the_process_that_forks_workers_is_a_fork(tmp_path: Path) -> None:
    refusing = 'import sys\nif any("reading.nursery" in word for word in sys.orig_argv):\n    sys.exit("started")\n'
    (tmp_path / "sitecustomize.py").write_text(refusing)
    (tmp_path / "a.eml").write_bytes(b"From: Anna <anna@a.example>\nSubject: one\n\nText\n")
    for words in (["check"], ["scan", "--jobs", "1", "--case", str(tmp_path / "case")]):
        command = [sys.executable, "-W", "error", "-c", "from forensics.cli import main; main()", *words]
        ran = subprocess.run(
            [*command, str(tmp_path / "a.eml")],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        )
        assert (ran.returncode, "started" in ran.stderr) == (0, False), ran.stderr
