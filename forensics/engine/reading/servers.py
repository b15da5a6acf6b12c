"""The process that forks workers, as it is made: an interpreter of its own, or a fork of the caller's."""

import contextlib
import gc
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, Protocol


class Server(Protocol):
    """The process.

    Attributes:
        asked: our end of its standard input.
        answers: our end of its standard output.
    """

    asked: int
    answers: int

    def end(self) -> bytes:
        """Stop it; return what it said on standard error."""


class Started:
    """One that is an interpreter of its own.

    Args:
        module: what that runs.
        word: its first argument.
        theirs: files that it is to have beside its standard streams; their numbers are its other arguments.
    """

    def __init__(self, module: str, word: str, theirs: Sequence[int]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, word, *map(str, theirs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            pass_fds=theirs,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self.asked, self.answers = self._process.stdin.fileno(), self._process.stdout.fileno()

    def end(self) -> bytes:
        """Stop it; return what it said on standard error."""
        self._process.kill()
        return bytes(self._process.communicate()[1])


class Split:
    """One that is a fork of this process, which `can_fork`.

    Args:
        run: what it does, with the files that it is to have.
        theirs: files that it is to have beside its standard streams.
    """

    def __init__(self, run: Callable[[Sequence[int]], None], theirs: Sequence[int]) -> None:
        asked, said, told = os.pipe(), os.pipe(), os.pipe()
        streams = asked[0], said[1], told[1]
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if not self._pid:
            _live(run, streams, theirs)
        for pipe in streams:
            os.close(pipe)
        self.asked, self.answers, self._errors = asked[1], said[0], told[0]

    def end(self) -> bytes:
        """Stop it; return what it said on standard error."""
        os.kill(self._pid, signal.SIGKILL)  # it keeps its number until it is waited for, even if it has ended
        os.waitpid(self._pid, 0)
        os.set_blocking(self._errors, False)  # what it started may hold the other end
        said = b""
        with contextlib.suppress(BlockingIOError):
            said = os.read(self._errors, 1 << 16)
        for pipe in (self.asked, self.answers, self._errors):
            os.close(pipe)
        return said


def can_fork() -> bool:
    """Whether this process can be forked: it has one thread, and its standard streams are open."""
    return sys.platform.startswith("linux") and len(_own("task")) == 1 and all(map(_is_open, (0, 1, 2)))


def _is_open(file: int) -> bool:
    try:
        os.fstat(file)
    except OSError:
        return False
    return True


def _own(kind: str) -> set[int]:
    """Return the numbers of this process's threads (``task``) or open files (``fd``)."""
    return {int(one.name) for one in Path(f"/proc/self/{kind}").iterdir()}


def _live(run: Callable[[Sequence[int]], None], streams: Sequence[int], theirs: Sequence[int]) -> NoReturn:
    """Be a fork as `Started` is a process: no stream, other file, signal, session or path of the caller's stays."""
    status = 1
    try:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        for place, pipe in enumerate(streams):
            os.dup2(pipe, place)
        for file in _own("fd") - {0, 1, 2, *theirs}:
            with contextlib.suppress(OSError):  # the one that listed them
                os.close(file)
        sys.dont_write_bytecode = True
        if not sys.flags.safe_path:
            del sys.path[0]  # the folder of whatever was called
        gc.disable()
        run(theirs)
        status = 0
    except BaseException:  # noqa: BLE001  a fork must not go on where its parent stands
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)
