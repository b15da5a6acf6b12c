"""Two sets of sources compared, in a case that is made for it and judges nothing."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from forensics.casestore import CaseFolder, Queries
from forensics.engine.dates import instant_of
from forensics.engine.judging import discard, stoppable
from forensics.engine.opening import open_case
from forensics.engine.reading.source_units import SourceUnits
from forensics.engine.references import name_references, read_references
from forensics.engine.roots import contents_of
from forensics.engine.staging.run_stages import run_stages
from forensics.model.scanning import Progress, ScanOptions
from forensics.stages import STAGES
from forensics.stages.stage import Settings, load


def compare_sources(
    one: Mapping[str, Path],
    other: Mapping[str, Path],
    case: Path,
    options: ScanOptions,
    progress: Callable[[Progress], None],
) -> CaseFolder:
    """Read both sets into a case and match their items; return it, with the one as its reference.

    Args:
        one: sources by label, none of which the other has.
        other: likewise.
        case: folder to make.
        options: passwords, processes, limits.
        progress: called a few times a second.

    Raises:
        CaseStoreError: the disk is full.
        Interrupted: stopped by the user.
    """
    folder = open_case(case, other, options, lambda: datetime.now(UTC))
    as_of = instant_of(folder.info.as_of, "as of")
    with folder.lock(), stoppable(folder):
        try:
            references = name_references(folder, one)
            SourceUnits(folder, other, options, as_of).read((), progress)
            read_references(folder, references, options, as_of, progress)
        except BaseException:
            discard(folder)
            raise
        contents = contents_of(folder, {**other, **one}, options.passwords, options.limits)
        with Queries(folder, without=STAGES) as queries, contents:
            settings = Settings(limits=options.limits, contents=contents)
            run_stages(folder, queries, settings, [load("counterparts")])
    return folder
