"""The process of a desk as its parent sees it: pipes that never block for ever, and limits on what it uses and says."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import msgspec

from forensics.engine.desk.protocol import ANSWERED, ASKED, FRAME_BYTES, Failed, Mark, Opening, Ready, Request
from forensics.engine.reading.usage import Use, use_of
from forensics.errors import WorkerFailed

CPU_S = 60.0
"""Processor time on one item without a frame of an answer, after which the process is stopped."""
IDLE_S = 600.0
"""The same in seconds for one that waits; a disk that makes it wait does not count."""
RESIDENT_BYTES = 1_500_000_000
"""Memory beyond which it is stopped."""
_LOOK_S = 0.2
_LAST_WORDS = 2_000
_ENDING_LOOKS, _ENDING_S = 100, 0.01
_COMMAND = ("-m", "forensics.engine.desk.clerk")
"""What the interpreter of the process is told to run."""


class Lost(Exception):
    """The process ended, or did what no desk does: nothing that it says counts any more."""


class DeskProcess:
    """One process, started at once.

    Attributes:
        used: whether it has answered for an item.
        confinement: measure to what came of it.

    Raises:
        WorkerFailed: it does not start.
    """

    def __init__(self, opening: Opening) -> None:
        self.used = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", *_COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},  # it writes nothing
            start_new_session=True,  # an interrupt at the terminal is for the parent, which ends this one
        )
        pipes = self._process.stdin, self._process.stdout, self._process.stderr
        assert pipes[0] is not None and pipes[1] is not None and pipes[2] is not None
        self._asked, self._answers, self._errors = pipes[0].fileno(), pipes[1].fileno(), pipes[2].fileno()
        self._waiting = select.poll()
        for pipe in (self._asked, self._answers, self._errors):
            os.set_blocking(pipe, False)
        for pipe in (self._answers, self._errors):
            self._waiting.register(pipe, select.POLLIN)
        self._taken = bytearray()
        self._last_words = b""
        self._began(0)
        try:
            self._send(msgspec.msgpack.encode(opening))
            ready = b"".join(self.answer(FRAME_BYTES, 0))
            self.confinement = msgspec.msgpack.decode(ready, type=Ready).confinement
        except (Lost, Refused, ValueError) as error:
            raise WorkerFailed(f"the process that reads items cannot be started: {error}. {self.end()}") from error
        except BaseException:
            self.end()
            raise
        self.used = False

    def ask(self, request: Request) -> None:
        """Ask for items, once all earlier ones are answered.

        Raises:
            Lost: it takes no request.
        """
        self._began(0)
        self._send(msgspec.msgpack.encode(request))

    def answer(self, most: int, more_s: float) -> Iterator[bytes]:
        """Yield the pieces of the next answer.

        Args:
            most: bytes that are taken.
            more_s: seconds that it may take beyond `CPU_S` and `IDLE_S`.

        Raises:
            Lost: there is none.
            Refused: the desk says why there is none.
        """
        self._began(more_s)
        while True:
            mark, piece = self._frame()
            if mark == Mark.FAILED:
                try:
                    failed = msgspec.msgpack.decode(piece, type=Failed)
                except (msgspec.MsgspecError, ValueError) as error:
                    raise Lost("an answer that is none") from error
                self.used = True
                raise Refused(failed)
            most -= len(piece)
            if most < 0:
                raise Lost("an answer that is longer than any")
            self._began(more_s)
            self.used = True
            if piece:
                yield piece
            if mark == Mark.LAST:
                return

    def end(self) -> str:
        """Stop it and what it started; return the end of what it said on standard error."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._hear()
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        self._process.wait()
        return self._last_words.decode("ascii", "backslashreplace").strip()

    def _send(self, message: bytes) -> None:
        left = memoryview(ASKED.pack(len(message)) + message)
        room = select.poll()
        room.register(self._asked, select.POLLOUT)
        while left:
            try:
                left = left[os.write(self._asked, left) :]
            except BlockingIOError:
                room.poll(_LOOK_S * 1000)
                self._look()
            except BrokenPipeError as error:
                raise Lost(self._ended()) from error

    def _frame(self) -> tuple[int, bytes]:
        while len(self._taken) < ANSWERED.size:
            self._take()
        mark, size = ANSWERED.unpack_from(self._taken)
        if mark not in (Mark.PIECE, Mark.LAST, Mark.FAILED) or size > FRAME_BYTES or (mark == Mark.PIECE and not size):
            raise Lost("an answer that is none")
        end = ANSWERED.size + size
        while len(self._taken) < end:
            self._take()
        piece = bytes(memoryview(self._taken)[ANSWERED.size : end])
        del self._taken[:end]
        return mark, piece

    def _take(self) -> None:
        """Wait for bytes of the answers and take what has come."""
        ready = {pipe for pipe, _ in self._waiting.poll(_LOOK_S * 1000)}
        if self._errors in ready and not self._hear():
            self._waiting.unregister(self._errors)
        if self._answers in ready:
            taken = os.read(self._answers, FRAME_BYTES)
            if not taken:
                raise Lost(self._ended())
            self._taken += taken
        if not ready or time.monotonic() - self._looked > _LOOK_S:
            self._look()

    def _hear(self) -> bool:
        """Take what it says on standard error, the end of which is kept; whether more can come."""
        try:
            heard = os.read(self._errors, 1 << 16)
        except BlockingIOError:
            return True
        self._last_words = (self._last_words + heard)[-_LAST_WORDS:]
        return bool(heard)

    def _began(self, more_s: float) -> None:
        """Count what it uses from here on."""
        self._cpu_s: float | None = None
        self._idle_s, self._more_s = 0.0, more_s
        self._looked = time.monotonic()

    def _look(self) -> None:
        """Look at what it uses.

        Raises:
            Lost: it has come to nothing for too long, or needs too much memory.
        """
        now = time.monotonic()
        passed_s, self._looked = now - self._looked, now
        use = use_of(self._process.pid)
        if use is None:
            return
        if use.state == "Z":  # what it started may hold its pipes open
            raise Lost(self._ended())
        if use.resident > RESIDENT_BYTES:
            raise Lost(f"it needs {use.resident} bytes of memory, at most {RESIDENT_BYTES}")
        self._look_at_time(use, passed_s)

    def _look_at_time(self, use: Use, passed_s: float) -> None:
        if self._cpu_s is None:
            self._cpu_s = use.cpu_s
        if use.cpu_s - self._cpu_s > CPU_S + self._more_s:
            raise Lost(f"nothing came of it in {CPU_S + self._more_s:.0f} s of processor time")
        if use.runs:
            self._idle_s += min(passed_s, 2 * _LOOK_S)
        if self._idle_s > IDLE_S + self._more_s:
            raise Lost("nothing came of it for too long")

    def _ended(self) -> str:
        """Say how it ended; it keeps its number until `end`, so that no other process is meant by it."""
        for _ in range(_ENDING_LOOKS):
            ended = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is not None:
                how = "code" if ended.si_code == os.CLD_EXITED else "signal"
                return f"the process ended with {how} {ended.si_status}"
            time.sleep(_ENDING_S)
        return "the process says no more"


class Refused(Exception):
    """The desk says why it has no answer; it goes on with the next.

    Attributes:
        failed: what it says.
    """

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.text)
        self.failed = failed
