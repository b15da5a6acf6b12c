"""Units are planned while others are read: in a thread, since a large file is hashed outside of Python's lock."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread

from forensics.engine.reading.units import Unit

_WAIT_S = 3.0
"""A large file is hashed or cut to its end, and a process that ends meanwhile has DuckDB complain on its last lines."""


class Planning:
    """The units of a scan, as they are found.

    Args:
        units: gives them; taken from in a thread.

    Attributes:
        more: can be read from once there is a unit, or no further one.
        done: whether all have been found.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        self._found: SimpleQueue[Unit | BaseException | None] = SimpleQueue()
        self._stopped = False
        self.done = False
        self.more, wake = os.pipe()
        os.set_blocking(self.more, False)
        self._thread = Thread(target=self._run, args=(units, wake), name="planning", daemon=True)
        self._thread.start()

    def found(self) -> Iterator[Unit]:
        """Yield what has been found since, or raise what stopped the search."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.more, 4096)
        with contextlib.suppress(Empty):
            while not self.done:
                found = self._found.get_nowait()
                if isinstance(found, BaseException):
                    raise found
                if found is None:
                    self.done = True
                else:
                    yield found

    def close(self) -> None:
        """Look for no more; wait for the search to notice, but not for minutes: it only reads."""
        self._stopped = True
        os.close(self.more)
        self._thread.join(_WAIT_S)

    def _run(self, units: Iterable[Unit], wake: int) -> None:
        try:
            for unit in units:
                if self._stopped:
                    return
                self._tell(unit, wake)
            self._tell(None, wake)
        except BaseException as raised:  # noqa: BLE001  raised again where the units are waited for
            self._tell(raised, wake)
        finally:
            os.close(wake)

    def _tell(self, found: Unit | BaseException | None, wake: int) -> None:
        self._found.put(found)
        with contextlib.suppress(OSError):  # nobody listens any more
            os.write(wake, b".")
