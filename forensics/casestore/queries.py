"""Reads a case: SQL over its tables, typed rows out."""

import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, nullcontext, suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import duckdb
import msgspec

from forensics.casestore import _flat
from forensics.casestore._database import can_grow, connect, failure, granted, grow, paths, shrink, text
from forensics.casestore._schemas import parts
from forensics.casestore._selects import OF_CONTENTS, REPEATED, VIEWS, repeated_query, standing_query, table_query
from forensics.casestore._typed_rows import convert, location_columns
from forensics.casestore.case import TABLES_FOLDER, CaseFolder
from forensics.casestore.spool import Spool
from forensics.casestore.tables import table_files
from forensics.errors import CaseStoreError

Row = TypeVar("Row")

BATCH = 512
_numbers = count(1)
"""Each reader has a schema of its own in the case's database."""

HELD_BYTES = 24 << 20
"""Of the files of tables that are held in memory. Measured on two lists they take 6.7 and 6.9 times as much there, so
less than a third of what DuckDB may use."""
_FLAT = re.compile(r"\bflat\.")
_NAMED = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
"""What a query reads, as all of ours write it."""


def _size(files: list[Path]) -> int:
    return sum([file.stat().st_size for file in files])


class _Text(msgspec.Struct, frozen=True):
    text: str


class _Number(msgspec.Struct, frozen=True):
    n: int


