"""``verify``: the code says whether a case holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_verify_the_demo(run: Run, demo: Path) -> None:
    assert run("verify", demo / "case").returncode == 0
    assert run("verify", demo / "case", "--head", "0" * 64).returncode == 5
