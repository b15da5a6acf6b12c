"""The main job: from sources to a case with a ranking."""

import hashlib
import os
import platform
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path

import msgspec

from forensics._version import VERSION
from forensics.casestore import (
    CaseFolder,
    Queries,
    completed_units,
    discard_unlogged,
    reached,
    replace_tables,
    source_digest,
    write_unit,
    write_views,
)
from forensics.checks import RULES, load
from forensics.engine.dates import instant_of, rfc3339, ticks
from forensics.engine.extent import extent
from forensics.engine.reading.code import reading_code
from forensics.engine.reading.logged import passing_units, unit_details
from forensics.engine.reading.planned import Pieces, plan_details
from forensics.engine.reading.pool import Pool, default_jobs
from forensics.engine.reading.protocol import Setup
from forensics.engine.reading.units import Unit, plan
from forensics.errors import CaseStoreError, IntakeError, Interrupted, KnowledgeError, StorageFull, UsageError
from forensics.intake import types
from forensics.knowledge.rates import rates_without
from forensics.model.case import CaseInfo, Options, SourceRecord
from forensics.model.codec import encode, encode_text
from forensics.model.findings import StoredFinding
from forensics.model.locations import quote
from forensics.model.rows.findings import FindingRow
from forensics.model.rows.notices import NoticeRow
from forensics.model.rows.ranking import RankRow
from forensics.model.rows.set_aside import SetAsideRow
from forensics.model.rules import Context
from forensics.model.scanning import Extent, Progress, ScanOptions, ScanResult
from forensics.stages.grading.grade import Grading, grade_case


