"""One worker process as its parent sees it: pipes that never block, a page, and how long it has done nothing."""

import contextlib
import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import msgspec

from forensics.engine.reading.protocol import ANSWER_BYTES, PAGE_BYTES, Answer, Job, Page, Setup, read_page
from forensics.engine.reading.usage import use_of
from forensics.model.codec import encode

CPU_S = 60.0
"""Processor time after which a worker that has done nothing it could show is stopped."""
IDLE_S = 600.0
"""The same in seconds of the parent's patience, for one that waits instead of computing; a disk that makes it wait,
and time in which the machine or the parent stood still, do not count."""
UNIT_S, BYTES_A_SECOND = 1_800.0, 10_000
"""A job may take so long in all, and a second more for so many bytes, whatever it shows meanwhile."""
RESIDENT_BYTES = 1_500_000_000
"""Memory beyond which a worker is stopped; the budget is 500 MB, what is meant here is a reader run wild."""
_LAST_WORDS = 2_000
_STEP_S = 1.0
"""Longest span between two looks that counts as waiting."""


class Why(StrEnum):
    """Why a worker was stopped; also the notice code of the item that it read."""

    DIED = "engine.watchdog"
    STUCK = "engine.watchdog"
    MEMORY = "engine.memory"
    PROTOCOL = "engine.worker"


class Fault(Exception):
    """A worker did what no worker does."""

    def __init__(self, why: Why, text: str) -> None:
        super().__init__(text)
        self.why = why


class Process(Protocol):
    """What a worker runs in.

    Attributes:
        pid: its number, kept until `end`.
        pipes: our ends of those that it is asked over, answers over, and says more over (standard error).
    """

    pid: int
    pipes: tuple[int, int, int]

    def end(self) -> None:
        """Stop it and what it started."""


Start = Callable[[], Process]


class Worker:
    """A process that reads for us, and is believed nothing.

    Attributes:
        folder: its own; the only path that its rows are looked for in.
        job: what it reads; ``None``: nothing.
        ready: whether it has said what confinement it obtained.
        used: whether it has read anything.
        page: what it last showed.
    """

    def __init__(self, folder: Path, setup: Setup, start: Start) -> None:
        self.folder = folder
        (folder / "pulse").write_bytes(bytes(PAGE_BYTES))
        self.process = start()
        self._pulse = os.open(folder / "pulse", os.O_RDONLY | os.O_CLOEXEC)
        self.requests, self.answers, self.errors = self.process.pipes
        for pipe in self.process.pipes:
            os.set_blocking(pipe, False)
        self.job: Job | None = None
        self.ready = self.used = False
        self.page = Page(0, 0, 0, "")
        self._unsent = bytearray()
        self._last_words = b""
        self._idle_s = self._job_s = 0.0
        self._cpu_s = 0.0
        self.send(msgspec.structs.replace(setup, tmp=str(folder)))

    def give(self, job: Job) -> None:
        """Hand over files to read."""
        self.job, self.used = job, True
        self._idle_s = self._job_s = 0.0
        use = use_of(self.process.pid)
        self._cpu_s = use.cpu_s if use else 0.0
        self.send(job)

    def send(self, message: msgspec.Struct) -> None:
        """Take a line to write; `flush` writes it as the pipe takes it."""
        self._unsent += encode(message) + b"\n"
        self.flush()

    def flush(self) -> bool:
        """Write what the pipe takes; whether something is left. A dead worker is noticed when its answers end."""
        try:
            while self._unsent:
                del self._unsent[: os.write(self.requests, self._unsent)]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self._unsent.clear()
        return bool(self._unsent)

    def hear(self) -> bool:
        """Take what it says on standard error, the end of which is kept; whether more can come."""
        with contextlib.suppress(BlockingIOError):
            heard = os.read(self.errors, 1 << 16)
            self._last_words = (self._last_words + heard)[-_LAST_WORDS:]
            return bool(heard)
        return True

    def take(self) -> list[Answer]:
        """Return the answers that have come.

        Raises:
            Fault: there will be none any more, or something else has come.
        """
        try:
            raw = os.read(self.answers, 2 * ANSWER_BYTES)
        except BlockingIOError:
            return []
        if not raw:
            raise Fault(Why.DIED, "the process ended")
        lines = raw.split(b"\n")
        # An answer is written in one piece, so one that has come in part was not written by a worker of ours.
        if lines.pop() or len(lines) > 2 or any(len(line) >= ANSWER_BYTES for line in lines):
            raise Fault(Why.PROTOCOL, "an answer that is no line")
        try:
            return [msgspec.json.decode(line, type=Answer) for line in lines]
        except msgspec.MsgspecError as error:
            raise Fault(Why.PROTOCOL, f"an answer that is none: {error}") from error

    def look(self, passed_s: float) -> None:
        """Look at its page and at what it uses.

        Args:
            passed_s: since the last look.

        Raises:
            Fault: it has done nothing for too long, needs too much memory, or shows what no worker shows.
        """
        page = read_page(self._pulse)
        use = use_of(self.process.pid)
        if page is None:
            raise Fault(Why.PROTOCOL, "a page that no worker writes")
        if use is not None and use.resident > RESIDENT_BYTES:
            raise Fault(Why.MEMORY, f"{use.resident} bytes of memory, at most {RESIDENT_BYTES}")
        if self.job is None and self.ready:
            return
        waited = min(passed_s, _STEP_S) if use is None or use.runs else 0.0
        self._idle_s += waited
        self._job_s += waited
        if page.beats != self.page.beats:
            self._idle_s, self._cpu_s = 0.0, use.cpu_s if use else 0.0
        self.page = page
        size = self.job.unit.size if self.job else 0
        if self._idle_s > IDLE_S or self._job_s > UNIT_S + size / BYTES_A_SECOND:
            raise Fault(Why.STUCK, "nothing came of it for too long")
        if use is not None and use.cpu_s - self._cpu_s > CPU_S:
            raise Fault(Why.STUCK, f"{CPU_S:.0f} s of processor time on one item")

    def stop(self) -> tuple[str, str]:
        """End the process and what it started; return the item that its page names, and the end of what it said."""
        self.process.end()
        page = read_page(self._pulse)
        os.close(self._pulse)
        self.hear()
        for pipe in self.process.pipes:
            os.close(pipe)
        return page.current if page else "", self._last_words.decode("utf-8", "replace").strip()
