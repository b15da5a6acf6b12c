"""Runs a stage, or a part of it, over the tables of a case, and keeps what it writes in files of lines."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TypeVar

import msgspec

from forensics.casestore import CaseFolder, Queries, table_files
from forensics.errors import CheckError, MemoryFull, StorageFull
from forensics.model.codec import encode
from forensics.stages.running import no_collector
from forensics.stages.stage import LeftOut, Settings, Stage, Tables, divided

Row = TypeVar("Row")


class Performed(msgspec.Struct, frozen=True, kw_only=True):
    """What a stage, or a part of it, gave."""

    rows: dict[str, int]
    """Number of rows by table."""
    left_out: dict[str, int] = {}
    """What the stage is to tell of in the end, see `Divided`."""
    memory: str = ""
    """What the database was given, where it needed more than at first."""


class Performer:
    """Runs stages in this process.

    Args:
        folder: the case.
        queries: its tables.
        settings: what the stages may take.
        stages: all, in their order.
    """

    def __init__(self, folder: CaseFolder, queries: Queries, settings: Settings, stages: Sequence[Stage]) -> None:
        self._folder, self._queries, self._settings = folder, queries, settings
        self._names = [stage.NAME for stage in stages]
        self._written = {table for stage in stages for table in stage.WRITES}
        self._tables = Tables(partial(_rows, queries), queries.spool)

    def show(self, stage: Stage) -> None:
        """Show what a stage reads: what was read from the sources, and what earlier stages made, as the log has it."""
        tables = [table for table in stage.READS if table in self._written]
        self._tables.renewed(self._queries.renew(tables, without=self._later(stage)))

    def parts(self, stage: Stage) -> tuple[str, ...]:
        """Return the parts of a stage that is shown, and has some."""
        apart = divided(stage)
        while apart is not None:
            try:
                with no_collector():
                    return tuple(apart.parts(self._tables))
            except _MoreMemory:
                self._queries.grow()
        return ()

    def perform(self, stage: Stage, part: str, into: Path) -> Performed:
        """Run a part of a stage that is shown.

        Args:
            stage: the stage.
            part: which; an empty text: all of it.
            into: where a file of lines is made for each table that gets rows; it is there, and empty.

        Raises:
            StorageFull: the disk is full.
        """
        while (performed := self._perform(stage, part, into)) is None:
            self._queries.grow()
        if self._folder.grown:
            performed = msgspec.structs.replace(performed, memory=self._queries.memory)
            self._queries.shrink()
        return performed

    def _perform(self, stage: Stage, part: str, into: Path) -> Performed | None:
        """Run a part; ``None``: nothing is written, and it is to run again with more memory."""
        left_out: LeftOut = {}
        with Lines(into, stage) as lines, no_collector():
            try:
                settings = self._settings.only(stage.TAKES)
                if part and (apart := divided(stage)):
                    left_out = apart.run_part(self._tables, settings, lines.write, part)
                else:
                    stage.run(self._tables, settings, lines.write)
            except _MoreMemory:
                lines.discard()
                return None
        return Performed(rows=lines.rows, left_out=dict(left_out))

    def has_enough(self, stage: Stage) -> bool:
        """Whether there are the rows below which a stage that is shown writes nothing; each file has one."""
        read = table_files(self._folder, stage.ROWS_NEEDED, without=self._later(stage))
        for table, least in stage.ROWS_NEEDED.items():
            files = len(read[table])
            if not files or (files < least and self._count(table) < least):
                return False
        return True

    def _count(self, table: str) -> int:
        (found,) = self._tables.rows(f"SELECT count(*) AS n FROM {table}", {}, _Count)
        return found.n

    def _later(self, stage: Stage) -> list[str]:
        """Return the stage itself and those after it: none of what they made before is read."""
        return self._names[self._names.index(stage.NAME) :]


class _Count(msgspec.Struct, frozen=True):
    n: int


class _MoreMemory(BaseException):
    """A query needs more memory, and there is more: nothing that keeps a fault from the others may keep this."""


def _rows(queries: Queries, sql: str, parameters: Mapping[str, object], kind: type[Row], /) -> Iterator[Row]:
    try:
        yield from queries.rows(sql, parameters, kind)
    except MemoryFull as error:
        if queries.can_grow:
            raise _MoreMemory from error
        raise


class Lines:
    """What a stage writes: a file of lines for each of its tables that gets rows.

    Args:
        folder: where they are made.
        stage: whose.

    Attributes:
        rows: number of rows by table.
    """

    def __init__(self, folder: Path, stage: Stage) -> None:
        self._folder, self._name = folder, stage.NAME
        self._files: dict[str, BinaryIO] = {}
        self.rows = dict.fromkeys(sorted(stage.WRITES), 0)

    def __enter__(self) -> "Lines":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with room(self._name):
            for file in self._files.values():
                file.close()

    def write(self, table: str, row: msgspec.Struct) -> None:
        """Take a row."""
        if table not in self.rows:
            raise CheckError(f"stage {self._name} does not say that it writes {table}")
        try:
            file = self._files.get(table)
            if file is None:
                file = self._files[table] = (self._folder / table).open("xb")
            file.write(encode(row) + b"\n")
        except OSError as error:
            raise full(self._name, error) from error
        self.rows[table] += 1

    def discard(self) -> None:
        """Take all rows back."""
        with room(self._name):
            for table, file in self._files.items():
                file.close()
                (self._folder / table).unlink()
        self._files.clear()
        self.rows = dict.fromkeys(self.rows, 0)


@contextmanager
def room(stage: str) -> Iterator[None]:
    """Raise `StorageFull` where what a stage gives cannot be written."""
    try:
        yield
    except OSError as error:
        raise full(stage, error) from error


def full(stage: str, error: OSError) -> StorageFull:
    """Return our error for one of the system's."""
    return StorageFull(f"cannot write what stage {stage} gives: {error.strerror}")
