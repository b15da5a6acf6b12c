"""Reads the files of one unit into rows: what a worker does with a job."""

import errno
import hashlib
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from forensics.engine.reading.examine import Examiner
from forensics.engine.reading.parts import CLEAN, Part
from forensics.engine.reading.protocol import PULSE_TEXT, Job, Setup
from forensics.engine.reading.sinks import FileSink, Spool
from forensics.engine.reading.state import SKIPPED, VOLUME, Entry
from forensics.engine.reading.units import Slice
from forensics.errors import IntakeError
from forensics.intake.files import FileBytes, SourceFile, file_times
from forensics.model.accounts import Kind
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import Notice, ParseContext, Status
from forensics.model.locations import Location, Step, StepKind, quote
from forensics.model.rows.occurrences import AccountRow
from forensics.model.rules import Context
from forensics.parsers import Yielded, load

_HASH_WINDOW = 1 << 20


def held(opened: FileBytes, most: int, beat: Callable[[], None]) -> tuple[ByteSource, str]:
    """Return the bytes of a file and their SHA-256.

    Args:
        opened: the file.
        most: bytes up to which it is held in memory.
        beat: called while a larger one is digested.
    """
    if opened.size <= most:
        data = opened.read(0, opened.size)
        return MemoryBytes(data), hashlib.sha256(data).hexdigest()
    running = hashlib.sha256()
    for start in range(0, opened.size, _HASH_WINDOW):
        running.update(opened.read(start, start + _HASH_WINDOW))
        beat()
    return opened, running.hexdigest()


class Showing(Protocol):
    """What shows how far reading is."""

    def __call__(self, location_text: str, new: int = 1, /) -> None:
        """Name the item that is being read; *new* is 0 where it was named before."""

    def done(self, size: int) -> None:
        """Count bytes of source files that have been read."""


class UnitReader:
    """Reads the files of a job into a sink of its own.

    Attributes:
        examiner: counts items and observations.
        changed: files that changed while they were read.
        part: what reading a part gave that is told of the whole.
    """

    def __init__(self, setup: Setup, job: Job, pulse: Showing, spool: Spool) -> None:
        self._setup = setup
        self._unit = job.unit
        self._files = job.unit.files[job.first : job.last]
        self._skip = job.skip
        self._inside = job.inside
        self._spool = spool
        self._pulse = pulse
        self._sink = FileSink(Path(setup.tmp) / job.unit.id)
        self._parsing = ParseContext(limits=setup.limits, passwords=setup.passwords, spool=spool)
        self.examiner = Examiner(
            self._sink,
            self._parsing,
            Context(as_of=setup.as_of, limits=setup.limits),
            pulse,
            skip=job.skip,
            exclude=setup.exclude,
        )
        self.changed = 0
        self.part = CLEAN

    def read(self) -> None:
        """Read every file and write the rows out."""
        for file in self._files:
            if file.kind != "file":
                self._not_a_file(file, f"intake.{file.kind}", f"{file.kind}: recorded, not opened")
            elif not self._wanted(file):
                self._not_a_file(file, "intake.not_selected", "left out by --only or --exclude")
            else:
                self._file(file)
            self._pulse.done(self._unit.size if self._unit.slice else file.size)
        self.examiner.finish()
        self._sink.close()

    def _wanted(self, file: SourceFile) -> bool:
        name = quote(file.name)
        if self._setup.only and not any(fnmatchcase(name, pattern) for pattern in self._setup.only):
            return False
        return not any(fnmatchcase(name, pattern) for pattern in self._setup.exclude)

    def _not_a_file(self, file: SourceFile, code: str, text: str) -> None:
        part = self._unit.slice
        if part is None or part.last:
            notice = Notice(code=code, text=text, unread=file.size)
            self.examiner.not_read(self._entry(file, None, "", file.size, (notice,)))

    def _unreadable(self, file: SourceFile, error: Exception) -> None:
        """Record that a file, or a part of one, cannot be read."""
        part, code, text = self._unit.slice, "intake.unreadable", f"cannot be read: {error}"
        if part is None:
            self._not_a_file(file, code, text)
            return
        notice = Notice(code=code, text=text, unread=part.end - part.start)
        if part.last:
            self.examiner.not_read(self._entry(file, None, "", file.size, (notice,)))
        else:
            self.examiner.note(self._entry(file, None, part.sha256, file.size), notice)
            lost = AccountRow(kind=Kind.UNREAD, reason=code, size=notice.unread)
            self.part = Part(status=Status.UNREAD, reason=code, accounts=(lost,))

    def _file(self, file: SourceFile) -> None:
        read = self._part(self._unit.slice) if self._unit.slice else self._whole
        try:
            with FileBytes(file.path) as source:
                entry = read(file, source)
                if source.changed():
                    self.changed += 1
                    note = Notice(code="intake.changed", text="size, time or inode changed while it was read")
                    self.examiner.note(entry, note)
        except (OSError, IntakeError) as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            self._unreadable(file, error)
        finally:
            self._spool.clear()

    def _whole(self, file: SourceFile, opened: FileBytes) -> Entry:
        self._pulse(quote(file.name), 0)
        source, sha256 = held(opened, self._setup.limits.memory_bytes, lambda: self._pulse(quote(file.name), 0))
        entry = self._entry(file, source, sha256, source.size)
        self.examiner.examine(entry)
        return entry

    def _entry(
        self, file: SourceFile, source: ByteSource | None, sha256: str, size: int, notices: tuple[Notice, ...] = ()
    ) -> Entry:
        step = Step(
            kind=StepKind.FILE, name=quote(file.name), start=0, end=size, sha256=sha256, source=self._unit.source
        )
        return Entry(
            source=source,
            location=Location((step,)),
            sha256=sha256,
            size=size,
            name=file.name.rpartition(b"/")[2],
            times=file_times(file),
            notices=(*notices, Notice(code=VOLUME, text=file.volume)) if file.volume else notices,
        )

    def _part(self, part: Slice) -> Callable[[SourceFile, FileBytes], Entry]:
        """Return what reads one range of a large container, or records the container itself."""

        def read(file: SourceFile, source: FileBytes) -> Entry:
            entry = self._entry(file, source, part.sha256, source.size)
            parser, size = load(part.parser), part.end - part.start
            parsing = self.examiner.begin(source.size, size)
            found: Iterable[Yielded]
            if code := self._skip.get(entry.location.text[:PULSE_TEXT], ""):
                found = self._left_out(part, code)
            elif part.last:
                found = parser.parse_rest(source, entry.location, parsing)
            else:
                assert parser.parse_range is not None
                found = parser.parse_range(source, part, entry.location, parsing)
            if part.last:
                self.examiner.examine_rest(entry, parser, found, self._inside)
            else:
                self.part = self.examiner.examine_part(entry, parser, found, part)
            return entry

        return read

    def _left_out(self, part: Slice, code: str) -> tuple[Notice, ...]:
        what = "what it says of itself" if part.last else f"bytes {part.start} to {part.end}"
        return (Notice(code=code, text=f"{SKIPPED[code]}: {what}", unread=part.end - part.start),)
