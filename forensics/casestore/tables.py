"""Writes rows of a case: JSON lines in, one Parquet file per table and unit out."""

import os
import re
from collections.abc import Container, Iterable, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path

import duckdb

from forensics.casestore._database import columns, connect_writer, failure, from_json, name, paths, sql_type, text
from forensics.casestore._files import FILE_MODE, hash_file, make_folder, move, storing, sync_and_hash, sync_folder
from forensics.casestore._schemas import own_select
from forensics.casestore.case import TABLES_FOLDER, CaseFolder
from forensics.errors import CaseStoreError, IntegrityError
from forensics.model.rows import TABLES

ROW_GROUP = 20_480
TEXT_ROW_GROUP = 2_048
"""Of tables of long texts: a row group is read as a whole, and 16,000 findings are 50 MB before a query takes them
apart."""
_TEXTS = frozenset({"findings", "observations"})
_LEAST_OBJECT = 16 << 20
_BLOCK = 1 << 20
_LARGE = 24 << 20
"""Writing 2,000 mails or more takes 250 MB of memory, and so is done by one thread at a time."""
_UNIT = re.compile(r"[0-9A-Za-z_-]{1,64}")


def write_unit(case: CaseFolder, unit_id: str, rows: Mapping[str, Path]) -> dict[str, str]:
    """Write all rows of one unit; files of an earlier attempt at the unit are replaced or removed.

    Args:
        case: the case.
        unit_id: name of the unit: letters, digits, ``-`` and ``_``.
        rows: table name to a file of JSON lines below the case (its ``tmp/``), in the order to keep. A table that is
            not named, or whose file is empty, gets no file.

    Returns:
        Path below the case to SHA-256, for the log line that must follow; an empty digest: removed.

    Raises:
        StorageFull: the disk is full.
        CaseStoreError: a row does not fit its table.
    """
    _known(rows)
    written = _write(case, unit_id, {table: file for table, file in rows.items() if _size(file)})
    logged = case.custody.files()
    for table in sorted(TABLES):
        path = unit_path(table, unit_id)
        if path not in written:
            with storing(f"cannot remove {path}"), suppress(FileNotFoundError):
                (case.path / path).unlink()
                sync_folder((case.path / path).parent)
            if path in logged:
                written[path] = ""
    return written


def unit_path(table: str, unit_id: str) -> str:
    """Return the path below the case of a unit's file.

    Raises:
        CaseStoreError: the name of the unit could not be a file name everywhere.
    """
    if not _UNIT.fullmatch(unit_id):
        raise CaseStoreError(f"{unit_id!r} is no name of a unit")
    return f"{TABLES_FOLDER}/{table}/{unit_id}.parquet"


def completed_units(case: CaseFolder, action: str = "unit") -> frozenset[str]:
    """Return the units that need not be read again: logged, and every file there with the logged digest.

    Args:
        case: the case.
        action: of the log lines that say that a unit was read.
    """
    units: dict[str, dict[str, str]] = {}
    for line in case.custody.lines():
        if line.action == action and "unit" in line.details:
            units[line.details["unit"]] = line.files
    current = case.custody.files()
    return frozenset(
        unit
        for unit, files in units.items()
        if all(current.get(path, "") == digest and _as_logged(case, path, digest) for path, digest in files.items())
    )


def unit_as_logged(case: CaseFolder, unit_id: str) -> bool:
    """Whether the files of a unit are just those that the log names."""
    logged = case.custody.files()
    return all(_as_logged(case, path, logged.get(path, "")) for path in [unit_path(table, unit_id) for table in TABLES])


def _as_logged(case: CaseFolder, path: str, digest: str) -> bool:
    file = case.path / path
    return hash_file(file) == digest if digest else not file.exists()


