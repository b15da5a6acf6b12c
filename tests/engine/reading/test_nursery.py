"""Workers are forked by one process that is ready: each has a group of its own, and no number is given away early."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.engine.reading import nursery as nursery_module
from forensics.engine.reading.nursery import READS, Forked, Nursery
from forensics.errors import WorkerFailed

HOOK = """
import os, sys
if any("reading.nursery" in word for word in sys.orig_argv):
    import forensics.engine.reading.worker as target

    def main():
        asked = os.read(0, 100)
        os.write(1, b"%d %d %d %s" % (os.getpid(), os.getppid(), len(os.environ), asked))
        os.read(0, 100)

    target.main, target.prepare = main, lambda: None
"""


@pytest.fixture
def nursery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nursery]:
    """One whose workers say who they are, once they are asked, and wait."""
    (tmp_path / "sitecustomize.py").write_text(HOOK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = Nursery(1)
    yield made
    made.close()


def fork(nursery: Nursery) -> tuple[Forked, int, int]:
    """Return a worker, where it is asked, and where it answers."""
    made = nursery.fork()
    return made, *made.pipes[:2]


def test_workers_have_one_parent_groups_of_their_own_and_no_environment(nursery: Nursery) -> None:
    parents = set()
    for number in range(2):
        made, ask, answers = fork(nursery)
        os.write(ask, b"%d" % number)
        pid, parent, environment, heard = os.read(answers, 100).split()
        assert (int(pid), int(heard), int(environment)) == (made.pid, number, 0)
        assert os.getpgid(made.pid) == made.pid
        parents.add(int(parent))
        made.end()
    assert len(parents) == 1
    assert os.getpid() not in parents


def test_a_worker_that_ended_keeps_its_number_until_it_is_let_go(nursery: Nursery) -> None:
    made, _, answers = fork(nursery)
    os.kill(made.pid, signal.SIGKILL)
    assert os.read(answers, 1) == b"", "it has ended"
    time.sleep(0.05)
    os.kill(made.pid, 0)
    made.end()
    with pytest.raises(ProcessLookupError):
        os.kill(made.pid, 0)


def test_one_that_was_killed_is_started_again(nursery: Nursery) -> None:
    first, ask, answers = fork(nursery)
    os.write(ask, b"x")
    parent = int(os.read(answers, 100).split()[1])
    os.kill(parent, signal.SIGKILL)
    second, ask, answers = fork(nursery)
    os.write(ask, b"x")
    assert int(os.read(answers, 100).split()[1]) != parent
    for made in (first, second):
        made.end()


def test_one_that_is_stopped_is_not_waited_for(nursery: Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    first, ask, answers = fork(nursery)
    os.write(ask, b"x")
    parent = int(os.read(answers, 100).split()[1])
    os.kill(parent, signal.SIGSTOP)
    monkeypatch.setattr(nursery_module, "_ANSWER_S", 0.2)
    first.end()
    monkeypatch.setattr(nursery_module, "_ANSWER_S", 30.0)
    os.kill(parent, signal.SIGKILL)
    second, ask, answers = fork(nursery)
    os.write(ask, b"x")
    assert int(os.read(answers, 100).split()[1]) != parent
    second.end()


def test_a_worker_holds_no_pipe_of_another_whatever_numbers_they_have(nursery: Nursery) -> None:
    below = [os.dup(1) for _ in range(200)]
    made = [fork(nursery) for _ in range(2)]
    for pipe in below:
        os.close(pipe)
    for worker, ask, answers in made:
        os.write(ask, b"x")
        os.read(answers, 100)
        assert {file.name for file in Path(f"/proc/{worker.pid}/fd").iterdir()} == {"0", "1", "2"}
    for worker, *_ in made:
        worker.end()


def test_a_number_that_is_no_workers_is_not_believed(nursery: Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nursery_module._Nest, "_ask", lambda *_: b"%d\n" % os.getpid())
    monkeypatch.setattr(nursery_module.os, "getpgid", lambda pid: pid + 1)
    with pytest.raises(WorkerFailed):
        fork(nursery)


def test_one_that_cannot_be_started_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.stderr.write('no such library'); sys.exit(1)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(WorkerFailed, match="no such library"):
        fork(Nursery(1))


FORKED = """
import os, signal, sys, threading
from pathlib import Path
import forensics.engine.reading.worker as target
from forensics.engine.reading import nursery

def main():
    os.read(0, 100)
    files = ",".join(sorted(file.name for file in Path("/proc/self/fd").iterdir()))
    default = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    told = os.getppid(), os.getsid(0), len(os.environ), files, default, "" in sys.path, sys.stdin.closed
    os.write(1, " ".join(map(str, told)).encode())
    os.read(0, 100)

target.main, target.prepare = main, lambda: None
signal.signal(signal.SIGTERM, lambda *_: None)
kept = os.open("/dev/null", os.O_RDONLY)
if "closed" in sys.argv:
    os.close(0)
