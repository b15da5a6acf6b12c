"""SQL of a caller over the views of a case, on a connection that can do nothing but read them.

What a caller composes may hold text of the evidence, so nothing rests on the caller's care: one SELECT at a time, in
a transaction that cannot write, in a database of its own whose settings are locked, which may open the files that
the custody log names and no other, spills nothing to disk and loads nothing. Of functions that give tables only those
that compute are allowed.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

import duckdb

from forensics.casestore._database import SQL_MEMORY, failure, paths, start
from forensics.casestore._schemas import Part
from forensics.casestore.case import CaseFolder
from forensics.casestore.tables import table_files
from forensics.casestore.views import view_queries
from forensics.errors import NotInstalled, UsageError

BATCH = 512
_COMPUTING = frozenset(("unnest", "range", "generate_series", "repeat", "repeat_row", "json_each", "json_tree"))
"""Functions that give tables without a file, a setting or another text of SQL."""

Parameters = Mapping[str, object] | Sequence[object]
"""Values by name (``$name``) or in order (``?``)."""


class Rows:
    """The rows of one query, streamed once; a frame takes all of them, whatever was streamed before.

    Attributes:
        columns: names of the columns, in order.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, run_again: Callable[[], Any]) -> None:
        self._cursor = cursor
        self._run_again = run_again
        self.columns: tuple[str, ...] = tuple([column[0] for column in cursor.description or ()])

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows as tuples; a TIMESTAMP is a ``datetime`` in UTC without zone, one after 9999 a text.

        Raises:
            UsageError: the query failed on its way.
        """
        try:
            while batch := self._cursor.fetchmany(BATCH):
                yield from batch
        except duckdb.Error as error:
            raise _refused(error) from error

    def to_arrow(self) -> Any:
        """Return a ``pyarrow.Table``.

        Raises:
            NotInstalled: pyarrow is not installed.
        """
        return self._frame("to_arrow_table", "pyarrow")

    def to_pandas(self) -> Any:
        """Return a ``pandas.DataFrame``.

        Raises:
            NotInstalled: pandas is not installed.
        """
        return self._frame("df", "pandas")

    def to_polars(self) -> Any:
        """Return a ``polars.DataFrame``.

        Raises:
            NotInstalled: polars or pyarrow is not installed.
        """
        return self._frame("pl", "polars", "pyarrow")

    def _frame(self, method: str, *packages: str) -> Any:
        for package in packages:
            try:
                import_module(package)
            except ImportError as error:
                raise NotInstalled(f"{package} is not installed, and this frame needs it") from error
        try:
            return getattr(self._run_again(), method)()
        except duckdb.Error as error:
            raise _refused(error) from error


class LockedViews:
    """The views of a case for a caller's SQL, as the custody log has the tables when this is made.

    Raises:
        CaseStoreError: the tables cannot be read.
    """

    def __init__(self, case: CaseFolder) -> None:
        self._database = start("", SQL_MEMORY)
        try:
            self._make_views(case)
        except duckdb.Error as error:
            self.close()
            raise failure("cannot read the tables", error) from error
        except BaseException:
            self.close()
            raise

    def _make_views(self, case: CaseFolder) -> None:
        files = table_files(case)
        every = [file for table in files.values() for file in table]
        self._database.execute(f"SET allowed_paths = {paths(every)}")
        self._database.execute("SET enable_external_access = false")
        for view, query in view_queries(case, _absolute, paths(list(files["contents"]))):
            self._database.execute(f"CREATE VIEW {view} AS {query}")
        self._database.execute("SET lock_configuration = true")

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        with suppress(duckdb.Error):
            self._database.close()

    def query(self, sql: str, parameters: Parameters = ()) -> Rows:
        """Run one SELECT.

        Raises:
            UsageError: it is not one SELECT over the views, or fails.
        """
        try:
            cursor = self._database.cursor()
            statements = cursor.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise UsageError("sql takes one SELECT, and nothing that writes")
            if strange := _functions(cursor, sql) - _COMPUTING:
                raise UsageError(f"sql reads the views of the case; it does not allow {', '.join(sorted(strange))}()")
            given = dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
            return Rows(self._reader().execute(sql, given), lambda: self._reader().sql(sql, params=given))
        except duckdb.Error as error:
            raise _refused(error) from error

    def _reader(self) -> duckdb.DuckDBPyConnection:
        cursor = self._database.cursor()
        cursor.execute("BEGIN TRANSACTION READ ONLY")
        return cursor


def _absolute(_table: str, part: Part, _whole: bool) -> str:
    return paths(part.files)


def _functions(cursor: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """Return the functions that a query uses as tables, at any depth."""
    (text,) = cursor.execute("SELECT json_serialize_sql($1)", [sql]).fetchall()[0]
    try:
        tree = json.loads(text)
    except RecursionError as error:
        raise UsageError("sql: this query is nested too deeply") from error
    if tree.get("error"):
        raise UsageError(f"sql takes one SELECT: {tree.get('error_message', 'this is none')}")
    found, left = set[str](), [tree]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            if node.get("type") == "TABLE_FUNCTION":
                found.add(str((node.get("function") or {}).get("function_name", "an unknown function")).lower())
            left += node.values()
        elif isinstance(node, list):
            left += node
    return found


def _refused(error: Exception) -> UsageError:
    return UsageError(f"sql: {error}")
