"""Where workers come from: one small process that has imported what they need, and is forked for each.

What a worker does is the ``main`` of a module: `READS` or `STAGES`.

A worker that is started afresh costs the start of an interpreter and all imports, a fork next to nothing. The process
is started rather than forked from the caller, who may have threads; it has one thread itself. The command line, whose
process is ours, has it forked before it loads anything that starts threads (`fork_now`): what both need is then
imported once.

Both halves of the protocol are here. The process is started with the pipes of all workers that it can give, since no
socket is opened to hand any over later. It is asked on standard input, and answers on standard output: ``fork`` with a
number, ``reap`` and a number, once that worker has been stopped, with an empty line. Until then, and as long as this
process lives, a worker that has ended keeps its number, so that no other process is meant by it. A worker that was
taken over may stop this process, so nobody waits for it for ever.
"""

import contextlib
import gc
import os
import select
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module

from forensics.engine.reading.servers import Server, Split, Started, can_fork
from forensics.errors import WorkerFailed

READS = "forensics.engine.reading.worker"
"""Module of the workers that read units."""
STAGES = "forensics.engine.staging.worker"
"""Module of those that run stages."""
_LINE_BYTES = 64
_LAST_WORDS = 2_000
_ANSWER_S = 60.0
"""It answers at once, but for its start; one that does not is replaced."""
_MOST = 16
"""Workers of one process: each takes three pipes of ours from its start."""
_OWN = 64
"""No file that it opened itself has a higher number."""

Pipes = tuple[int, int, int]
"""Of a worker: what it is asked over, what it answers over, and what it says on standard error."""


class Nursery:
    """Gives workers; a process that has given all it can is followed by another.

    Args:
        workers: how many are at work at a time.
        module: of what they do.
    """

    def __init__(self, workers: int, module: str = READS) -> None:
        self._each, self._module = min(workers + 2, _MOST), module
        self._nests: list[_Nest] = []

    def fork(self) -> "Forked":
        """Start a worker.

        Raises:
            WorkerFailed: no process that gives any can be started.
        """
        for nest in [nest for nest in self._nests if nest.spent]:
            self._nests.remove(nest)
            nest.close()
        for _ in range(2):
            if not self._nests or not self._nests[-1].pipes:
                early = _forked.pop(self._module) if self._module in _forked else None
                self._nests.append(early or _Nest(self._each, partial(Started, __name__, self._module)))
            with contextlib.suppress(OSError, ValueError):
                return self._nests[-1].fork()
            words = self._nests[-1].close()
        raise WorkerFailed(f"worker processes cannot be started: {words}")

    def close(self) -> None:
        """End all processes that give workers, and with them the workers."""
        while self._nests:
            self._nests.pop().close()


