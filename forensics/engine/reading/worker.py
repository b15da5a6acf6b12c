"""A worker process: takes jobs on standard input, reads files, writes rows, answers on standard output.

Forked by `nursery`; speaks as ``protocol`` says. It writes only to its own
folder below the case's ``tmp/``.
"""

import errno
import gc
import mmap
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

import msgspec

from forensics.engine.reading.confine import confine
from forensics.engine.reading.files import UnitReader
from forensics.engine.reading.protocol import PAGE_BYTES, PULSE_TEXT, Answer, Job, Setup, write_page
from forensics.engine.reading.record import all_gates
from forensics.engine.reading.sinks import Spool
from forensics.model.codec import encode
from forensics.parsers import PARSERS, load


class Pulse:
    """A page shared with the parent: what is being read, and how much has been."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._page = memoryview(mmap.mmap(file.fileno(), PAGE_BYTES))
        self._items = self._size = self._beats = 0

    def __call__(self, location_text: str, new: int = 1, /) -> None:
        """Name the item that is being read."""
        self._items += new
        self._beats += 1
        write_page(self._page, self._items, self._size, self._beats, location_text.encode("ascii")[:PULSE_TEXT])

    def beat(self) -> None:
        """Say that something was done for the same item."""
        self._beats += 1
        write_page(self._page, self._items, self._size, self._beats, None)

    def done(self, size: int) -> None:
        """Count bytes of source files that have been read."""
        self._size += size
        self.beat()


def prepare() -> None:
    """Import what every worker needs: rules on one item and formats; a format imports its libraries when it reads."""
    all_gates()
    for name in PARSERS:
        load(name)


def main() -> None:
    """Serve jobs until standard input closes."""
    requests, answers = channels()
    # The model has no cycles: collecting them often costs a tenth of the time and finds next to nothing.
    gc.set_threshold(100_000, 20, 20)
    gc.enable()
    setup = msgspec.json.decode(requests.readline(), type=Setup)
    tmp = Path(setup.tmp)
    tempfile.tempdir = str(tmp)  # for files that a library has to be given
    pulse = Pulse(tmp / "pulse")
    spool = Spool(tmp, pulse.beat)
    _answer(answers, Answer(kind="ready", confinement=confine()))
    for line in requests:
        job = msgspec.json.decode(line, type=Job)
        before = time.process_time()
        try:
            reader = UnitReader(setup, job, pulse, spool)
            reader.read()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            _answer(answers, Answer(kind="full"))
            return
        _answer(
            answers,
            Answer(
                kind="done",
                observations=reader.examiner.observed,
                changed=reader.changed,
                part=reader.part,
                cpu_s=time.process_time() - before,
                peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            ),
        )


def channels() -> tuple[BinaryIO, BinaryIO]:
    """Return where a worker is asked and where it answers, kept private: what a library prints must not mix with it."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)
    return os.fdopen(0, "rb", closefd=False), answers  # what `sys.stdin` has read ahead was not meant for it


def _answer(answers: BinaryIO, answer: Answer) -> None:
    answers.write(encode(answer) + b"\n")
