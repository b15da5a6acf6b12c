"""Computes keys in processes of their own.

One number has up to 134 million bits, and the library that computes with them neither lets other threads run nor hears
an interrupt until it is done; a process can be ended, and gives its memory back. It is handed two signatures with their
digests, numbers that the case has in its tables: it parses nothing of the evidence, so it is not confined.
"""

import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from types import TracebackType
from typing import Self

import msgspec

from forensics.authenticity.recovery import Signed, recover
from forensics.errors import WorkerFailed

_LAST_WORDS = 2_000
_COMMAND = ("-m", __name__)
"""What the interpreter of a process is told to run."""


class Computed(msgspec.Struct, frozen=True):
    """What a process answers."""

    record: bytes
    """Key record; empty where the pair gives no key."""
    cpu_s: float


class Computing:
    """Computes as many pairs at a time as there are to be processes; leaving its block ends them."""

    def __init__(self, jobs: int) -> None:
        self._threads = ThreadPoolExecutor(jobs)
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = Lock()
        self._over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._over = True
            for process in self._running:
                process.kill()
        self._threads.shutdown(cancel_futures=True)

    def start(self, first: Signed, second: Signed) -> "Future[Computed]":
        """Compute the key of a pair.

        Returns:
            What gives it; it raises `WorkerFailed` where the process ended by itself.
        """
        return self._threads.submit(self._compute, msgspec.json.encode((first, second)))

    def _compute(self, asked: bytes) -> Computed:
        with self._lock:
            if self._over:
                raise WorkerFailed("computing was stopped")
            process = _start()
            self._running.add(process)
        try:
            answer, words = process.communicate(asked)
        finally:
            with self._lock:
                self._running.discard(process)
        if process.returncode:
            raise WorkerFailed(f"a key could not be computed: {words[-_LAST_WORDS:].decode('utf-8', 'replace')}")
        return msgspec.json.decode(answer, type=Computed)


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", *_COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # an interrupt at the terminal is for the parent, which ends this one
    )


def main() -> None:
    """Read a pair from standard input, write what it gives to standard output."""
    first, second = msgspec.json.decode(sys.stdin.buffer.read(), type=tuple[Signed, Signed])
    key = recover(first, second)
    computed = Computed(record=b"" if key is None else key.record, cpu_s=round(time.process_time(), 2))
    sys.stdout.buffer.write(msgspec.json.encode(computed))


if __name__ == "__main__":
    main()
