"""``demo``: only in a folder of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_demo_leaves_other_folders_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "leak.zip").write_text("mine")
    assert run("demo", tmp_path).returncode == 2
    assert (tmp_path / "leak.zip").read_text() == "mine"
