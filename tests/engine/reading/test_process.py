"""A worker process as its parent sees it: any program may stand in for one that was taken over."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

import pytest

from forensics.engine.reading import process
from forensics.engine.reading.process import Fault, Why, Worker
from forensics.engine.reading.protocol import Setup
from forensics.engine.reading.usage import use_of
from forensics.model.items import Limits

Start = Callable[..., Worker]


class Program:
    """Any program in the place of a worker."""

    def __init__(self, program: Path) -> None:
        (asked, ask), (answers, said), (errors, told) = os.pipe(), os.pipe(), os.pipe()
        self._process = Popen([program], stdin=asked, stdout=said, stderr=told, start_new_session=True)
        for pipe in (asked, said, told):
            os.close(pipe)
        self.pipes = (ask, answers, errors)
        self.pid = self._process.pid
        self.ended = False

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        self._process.wait()

    def end(self) -> None:
        self.ended = True
        self.kill()


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a shell script in place of a worker; it is stopped when the test ends."""
    started: list[Worker] = []

    def start(script: str, passwords: tuple[bytes, ...] = ()) -> Worker:
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
        setup = Setup(tmp="", limits=Limits(), as_of=0, passwords=passwords)
        started.append(Worker(tmp_path, setup, lambda: Program(program)))
        return started[-1]

    yield start
    for worker in started:
        if not worker.process.ended:
            worker.stop()


def until_fault(worker: Worker) -> Fault:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            worker.take()
        except Fault as fault:
            return fault
        time.sleep(0.01)
    raise AssertionError("no fault came")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 0", Why.DIED),
        ("""printf '{"kind":'; sleep 100""", Why.PROTOCOL),
        ("echo garbage; sleep 100", Why.PROTOCOL),
        ("""echo '{"kind":"done","path":"/etc"}'; sleep 100""", Why.PROTOCOL),
        ("""printf '\\n\\n\\n'; sleep 100""", Why.PROTOCOL),
        ("yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", Why.PROTOCOL),
        ("head -c 70000 /dev/zero; sleep 100", Why.PROTOCOL),
    ],
)
def test_what_is_no_answer_is_a_fault(start: Start, script: str, why: Why) -> None:
    assert until_fault(start(script)).why is why


def test_an_answer_is_taken_when_it_comes(start: Start) -> None:
    worker = start("""read setup; echo '{"kind":"ready","confinement":{"a":"b"}}'; sleep 100""")
    answers = []
    deadline = time.monotonic() + 20
    while not answers and time.monotonic() < deadline:
        answers = worker.take()
    assert [(answer.kind, answer.confinement) for answer in answers] == [("ready", {"a": "b"})]
    assert worker.take() == [], "nothing more has come, and nobody waits for it"


def test_who_does_not_read_makes_nobody_wait(start: Start) -> None:
    worker = start("exec sleep 100", passwords=(b"x" * 1_000_000,))
    assert worker.flush(), "more is left than the pipe takes"
    worker.process.kill()
    worker.process.wait()
    assert not worker.flush(), "nobody will ever read the rest"


def test_last_words_are_kept_to_their_end(start: Start) -> None:
    worker = start("printf '%05000d' 0 >&2; printf 'last words' >&2")
    worker.process.wait()
    while worker.hear():
        pass
    _, words = worker.stop()
    assert len(words) <= process._LAST_WORDS and words.endswith("0last words")


def test_a_page_of_another_size_is_a_fault(start: Start, tmp_path: Path) -> None:
    worker = start("sleep 100")
    worker.look(0.1)
    os.truncate(tmp_path / "pulse", 3)
    with pytest.raises(Fault, match="a page that no worker writes"):
        worker.look(0.1)


def test_a_process_that_is_gone_uses_nothing(start: Start) -> None:
    worker = start("exit 0")
    worker.stop()
    assert use_of(worker.process.pid) is None


def test_only_patience_of_the_parent_counts(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "IDLE_S", 2.5)
    worker = start("sleep 100")
    looks = 0
    with pytest.raises(Fault, match="nothing came of it") as fault:
        while looks < 1_000:
            looks += 1
            worker.look(3_600.0)
            time.sleep(0.01)  # a look at a process that waits for the disk does not count
    assert fault.value.why is Why.STUCK
    assert looks >= 3, "an hour between two looks is a second at most"
