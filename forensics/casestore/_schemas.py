"""The columns of table files: each file has those of the version that wrote it.

A later version of one case format may add columns, and fields of nested structs; what an older file lacks takes the
default of our struct. A column that changed its type or went away raises the case format.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from forensics.casestore._database import columns, connect, element, name, paths, sql_type, struct, text
from forensics.casestore.case import CaseFolder
from forensics.model.rows import TABLES

_SIGNATURES = (
    "SELECT file_name, string_agg(concat_ws(' ', name, type, num_children, repetition_type, logical_type), ',')"
    " FROM parquet_schema({files}) GROUP BY file_name"
)


class Part(NamedTuple):
    """Files of one table that have the same columns, and the expression of each of ours over them."""

    files: list[Path]
    select: tuple[str, ...]


class _Unfit(Exception):
    """What a file has that this version cannot read."""


def parts(case: CaseFolder, table: str, files: Mapping[Path, str]) -> list[Part]:
    """Group the files of a table by their columns.

    Args:
        case: the case; what a file's columns are is remembered in it.
        table: name of the table.
        files: path to the digest that the log has for it.

    Raises:
        OtherVersion: a file has columns that this version does not know, or lacks one that has no default.
        duckdb.Error: a file cannot be read.
    """
    unseen = [path for path, digest in files.items() if (table, digest) not in case.selects]
    if unseen:
        selects = _inspect(case, table, unseen)
        case.selects.update({(table, files[path]): select for path, select in selects.items()})
    found: dict[tuple[str, ...], list[Path]] = {}
    for path, digest in files.items():
        found.setdefault(case.selects[table, digest], []).append(path)
    return [Part(group, select) for select, group in found.items()]


def own_select(table: str) -> tuple[str, ...]:
    """Return the columns of a file that this version wrote."""
    return tuple([name(column) for column in columns(TABLES[table])])


def _inspect(case: CaseFolder, table: str, files: list[Path]) -> dict[Path, tuple[str, ...]]:
    connection = connect(case)
    try:
        by_signature: dict[str, tuple[str, ...]] = {}
        found = {}
        for file, signature in connection.execute(_SIGNATURES.format(files=paths(files))).fetchall():
            if signature not in by_signature:
                relation = connection.sql(f"SELECT * FROM read_parquet({text(file)}) LIMIT 0")
                by_signature[signature] = _select(table, dict(zip(relation.columns, relation.types, strict=True)))
            found[Path(file)] = by_signature[signature]
    except _Unfit as unfit:
        raise case.unreadable(str(unfit)) from unfit
    finally:
        connection.close()
    return found


def _select(table: str, there: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple([expression for _, expression in _fields("", TABLES[table], there, f"table {table}", 0)])


def _fields(prefix: str, row: type, there: Mapping[str, Any], where: str, depth: int) -> list[tuple[str, str]]:
    """Return the columns of a struct and the expression of each."""
    ours = columns(row)
    if strange := sorted(there.keys() - ours.keys()):
        raise _Unfit(f"{where} has {', '.join(strange)}")
    found = []
    for column, hint in ours.items():
        if column in there:
            expression = _expression(f"{prefix}{name(column)}", hint, there[column], f"{where}, {column}", depth)
        else:
            expression = _default(row, column, hint, where)
        found.append((column, expression))
    return found


def _expression(value: str, hint: object, there: Any, where: str, depth: int) -> str:
    """Return the expression that gives a value of an older file the form that it has here."""
    inner, row = element(hint), struct(hint)
    if inner is not None and there.id == "list":
        each = f"x{depth}"
        expression = _expression(each, inner, there.children[0][1], where, depth + 1)
        return value if expression == each else f"list_transform({value}, lambda {each}: {expression})"
    if row is not None and there.id == "struct":
        held = dict(there.children)
        fields = _fields(f"{value}.", row, held, where, depth)
        if fields == [(field, f"{value}.{name(field)}") for field in held]:
            return value
        packed = ", ".join([f"{name(field)} := {expression}" for field, expression in fields])
        return f"CASE WHEN {value} IS NOT NULL THEN struct_pack({packed}) END"
    if inner is row is None and str(there) == sql_type(hint):
        return value
    raise _Unfit(f"{where} is {there}")


def _default(row: type, column: str, hint: object, where: str) -> str:
    """Return what stands for a column that a file does not have."""
    (field,) = [field for field in msgspec.structs.fields(row) if field.encode_name == column]
    value = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
    if value is msgspec.NODEFAULT:
        raise _Unfit(f"{where} has no {column}")
    return f"CAST({_literal(value)} AS {sql_type(hint)})"


def _literal(value: object) -> str:
    """Return a default of ours as SQL.

    Raises:
        TypeError: a kind of default that no table has.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bytes):
        return f"from_hex({text(value.hex())})"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, msgspec.Struct):
        fields = [(field.encode_name, getattr(value, field.name)) for field in msgspec.structs.fields(value)]
        return f"struct_pack({', '.join([f'{name(column)} := {_literal(held)}' for column, held in fields])})"
    raise TypeError(f"no SQL for the default {value!r}")
