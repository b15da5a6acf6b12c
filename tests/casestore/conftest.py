"""A small case, and a way to put rows into it as a scan does."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from forensics.casestore import CaseFolder, write_unit
from forensics.model.case import CaseInfo
from forensics.model.codec import encode

Store = Callable[[str, dict[str, Sequence[msgspec.Struct]]], dict[str, str]]


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that goes on by a second each time."""
    times = iter(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=number) for number in range(100_000))
    return lambda: next(times)


@pytest.fixture
def info() -> CaseInfo:
    return CaseInfo(case_number="A-1", as_of="2020-01-01T00:00:00Z")


@pytest.fixture
def case(tmp_path: Path, info: CaseInfo, clock: Callable[[], datetime]) -> Iterator[CaseFolder]:
    """A case under lock."""
    folder = CaseFolder.create(tmp_path / "case", info, clock)
    with folder.lock():
        yield folder


@pytest.fixture
def lines(case: CaseFolder) -> Callable[[str, Sequence[msgspec.Struct]], Path]:
    """Write rows as JSON lines below the case's ``tmp/``."""

    def write(name: str, rows: Sequence[msgspec.Struct]) -> Path:
        path = case.tmp / f"{name}.ndjson"
        path.write_bytes(b"".join([encode(row) + b"\n" for row in rows]))
        return path

    return write


@pytest.fixture
def store(case: CaseFolder, lines: Callable[[str, Sequence[msgspec.Struct]], Path]) -> Store:
    """Write a unit and log it."""

    def put(unit: str, tables: dict[str, Sequence[msgspec.Struct]]) -> dict[str, str]:
        files = write_unit(case, unit, {table: lines(f"{unit}-{table}", rows) for table, rows in tables.items()})
        case.custody.append("unit", {"unit": unit}, files)
        return files

    return put
