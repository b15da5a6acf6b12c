"""The progress line: on a terminal only, rewritten in place, gone at the end."""

import io

import pytest

from forensics.cli.progress import ProgressLine
from forensics.model.scanning import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def progress(size: int, elapsed_s: float) -> Progress:
    return Progress(items=1_234, size=size, total=4_000_000, observations=5, elapsed_s=elapsed_s, current="a.eml")


def test_it_says_how_far_and_how_long() -> None:
    out = Terminal()
    with ProgressLine(out) as line:
        line(progress(1_000_000, 0.0))
        line(progress(1_000_000, 2.0))
    first, second, wiped = [part for part in out.getvalue().split("\r") if part]
    assert "1,234 items" in first and "..." in first
    assert "1.0 of 4.0 MB" in second and "6 s left" in second
    assert wiped.strip() == "" and len(wiped) >= len(second.rstrip())
    assert max(map(len, (first, second))) <= 79


@pytest.mark.parametrize(("out", "wanted"), [(io.StringIO(), True), (Terminal(), False)])
def test_it_is_silent_elsewhere(out: io.StringIO, wanted: bool) -> None:
    with ProgressLine(out, wanted=wanted) as line:
        line(progress(1, 1.0))
    assert out.getvalue() == ""
