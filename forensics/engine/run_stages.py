"""Runs the stages over a case, each in its turn; one that would give what it gave before is skipped."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TypeVar

import msgspec

from forensics.casestore import CaseFolder, Queries, table_files, unit_as_logged, write_unit
from forensics.errors import CheckError, MemoryFull, StorageFull
from forensics.model.codec import encode
from forensics.stages import STAGES
from forensics.stages.identity import stage_id
from forensics.stages.running import no_collector
from forensics.stages.stage import Settings, Stage, Tables, load

Row = TypeVar("Row")


class _Count(msgspec.Struct, frozen=True):
    n: int


def run_stages(folder: CaseFolder, queries: Queries, settings: Settings, stages: Sequence[Stage] | None = None) -> None:
    """Bring the tables of all stages up to date; the case is locked, and everything that is read is logged.

    Args:
        folder: the case.
        queries: its tables; they show what the stages wrote when this is done.
        settings: what the stages may take.
        stages: in their order; all that there are by default.

    Raises:
        StorageFull: the disk is full.
    """
    stages = [load(name) for name in STAGES] if stages is None else stages
    names = [stage.NAME for stage in stages]
    written = sorted({table for stage in stages for table in stage.WRITES})
    last = _last_ids(folder)
    tables = Tables(partial(_rows, queries), queries.spool)
    for place, stage in enumerate(stages):
        # A stage reads what was read from the sources and what earlier stages made, nothing that it made itself.
        later = names[place:]
        read = table_files(folder, stage.READS, without=later)
        wanted = stage_id(stage, settings, _inputs(folder, read))
        if last.get(stage.NAME) == wanted and unit_as_logged(folder, stage.NAME):
            folder.custody.append("stage", {"stage": stage.NAME, "id": wanted, "skipped": "unchanged"})
            continue
        queries.renew([table for table in written if table in stage.READS], without=later)
        while (writing := _run(folder, stage, read, tables, settings)) is None:
            queries.grow()
        files = writing.store()
        more = {"memory": queries.memory} if folder.grown else {}
        folder.custody.append("stage", {"stage": stage.NAME, "id": wanted, **writing.counts, **more}, files)
        tables.renewed(stage.WRITES)
        if folder.grown:
            queries.shrink()
    queries.renew(written)


class _MoreMemory(BaseException):
    """A query needs more memory, and there is more: nothing that keeps a fault from the others may keep this."""


def _rows(queries: Queries, sql: str, parameters: Mapping[str, object], kind: type[Row], /) -> Iterator[Row]:
    try:
        yield from queries.rows(sql, parameters, kind)
    except MemoryFull as error:
        if queries.can_grow:
            raise _MoreMemory from error
        raise


def _has_enough(stage: Stage, read: Mapping[str, Mapping[Path, str]], tables: Tables) -> bool:
    """Whether there are the rows below which a stage writes nothing; each file has one."""
    for table, least in stage.ROWS_NEEDED.items():
        files = len(read[table])
        if not files or (files < least and _count(tables, table) < least):
            return False
    return True


def _count(tables: Tables, table: str) -> int:
    (found,) = tables.rows(f"SELECT count(*) AS n FROM {table}", {}, _Count)
    return found.n


def _run(
    folder: CaseFolder, stage: Stage, read: Mapping[str, Mapping[Path, str]], tables: Tables, settings: Settings
) -> "_Writing | None":
    """Run a stage that has the rows it needs; ``None``: nothing is written, and it is to run again with more memory."""
    with _Writing(folder, stage) as writing, no_collector():
        try:
            if _has_enough(stage, read, tables):
                stage.run(tables, settings.only(stage.TAKES), writing.write)
        except _MoreMemory:
            writing.discarded = True
    return None if writing.discarded else writing


def _inputs(folder: CaseFolder, read: Mapping[str, Mapping[Path, str]]) -> dict[str, str]:
    """Return path below the case and digest of every file that a stage reads."""
    return {
        file.relative_to(folder.path).as_posix(): digest for files in read.values() for file, digest in files.items()
    }


def _last_ids(folder: CaseFolder) -> dict[str, str]:
    """Return by name the id under which each stage last ran, or was found to be as it was."""
    lines = [line.details for line in folder.custody.lines() if line.action == "stage"]
    return {details["stage"]: details["id"] for details in lines if "stage" in details and "id" in details}


class _Writing:
    """What a stage writes on its way: a file of lines for each of its tables, below the case's ``tmp/``.

    Attributes:
        discarded: whether it counts for nothing.
    """

    def __init__(self, folder: CaseFolder, stage: Stage) -> None:
        self._folder, self._name = folder, stage.NAME
        self._made = folder.tmp / stage.NAME
        self._rows = dict.fromkeys(sorted(stage.WRITES), 0)
        self._files: dict[str, BinaryIO] = {}
        self.discarded = False

    def __enter__(self) -> "_Writing":
        with _room(self._name):
            self._made.mkdir(mode=0o700)
            self._files = {table: (self._made / table).open("wb") for table in self._rows}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _room(self._name):
            for file in self._files.values():
                file.close()
            if self.discarded:
                shutil.rmtree(self._made)

    def write(self, table: str, row: msgspec.Struct) -> None:
        """Take a row."""
        if table not in self._files:
            raise CheckError(f"stage {self._name} does not say that it writes {table}")
        self._rows[table] += 1
        try:
            self._files[table].write(encode(row) + b"\n")
        except OSError as error:
            raise _full(self._name, error) from error

    @property
    def counts(self) -> dict[str, str]:
        """How many rows each table has, as the log says it."""
        return {table: str(rows) for table, rows in self._rows.items()}

    def store(self) -> dict[str, str]:
        """Write the tables; return path below the case to digest for the log line that must follow."""
        files = write_unit(self._folder, self._name, {table: self._made / table for table in self._rows})
        shutil.rmtree(self._made)
        return files


@contextmanager
def _room(stage: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _full(stage, error) from error


def _full(stage: str, error: OSError) -> StorageFull:
    return StorageFull(f"cannot write what stage {stage} gives: {error.strerror}")