class Forked:
    """A worker that was forked.

    Attributes:
        pid: its number, which is its group's too.
        pipes: our ends.
    """

    def __init__(self, pid: int, pipes: Pipes, nest: "_Nest") -> None:
        self.pid = pid
        self.pipes = pipes
        self._nest = nest

    def end(self) -> None:
        """Stop it and what it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._nest.reap(self.pid)


_forked: dict[str, "_Nest"] = {}
"""Those of `fork_now` by the module of their workers, until they are asked for one."""


def fork_now(workers: int) -> None:
    """Fork the processes that fork workers from this one, for the first `Nursery` of each kind.

    To be called by who has a process of its own, before anything is loaded that starts threads. Where that cannot be
    done safely, it is started when it is needed.

    Args:
        workers: how many are to be at work at a time.
    """
    _prepared(READS)  # and frozen: its pages are shared with the fork as long as nobody walks through them
    for module in (READS, *([STAGES] if workers > 1 else ())):
        if can_fork():
            _forked[module] = _Nest(min(workers + 2, _MOST), partial(Split, partial(_serve, module)))


class _Nest:
    """One process as its parent sees it.

    Args:
        workers: how many it can give.
        start: makes the process.

    Attributes:
        pipes: our ends of those that it has not given away.
    """

    def __init__(self, workers: int, start: Callable[[Sequence[int]], Server]) -> None:
        self._living = 0
        self._ended = False
        made = [(os.pipe(), os.pipe(), os.pipe()) for _ in range(workers)]
        self.pipes = deque([(asked[1], said[0], told[0]) for asked, said, told in made])
        theirs = [pipe for asked, said, told in made for pipe in (asked[0], said[1], told[1])]
        try:
            self._server = start(theirs)
        finally:
            for pipe in theirs:
                os.close(pipe)

    def fork(self) -> Forked:
        """Start a worker.

        Raises:
            OSError, ValueError: the process has ended.
        """
        pid = int(self._ask(b"fork\n"))
        if os.getpgid(pid) != pid:
            raise ValueError("no worker leads that group")
        self._living += 1
        return Forked(pid, self.pipes.popleft(), self)

    @property
    def spent(self) -> bool:
        """Whether all workers that it could give have been stopped."""
        return not self.pipes and not self._living

    def reap(self, pid: int) -> None:
        """Let go of a worker that has been stopped."""
        self._living -= 1
        with contextlib.suppress(OSError, ValueError):
            self._ask(b"reap %d\n" % pid)

    def close(self) -> str:
        """End the process; return the end of what it said on standard error. A second call does nothing."""
        if self._ended:
            return ""
        for pipe in [pipe for pipes in self.pipes for pipe in pipes]:
            os.close(pipe)
        self.pipes.clear()
        self._ended = True
        return self._server.end()[-_LAST_WORDS:].decode("utf-8", "replace").strip()

    def _ask(self, line: bytes) -> bytes:
        if self._ended:
            raise ValueError("it has ended")
        os.write(self._server.asked, line)
        waiting = select.poll()
        waiting.register(self._server.answers, select.POLLIN)
        if not waiting.poll(_ANSWER_S * 1000):
            raise ValueError("it does not answer")
        return os.read(self._server.answers, _LINE_BYTES)


def main() -> None:
    """Fork a worker whenever standard input asks for one, until it ends."""
    gc.disable()  # what is imported stays, and is frozen below for the workers
    module, *ends = sys.argv[1:]
    _serve(module, [int(word) for word in ends])


def _serve(module: str, ends: Sequence[int]) -> None:
    pipes = iter(list(zip(ends[::3], ends[1::3], ends[2::3], strict=True)))
    requests, answers = os.dup(0), os.dup(1)
    beyond = max(_OWN, *ends) + 1
    run = None
    while asked := os.read(requests, _LINE_BYTES):
        run = run or _prepared(module)
        os.write(answers, _answered(asked, run, pipes, beyond))


def _prepared(module: str) -> Callable[[], None]:
    """Import what workers of a module need, nothing of which starts a thread; return what they do."""
    loaded = import_module(module)
    loaded.prepare()
    gc.freeze()
    main: Callable[[], None] = loaded.main
    return main


def _answered(asked: bytes, run: Callable[[], None], pipes: Iterator[Pipes], beyond: int) -> bytes:
    word, _, number = asked.strip().partition(b" ")
    if word == b"fork":
        return b"%d\n" % _fork(run, next(pipes), beyond)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(int(number), 0)
    return b"\n"


def _fork(run: Callable[[], None], pipes: Pipes, beyond: int) -> int:
    """Fork a worker that leads its group before anybody hears of it, and has no file but its pipes; return its number.

    Args:
        run: what it does.
        pipes: its own.
        beyond: no file that is open here has this number or a higher one.
    """
    pid = os.fork()
    if pid:
        for pipe in pipes:
            os.close(pipe)
        with contextlib.suppress(OSError):  # it has done so itself, or has ended
            os.setpgid(pid, pid)
        return pid
    status = 1
    try:
        os.setpgid(0, 0)
        for place, pipe in enumerate(pipes):
            os.dup2(pipe, place)
        os.closerange(3, beyond)
        os.environ.clear()
        run()
        status = 0
    except BaseException:  # noqa: BLE001  a fork must not go on where its parent stands
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
