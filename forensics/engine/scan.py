"""The main job: from sources to a case with a ranking."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from forensics._version import VERSION
from forensics.casestore import CaseFolder, Queries, reached, table_files
from forensics.engine.dates import instant_of
from forensics.engine.extent import extent
from forensics.engine.judging import discard, judge, stoppable
from forensics.engine.key_files import existing
from forensics.engine.keys import store_keys
from forensics.engine.opening import labels_of, open_case, outside
from forensics.engine.reading.source_units import SourceUnits
from forensics.engine.references import name_references, read_references
from forensics.engine.restricting import read_list, store_list
from forensics.engine.source_records import record_sources
from forensics.model.paths import AnyPath, paths_of
from forensics.model.scanning import Progress, ScanOptions, ScanResult
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
    every = labels_of([*labelled.values(), *paths_of(options.reference)])
    key_paths = (*existing(options.dkim_keys), *existing(options.signer_keys))
    listed = read_list(Path(options.restrict)) if options.restrict is not None else None
    outside(Path(case), every.values())
    folder = open_case(Path(case), labelled, options, clock)
    with folder.lock():
        folder.custody.append("scan_started", {"sources": " ".join(labelled), "version": VERSION})
        with stoppable(folder):
            discard(folder)
            if listed is not None:
                store_list(folder, *listed)
            key_files = store_keys(folder, key_paths)
            references = name_references(folder, {label: every[label] for label in every if label not in labelled})
            result = _Scan(folder, labelled, references, options, progress).run()
            return msgspec.structs.replace(result, key_files=key_files)


class _Scan:
    """One run over an opened, locked case."""

    def __init__(
        self,
        folder: CaseFolder,
        labelled: Mapping[str, Path],
        references: Mapping[str, Path],
        options: ScanOptions,
        progress: Callable[[Progress], None],
    ) -> None:
        self._folder = folder
        self._labelled = labelled
        self._references = references
        self._options = options
        self._progress = progress
        self._as_of = instant_of(folder.info.as_of, "as of")

    def run(self) -> ScanResult:
        folder, options = self._folder, self._options
        read = SourceUnits(folder, self._labelled, options, self._as_of)
        try:
            read.read(folder.info.sources, self._progress)
            originals = read_references(folder, self._references, options, self._as_of, self._progress)
        except BaseException:
            discard(folder)
            raise
        roots = {**self._labelled, **self._references}
        with Queries(folder, without=STAGES) as queries:
            record_sources(folder, queries)
            found = extent(folder, queries)
            judged = judge(folder, queries, roots, options.passwords, options.limits, options.jobs)
        folder.custody.append("scan_finished", {"items": str(found.items)})
        found = msgspec.structs.replace(found, reached=reached(folder))
        if table_files(folder, ["restrictions"])["restrictions"]:  # places name what may not be quoted
            unnamed = [msgspec.structs.replace(row, sample=()) for row in found.unread]
            found = msgspec.structs.replace(found, unread=tuple(unnamed))
        return ScanResult(
            case=folder.path,
            extent=found,
            ranked=judged.ranked,
            lured=judged.lured,
            head=folder.custody.head(),
            units=read.units + originals.units,
            cpu_s=round(read.cpu_s + originals.cpu_s, 3),
            peak_bytes=max(read.peak_bytes, originals.peak_bytes),
            judging_cpu_s=round(judged.cpu_s, 3),
            judging_peak_bytes=judged.peak_bytes,
            changed=read.changed + originals.changed,
            again=read.again + originals.again,
        )
