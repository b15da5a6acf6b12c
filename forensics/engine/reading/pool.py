"""The worker loop: our own processes, so that whatever one does costs an item and never the scan."""

import contextlib
import os
import selectors
import shutil
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import msgspec

from forensics.engine.reading.attempts import Failure, Trying, attempts
from forensics.engine.reading.nursery import Nursery
from forensics.engine.reading.parts import Part, Parts
from forensics.engine.reading.planning import Planning
from forensics.engine.reading.process import Fault, Why, Worker
from forensics.engine.reading.protocol import Answer, Setup
from forensics.engine.reading.storing import Store, Storing
from forensics.engine.reading.taking import Taken, take
from forensics.engine.reading.units import Unit
from forensics.errors import CaseStoreError, StorageFull, WorkerFailed
from forensics.model.scanning import Progress

_POLL_S = 0.2
MOST_STILLBORN = 3
"""Workers in a row that end before they have seen any evidence, after which the fault is in the installation."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that has been read and stored."""

    unit: Unit
    items: int
    again: int
    """Items that were left for a reason that may have passed by another time."""
    files: Mapping[str, str]
    """What storing it gave: path below the case to digest."""
    skipped: tuple[str, ...]
    """Items that stopped a worker twice and stay unread."""
    failures: int
    """Workers that were stopped on the way."""
    changed: int
    """Files that changed while they were read, twice."""
    observations: int
    cpu_s: float
    peak_bytes: int
    part: Part
    """What reading a part of a file gave that is told of the whole."""


