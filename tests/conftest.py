"""Fixtures asked for by name. Real input lies beside the project; without it those tests skip."""

import gc
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from forensics import cli
from forensics._demo import Demo, demo
from forensics.engine.reading.files import UnitReader
from forensics.engine.reading.protocol import ANSWER_BYTES, Answer, Job, Page, Setup
from forensics.engine.reading.sinks import Spool
from forensics.model.codec import encode

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


def pytest_unconfigure() -> None:
    """End what Hypothesis measures of the collector.

    Its callback would run on while the modules are taken down; what they hold is then never freed, and DuckDB's binding
    says so after the summary.
    """
    gc.callbacks.clear()


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


class Silent:
    """What a reader says of its progress is not asked."""

    def __call__(self, location_text: str, new: int = 1, /) -> None: ...

    def beat(self) -> None: ...

    def done(self, size: int) -> None: ...


class Here:
    """A worker that is no process: a job is read when it is given, and its answer waits in a pipe as any other's."""

    def __init__(self, folder: Path, setup: Setup, start: object) -> None:
        self.folder = folder
        self.answers, self._said = os.pipe()
        self.errors, self._silence = os.pipe()
        self.requests = self.errors
        self.job: Job | None = None
        self.ready = self.used = False
        self.page = Page(0, 0, 0, "")
        self._setup = msgspec.structs.replace(setup, tmp=str(folder))
        self._answer(Answer(kind="ready"))

    def give(self, job: Job) -> None:
        self.job, self.used = job, True
        reader = UnitReader(self._setup, job, Silent(), Spool(self.folder, Silent().beat))
        reader.read()
        self._answer(
            Answer(kind="done", observations=reader.examiner.observed, changed=reader.changed, part=reader.part)
        )

    def _answer(self, answer: Answer) -> None:
        os.write(self._said, encode(answer) + b"\n")

    def take(self) -> list[Answer]:
        lines = os.read(self.answers, 2 * ANSWER_BYTES).splitlines()
        return [msgspec.json.decode(line, type=Answer) for line in lines]

    def flush(self) -> bool:
        return False

    def look(self, passed_s: float) -> None: ...

    def stop(self) -> tuple[str, str]:
        for pipe in (self.answers, self._said, self.errors, self._silence):
            os.close(pipe)
        return "", ""


@pytest.fixture(scope="module")
def in_process() -> Iterator[None]:
    """Read without worker processes, for modules that test what comes of reading: a process costs more than it reads.

    Asked for by a whole module (``pytestmark``), since it holds until the module ends.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("forensics.engine.reading.pool.Worker", Here)
        yield


@pytest.fixture
def unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scan without the stages, where only what was read is looked at."""
    monkeypatch.setattr("forensics.engine.judging.run_stages", lambda *_, **__: None)


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
            with redirect_stdout(out), redirect_stderr(err):
                code = cli.answered()
        finally:
            sys.argv = before[0]
            signal.signal(signal.SIGTERM, before[1])
            signal.signal(signal.SIGHUP, before[2])
        text = [stream.buffer.getvalue().decode() for stream in (out, err)]
        return Ran(code, *text)

    return run


SIGNED_MAIL = b"""\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
"""


@pytest.fixture(scope="session")
def signed_mail() -> bytes:
    """The mail of RFC 8463 appendix A.3: signatures with Ed25519 and RSA, whose keys the RFC prints."""
    return SIGNED_MAIL
