"""Reads a case: SQL over its tables, typed rows out."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import duckdb
import msgspec

from forensics.casestore._database import columns, connect, failure, name, paths, sql_type
from forensics.casestore._files import write_file
from forensics.casestore.case import TABLES_FOLDER, VIEWS_FILE, CaseFolder
from forensics.errors import CaseStoreError, CheckError
from forensics.model.locations import Location
from forensics.model.tables import TABLES, TimeRow

Row = TypeVar("Row")

BATCH = 512
_locations = msgspec.json.Decoder(Location)
_numbers = count(1)
"""Each reader has a schema of its own in the case's database."""


def _time_columns(alias: str) -> str:
    return ", ".join([f"{alias}.{name(column)}" for column in columns(TimeRow)])


def _reader_views() -> dict[str, str]:
    """Return the views that spread nested columns, for readers; rules query the tables themselves."""
    times = _time_columns("t")
    spread = "SELECT r.sha256, '{origin}' AS origin, {times} FROM {table} r, unnest(r.{column}) AS u(t)"
    parts = [
        spread.format(origin="message", times=times, table="messages", column="timestamps"),
        spread.format(origin="document", times=times, table="documents", column="timestamps"),
        spread.format(origin="container", times=times, table="occurrences", column="times"),
        f"SELECT r.sha256, 'archive' AS origin, {times} FROM archives r, unnest(r.members) AS v(m),"
        " unnest(m.times) AS u(t)",
    ]
    return {
        "timestamps": " UNION ALL ".join(parts),
        "parties": 'SELECT r.sha256, p.field, p."name", p.address, p.domain FROM messages r, unnest(r.parties) AS u(p)',
    }


OF_CONTENTS = frozenset({"contents", "messages", "signatures", "documents", "archives"})
"""Tables of contents: several units may have met the same content, and the view shows the rows of one of them."""
REPEATED = "repeated_contents"


def _repeated(files: str) -> str:
    """Return the query of contents that several units met, and the file name of the one that read them furthest."""
    furthest = "CASE status WHEN 'parsed' THEN 0 WHEN 'partial' THEN 1 ELSE 2 END"
    return (
        f"SELECT sha256, min_by(unit, (furthest, unit)) AS unit FROM (SELECT sha256, {furthest} AS furthest,"
        f" parse_filename(filename) AS unit FROM read_parquet({files}, filename = true))"
        " GROUP BY sha256 HAVING count(DISTINCT unit) > 1"
    )


HELD = ("messages", "occurrences", "contents", "signatures")
HELD_BYTES = 40 << 20
"""Of their files: some 28,000 list mails. Measured on two lists they take 6.7 and 6.9 times as much in memory, so less
than a third of what DuckDB may use."""


def _size(files: list[Path]) -> int:
    return sum([file.stat().st_size for file in files])


def _view(table: str, files: str, *, repeated: bool = False) -> str:
    """Return the query of one table over its files, or over nothing; *repeated*: leave out what `REPEATED` says."""
    kinds = columns(TABLES[table])
    if not files:
        empty = ", ".join([f"CAST(NULL AS {sql_type(kind)}) AS {name(column)}" for column, kind in kinds.items()])
        return f"SELECT {empty} WHERE false"
    select = f"SELECT {', '.join([name(column) for column in kinds])} FROM read_parquet({files}"
    if not repeated or table not in OF_CONTENTS:
        return f"{select})"
    return (
        f"{select}, filename = true) AS r WHERE NOT EXISTS (SELECT 1 FROM {REPEATED} AS d"
        " WHERE d.sha256 = r.sha256 AND d.unit <> parse_filename(r.filename))"
    )


def table_files(case: CaseFolder) -> dict[str, list[Path]]:
    """Return the files of every table that the custody log vouches for and that are there, sorted by name."""
    found: dict[str, list[Path]] = {table: [] for table in TABLES}
    for path in sorted(case.custody.files()):
        folder, _, rest = path.partition("/")
        table, _, file = rest.partition("/")
        if folder == TABLES_FOLDER and table in found and file and "/" not in file and (case.path / path).is_file():
            found[table].append(case.path / path)
    return found


def write_views(case: CaseFolder) -> dict[str, str]:
    """Write ``views.sql``: the tables and reader views for anyone who opens the case with DuckDB.

    Returns:
        Path below the case to SHA-256, for the log line that must follow.

    Raises:
        StorageFull: the disk is full.
    """
    lines = ["-- Start DuckDB in this folder, then: .read views.sql"]
    found = table_files(case)
    repeated = len(found["contents"]) > 1
    if repeated:
        contents = f"'{TABLES_FOLDER}/contents/*.parquet'"
        lines.append(f"CREATE OR REPLACE VIEW {REPEATED} AS {_repeated(contents)};")
    for table, files in found.items():
        pattern = f"'{TABLES_FOLDER}/{table}/*.parquet'" if files else ""
        lines.append(f"CREATE OR REPLACE VIEW {table} AS {_view(table, pattern, repeated=repeated)};")
    lines += [f"CREATE OR REPLACE VIEW {view} AS {query};" for view, query in _reader_views().items()]
    data = "\n".join(lines).encode("ascii") + b"\n"
    return {VIEWS_FILE: write_file(case.path / VIEWS_FILE, data)}


