"""Reads the units of some sources that a case does not have yet, and takes out those that no longer belong to them."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec

from forensics.casestore import CaseFolder, completed_units, write_unit
from forensics.engine.opening import asked_of
from forensics.engine.reading.code import reading_code
from forensics.engine.reading.logged import logged_parts, passing_units, unit_details
from forensics.engine.reading.parts import CLEAN, Parts
from forensics.engine.reading.planned import Tally, plan_details
from forensics.engine.reading.pool import Pool, default_jobs
from forensics.engine.reading.protocol import Setup
from forensics.engine.reading.units import Unit, plan
from forensics.errors import IntakeError, UsageError
from forensics.model.case import SourceRecord
from forensics.model.codec import encode_text
from forensics.model.locations import quote
from forensics.model.scanning import Progress, ScanOptions

Rows = Callable[[Mapping[str, Path]], Mapping[str, Path]]
"""Makes of the files of rows that a worker wrote, by table, those that the case keeps."""


class Kept(msgspec.Struct, frozen=True):
    """What a case keeps of a kind of source, and what its log calls that."""

    planned: str
    read: str
    removed: str
    rows: Rows


ARCHIVE = Kept("planned", "unit", "unit_removed", lambda rows: rows)
"""The sources that are judged: all that a worker found."""


class SourceUnits:
    """One run over sources of one kind, in an opened, locked case.

    Attributes:
        units: that were read in this run.
        cpu_s: processor time of the workers.
        peak_bytes: largest resident memory of one worker.
        changed: files that changed while they were read, twice.
        again: items that were left for a reason that may have passed.
    """

    def __init__(
        self,
        folder: CaseFolder,
        labelled: Mapping[str, Path],
        options: ScanOptions,
        as_of: int,
        kept: Kept = ARCHIVE,
    ) -> None:
        self._folder, self._labelled, self._options, self._as_of, self._kept = folder, labelled, options, as_of, kept
        self._parts = Parts()
        self.units = self.changed = self.again = self.peak_bytes = 0
        self.cpu_s = 0.0

    def read(self, records: Sequence[SourceRecord], progress: Callable[[Progress], None]) -> None:
        """Read what is missing.

        Args:
            records: what the case says of the sources.
            progress: called a few times a second.
        """
        whole, left = Tally(), Tally()
        units: Iterable[Unit] = whole.counting(self._plan())
        if done := completed_units(self._folder, self._kept.read):
            units = self._left(list(units), done, records)
        planned = partial(self._folder.custody.append, self._kept.planned)
        self._read(left.counting(units), lambda: planned(plan_details(whole, left)), progress)
        self.units = left.units

    def _left(self, units: Sequence[Unit], done: frozenset[str], records: Sequence[SourceRecord]) -> list[Unit]:
        """Take out what no longer belongs to the sources; return the units that are to be read.

        A file that is cut is recorded again with any part of it.
        """
        self._refuse_namesakes(units, done, records)
        self._remove(done - {unit.id for unit in units})
        fresh = done - passing_units(self._folder, self._kept.read)
        parts = logged_parts(self._folder, self._kept.read)
        for unit in units:
            if unit.slice is not None and not unit.slice.last and unit.id in fresh:
                self._parts.take(unit, parts.get(unit.id, CLEAN))
        cut = {(unit.source, unit.files[0].name) for unit in units if unit.slice is not None and unit.id not in fresh}
        return [
            unit
            for unit in units
            if unit.id not in fresh
            or (unit.slice is not None and unit.slice.last and (unit.source, unit.files[0].name) in cut)
        ]

    def _refuse_namesakes(self, units: Sequence[Unit], done: frozenset[str], records: Sequence[SourceRecord]) -> None:
        """Refuse a source that only has the name of the case's own: another place, and not one unit in common."""
        if done & {unit.id for unit in units}:
            return
        for record in records:
            if record.path != quote(os.fsencode(self._labelled[record.label])):
                raise UsageError(f"this case holds another {record.label}, from {record.path}; give another --case")

    def _remove(self, stale: Iterable[str]) -> None:
        """Take out units that this version, or the source as it is now, would not make: their items are read again."""
        for unit in sorted(stale):
            files = write_unit(self._folder, unit, {})
            self._folder.custody.append(self._kept.removed, {"unit": unit}, files)

    def _plan(self) -> Iterator[Unit]:
        asked = encode_text(asked_of(self._options))
        for label, root in self._labelled.items():
            try:
                yield from plan(label, root, self._options.limits, self._options.passwords, asked, reading_code())
            except OSError as error:
                raise IntakeError(f"{root}: {error.strerror}") from error

    def _read(
        self, units: Iterable[Unit], on_planned: Callable[[], object], progress: Callable[[Progress], None]
    ) -> None:
        """Read and store units while they are planned."""
        setup = Setup(
            tmp=str(self._folder.tmp),
            limits=self._options.limits,
            as_of=self._as_of,
            passwords=self._options.passwords,
            only=self._options.only,
            exclude=self._options.exclude,
        )
        custody = self._folder.custody

        def confined(measures: dict[str, str]) -> None:
            custody.append("confinement", measures)

        def store(unit: Unit, rows: Mapping[str, Path]) -> Mapping[str, str]:
            return write_unit(self._folder, unit.id, self._kept.rows(rows))

        pool = Pool(setup, self._options.jobs or default_jobs(), progress, confined, store, self._parts)
        # Whatever ends the loop ends workers and threads with it, and not when the error is forgotten.
        with closing(pool.run(units, on_planned)) as read:
            for done in read:
                custody.append(self._kept.read, unit_details(done), done.files)
                self.changed += done.changed
                self.again += done.again
                self.cpu_s += done.cpu_s
                self.peak_bytes = max(self.peak_bytes, done.peak_bytes)
