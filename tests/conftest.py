"""Fixtures asked for by name. Real input lies beside the project; without it those tests skip."""

import io
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from forensics import cli
from forensics._demo import Demo, demo

SHARED = Path(__file__).resolve().parents[2] / "shared"


_REAL = {"shared", "corpora", "suites"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs real input, so that it can be left out and is counted apart."""
    for item in items:
        if _REAL & set(getattr(item, "fixturenames", ())):
            item.add_marker("shared")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests had real input."""
    ran = [report for name in ("passed", "failed") for report in terminalreporter.getreports(name)]
    real = sum(1 for report in ran if report.when == "call" and "shared" in report.keywords)
    if ran:
        terminalreporter.write_line(f"{real} tests on real input")


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("no shared test data beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def corpora(shared: Path) -> Path:
    return shared / "corpora"


@pytest.fixture(scope="session")
def suites(shared: Path) -> Path:
    return shared / "suites"


class Ran(NamedTuple):
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The sample leak and its case, made once; whoever changes anything copies it."""
    return demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def run() -> Run:
    """Run the command line in this process: to start another costs more than most commands."""

    def run(*arguments: object) -> Ran:
        out, err = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
        before = sys.argv, signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGHUP)
        sys.argv = ["forensics", *map(str, arguments)]
        try:
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
                cli.main()
        finally:
            sys.argv = before[0]
            signal.signal(signal.SIGTERM, before[1])
            signal.signal(signal.SIGHUP, before[2])
        text = [stream.buffer.getvalue().decode() for stream in (out, err)]
        return Ran(int(ended.value.code or 0), *text)

    return run
