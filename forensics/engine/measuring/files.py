"""Count a folder of genuine files: documents and archives, a file once with all that is embedded in it."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from forensics.engine.dates import ticks
from forensics.engine.measuring.file_counts import Tally, counts_for, form_pools
from forensics.engine.measuring.file_meetings import file_meetings
from forensics.engine.measuring.file_reading import SeenFile, read_files, regular
from forensics.engine.measuring.file_strengths import strengths
from forensics.errors import UsageError
from forensics.intake.files import walk
from forensics.knowledge.languages import ENGLISH
from forensics.knowledge.wording import Wording
from forensics.model.codec import decode
from forensics.model.measuring import FileHit, FileMeasurement, MeasureOptions
from forensics.model.paths import AnyPath
from forensics.model.rules import Observation
from forensics.model.scanning import Progress


def measure_files(
    folder: AnyPath,
    options: MeasureOptions | None = None,
    *,
    jobs: int = 0,
    progress: Callable[[Progress], None] = lambda _: None,
) -> FileMeasurement:
    """Count what the rules on documents and archives see in the files of a folder that are held to be genuine.

    A file that stands there several times counts once, for the first of its owners.

    Args:
        folder: a folder for each owner; read only. What lies beside these folders is not read.
        options: name, and digests that a review found not to be genuine: of files, or of what was a hit in them.
        jobs: processes; 0: as many as there are processors.
        progress: called a few times a second.

    Raises:
        UsageError: no file in a folder of an owner, or an option that means nothing here.
        WorkerFailed: a process ended while it read.
    """
    folder, options = Path(folder), options or MeasureOptions()
    if options.leave_out or options.route or options.profile or options.dkim_keys:
        raise UsageError("--by-file takes neither --leave-out nor --route, --profile or --dkim-keys")
    corpus, not_clean = options.corpus or folder.resolve().name, frozenset(options.not_clean or ())
    given = regular(walk(folder))
    if not given:
        raise UsageError(f"no files in folders of {folder}: each of its folders is an owner")
    as_of = ticks(datetime.now(UTC))
    files = _once([file for file in read_files(given, as_of, jobs, progress) if not _digests(file) & not_clean])
    formed = form_pools(files, corpus)
    tally = Tally(files, corpus)
    for pool in formed:
        tally.pool(files, pool)
    combined, meetings = file_meetings(tally, files)
    return FileMeasurement(
        folder=folder,
        corpus=corpus,
        files=len(files),
        owners=len({file.owner for file in files}),
        unread=sum([not file.powered for file in files]),
        reviewed=options.not_clean is not None,
        counts=tally.counts(),
        pools=formed,
        bins=tuple(strengths(tally, files)),
        hits=_hits(files),
        combined=(combined,) if combined.mails else (),
        meetings=meetings,
    )


def _digests(file: SeenFile) -> set[str]:
    """Return what a review may name a file by: its digest, and those of the items in it that are hits."""
    return {file.sha256, *[row.sha256 for row in file.hits]}


def _once(files: Sequence[SeenFile]) -> list[SeenFile]:
    found: dict[str, SeenFile] = {}
    for file in files:
        found.setdefault(file.sha256, file)
    return list(found.values())


def _hits(files: Sequence[SeenFile]) -> tuple[FileHit, ...]:
    """Return the hits for review, those of the rarest bins first, one of a file for each bin."""
    say = Wording(ENGLISH)
    found: dict[tuple[str, str, str], FileHit] = {}
    for file in files:
        for row in [row for row in file.hits if counts_for(file, row.rule, row.bin)]:
            seen = decode(row.observation, Observation)
            found.setdefault(
                (row.rule, seen.bin, file.name),
                FileHit(
                    rule=row.rule,
                    bin=seen.bin,
                    owner=file.owner,
                    file=file.name,
                    sha256=row.sha256,
                    statement=say.said(seen.sentence),
                ),
            )
    rare = Counter((one.rule, one.bin) for one in found.values())
    return tuple(sorted(found.values(), key=lambda one: (rare[one.rule, one.bin], one.rule, one.bin, one.file)))
