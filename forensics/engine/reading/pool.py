"""The worker loop: our own spawned processes, so that a death costs one item and never the scan."""

import contextlib
import io
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from forensics.engine.reading.units import Unit
from forensics.engine.reading.worker import PULSE_BYTES, Answer, Job, Setup
from forensics.errors import StorageFull, WorkerFailed
from forensics.model.codec import encode
from forensics.model.scanning import Progress

WATCHDOG_S = 60.0
"""A worker that names no new item for so long is stopped."""
_POLL_S = 0.2
MOST_DEATHS = 3
"""At one place, after which the fault is not in the evidence: skipping the item has not helped."""


class _Worker:
    """One process and what it is doing."""

    def __init__(self, folder: Path, setup: Setup) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700)
        self._pulse = folder / "pulse"
        self._pulse.write_bytes(bytes(PULSE_BYTES))
        self._errors = (folder / "stderr").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "forensics.engine.reading.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.requests = self.process.stdin
        # Unbuffered: the selector must see every line that has not been taken.
        self.answers = io.FileIO(self.process.stdout.fileno(), closefd=False)
        self.send(msgspec.structs.replace(setup, tmp=str(folder)))
        self.job: Job | None = None
        self.items = self.size = 0
        self._moved = time.monotonic()

    def send(self, message: msgspec.Struct) -> None:
        """Write one line; a dead worker is noticed when its answers end."""
        with contextlib.suppress(BrokenPipeError):
            self.requests.write(encode(message) + b"\n")
            self.requests.flush()

    def look(self) -> tuple[str, bool]:
        """Read the shared page: the current item, and whether anything moved within the watchdog's time."""
        page = self._pulse.read_bytes()
        head = page[:24].strip(b"\0")
        items, length = (int(page[:12]), int(page[12:24])) if head else (0, 0)
        size = int.from_bytes(page[24:32], "little")
        if (items, size) != (self.items, self.size):
            self.items, self.size = items, size
            self._moved = time.monotonic()
        return page[32 : 32 + length].decode("ascii", "replace"), time.monotonic() - self._moved < WATCHDOG_S

    def give(self, job: Job) -> None:
        """Hand over a unit."""
        self.job = job
        self._moved = time.monotonic()
        self.send(job)

    def stop(self) -> str:
        """End the process, remove its files, and return the end of what it said on standard error."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for pipe in (self.requests, self.process.stdout, self._errors):
            with contextlib.suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()
        said = (self.folder / "stderr").read_bytes()[-2000:].decode("utf-8", "replace").strip()
        shutil.rmtree(self.folder, ignore_errors=True)
        return said


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that has been read."""

    unit: Unit
    answer: Answer
    skipped: tuple[str, ...]
    """Items that stopped a worker twice and stay unread."""


class Pool:
    """Reads units in spawned workers.

    Args:
        setup: what every worker is told; its ``tmp`` is the folder in which each gets its own.
        jobs: number of processes.
        on_progress: called a few times a second.
        on_confined: called once per worker with the measures obtained.
    """

    def __init__(
        self,
        setup: Setup,
        jobs: int,
        on_progress: Callable[[Progress], None],
        on_confined: Callable[[dict[str, str]], None],
    ) -> None:
        self._setup = setup
        self._jobs = max(1, jobs)
        self._on_progress = on_progress
        self._on_confined = on_confined
        self._workers: list[_Worker] = []
        self._spawned = 0
        self._selector = selectors.DefaultSelector()
        self._queue: deque[tuple[Job, dict[str, int]]] = deque()
        self._deaths: dict[str, dict[str, int]] = {}
        self._finished = (0, 0, 0)
        self._started = time.monotonic()
        self._total = 0

    def run(self, units: Sequence[Unit]) -> Iterator[Done]:
        """Yield every unit once it is read, in the order in which they end.

        Raises:
            StorageFull: a worker could not write its rows.
        """
        self._total = sum(unit.size for unit in units)
        self._queue.extend((Job(unit=unit), {}) for unit in units)
        try:
            for _ in range(min(self._jobs, len(units))):
                self._spawn()
            while self._queue or any(worker.job for worker in self._workers):
                yield from self._turn()
        finally:
            for worker in self._workers:
                worker.stop()
            self._selector.close()

    def _spawn(self) -> None:
        self._spawned += 1
        worker = _Worker(Path(self._setup.tmp) / f"worker-{self._spawned}", self._setup)
        self._workers.append(worker)
        self._selector.register(worker.answers, selectors.EVENT_READ, worker)
        self._feed(worker)

    def _feed(self, worker: _Worker) -> None:
        if self._queue:
            job, deaths = self._queue.popleft()
            self._deaths[job.unit.id] = deaths
            worker.give(job)

    def _turn(self) -> Iterator[Done]:
        for key, _ in self._selector.select(_POLL_S):
            worker: _Worker = key.data
            line = worker.answers.readline()
            if not line.endswith(b"\n"):
                self._bury(worker)
                continue
            yield from self._take(worker, msgspec.json.decode(line, type=Answer))
        for worker in list(self._workers):
            _, alive = worker.look()
            if worker.job and not alive:
                self._bury(worker)
        self._report()

    def _take(self, worker: _Worker, answer: Answer) -> Iterator[Done]:
        if answer.kind == "ready":
            self._on_confined(answer.confinement)
            return
        if answer.kind == "full":
            raise StorageFull("no space left for the rows of a unit; free some and run the same command again")
        job = worker.job
        assert job is not None
        if answer.changed and not job.skip and not self._deaths[job.unit.id].get("\0changed"):
            # A source that moved under us is read once more; what then differs is only noticed.
            self._deaths[job.unit.id]["\0changed"] = 1
            worker.give(job)
            return
        items, size, observations = self._finished
        self._finished = (items + answer.items, size + job.unit.size, observations + answer.observations)
        worker.job = None
        yield Done(unit=job.unit, answer=answer, skipped=job.skip)
        for path in answer.tables.values():
            Path(path).unlink(missing_ok=True)
        self._feed(worker)

    def _bury(self, worker: _Worker) -> None:
        """Replace a dead or stuck worker; its item gets one more chance, then it is skipped."""
        victim, _ = worker.look()
        job = worker.job
        self._selector.unregister(worker.answers)
        self._workers.remove(worker)
        last_words = worker.stop()
        if job is not None:
            deaths = self._deaths[job.unit.id]
            deaths[victim] = deaths.get(victim, 0) + 1
            if deaths[victim] > MOST_DEATHS:
                raise WorkerFailed(f"worker processes end on their own at {victim or 'their start'}: {last_words}")
            if deaths[victim] >= 2 and victim not in job.skip:
                job = Job(unit=job.unit, skip=(*job.skip, victim))
            self._queue.appendleft((job, deaths))
        if self._queue:
            self._spawn()

    def _report(self) -> None:
        items, size, observations = self._finished
        running = [worker for worker in self._workers if worker.job]
        self._on_progress(
            Progress(
                items=max(items, sum(worker.items for worker in self._workers)),
                size=max(size, sum(worker.size for worker in self._workers)),
                total=self._total,
                observations=observations,
                elapsed_s=time.monotonic() - self._started,
                current=running[0].look()[0] if running else "",
            )
        )


def default_jobs() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
