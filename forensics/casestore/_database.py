"""DuckDB for a case: in memory, one thread, locked to the case folder; and the SQL forms of our row types."""

import re
import types
import typing
from functools import cache
from pathlib import Path

import duckdb
import msgspec

from forensics.casestore.case import CaseFolder
from forensics.errors import CaseStoreError, MemoryFull, StorageFull
from forensics.model.rows.numbers import Unsigned

MEMORY = ("256MB", "1GB", "4GB")
"""What the database of a case may take: the first, and where a query needs more, the others one after the other."""
WRITING_MEMORY = "4GB"
"""Of what writes files: it cannot spill, several threads write at a time, and what says as much of itself as is read
may have a row of 200 MB, which takes 1.8 GB and more on its way. 2,000 mails take 240 MB."""
SQL_MEMORY = "1GB"
"""Of a caller's own query, which may not write and so cannot spill."""
_FULL = re.compile(r"No space left on device|Disk quota exceeded", re.IGNORECASE)
_SCALARS: dict[object, str] = {
    str: "VARCHAR",
    int: "BIGINT",
    Unsigned: "UBIGINT",
    float: "DOUBLE",
    bool: "BOOLEAN",
    bytes: "BLOB",
}


def connect(case: CaseFolder) -> duckdb.DuckDBPyConnection:
    """Return a connection to the case's database: in memory, reads and writes below the case, loads nothing.

    Opening one costs 12 ms, so every caller shares it; it goes when the last connection and the case are gone.
    """
    with case.opening:
        if case.database is None:
            case.database = _open(case, str(case.tmp), granted(case))
    return case.database.cursor()


def granted(case: CaseFolder) -> str:
    """Return how much the case's database may take."""
    return MEMORY[case.grown]


def can_grow(case: CaseFolder) -> bool:
    """Whether the case's database may take more memory than it has taken so far."""
    return case.grown + 1 < len(MEMORY)


def grow(case: CaseFolder) -> None:
    """Have the next connections open a database that may take more memory; those that are open keep theirs."""
    with case.opening:
        case.grown += 1
        case.database = None


def shrink(case: CaseFolder) -> None:
    """Have the next connections open a database that may take what the first took."""
    with case.opening:
        case.grown = 0
        case.database = None


def connect_writer(case: CaseFolder) -> duckdb.DuckDBPyConnection:
    """Return a connection to a database like it that only writes files; any thread may have one."""
    with case.opening:
        if case.writer is None:
            case.writer = _open(case, "", WRITING_MEMORY)
    return case.writer.cursor()


def _open(case: CaseFolder, spill: str, memory: str) -> duckdb.DuckDBPyConnection:
    connection = start(spill, memory)
    connection.execute(f"SET allowed_directories = [{text(str(case.path))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def start(spill: str, memory: str = MEMORY[0]) -> duckdb.DuckDBPyConnection:
    """Start a database in memory that loads no extension and sees no object of Python.

    Args:
        spill: folder for what does not fit into memory; empty: nothing is written, and a query that needs more fails.
        memory: how much it may take.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": "1",
            "memory_limit": memory,
            "temp_directory": spill,
            "preserve_insertion_order": "true",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_persistent_secrets": "false",
            "python_enable_replacements": "false",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def failure(what: str, error: duckdb.Error) -> CaseStoreError:
    """Return our error for one of DuckDB's."""
    if _FULL.search(str(error)):
        return StorageFull(f"{what}: no space left; free some and run the same command again")
    if isinstance(error, duckdb.OutOfMemoryException):
        return MemoryFull(f"{what}: it needs more memory than a query may take")
    return CaseStoreError(f"{what}: {error}")


def text(value: str) -> str:
    """Quote a text for SQL: paths and names of ours only, never text of the evidence."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """Quote an identifier for SQL."""
    return '"' + value.replace('"', '""') + '"'


def paths(files: list[Path]) -> str:
    """Return a list of files for SQL."""
    return "[" + ", ".join([text(str(file)) for file in files]) + "]"


@cache
def columns(row: type) -> dict[str, object]:
    """Return the columns of a row type and the Python type of each."""
    hints = typing.get_type_hints(row)
    return {field.encode_name: hints[field.name] for field in msgspec.structs.fields(row)}


def sql_type(hint: object, *, raw: str = "BLOB") -> str:
    """Return DuckDB's type for a Python type.

    Args:
        hint: annotation of a field: scalar, ``X | None``, ``list[X]`` or a struct.
        raw: what stands for bytes; ``VARCHAR`` where they are still base64.

    Raises:
        TypeError: a type that no table uses.
    """
    hint = _plain(hint)
    if hint is bytes:
        return raw
    if hint in _SCALARS:
        return _SCALARS[hint]
    if (inner := element(hint)) is not None:
        return sql_type(inner, raw=raw) + "[]"
    if (row := struct(hint)) is not None:
        fields = [f"{name(column)} {sql_type(kind, raw=raw)}" for column, kind in columns(row).items()]
        return f"STRUCT({', '.join(fields)})"
    raise TypeError(f"no column type for {hint!r}")


def from_json(expression: str, hint: object, depth: int = 0) -> str:
    """Return the expression that turns what ``read_json`` gives into the column: base64 becomes bytes, at any depth."""
    hint = _plain(hint)
    if hint is bytes:
        return f"from_base64({expression})"
    if not _holds_bytes(hint):
        return expression
    if (inner := element(hint)) is not None:
        each = f"x{depth}"
        return f"list_transform({expression}, lambda {each}: {from_json(each, inner, depth + 1)})"
    row = struct(hint)
    assert row is not None
    fields = [
        f"{name(column)} := {from_json(f'{expression}.{name(column)}', kind, depth)}"
        for column, kind in columns(row).items()
    ]
    return f"CASE WHEN {expression} IS NOT NULL THEN struct_pack({', '.join(fields)}) END"


def element(hint: object) -> object | None:
    """Return the type of a list's elements; ``None`` for what is no list."""
    hint = _plain(hint)
    return typing.get_args(hint)[0] if typing.get_origin(hint) is list else None


def struct(hint: object) -> type[msgspec.Struct] | None:
    """Return the row type of a nested struct; ``None`` for what is none."""
    hint = _plain(hint)
    return hint if isinstance(hint, type) and issubclass(hint, msgspec.Struct) else None


def _plain(hint: object) -> object:
    """Return the type without its ``None``."""
    if isinstance(hint, types.UnionType):
        (only,) = [part for part in typing.get_args(hint) if part is not type(None)]
        return only
    return hint


def _holds_bytes(hint: object) -> bool:
    if (inner := element(hint)) is not None:
        return _holds_bytes(inner)
    if (row := struct(hint)) is not None:
        return any(_holds_bytes(kind) for kind in columns(row).values())
    return _plain(hint) is bytes
