"""What rules see in files of a folder: each is read with all that is embedded in it."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from time import monotonic

import msgspec

from forensics.engine.reading.examine import Examiner
from forensics.engine.reading.files import held
from forensics.engine.reading.record import all_gates
from forensics.engine.reading.state import Entry
from forensics.errors import WorkerFailed
from forensics.intake.files import FileBytes, FileKind, SourceFile
from forensics.model.codec import decode
from forensics.model.items import Limits, ParseContext
from forensics.model.locations import Location, Step, StepKind, quote
from forensics.model.rows.archives import ArchiveRow
from forensics.model.rows.contents import ContentRow
from forensics.model.rows.documents import DocumentRow
from forensics.model.rows.observations import ObservationRow
from forensics.model.rows.times import TimeRow
from forensics.model.rules import Context, Observation, Subject
from forensics.model.scanning import Progress
from forensics.stages.grading.origin import ERA_BORDER
from forensics.stages.grading.strength import explained_by

BATCH = 16
COUNTED = ("document.", "archive.")
"""Rules that are counted by file."""
_IMAGE = "image."
"""Formats of pictures: those in a document come from other programs and clocks, and are counted as images."""


class SeenFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file, with all that is embedded in it."""

    name: str
    """Path below the folder."""
    sha256: str
    era: str
    """By its own modified time, else its created time; ``any`` where it says neither."""
    powered: frozenset[str]
    """Rules that had what they need, in the file or in anything in it."""
    hits: tuple[ObservationRow, ...]
    """What these rules observed and nothing in the item itself explains."""

    @property
    def owner(self) -> str:
        """The first folder of its path."""
        return self.name.partition("/")[0]

    @property
    def extension(self) -> str:
        """Of its name, lower case, without the dot."""
        return self.name.rpartition(".")[2].lower()


class _Taken:
    """A sink that keeps what is counted."""

    def __init__(self) -> None:
        self.masks: list[tuple[Subject, str, int]] = []
        self.documents: list[DocumentRow] = []
        self.observed: list[ObservationRow] = []
        self.parsers: dict[str, str] = {}

    def add(self, _: str, row: msgspec.Struct) -> None:
        """Take one row."""
        match row:
            case DocumentRow():
                self.documents.append(row)
                self.masks.append((Subject.DOCUMENT, row.sha256, row.mask))
            case ArchiveRow():
                self.masks.append((Subject.ARCHIVE, row.sha256, row.mask))
            case ObservationRow():
                self.observed.append(row)
            case ContentRow():
                self.parsers[row.sha256] = row.parser


def read_files(
    files: Sequence[SourceFile], as_of: int, jobs: int, progress: Callable[[Progress], None]
) -> Iterator[SeenFile]:
    """Yield what is seen in each file, in their order.

    Args:
        files: regular files.
        as_of: instant after which no date can be genuine.
        jobs: processes; 0: as many as there are processors.
        progress: called a few times a second.

    Raises:
        WorkerFailed: a process ended while it read.
    """
    start, size, total, items, seen = monotonic(), 0, sum([file.size for file in files]), 0, 0
    jobs = jobs or os.cpu_count() or 1
    batches = [(list(files[at : at + BATCH]), as_of) for at in range(0, len(files), BATCH)]
    for (batch, _), found in zip(batches, _in_processes(batches, jobs), strict=True):
        yield from found
        items, size = items + len(batch), size + sum([file.size for file in batch])
        seen += sum([len(one.hits) for one in found])
        elapsed = monotonic() - start
        progress(Progress(items=items, size=size, total=total, observations=seen, elapsed_s=elapsed))


def _in_processes(batches: Sequence[tuple[list[SourceFile], int]], jobs: int) -> Iterator[list[SeenFile]]:
    if jobs == 1:
        yield from map(_read_batch, batches)
        return
    try:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            yield from pool.map(_read_batch, batches)
    except BrokenProcessPool as error:
        raise WorkerFailed("a process ended while it read a file; --jobs 1 shows at which") from error


def _read_batch(batch: tuple[list[SourceFile], int]) -> list[SeenFile]:
    files, as_of = batch
    return [read_file(file, as_of) for file in files]


def read_file(file: SourceFile, as_of: int) -> SeenFile:
    """Return what is seen in one file."""
    name, taken, limits = file.name.rpartition(b"/")[2], _Taken(), Limits()
    examiner = Examiner(taken, ParseContext(limits=limits), Context(as_of=as_of), lambda *_: None)
    with FileBytes(file.path) as opened:
        source, digest = held(opened, limits.memory_bytes, lambda: None)
        step = Step(kind=StepKind.FILE, name=quote(name), start=0, end=source.size, sha256=digest, source="measured")
        place = Location((step,))
        examiner.examine(Entry(source=source, location=place, sha256=digest, size=source.size, name=name))
        examiner.finish()
    counted = [mask for mask in taken.masks if not taken.parsers.get(mask[1], "").startswith(_IMAGE)]
    gates = all_gates()
    powered = frozenset(
        [
            rule.id
            for subject, _, mask in counted
            for rule, _ in gates.rules(subject, mask)
            if rule.id.startswith(COUNTED)
        ]
    )
    contents = {content for _, content, _ in counted}
    return SeenFile(
        name=os.fsdecode(file.name),
        sha256=digest,
        era=_era([row for row in taken.documents if row.sha256 == digest]),
        powered=powered,
        hits=tuple(
            [row for row in taken.observed if row.rule in powered and row.sha256 in contents and not _explained(row)]
        ),
    )


def regular(files: Iterator[SourceFile]) -> list[SourceFile]:
    """Return the readable files that lie in a folder of an owner."""
    return [file for file in files if file.kind is FileKind.FILE and b"/" in file.name]


def _explained(row: ObservationRow) -> bool:
    return bool(explained_by(decode(row.observation, Observation).benign))


def _era(own: Sequence[DocumentRow]) -> str:
    for row in own:
        stated: TimeRow | None = row.modified or row.created
        if stated is not None and stated.wall is not None:
            return "before2010" if stated.wall < ERA_BORDER else "from2010"
    return "any"
