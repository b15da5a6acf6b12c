"""``check``: one file without a case."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_check_one_file(run: Run, demo: Path) -> None:
    ran = run("check", demo / "leak.zip", "--format", "json")
    assert ran.returncode == 3, "the lure in it has no parser"
    assert len(ran.stdout.splitlines()) > 200
