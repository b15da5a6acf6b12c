"""Units are stored while others are read: in threads, since DuckDB works outside of Python's lock."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

from forensics.engine.reading.units import Unit

Store = Callable[[Unit, Mapping[str, Path]], Mapping[str, str]]
"""Takes the rows of a unit, table to a file of JSON lines; returns path below the case to digest of what it wrote.

Raises:
    StorageFull: there is no space left.
    CaseStoreError: these are no rows of ours.
"""
_WORKERS = 4
"""So many workers keep one thread busy by half."""

T = TypeVar("T")


class Stored(Generic[T]):
    """What came of one unit.

    Attributes:
        of: what the caller knows it by.
    """

    def __init__(self, of: T, files: Mapping[str, str], error: BaseException | None) -> None:
        self.of = of
        self._files = files
        self._error = error

    def files(self) -> Mapping[str, str]:
        """Return what was written, or raise what storing it raised."""
        if self._error is not None:
            raise self._error
        return self._files


class Storing(Generic[T]):
    """The units that are being stored.

    Args:
        store: called in one of the threads.
        jobs: workers that give units.

    Attributes:
        ended: can be read from once a unit has been stored.
        waiting: how many units are on their way.
    """

    def __init__(self, store: Store, jobs: int) -> None:
        self._store = store
        self._most = 1 + (jobs - 1) // _WORKERS
        self._room = jobs + 2 * self._most
        self._threads: list[Thread] = []
        self._begun: SimpleQueue[tuple[T, Unit, Mapping[str, Path]] | None] = SimpleQueue()
        self._done: SimpleQueue[Stored[T]] = SimpleQueue()
        self.waiting = 0
        self.ended, self._wake = os.pipe()
        os.set_blocking(self.ended, False)

    @property
    def full(self) -> bool:
        """Whether so many units wait that to read more would only fill the disk."""
        return self.waiting >= self._room

    def begin(self, of: T, unit: Unit, rows: Mapping[str, Path]) -> None:
        """Begin to store a unit."""
        self.waiting += 1
        self._begun.put((of, unit, rows))
        if len(self._threads) < min(self._most, self.waiting):
            # The interpreter waits for them at its end: DuckDB must not be stopped in the middle of its work.
            self._threads.append(Thread(target=self._run, name="storing"))
            self._threads[-1].start()

    def done(self) -> Iterator[Stored[T]]:
        """Yield what has been stored, or could not be."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.ended, 4096)
        with contextlib.suppress(Empty):
            while True:
                stored = self._done.get_nowait()
                self.waiting -= 1
                yield stored

    def stop(self) -> None:
        """Leave what has not been begun, and let every thread end after what it does."""
        with contextlib.suppress(Empty):
            while True:
                self._begun.get_nowait()
        for _ in self._threads:
            self._begun.put(None)

    def close(self) -> None:
        """Wait for what is being stored when it was stopped."""
        for thread in self._threads:
            thread.join()
        os.close(self._wake)
        os.close(self.ended)

    def _run(self) -> None:
        while (begun := self._begun.get()) is not None:
            of, unit, rows = begun
            files: Mapping[str, str] = {}
            error: BaseException | None = None
            try:
                files = self._store(unit, rows)
            except BaseException as raised:  # noqa: BLE001  raised again where the unit is waited for
                error = raised
            self._done.put(Stored(of, files, error))
            os.write(self._wake, b".")
