"""The main job: from sources to a case with a ranking."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from forensics._version import VERSION
from forensics.casestore import CaseFolder, Queries, completed_units, reached, write_unit
from forensics.engine.dates import instant_of
from forensics.engine.extent import extent
from forensics.engine.judging import discard, judge, stoppable
from forensics.engine.key_files import existing
from forensics.engine.keys import store_keys
from forensics.engine.opening import asked_of, labels_of, open_case
from forensics.engine.reading.code import reading_code
from forensics.engine.reading.logged import logged_parts, passing_units, unit_details
from forensics.engine.reading.parts import CLEAN, Parts
from forensics.engine.reading.planned import Tally, plan_details
from forensics.engine.reading.pool import Pool, default_jobs
from forensics.engine.reading.protocol import Setup
from forensics.engine.reading.units import Unit, plan
from forensics.engine.roots import contents_of
from forensics.engine.source_records import record_sources
from forensics.errors import IntakeError, UsageError
from forensics.model.codec import encode_text
from forensics.model.locations import quote
from forensics.model.paths import AnyPath, paths_of
from forensics.model.scanning import Extent, Progress, ScanOptions, ScanResult
from forensics.stages import STAGES


def scan(
    sources: AnyPath | Iterable[AnyPath],
    case: AnyPath,
    options: ScanOptions | None = None,
    *,
    progress: Callable[[Progress], None] = lambda _: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ScanResult:
    """Read sources into a case, run all rules, rank; a second run does only what is missing.

    Args:
        sources: a file or folder, or several; read only.
        case: folder of the case; made if it does not exist.
        options: case data, selection, limits.
        progress: called a few times a second.
        clock: wall clock of the examining machine, for the custody log.

    Raises:
        UsageError: a source is missing, or the case holds other sources.
        CaseStoreError: the folder is no case, is locked, or the disk is full (`StorageFull`).
        Interrupted: stopped by the user; the same call goes on from there.
    """
    options = options or ScanOptions()
    labelled = labels_of(paths_of(sources))
    key_paths = existing(options.dkim_keys)
    folder = open_case(Path(case), labelled, options, clock)
    with folder.lock():
        folder.custody.append("scan_started", {"sources": " ".join(labelled), "version": VERSION})
        with stoppable(folder):
            discard(folder)
            key_files = store_keys(folder, key_paths)
            result = _Scan(folder, labelled, options, progress).run()
            return msgspec.structs.replace(result, key_files=key_files)


class _Scan:
    """One run over an opened, locked case."""

    def __init__(
        self,
        folder: CaseFolder,
        labelled: Mapping[str, Path],
        options: ScanOptions,
        progress: Callable[[Progress], None],
    ) -> None:
        self._folder = folder
        self._labelled = labelled
        self._options = options
        self._progress = progress
        self._as_of = instant_of(folder.info.as_of, "as of")
        self._cpu_s = 0.0
        self._peak_bytes = 0
        self._changed = self._again = 0
        self._parts = Parts()

    def run(self) -> ScanResult:
        whole, left = Tally(), Tally()
        units: Iterable[Unit] = whole.counting(self._plan())
        if done := completed_units(self._folder):
            units = self._left(list(units), done)
        planned = partial(self._folder.custody.append, "planned")
        try:
            self._read(left.counting(units), lambda: planned(plan_details(whole, left)))
        except BaseException:
            discard(self._folder)
            raise
        limits = self._options.limits
        contents = contents_of(self._folder, self._labelled, self._options.passwords, limits)
        with Queries(self._folder, without=STAGES) as queries, contents:
            record_sources(self._folder, queries)
            found = extent(self._folder, queries)
            ranked = judge(self._folder, queries, contents, limits)
        self._folder.custody.append("scan_finished", {"items": str(found.items)})
        found = msgspec.structs.replace(found, reached=reached(self._folder))
        return self._result(found, left.units, ranked)

    def _left(self, units: Sequence[Unit], done: frozenset[str]) -> list[Unit]:
        """Take out what no longer belongs to the sources; return the units that are to be read.

        A file that is cut is recorded again with any part of it.
        """
        self._refuse_namesakes(units, done)
        self._remove(done - {unit.id for unit in units})
        fresh = done - passing_units(self._folder)
        parts = logged_parts(self._folder)
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

    def _refuse_namesakes(self, units: Sequence[Unit], done: frozenset[str]) -> None:
        """Refuse a source that only has the name of the case's own: another place, and not one unit in common."""
        if not done or done & {unit.id for unit in units}:
            return
        for record in self._folder.info.sources:
            if record.path != quote(os.fsencode(self._labelled[record.label])):
                raise UsageError(f"this case holds another {record.label}, from {record.path}; give another --case")

    def _remove(self, stale: Iterable[str]) -> None:
        """Take out units that this version, or the source as it is now, would not make: their items are read again."""
        for unit in sorted(stale):
            files = write_unit(self._folder, unit, {})
            self._folder.custody.append("unit_removed", {"unit": unit}, files)

    def _plan(self) -> Iterator[Unit]:
        asked = encode_text(asked_of(self._options))
        for label, root in self._labelled.items():
            try:
                yield from plan(label, root, self._options.limits, self._options.passwords, asked, reading_code())
            except OSError as error:
                raise IntakeError(f"{root}: {error.strerror}") from error

    def _read(self, units: Iterable[Unit], on_planned: Callable[[], object]) -> None:
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
        jobs = self._options.jobs or default_jobs()

        def confined(measures: dict[str, str]) -> None:
            custody.append("confinement", measures)

        def store(unit: Unit, rows: Mapping[str, Path]) -> Mapping[str, str]:
            return write_unit(self._folder, unit.id, rows)

        pool = Pool(setup, jobs, self._progress, confined, store, self._parts)
        # Whatever ends the loop ends workers and threads with it, and not when the error is forgotten.
        with closing(pool.run(units, on_planned)) as read:
            for done in read:
                custody.append("unit", unit_details(done), done.files)
                self._changed += done.changed
                self._again += done.again
                self._cpu_s += done.cpu_s
                self._peak_bytes = max(self._peak_bytes, done.peak_bytes)

    def _result(self, whole: Extent, units: int, ranked: int) -> ScanResult:
        return ScanResult(
            case=self._folder.path,
            extent=whole,
            ranked=ranked,
            head=self._folder.custody.head(),
            units=units,
            cpu_s=round(self._cpu_s, 3),
            peak_bytes=self._peak_bytes,
            changed=self._changed,
            again=self._again,
        )