def table_files(
    case: CaseFolder, tables: Iterable[str] = TABLES, *, without: Container[str] = ()
) -> dict[str, dict[Path, str]]:
    """Return the files of tables that the custody log vouches for and that are there, sorted by name.

    Args:
        case: the case.
        tables: those that are asked for; all by default.
        without: units that are left out.

    Returns:
        Table to path to digest.

    Raises:
        OtherVersion: the log names a table that this version does not know.
    """
    found: dict[str, dict[Path, str]] = {table: {} for table in tables}
    for path, digest in sorted(case.custody.files().items()):
        folder, _, rest = path.partition("/")
        table, _, file = rest.partition("/")
        if folder != TABLES_FOLDER or not file or "/" in file:
            continue
        if table not in TABLES:
            raise case.unreadable("it has a table that is not known here")
        if table in found and file.removesuffix(".parquet") not in without and (case.path / path).is_file():
            found[table][case.path / path] = digest
    return found


def discard_unlogged(case: CaseFolder) -> tuple[str, ...]:
    """Remove table files that no log line names: what a crash left between a file and its line.

    Call it only under the case's lock, and log what it returns.

    Returns:
        Paths below the case, sorted.
    """
    logged = case.custody.files()
    found = []
    for table in sorted(TABLES):
        for file in sorted((case.path / TABLES_FOLDER / table).glob("*.parquet")):
            path = f"{TABLES_FOLDER}/{table}/{file.name}"
            if path not in logged:
                with storing(f"cannot remove {path}"):
                    file.unlink()
                found.append(path)
    return tuple(found)


def _known(rows: Mapping[str, Path]) -> None:
    for table in rows:
        if table not in TABLES:
            raise CaseStoreError(f"there is no table {table!r}")


def _size(file: Path) -> int:
    with storing("cannot read the rows"):
        return file.stat().st_size


def _write(case: CaseFolder, unit_id: str, rows: Mapping[str, Path]) -> dict[str, str]:
    written: dict[str, str] = {}
    if not rows:
        return written
    connection = connect_writer(case)
    try:
        for table, lines in sorted(rows.items()):
            path = unit_path(table, unit_id)
            written[path] = _write_table(connection, case, table, lines, case.path / path)
    finally:
        connection.close()
    return written


def _write_table(connection: duckdb.DuckDBPyConnection, case: CaseFolder, table: str, lines: Path, target: Path) -> str:
    count, longest = _measure(lines)
    partial = case.tmp / f"{table}-{target.name}"
    with storing(f"cannot write {target.name}"):
        make_folder(target.parent)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE))
    try:
        with case.large if _size(lines) > _LARGE else nullcontext():
            (stored,) = connection.execute(_copy(table, lines, longest, partial)).fetchall()[0]
    except duckdb.Error as error:
        with suppress(OSError):
            partial.unlink()
        raise failure(f"cannot write table {table}", error) from error
    if stored != count:
        raise IntegrityError(f"table {table}: {count} rows given, {stored} stored")
    with storing(f"cannot write {target.name}"):
        digest = sync_and_hash(partial)
        move(partial, target)
    case.selects[table, digest] = own_select(table)
    return digest


def _measure(lines: Path) -> tuple[int, int]:
    """Return how many lines there are, and a number of bytes that none exceeds."""
    count = longest = since = 0
    block = b"\n"
    with storing("cannot read the rows"), lines.open("rb") as file:
        while more := file.read(_BLOCK):
            block = more
            since += len(block)
            longest = max(longest, since)
            if ended := block.count(b"\n"):
                count += ended
                since = len(block)
    return count + (not block.endswith(b"\n")), longest


def _copy(table: str, lines: Path, longest: int, target: Path) -> str:
    kinds = columns(TABLES[table])
    schema = ", ".join([f"{text(column)}: {text(sql_type(kind, raw='VARCHAR'))}" for column, kind in kinds.items()])
    select = ", ".join([f"{from_json(name(column), kind)} AS {name(column)}" for column, kind in kinds.items()])
    return (
        f"COPY (SELECT {select} FROM read_json({paths([lines])}, format = 'newline_delimited', compression = 'none',"
        f" columns = {{{schema}}}, maximum_object_size = {max(longest + 1, _LEAST_OBJECT)}))"
        f" TO {text(str(target))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,"
        f" ROW_GROUP_SIZE {TEXT_ROW_GROUP if table in _TEXTS else ROW_GROUP}, USE_TMP_FILE false)"
    )