threads = [threading.Thread(target=threading.Event().wait, daemon=True)] if "threads" in sys.argv else []
for thread in threads:
    thread.start()
nursery.fork_now(1)
print(len(nursery._forked))
made = nursery.Nursery(1)
if nursery._forked:
    for _ in range(2):
        worker = made.fork()
        os.write(worker.pipes[0], b"x")
        print(os.getpid(), os.read(worker.pipes[1], 400).decode())
        worker.end()
    print(len(nursery._forked))
    made.close()
    try:
        os.waitpid(-1, 0)
    except ChildProcessError:
        print("no process is left")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is started elsewhere")
def test_one_that_is_forked_has_nothing_of_its_callers() -> None:
    call = [sys.executable, "-W", "error", "-c", FORKED]
    said = subprocess.run(call, capture_output=True, text=True, check=True, env={**os.environ, "SECRET": "1"})
    ready, *workers, left, end = said.stdout.splitlines()
    assert (ready, left, end) == ("1", "0", "no process is left")
    nests = set()
    for line in workers:
        caller, parent, session, environment, files, *rest = line.split()
        assert parent == session != caller
        assert (environment, files) == ("0", "0,1,2,3"), "the last lists them"
        assert rest == ["True", "False", "False"]
        nests.add(parent)
    assert len(nests) == 1
    assert not said.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is started elsewhere")
@pytest.mark.parametrize("word", ["threads", "closed"])
def test_a_process_with_threads_or_without_a_standard_stream_is_not_forked(word: str) -> None:
    call = [sys.executable, "-W", "error", "-c", FORKED, word]
    assert subprocess.run(call, capture_output=True, text=True, check=True).stdout == "0\n"


class Ended(Exception):
    """In place of the end of a process."""


def test_it_forks_and_lets_go_as_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = iter([b"fork\n", b"reap 7\n", b"fork\n", b"reap 8\n", b""])
    said: list[bytes] = []
    forked: list[tuple[int, ...]] = []
    waited: list[int] = []

    def waitpid(pid: int, options: int) -> None:
        waited.append(pid)
        if pid == 8:
            raise ChildProcessError

    def fork(run: object, pipes: tuple[int, ...], beyond: int) -> int:
        assert beyond > max(22, *pipes)
        forked.append(pipes)
        return 6 + len(forked)

    monkeypatch.setattr(nursery_module.sys, "argv", ["nursery", READS, "10", "11", "12", "20", "21", "22"])
    stand_in = {"dup": lambda place: place, "read": lambda *_: next(asked), "write": lambda _, line: said.append(line)}
    for name, does in {**stand_in, "waitpid": waitpid}.items():
        monkeypatch.setattr(nursery_module.os, name, does)
    monkeypatch.setattr(nursery_module.gc, "freeze", lambda: None)
    monkeypatch.setattr(nursery_module, "_fork", fork)
    nursery_module.main()
    assert (said, forked) == ([b"7\n", b"\n", b"8\n", b"\n"], [(10, 11, 12), (20, 21, 22)])
    assert waited == [7, 8]


def test_a_process_whose_workers_have_all_been_stopped_is_not_kept(nursery: Nursery) -> None:
    parents = []
    for _ in range(10):
        made, ask, answers = fork(nursery)
        os.write(ask, b"1")
        parents.append(int(os.read(answers, 100).split()[1]))
        made.end()
    living = {parent for parent in parents if Path(f"/proc/{parent}").exists()}
    assert len(set(parents)) > 2
    assert living == {parents[-1]}


def test_of_a_fork_the_parent_keeps_no_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[int] = []
    monkeypatch.setattr(nursery_module.os, "fork", lambda: 4_242)
    monkeypatch.setattr(nursery_module.os, "close", closed.append)
    assert nursery_module._fork(lambda: None, (10, 11, 12), 65) == 4_242, "that it leads no group yet is no fault"
    assert closed == [10, 11, 12]


@pytest.mark.parametrize(("fails", "status"), [(False, 0), (True, 1)])
def test_of_a_fork_the_worker_ends_whatever_happens(
    fails: bool, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: list[tuple[int, int]] = []
    closed: list[tuple[int, ...]] = []

    def run() -> None:
        assert not nursery_module.os.environ
        if fails:
            raise ValueError("a fault in the worker")

    def end(code: int) -> None:
        raise Ended(code)

    stand_in = {
        "fork": lambda: 0,
        "setpgid": lambda *_: None,
        "closerange": lambda *ends: closed.append(ends),
        "environ": {"A": "b"},
    }
    for name, does in {**stand_in, "dup2": lambda pipe, place: given.append((pipe, place)), "_exit": end}.items():
        monkeypatch.setattr(nursery_module.os, name, does)
    with pytest.raises(Ended) as ended:
        nursery_module._fork(run, (10, 11, 12), 65)
    assert ended.value.args == (status,)
    assert given == [(10, 0), (11, 1), (12, 2)]
    assert closed == [(3, 65)]
    assert ("a fault in the worker" in capsys.readouterr().err) is fails
