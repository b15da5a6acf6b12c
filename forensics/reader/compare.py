"""Two files, two cases or two releases compared."""

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from forensics.casestore import CaseFolder, Queries
from forensics.engine.comparing import compare_sources
from forensics.engine.desk.desk import Desk
from forensics.engine.desk.protocol import Wanted
from forensics.engine.opening import labels_of
from forensics.engine.roots import roots_of
from forensics.errors import IntakeError, UsageError
from forensics.intake.files import FileBytes
from forensics.model.comparing import ComparedItem, ComparedLine, Outcome, SetsCompared, line_of
from forensics.model.items import Limits
from forensics.model.locations import Location, Step, StepKind, quote
from forensics.model.paths import AnyPath
from forensics.model.scanning import Progress, ScanOptions
from forensics.parsers import load
from forensics.parsers.identify import identify
from forensics.reader.stored_counterparts import read_counts, read_lines

_HEAD = 4096
_CASE = "case.json"


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What two items or sets of items were found to be."""

    sets: SetsCompared
    lines: tuple[ComparedLine, ...]
    """One of two files; of sets one for each item that is not identical in both, what nothing lawful explains first."""
    of_files: bool
    """Whether two files were compared, and not what they hold."""


def compare(
    one: AnyPath,
    other: AnyPath,
    *,
    passwords: Sequence[bytes] = (),
    jobs: int = 0,
    limits: Limits | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Compared:
    """Compare two files with each other, or all items of two releases or cases; read only.

    Folders, mailboxes, archives and cases (of which the sources are read again) are sets: their items are matched and
    compared two by two, in a temporary folder that is removed.

    Args:
        one: a file, folder or case.
        other: another.
        passwords: tried on encrypted members.
        jobs: processes for sets; 0: as many as there are processors.
        limits: count limits; the defaults where ``None``.
        progress: called a few times a second while sets are read.

    Raises:
        UsageError: one is missing, or a single file is compared with a set.
        IntakeError: one cannot be read, or is larger than what is compared at once.
        CaseStoreError: the disk is full.
        Interrupted: stopped by the user.
    """
    paths, limits = (Path(one), Path(other)), limits or Limits()
    for path in paths:
        if not path.exists():
            raise UsageError(f"no such file or folder: {path}")
    sets = [_is_set(path) for path in paths]
    if not any(sets):
        return _files(*paths, limits)
    if not all(sets):
        raise UsageError("a single file can be compared with a file only; a folder, mailbox or archive with another")
    options = ScanOptions(passwords=tuple(passwords), jobs=jobs, limits=limits)
    with TemporaryDirectory(prefix="forensics-compare-") as made:
        left, right = (_sources(path) for path in paths)
        named = labels_of([*left, *right])
        by_path = {path: label for label, path in named.items()}
        labelled = [{by_path[path.absolute()]: path.absolute() for path in group} for group in (left, right)]
        folder = compare_sources(labelled[0], labelled[1], Path(made) / "case", options, progress)
        return _stored(folder)


def _stored(folder: CaseFolder) -> Compared:
    with Queries(folder) as queries:
        return Compared(sets=read_counts(queries), lines=tuple(read_lines(queries)), of_files=False)


def _is_set(path: Path) -> bool:
    if path.is_dir():
        return True
    with FileBytes(path) as source:
        name = os.fsencode(path.name)
        found = identify(source.read(0, _HEAD), source, name)
    return found is not None and load(found).FORMAT.wraps


def _sources(path: Path) -> list[Path]:
    """Return what is read of one side: the sources of a case, else itself."""
    if (path / _CASE).is_file():
        folder = CaseFolder.open(path)
        roots = roots_of(folder.info, ())
        return [roots[record.label] for record in folder.info.sources]
    return [path]


def _files(one: Path, other: Path, limits: Limits) -> Compared:
    items = [_item(label, path, limits) for label, path in (("one", one), ("other", other))]
    with closing(Desk({"one": one, "other": other}, limits)) as desk:
        found = desk.difference(*[_wanted(item) for item in items])
    line = line_of(found, _named(items[0]), _named(items[1]), "digest" if found.identical else "given")
    return Compared(sets=SetsCompared(counts={Outcome(line.outcome): 1}), lines=(line,), of_files=True)


def _item(label: str, path: Path, limits: Limits) -> ComparedItem:
    """Return a file as the item of a source of that label."""
    with FileBytes(path) as source:
        if source.size > limits.memory_bytes:
            raise IntakeError(f"{path}: larger than the {limits.memory_bytes} bytes that are compared at once")
        data = source.read(0, source.size)
    digest, name = hashlib.sha256(data).hexdigest(), quote(os.fsencode(path.name))
    step = Step(kind=StepKind.FILE, name=name, start=0, end=len(data), sha256=digest, source=label)
    return ComparedItem(sha256=digest, location=Location((step,)))


def _wanted(item: ComparedItem) -> Wanted:
    return Wanted(sha256=item.sha256, size=item.location.steps[0].end, places=(item.location,))


def _named(item: ComparedItem) -> ComparedItem:
    """Return a file with its own name as the label of its source: that is how the line names it."""
    (step,) = item.location.steps
    return msgspec.structs.replace(item, location=Location((msgspec.structs.replace(step, source=step.name),)))
