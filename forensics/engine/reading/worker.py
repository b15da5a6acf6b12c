"""A worker process: takes units on standard input, reads them, writes rows, answers on standard output.

Started as ``python -P -m forensics.engine.reading.worker``; speaks one JSON object a line. It writes only to its own
files below the case's ``tmp/``.
"""

import errno
import gc
import hashlib
import mmap
import os
import resource
import sys
import time
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO

import msgspec

from forensics.engine.reading.confine import confine
from forensics.engine.reading.examine import Entry, Examiner
from forensics.engine.reading.state import PULSE_TEXT
from forensics.engine.reading.units import Slice, Unit
from forensics.errors import IntakeError
from forensics.intake.files import FileBytes, SourceFile, file_times
from forensics.model.codec import encode
from forensics.model.items import ByteSource, Limits, MemoryBytes, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind, quote
from forensics.model.rules import Context
from forensics.parsers.mail.mbox import parse_range

PULSE_BYTES = PULSE_TEXT + 32
FLUSH_BYTES = 1 << 20
_HASH_WINDOW = 1 << 20


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """First line that a worker gets."""

    tmp: str
    """Its own folder."""
    limits: Limits
    as_of: int
    passwords: tuple[bytes, ...] = ()
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Every further line."""

    unit: Unit
    skip: tuple[str, ...] = ()
    """Locations that stopped a worker twice."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a worker."""

    kind: str
    """``ready``, ``done`` or ``full`` (no space left)."""
    confinement: dict[str, str] = {}
    tables: dict[str, str] = {}
    """Table to the path of its rows."""
    items: int = 0
    observations: int = 0
    changed: tuple[str, ...] = ()
    """Files that changed while they were read."""
    cpu_s: float = 0.0
    peak_bytes: int = 0


class Pulse:
    """A page shared with the parent: what is being read, and how much has been."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), PULSE_BYTES)
        self.items = 0
        self.size = 0

    def __call__(self, location_text: str, new: int = 1, /) -> None:
        """Name the item that is being read."""
        self.items += new
        text = location_text.encode("ascii")[:PULSE_TEXT]
        self._page[0:24] = b"%12d%12d" % (self.items, len(text))
        self._page[32 : 32 + len(text)] = text

    def done(self, size: int) -> None:
        """Count bytes of source files that have been read."""
        self.size += size
        self._page[24:32] = self.size.to_bytes(8, "little")


class FileSink:
    """Rows as JSON lines, one file per table."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._files: dict[str, BinaryIO] = {}
        self._pending: dict[str, list[bytes]] = {}
        self._size = 0

    def add(self, table: str, row: msgspec.Struct) -> None:
        """Take one row."""
        line = encode(row)
        self._pending.setdefault(table, []).append(line)
        self._size += len(line)
        if self._size > FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is pending."""
        for table, lines in self._pending.items():
            file = self._files.get(table)
            if file is None:
                file = self._files[table] = (self._folder / f"{table}.ndjson").open("wb")
            file.write(b"\n".join(lines) + b"\n")
        self._pending.clear()
        self._size = 0

    def close(self) -> dict[str, str]:
        """Write the rest; return table to path."""
        self.flush()
        for file in self._files.values():
            file.close()
        return {table: str(self._folder / f"{table}.ndjson") for table in sorted(self._files)}


class Spool:
    """Members too large for memory, in files of this worker that vanish with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: list[FileBytes] = []

    def __call__(self, chunks: Iterable[bytes]) -> ByteSource:
        """Store a member and return it as a source."""
        path = self._folder / f"spool-{len(self._open)}"
        with path.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
        source = FileBytes(path)
        self._open.append(source)
        path.unlink()  # the open descriptor keeps it; nothing is left behind whatever happens
        return source

    def clear(self) -> None:
        """Give the space back."""
        for source in self._open:
            source.close()
        self._open.clear()