class Queries:
    """Typed rows of a case.

    The tables are views of the same names, as the custody log has them when this is made; each is made for the first
    query that names it, since the columns of all its files must be known for that. Values go in as bound parameters
    only: no text of the evidence is ever part of SQL.

    The views of `forensics.casestore._selects.VIEWS` are there too: ``places``, ``parties``, ``timestamps``.

    A query may also name the tables of schema ``flat``, which are made once, for the first query that names one
    (`forensics.casestore._flat`); readers' ``views.sql`` lacks them.

    Args:
        case: the case.
        without: units whose rows are left out until `renew` shows them.
    """

    def __init__(self, case: CaseFolder, *, without: Container[str] = ()) -> None:
        self._case = case
        self._begin()
        try:
            self._files = table_files(case, without=without)
        except CaseStoreError:
            self.close()
            raise

    def _begin(self) -> None:
        self._connection = connect(self._case)
        self._schema = f"queries_{next(_numbers)}"
        self._flat: str | None = None
        """Catalog of the flat tables, once they are made."""
        self._flat_file: Path | None = None
        self._judged = False
        """Whether ``flat.judged`` is there, and is of the tables as they are."""
        self._held: set[str] = set()
        self._shown: set[str] = set()
        self._repeated: bool | None = None
        """Whether several units met one content; ``None``: nobody has asked yet."""
        try:
            self._connection.execute(f"CREATE SCHEMA {self._schema}")
            self._connection.execute(f"USE {self._schema}")
        except duckdb.Error as error:
            self.close()
            raise failure("cannot read the tables", error) from error

    @property
    def memory(self) -> str:
        """How much the case's database may take."""
        return granted(self._case)

    @property
    def can_grow(self) -> bool:
        """Whether there is more memory to be had for this case."""
        return can_grow(self._case)

    def grow(self) -> None:
        """Go on with more memory, after a query failed for want of it and `can_grow`; no stream may be open."""
        grow(self._case)
        self._reopen()

    def shrink(self) -> None:
        """Go on with as much memory as at first; no stream may be open."""
        shrink(self._case)
        self._reopen()

    def _reopen(self) -> None:
        """Go on in another database; flat tables that lie in a file need not be made again."""
        flat, file, judged = self._flat, self._flat_file, self._judged
        self._flat_file = None
        self.close()
        self._begin()
        if flat and file:
            try:
                _flat.attach(self._connection, flat, file, self._schema)
            except duckdb.Error as error:
                raise failure("cannot read the flat tables", error) from error
            self._flat, self._flat_file, self._judged = flat, file, judged

    def _show(self, sql: str) -> None:
        """Make the tables and views that a query names, which are not there yet."""
        for named in set(_NAMED.findall(sql)) - self._shown:
            if named in self._files:
                self._define(named)
            elif named in VIEWS:
                self._show(VIEWS[named])
                self._connection.execute(f"CREATE VIEW {named} AS {VIEWS[named]}")
                self._shown.add(named)

    def _define(self, table: str) -> None:
        if self._repeated is None and table in OF_CONTENTS:
            self._repeated = self._find_repeated(list(self._files["contents"]))
        over = [(paths(part.files), part.select) for part in parts(self._case, table, self._files[table])]
        query = table_query(table, over, repeated=self._of_unit(table) if self._repeated else "")
        self._connection.execute(f"CREATE OR REPLACE VIEW {table} AS {query}")
        self._shown.add(table)

    def renew(self, tables: Iterable[str], *, without: Container[str] = ()) -> Set[str]:
        """Show tables as the custody log has them now; no stream of them may be open. Return those that changed.

        Args:
            tables: none that is held in memory, or of which flat tables other than ``flat.judged`` are made.
            without: units whose rows are left out.

        Raises:
            CaseStoreError: a table cannot be read.
        """
        try:
            found = table_files(self._case, tables, without=without)
            changed = {table for table, files in found.items() if files != self._files.get(table)}
            self._files |= found
            for table in changed & self._shown:
                self._define(table)
            self._judged &= changed.isdisjoint(_flat.JUDGED_OF)
        except duckdb.Error as error:
            raise failure("cannot read the tables", error) from error
        return changed

    def hold(self, tables: Iterable[str]) -> None:
        """Read tables into memory with an index of digests, for who asks for many single items; not if they are large.

        Streams that are open go on as they began. A second call for a table does nothing.

        Raises:
            CaseStoreError: a table cannot be read.
        """
        try:
            found = table_files(self._case, [table for table in tables if table not in self._held])
            if _size([file for files in found.values() for file in files]) > HELD_BYTES:
                return
            for table in found:
                self._show(f"FROM {table}")
                self._connection.execute(f"CREATE TABLE held_{table} AS SELECT * FROM {table}")
                self._connection.execute(f"CREATE INDEX held_{table}_digests ON held_{table} (sha256)")
                self._connection.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM held_{table}")
                self._held.add(table)
        except duckdb.Error as error:
            raise failure("cannot read the tables", error) from error

    def show_all(self) -> None:
        """Make every table now: whatever this version cannot read of the case is met.

        Raises:
            OtherVersion: a table has columns that this version does not know, or lacks one.
            CaseStoreError: a table cannot be read.
        """
        try:
            for table in self._files.keys() - self._shown:
                self._define(table)
        except duckdb.Error as error:
            raise failure("cannot read the tables", error) from error

    @contextmanager
    def kept(
        self, sql: str, parameters: Mapping[str, object], *, contents: Sequence[str] | None = None
    ) -> Iterator[str]:
        """Run one query and keep its rows in a table, below the case's ``tmp/`` what memory does not hold.

        Args:
            sql: the query.
            parameters: values by name.
            contents: digests of those that it asks tables of contents for: only files that hold one are read, since
                nested columns of all rows of a file are decompressed; none given: all.

        Yields:
            Name of the table, for queries; it goes at the end of the ``with`` block.

        Raises:
            CaseStoreError: the query cannot be run.
        """
        table = f"kept_{next(_numbers)}"
        cursor, _, used = self._prepare(sql, parameters)
        try:
            with nullcontext() if contents is None else self._narrowed(sql, contents):
                cursor.execute(f"CREATE TABLE {table} AS {sql}", used)
        except duckdb.Error as error:
            raise failure("query failed", error) from error
        finally:
            cursor.close()
        try:
            yield table
        finally:
            with suppress(duckdb.Error):  # this reader may be closed by now, and its tables gone
                self._connection.execute(f"DROP TABLE IF EXISTS {table}")

    @contextmanager
    def _narrowed(self, sql: str, contents: Sequence[str]) -> Iterator[None]:
        """Show, of the tables of contents that a query names, the files that hold some; for this query alone."""
        named = OF_CONTENTS & set(_NAMED.findall(sql)) - self._held
        whole = {table: self._files[table] for table in sorted(named) if self._files[table]}
        try:
            for table, files in whole.items():
                holding = f"SELECT DISTINCT filename FROM read_parquet({paths(list(files))}, filename = true)"
                holding += " WHERE sha256 IN (SELECT unnest($contents::VARCHAR[]))"
                found = self._connection.execute(holding, {"contents": contents}).fetchall()
                self._files[table] = {path: files[path] for (name,) in found if (path := Path(name)) in files}
                self._define(table)
            yield
        finally:
            for table, files in whole.items():
                self._files[table] = files
                self._define(table)

    def spool(self, texts: Iterable[bytes]) -> Spool:
        """Return texts for reading in another order; what memory does not hold lies below the case's ``tmp/``."""
        return Spool(self._case.tmp, texts)

    def _find_repeated(self, contents: list[Path]) -> bool:
        """Note contents that more than one unit met; return whether there are any: only then do views look."""
        if len(contents) < 2:
            return False
        self._connection.execute(f"CREATE TABLE {REPEATED} AS {repeated_query(paths(contents))}")
        (count,) = self._connection.execute(f"SELECT count(*) FROM {REPEATED}").fetchall()[0]
        return bool(count)

    def _make_flat(self) -> None:
        self._show("FROM occurrences JOIN signatures")
        messages = self._files["messages"]
        catalog = f"flat_{os.getpid()}_{self._schema}"
        if _size(list(messages)) > _flat.IN_MEMORY_BYTES:
            self._flat_file = self._case.tmp / f"{catalog}.duckdb"
            self._flat_file.unlink(missing_ok=True)
        alike = parts(self._case, "messages", messages)
        rows = table_query("messages", [(paths(part.files), part.select) for part in alike])
        shown = "SELECT n, sha256 FROM flat.numbered"
        if self._repeated and alike:  # what was met twice may all be something other than mail
            files = [file for part in alike for file in part.files]
            shown = standing_query(paths(files), self._of_unit("messages"))
        _flat.make(self._connection, catalog, self._flat_file, rows, shown)
        self._flat = catalog

    def _of_unit(self, table: str) -> str:
        """Return the condition under which a file of a table is of a unit, as `table_query` takes it."""
        return f"r.filename = {text(f'{self._case.path / TABLES_FOLDER / table}/')} || d.unit"

    def __enter__(self) -> "Queries":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory back; a second call does nothing."""
        with suppress(duckdb.Error):  # closed before, or the database is no more
            self._connection.execute(f"USE memory.main; DROP SCHEMA IF EXISTS {self._schema} CASCADE")
            if self._flat:
                self._connection.execute(f"DETACH {self._flat}")
        self._connection.close()
        if self._flat_file:
            for file in (self._flat_file, self._flat_file.with_name(f"{self._flat_file.name}.wal")):
                with suppress(OSError):  # the next lock empties the folder
                    file.unlink(missing_ok=True)

    def rows(self, sql: str, parameters: Mapping[str, object], kind: type[Row]) -> Iterator[Row]:
        """Run one query and stream its rows.

        Args:
            sql: one ``SELECT``, constant, with ``$named`` parameters.
            parameters: values by name; those that the query does not name are left out.
            kind: struct with a field for every column. A field annotated `Location` (or a list, or optional) is
                decoded from the column's JSON text; BLOB becomes bytes, STRUCT a nested struct, LIST a list or tuple.

        Raises:
            CheckError: the columns are not the fields of *kind*, or a value is not of the field's type.
            CaseStoreError: the query cannot be run.
        """
        cursor, query, used = self._prepare(sql, parameters)
        try:
            try:
                result = cursor.execute(query, used)
                names = [column[0] for column in result.description or ()]
                decoded = location_columns(names, kind)
                while batch := result.fetchmany(BATCH):
                    yield from convert(names, decoded, batch, kind)
            except duckdb.Error as error:
                raise failure("query failed", error) from error
        finally:
            cursor.close()

    def stored(self, sql: str, parameters: Mapping[str, object], kind: type[Row], *, order: str = "") -> Iterator[Row]:
        """Run one query of one column of JSON text and stream what it holds.

        Args:
            sql: the query; the column is ``text``.
            parameters: values by name.
            kind: what a text holds.
            order: query of the numbers ``n`` of its rows, from 1, in the order in which they are wanted; empty: as they
                come. Many long texts would not fit into memory to be sorted.

        Raises:
            OtherVersion: a text is not of this version's form.
            CaseStoreError: the query cannot be run.
        """
        decoder = msgspec.json.Decoder(kind)
        for stored in self._ordered(sql, parameters, order) if order else self._texts(sql, parameters):
            try:
                yield decoder.decode(stored)
            except msgspec.MsgspecError as error:
                raise self._case.unreadable(f"a stored {kind.__name__}: {error}") from error

    def _texts(self, sql: str, parameters: Mapping[str, object]) -> Iterator[bytes]:
        return (row.text.encode() for row in self.rows(sql, parameters, _Text))

    def _ordered(self, sql: str, parameters: Mapping[str, object], order: str) -> Iterator[bytes]:
        with self.spool(self._texts(sql, parameters)) as spool:
            for row in self.rows(order, parameters, _Number):
                yield spool[row.n]

    def pairs(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[Any, Any]]:
        """Run one query of two columns and return all of its rows.

        Raises:
            CaseStoreError: the query cannot be run.
        """
        cursor, query, used = self._prepare(sql, parameters or {})
        try:
            return [(first, second) for first, second in cursor.execute(query, used).fetchall()]
        except duckdb.Error as error:
            raise failure("query failed", error) from error
        finally:
            cursor.close()

    def _prepare(
        self, sql: str, parameters: Mapping[str, object]
    ) -> tuple[duckdb.DuckDBPyConnection, duckdb.Statement, dict[str, object]]:
        """Return a cursor of its own (another query would end a stream), the parsed query, and what it names.

        To parse one of ours takes a tenth of the time that it takes over a few thousand mails.
        """
        try:
            if self._flat is None and _FLAT.search(sql):
                self._make_flat()
            if self._flat is not None and not self._judged and "flat.judged" in sql:
                self._show("FROM verdicts JOIN repairs")
                _flat.make_judged(self._connection, self._flat)
                self._judged = True
            self._show(sql)
            statements = self._connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise CaseStoreError("a query is one SELECT")
            missing = statements[0].named_parameters - parameters.keys()
            if missing:
                raise CaseStoreError(f"no value for {', '.join(sorted(missing))}")
            used = {key: value for key, value in parameters.items() if key in statements[0].named_parameters}
            cursor = self._connection.cursor()
            path = _flat.search_path(self._schema, self._flat) if self._flat else f"memory.{self._schema}"
            cursor.execute(f"SET search_path = {text(path)}")
            return cursor, statements[0], used
        except duckdb.Error as error:
            raise failure("query failed", error) from error