class _Task:
    """A unit on its way."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.trying: Trying[None] = attempts(unit)
        self.job = next(self.trying)
        self.failures = 0
        self.changed = False
        """Whether a file changed at the first reading; what then differs is only noticed."""


class _Read(NamedTuple):
    """A unit that was read as a whole, and is being stored."""

    task: _Task
    worker: Worker
    answer: Answer
    rows: Taken
    folder: Path
    """Of the rows."""

    def done(self, files: Mapping[str, str]) -> Done:
        """Return the unit as it was stored."""
        return Done(
            unit=self.task.unit,
            items=self.rows.items,
            again=self.rows.again,
            files=files,
            skipped=tuple(self.task.job.skip),
            failures=self.task.failures,
            changed=self.answer.changed,
            observations=self.answer.observations,
            cpu_s=self.answer.cpu_s,
            peak_bytes=self.answer.peak_bytes,
            part=self.answer.part,
        )


class Pool:
    """Reads units in worker processes.

    Args:
        setup: what every worker is told; its ``tmp`` is the folder in which each gets its own.
        jobs: number of processes.
        on_progress: called a few times a second.
        on_confined: called once per worker with the measures obtained.
        store: called in a thread for every unit that was read, while others are.
        parts: what earlier scans read of files that are cut.
    """

    def __init__(
        self,
        setup: Setup,
        jobs: int,
        on_progress: Callable[[Progress], None],
        on_confined: Callable[[dict[str, str]], None],
        store: Store,
        parts: Parts | None = None,
    ) -> None:
        self._setup = setup
        self._tmp = Path(setup.tmp)
        self._jobs = max(1, jobs)
        self._on_progress = on_progress
        self._on_confined = on_confined
        self._nursery = Nursery(self._jobs)
        self._workers: dict[Worker, _Task | None] = {}
        self._stillborn = 0
        self._selector = selectors.DefaultSelector()
        self._fresh: deque[Unit] = deque()
        self._held: list[Unit] = []
        self._again: deque[_Task] = deque()
        self._parts = parts or Parts()
        self._storing: Storing[_Read] = Storing(store, self._jobs)
        self._finished = (0, 0, 0)
        self._started = self._looked = time.monotonic()
        self._total = 0
        self._planned = False

    def run(
        self, units: Iterable[Unit], on_planned: Callable[[], object] = lambda: None
    ) -> Generator[Done, None, None]:
        """Start the workers, and yield every unit once it is stored, in the order in which they end.

        Closing the generator ends workers and threads.

        Args:
            units: taken from in a thread, while others are read.
            on_planned: called once there are no more.

        Raises:
            StorageFull: there is no space left for the rows of a unit.
            WorkerFailed: workers end by themselves, whatever they are given.
        """
        planning = Planning(units)
        try:
            self._selector.register(planning.more, selectors.EVENT_READ, (None, "planned"))
            self._selector.register(self._storing.ended, selectors.EVENT_READ, (None, "stored"))
            while not self._planned or self._waiting or self._storing.waiting or any(self._workers.values()):
                self._staff()
                yield from self._turn()
                self._take_units(planning, on_planned)
        finally:
            # First, for the rest takes time and may be interrupted once more: a thread that waits would never end.
            self._storing.stop()
            planning.close()
            for worker in list(self._workers):
                self._retire(worker)
            self._nursery.close()
            self._selector.close()
            self._storing.close()

    @property
    def _waiting(self) -> bool:
        """Whether there is a unit that can be read."""
        return bool(self._again or self._fresh)

    def _take_units(self, planning: Planning, on_planned: Callable[[], object]) -> None:
        """Take what has been planned since."""
        if self._planned:
            return
        for unit in planning.found():
            self._total += unit.size
            if unit.slice is not None and not unit.slice.last:
                self._parts.expect(unit)
            (self._fresh if self._parts.ready(unit) else self._held).append(unit)
        if planning.done:
            self._planned = True
            self._selector.unregister(planning.more)
            on_planned()

    def _release(self) -> None:
        """Queue what can be read now: a file that was cut is recorded after all its parts."""
        self._fresh.extend([unit for unit in self._held if self._parts.ready(unit)])
        self._held = [unit for unit in self._held if not self._parts.ready(unit)]

    def _staff(self) -> None:
        """Give every worker that has nothing to do its next job, and start those that are missing."""
        for worker in [worker for worker, task in self._workers.items() if task is None]:
            self._feed(worker)
        while self._waiting and len(self._workers) < self._jobs and not self._storing.full:
            self._spawn()

    def _spawn(self) -> None:
        worker = Worker(Path(mkdtemp(prefix="worker-", dir=self._tmp)), self._setup, self._nursery.fork)
        self._workers[worker] = None
        self._selector.register(worker.answers, selectors.EVENT_READ, (worker, "answers"))
        self._selector.register(worker.errors, selectors.EVENT_READ, (worker, "errors"))
        self._feed(worker)

    def _retire(self, worker: Worker) -> tuple[str, str]:
        """End a worker, remove what it wrote; return the item it named, and its last words."""
        del self._workers[worker]
        for pipe in (worker.answers, worker.errors, worker.requests):
            if pipe in self._selector.get_map():
                self._selector.unregister(pipe)
        end = worker.stop()
        shutil.rmtree(worker.folder, ignore_errors=True)
        return end

    def _feed(self, worker: Worker) -> None:
        """Give a worker its next job; one that must not be trusted with it any more is replaced."""
        if not self._waiting or self._storing.full:
            return
        if worker.used and self._again and self._again[0].failures:
            self._retire(worker)
            self._spawn()
            return
        task = self._again.popleft() if self._again else _Task(self._fresh.popleft())
        self._workers[worker] = task
        cut = task.unit.slice is not None and task.unit.slice.last
        worker.give(msgspec.structs.replace(task.job, inside=self._parts.whole(task.unit)) if cut else task.job)
        if worker.flush():
            self._selector.register(worker.requests, selectors.EVENT_WRITE, (worker, "requests"))

    def _turn(self) -> Iterator[Done]:
        for key, _ in self._selector.select(_POLL_S):
            worker, pipe = key.data
            if pipe == "stored":
                yield from self._stored()
            elif pipe == "planned" or worker not in self._workers:
                continue
            elif pipe == "answers":
                self._answers(worker)
            elif pipe == "errors" and not worker.hear():
                self._selector.unregister(worker.errors)
            elif pipe == "requests" and not worker.flush():
                self._selector.unregister(worker.requests)
        now = time.monotonic()
        passed, self._looked = now - self._looked, now
        for worker in list(self._workers):
            try:
                worker.look(passed)
            except Fault as fault:
                self._bury(worker, fault)
        self._report()

    def _answers(self, worker: Worker) -> None:
        try:
            for answer in worker.take():
                self._take(worker, answer)
        except Fault as fault:
            self._bury(worker, fault)

    def _take(self, worker: Worker, answer: Answer) -> None:
        if (answer.kind == "ready") == worker.ready:
            raise Fault(Why.PROTOCOL, f"{answer.kind} out of turn")
        if answer.kind == "ready":
            worker.ready = True
            self._stillborn = 0
            self._on_confined(answer.confinement)
            return
        task = self._workers[worker]
        if task is None:
            raise Fault(Why.PROTOCOL, f"{answer.kind} without a job")
        if answer.kind == "full":
            raise StorageFull("no space left for the rows of a unit; free some and run the same command again")
        self._read(worker, task, answer)
        worker.job = None
        self._workers[worker] = None
        shutil.rmtree(worker.folder / task.unit.id, ignore_errors=True)

    def _read(self, worker: Worker, task: _Task, answer: Answer) -> None:
        """Take what a worker has read, or what a trial has shown."""
        into = Path(mkdtemp(prefix="taken-", dir=self._tmp))
        try:
            rows = take(task.job, worker.folder, into, strict=task.failures > 0)
            if not task.job.whole:
                self._next(task, None)
            elif answer.changed and not task.changed:
                task.changed = True  # a source that moved under us is read once more
                self._again.appendleft(task)
            else:
                self._storing.begin(_Read(task, worker, answer, rows, into), task.unit, rows.tables)
                return
        except Fault:
            shutil.rmtree(into, ignore_errors=True)
            raise
        shutil.rmtree(into, ignore_errors=True)

    def _stored(self) -> Iterator[Done]:
        """Yield what has been stored; what cannot be is read again, and whoever gave it reads no more."""
        for stored in self._storing.done():
            read = stored.of
            try:
                files = stored.files()
            except StorageFull:
                raise
            except CaseStoreError as error:
                self._refuse(read, str(error))
                continue
            finally:
                shutil.rmtree(read.folder, ignore_errors=True)
            yield read.done(files)
            self._count(read)
            self._next(read.task, None)
            if read.task.unit.slice is not None and not read.task.unit.slice.last:
                self._parts.take(read.task.unit, read.answer.part)
                self._release()

    def _refuse(self, read: _Read, why: str) -> None:
        if read.worker in self._workers:
            task = self._workers[read.worker]
            self._retire(read.worker)
            if task is not None:
                self._again.appendleft(task)
        read.task.failures += 1
        self._next(read.task, Failure(why=Why.PROTOCOL, victim="", words=why))

    def _next(self, task: _Task, failure: Failure | None) -> None:
        """Put a unit back with what is to be tried next; one that has been read is gone."""
        with contextlib.suppress(StopIteration):
            task.job = task.trying.send(failure)
            self._again.appendleft(task)

    def _bury(self, worker: Worker, fault: Fault) -> None:
        """Replace a worker that failed; its unit decides what is tried next."""
        task = self._workers[worker]
        victim, last_words = self._retire(worker)
        if not worker.ready:
            self._stillborn += 1
            if self._stillborn >= MOST_STILLBORN:
                raise WorkerFailed(f"worker processes end on their own, before they read anything: {last_words}")
            if task is not None:
                self._again.appendleft(task)
        elif task is not None:
            task.failures += 1
            self._next(task, Failure(why=fault.why, victim=victim, words=f"{fault}; {last_words}"))

    def _count(self, read: _Read) -> None:
        items, size, observations = self._finished
        self._finished = (items + read.rows.items, size + read.task.unit.size, observations + read.answer.observations)

    def _report(self) -> None:
        items, size, observations = self._finished
        busy = [worker for worker, task in self._workers.items() if task]
        shown = sum([worker.page.size for worker in self._workers])
        self._on_progress(
            Progress(
                items=max(items, sum([worker.page.items for worker in self._workers])),
                size=min(self._total, max(size, shown)),
                total=self._total,
                planned=self._planned,
                observations=observations,
                elapsed_s=time.monotonic() - self._started,
                current=busy[0].page.current if busy else "",
            )
        )


def default_jobs() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