def scan(
    sources: Sequence[Path],
    case: Path,
    options: ScanOptions | None = None,
    *,
    progress: Callable[[Progress], None] = lambda _: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ScanResult:
    """Read sources into a case, run all rules, rank; a second run does only what is missing.

    Args:
        sources: files or folders; read only.
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
    labelled = _labels(sources)
    folder = _open(case, labelled, options, clock)
    with folder.lock():
        folder.custody.append("scan_started", {"sources": " ".join(labelled), "version": VERSION})
        try:
            return _Scan(folder, labelled, options, progress).run()
        except (KeyboardInterrupt, RuntimeError) as stopped:
            # DuckDB turns an interrupt that meets it into a RuntimeError of its own.
            if isinstance(stopped, RuntimeError) and "interrupt" not in str(stopped).lower():
                raise
            folder.custody.append("interrupted", {"by": "user"})
            raise Interrupted("stopped; run the same command again to go on") from stopped


def _labels(sources: Sequence[Path]) -> dict[str, Path]:
    """Name the sources by their base names, numbered where two are equal."""
    if not sources:
        raise UsageError("no source given")
    found: dict[str, Path] = {}
    for path in sources:
        absolute = path.absolute()
        if not absolute.exists():
            raise UsageError(f"no such source: {path}")
        if absolute in found.values():
            raise UsageError(f"source given twice: {path}")
        base = quote(os.fsencode(absolute.name or "root"))
        label, number = base, 1
        while label in found:
            number += 1
            label = f"{base}-{number}"
        found[label] = absolute
    return found


def _open(case: Path, labelled: Mapping[str, Path], options: ScanOptions, clock: Callable[[], datetime]) -> CaseFolder:
    for path in labelled.values():
        inside = case.resolve()
        if path.resolve() == inside or path.resolve() in inside.parents:
            raise UsageError(f"the case folder may not lie inside the source {path}: the source is never written to")
    if not (case / "case.json").exists():
        return CaseFolder.create(case, _info(labelled, options, clock), clock)
    folder = CaseFolder.open(case, clock)
    _same_case(folder.info, labelled, options)
    return folder


def _info(labelled: Mapping[str, Path], options: ScanOptions, clock: Callable[[], datetime]) -> CaseInfo:
    for what, text in (("--captured", options.captured), ("--released", options.released)):
        if text:
            instant_of(text, what)
    if options.as_of or options.captured:
        as_of = instant_of(options.as_of or options.captured, "--as-of")
    else:
        as_of = ticks(clock())
    return CaseInfo(
        case_number=options.case_number,
        examiner=options.examiner,
        exhibit=options.exhibit,
        captured=options.captured,
        released=options.released,
        as_of=rfc3339(as_of),
        sources=tuple(_record(label, path) for label, path in labelled.items()),
        versions=versions(),
        options=msgspec.structs.replace(_asked(options), leave_out=_known(options.leave_out)),
    )


def _known(corpora: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of reference corpora, sorted.

    Raises:
        UsageError: there is no such corpus.
    """
    try:
        rates_without(corpora)
    except KnowledgeError as unknown:
        raise UsageError(f"--leave-out: {unknown}") from unknown
    return tuple(sorted(set(corpora)))


def _asked(options: ScanOptions) -> Options:
    return Options(only=options.only, exclude=options.exclude, passwords=len(options.passwords), limits=options.limits)


def _record(label: str, path: Path) -> SourceRecord:
    kind = "folder" if path.is_dir() else "file"
    return SourceRecord(label=label, path=quote(os.fsencode(path)), kind=kind, files=0, size=0, sha256="")


def _same_case(info: CaseInfo, labelled: Mapping[str, Path], options: ScanOptions) -> None:
    stored = {record.label for record in info.sources}
    if stored != set(labelled):
        raise UsageError(
            f"this case holds other sources ({', '.join(sorted(stored))}); give those, or another --case folder"
        )
    for name in ("case_number", "examiner", "exhibit", "captured", "released"):
        asked = getattr(options, name)
        if asked and asked != getattr(info, name):
            raise UsageError(f"this case was opened with another --{name.replace('_', '-')}: {getattr(info, name)!r}")
    if options.leave_out and _known(options.leave_out) != info.options.leave_out:
        raise UsageError(f"this case was opened with --leave-out {', '.join(info.options.leave_out) or 'nothing'}")
    if options.as_of and rfc3339(instant_of(options.as_of, "--as-of")) != info.as_of:
        raise UsageError(f"this case was opened with --as-of {info.as_of}; it is fixed at the first scan")


def versions() -> dict[str, str]:
    """Return the versions that a result depends on."""
    found = {
        "forensics": VERSION,
        "rules": hashlib.sha256(
            "".join(f"{name}/{load(name).RULE.version} " for name in RULES).encode("ascii")
        ).hexdigest()[:16],
        "python": platform.python_version(),
        "unicodedata": unicodedata.unidata_version,
        **types.versions(),
    }
    for package in ("duckdb", "exifread", "lxml", "msgspec", "pikepdf", "tzdata"):
        found[package] = installed_version(package)
    return found


class _FileRow(msgspec.Struct, frozen=True):
    sha256: str
    location_text: str
    size: int


_FILES = """
SELECT sha256, location_text, size FROM occurrences WHERE source = $source AND depth = 0 ORDER BY location_text
"""


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

    def run(self) -> ScanResult:
        left_over = discard_unlogged(self._folder)
        if left_over:
            self._folder.custody.append("discarded", {"files": str(len(left_over))})
        units = self._plan()
        done = completed_units(self._folder)
        self._refuse_namesakes(units, done)
        self._remove(done - {unit.id for unit in units})
        again = passing_units(self._folder)
        left = [unit for unit in units if unit.id not in done or unit.id in again]
        self._folder.custody.append("planned", plan_details(units, left))
        self._read(left)
        with Queries(self._folder, many=True) as queries:
            self._record_sources(queries)
            whole = extent(self._folder, queries)
            grading = grade_case(queries.rows, Context(as_of=self._as_of), self._folder.info.options.leave_out)
        self._store(grading)
        self._folder.custody.append("scan_finished", {"items": str(whole.items)})
        whole = msgspec.structs.replace(whole, reached=reached(self._folder))
        return self._result(whole, len(left), len(grading.ranking))

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

    def _plan(self) -> list[Unit]:
        asked = encode_text(_asked(self._options))
        units: list[Unit] = []
        for label, root in self._labelled.items():
            try:
                units += plan(label, root, self._options.limits, self._options.passwords, asked, reading_code())
            except OSError as error:
                raise IntakeError(f"{root}: {error.strerror}") from error
        return units

    def _read(self, units: Sequence[Unit]) -> None:
        if not units:
            return
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

        pool = Pool(setup, jobs, self._progress, confined)
        pieces = Pieces(units)
        for done in pool.run(units):
            try:
                files = write_unit(self._folder, done.unit.id, done.rows.tables)
            except StorageFull:
                raise
            except CaseStoreError as error:
                pool.refuse(str(error))
                continue
            custody.append("unit", unit_details(done, pieces.whole_with(done.unit)), files)
            self._changed += done.changed
            self._again += done.rows.again
            self._cpu_s += done.cpu_s
            self._peak_bytes = max(self._peak_bytes, done.peak_bytes)

    def _record_sources(self, queries: Queries) -> None:
        """Write the digests of the sources, known now that every file has been read."""
        records = []
        for record in self._folder.info.sources:
            files = list(queries.rows(_FILES, {"source": record.label}, _FileRow))
            whole = source_digest((row.sha256, row.location_text) for row in files)
            single = record.kind == "file" and len(files) == 1
            records.append(
                msgspec.structs.replace(
                    record,
                    files=len(files),
                    size=sum(row.size for row in files),
                    sha256=files[0].sha256 if single else whole,
                )
            )
        self._folder.update_info(msgspec.structs.replace(self._folder.info, sources=tuple(records)))

    def _store(self, grading: Grading) -> None:
        folder = self._folder.tmp / "case"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        tables: dict[str, Sequence[msgspec.Struct]] = {
            "notices": [
                NoticeRow(
                    sha256="",
                    location="",
                    location_text="",
                    code=notice.code,
                    text=notice.text,
                    start=None,
                    end=None,
                    unread=0,
                )
                for notice in grading.notices
            ],
            "findings": [_finding_row(stored) for stored in grading.findings],
            "ranking": [
                RankRow(rank=line.rank, strength=line.strength, score=line.score, ranked=encode_text(line))
                for line in grading.ranking
            ],
            "set_aside": [
                SetAsideRow(
                    rule=line.rule, reason=line.reason, group=line.group, count=line.count, set_aside=encode_text(line)
                )
                for line in grading.set_aside
            ],
        }
        paths = {}
        try:
            for table, lines in tables.items():
                paths[table] = folder / f"{table}.ndjson"
                paths[table].write_bytes(b"".join(encode(line) + b"\n" for line in lines))
        except OSError as error:
            raise StorageFull(f"cannot write the findings: {error.strerror}") from error
        files = replace_tables(self._folder, paths)
        files |= write_views(self._folder, files)
        shutil.rmtree(folder)
        self._folder.custody.append("case_tables", {"findings": str(len(grading.findings))}, files)

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


def _finding_row(stored: StoredFinding) -> FindingRow:
    finding = stored.finding
    return FindingRow(
        id=finding.id,
        rule=finding.rule,
        strength=finding.strength,
        sha256=finding.item.sha256,
        cluster=stored.cluster,
        stored=encode_text(stored),
    )