class Queries:
    """Typed rows of a case.

    The tables are views of the same names, as the custody log has them when this is made. Values go in as bound
    parameters only: no text of the evidence is ever part of SQL.

    Args:
        case: the case.
        many: many queries will follow: what all of them read is read into memory once, if it is not large.
    """

    def __init__(self, case: CaseFolder, *, many: bool = False) -> None:
        self._connection = connect(case)
        self._schema = f"queries_{next(_numbers)}"
        try:
            self._connection.execute(f"CREATE SCHEMA {self._schema}")
            self._connection.execute(f"USE {self._schema}")
            found = table_files(case)
            repeated = self._find_repeated(found["contents"])
            held = HELD if many and _size([file for table in HELD for file in found[table]]) <= HELD_BYTES else ()
            for table, files in found.items():
                view = _view(table, paths(files) if files else "", repeated=repeated)
                kind = "TABLE" if table in held else "VIEW"
                self._connection.execute(f"CREATE {kind} {table} AS {view}")
            for view, query in _reader_views().items():
                self._connection.execute(f"CREATE VIEW {view} AS {query}")
        except duckdb.Error as error:
            self.close()
            raise failure("cannot read the tables", error) from error

    def _find_repeated(self, contents: list[Path]) -> bool:
        """Note contents that more than one unit met; return whether there are any: only then do views look."""
        if len(contents) < 2:
            return False
        self._connection.execute(f"CREATE TABLE {REPEATED} AS {_repeated(paths(contents))}")
        (count,) = self._connection.execute(f"SELECT count(*) FROM {REPEATED}").fetchall()[0]
        return bool(count)

    def __enter__(self) -> "Queries":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory back; a second call does nothing."""
        with suppress(duckdb.Error):  # closed before, or the database is no more
            self._connection.execute(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")
        self._connection.close()

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
        cursor, used = self._prepare(sql, parameters)
        try:
            try:
                result = cursor.execute(sql, used)
                names = [column[0] for column in result.description or ()]
                decoded = _location_columns(names, kind)
                while batch := result.fetchmany(BATCH):
                    yield from _convert(names, decoded, batch, kind)
            except duckdb.Error as error:
                raise failure("query failed", error) from error
        finally:
            cursor.close()

    def pairs(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[Any, Any]]:
        """Run one query of two columns and return all of its rows.

        Raises:
            CaseStoreError: the query cannot be run.
        """
        cursor, used = self._prepare(sql, parameters or {})
        try:
            return [(first, second) for first, second in cursor.execute(sql, used).fetchall()]
        except duckdb.Error as error:
            raise failure("query failed", error) from error
        finally:
            cursor.close()

    def _prepare(
        self, sql: str, parameters: Mapping[str, object]
    ) -> tuple[duckdb.DuckDBPyConnection, dict[str, object]]:
        """Return a cursor of its own (another query would end a stream) and the parameters that the query names."""
        try:
            statements = self._connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise CaseStoreError("a query is one SELECT")
            missing = statements[0].named_parameters - parameters.keys()
            if missing:
                raise CaseStoreError(f"no value for {', '.join(sorted(missing))}")
            used = {key: value for key, value in parameters.items() if key in statements[0].named_parameters}
            cursor = self._connection.cursor()
            cursor.execute(f"USE {self._schema}")
            return cursor, used
        except duckdb.Error as error:
            raise failure("query failed", error) from error


def _location_columns(names: list[str], kind: type) -> dict[int, bool]:
    """Return the positions of columns that hold locations as text, and whether each is a list of them."""
    hints = columns(kind)
    if len(set(names)) != len(names):
        raise CheckError(f"{kind.__name__}: the query names a column twice")
    if unknown := sorted(set(names) - hints.keys()):
        raise CheckError(f"{kind.__name__} has no field for column {', '.join(unknown)}")
    found = {}
    for position, column in enumerate(names):
        hint = hints[column]
        if hint in (Location, Location | None):
            found[position] = False
        elif hint in (list[Location], tuple[Location, ...]):
            found[position] = True
    return found


def _convert(names: list[str], locations: dict[int, bool], batch: list[tuple[Any, ...]], kind: type[Row]) -> list[Row]:
    try:
        records = [dict(zip(names, row, strict=True)) for row in batch]
        for position, many in locations.items():
            column = names[position]
            for record in records:
                value = record[column]
                if value is not None:
                    record[column] = [_locations.decode(one) for one in value] if many else _locations.decode(value)
        return msgspec.convert(records, list[kind], builtin_types=(bytes,))  # type: ignore[valid-type]
    except msgspec.MsgspecError as error:
        raise CheckError(f"{kind.__name__}: {error}") from error