class UnitReader:
    """Reads one unit into a sink."""

    def __init__(self, setup: Setup, job: Job, pulse: Pulse, spool: Spool) -> None:
        self._setup = setup
        self._unit = job.unit
        self._spool = spool
        self._pulse = pulse
        self.sink = FileSink(Path(setup.tmp) / job.unit.id)
        self._parsing = ParseContext(limits=setup.limits, passwords=setup.passwords, spool=spool)
        self.examiner = Examiner(
            self.sink, self._parsing, Context(as_of=setup.as_of), pulse, frozenset(job.skip), setup.exclude
        )
        self.changed: list[str] = []

    def read(self) -> None:
        """Read every file of the unit."""
        for file in self._unit.files:
            if file.kind != "file":
                self._not_a_file(file, f"intake.{file.kind}", f"{file.kind}: recorded, not opened")
            elif not self._wanted(file):
                self._not_a_file(file, "intake.not_selected", "left out by --only or --exclude")
            else:
                self._file(file)
            self._pulse.done(self._unit.size if self._unit.slice else file.size)

    def _wanted(self, file: SourceFile) -> bool:
        name = quote(file.name)
        if self._setup.only and not any(fnmatchcase(name, pattern) for pattern in self._setup.only):
            return False
        return not any(fnmatchcase(name, pattern) for pattern in self._setup.exclude)

    def _not_a_file(self, file: SourceFile, code: str, text: str) -> None:
        step = Step(kind=StepKind.FILE, name=quote(file.name), start=0, end=file.size, source=self._unit.source)
        notice = Notice(code=code, text=text, unread=file.size)
        self.examiner.not_read(
            Entry(
                source=None,
                location=Location((step,)),
                sha256="",
                size=file.size,
                name=file.name.rpartition(b"/")[2],
                times=file_times(file),
                notices=(notice,),
            )
        )

    def _file(self, file: SourceFile) -> None:
        try:
            with FileBytes(file.path) as source:
                part = self._unit.slice
                entry = self._slice(file, source, part) if part else self._whole(file, source)
                if source.changed():
                    self.changed.append(quote(file.name))
                    note = Notice(code="intake.changed", text="size, time or inode changed while it was read")
                    self.examiner.note(entry, note)
        except (OSError, IntakeError) as error:
            self._not_a_file(file, "intake.unreadable", f"cannot be read: {error}")
        finally:
            self._spool.clear()

    def _whole(self, file: SourceFile, opened: FileBytes) -> Entry:
        self._pulse(quote(file.name), 0)
        source: ByteSource = opened
        if opened.size <= self._setup.limits.memory_bytes:
            data = opened.read(0, opened.size)
            source = MemoryBytes(data)
            sha256 = hashlib.sha256(data).hexdigest()
        else:
            running = hashlib.sha256()
            for start in range(0, opened.size, _HASH_WINDOW):
                running.update(opened.read(start, start + _HASH_WINDOW))
                self._pulse(quote(file.name), 0)
            sha256 = running.hexdigest()
        entry = self._entry(file, source, sha256)
        self.examiner.examine(entry)
        return entry

    def _entry(self, file: SourceFile, source: ByteSource, sha256: str) -> Entry:
        step = Step(
            kind=StepKind.FILE, name=quote(file.name), start=0, end=source.size, sha256=sha256, source=self._unit.source
        )
        return Entry(
            source=source,
            location=Location((step,)),
            sha256=sha256,
            size=source.size,
            name=file.name.rpartition(b"/")[2],
            times=file_times(file),
        )

    def _slice(self, file: SourceFile, source: FileBytes, part: Slice) -> Entry:
        """Read one range of a large mailbox; the last range records the mailbox itself."""
        entry = self._entry(file, source, part.sha256)
        found = parse_range(source, part.start, part.end, part.ordinal, entry.location, self._parsing)
        self.examiner.examine_part(entry, "mail.mbox", found, record=part.last)
        return entry


def main() -> None:
    """Serve units until standard input closes."""
    requests, answers = _channels()
    # The model has no cycles: collecting them often costs a tenth of the time and finds next to nothing.
    gc.set_threshold(100_000, 20, 20)
    setup = msgspec.json.decode(requests.readline(), type=Setup)
    tmp = Path(setup.tmp)
    pulse = Pulse(tmp / "pulse")
    spool = Spool(tmp)
    _answer(answers, Answer(kind="ready", confinement=confine()))
    for line in requests:
        job = msgspec.json.decode(line, type=Job)
        before = time.process_time()
        reader = UnitReader(setup, job, pulse, spool)
        try:
            reader.read()
            tables = reader.sink.close()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            _answer(answers, Answer(kind="full"))
            return
        _answer(
            answers,
            Answer(
                kind="done",
                tables=tables,
                items=reader.examiner.items,
                observations=reader.examiner.observed,
                changed=tuple(reader.changed),
                cpu_s=time.process_time() - before,
                peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            ),
        )


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """Keep the answers' channel private: what a library prints must not mix with it."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)
    return sys.stdin.buffer, answers


def _answer(answers: BinaryIO, answer: Answer) -> None:
    answers.write(encode(answer) + b"\n")


if __name__ == "__main__":
    main()
