"""A scanned case that each test may spoil."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb
import msgspec
import pytest

from forensics import ScanOptions, VerifyResult, scan, verify
from forensics.casestore import CaseFolder, hash_file
from forensics.report.verified import verification

KEPT = Path(__file__).parents[2] / "kept" / "format_1" / "leak"
OPTIONS = ScanOptions(jobs=1, as_of="2017-06-01", examiner="A. Example")


class Spoilt(msgspec.Struct):
    """A case, its source, and the head that was written down after the scan."""

    path: Path
    source: Path
    head: str

    def append(self, action: str, files: Mapping[str, str] | None = None) -> None:
        """Write a line as anyone who can write to the case could."""
        CaseFolder.open(self.path).custody.append(action, {}, files)

    def log(self, action: str, *paths: str) -> None:
        """Write a line for files as they are now; those that are gone were removed."""
        self.append(action, {path: hash_file(self.path / path) or "" for path in paths})

    def change_table(self, path: str, sql: str) -> None:
        """Run SQL on table ``t`` of a file and write it again."""
        file = self.path / path
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{file}')")
            connection.execute(sql)
            file.unlink()
            connection.execute(f"COPY t TO '{file}' (FORMAT parquet)")

    def scan(self) -> str:
        """Scan again; return the new head."""
        return scan([self.source], self.path, OPTIONS).head

    def verify(self, *heads: str) -> VerifyResult:
        """Verify with heads, none given: with that of the scan."""
        return verify(self.path, head=list(heads) or self.head)

    def said(self, *heads: str) -> list[str]:
        """Return what is said of it."""
        return list(verification(self.verify(*heads)))


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; tests get copies."""
    folder = tmp_path_factory.mktemp("scanned")
    shutil.copytree(KEPT, folder / "leak")
    scan([folder / "leak"], folder / "case", OPTIONS)
    return folder


@pytest.fixture
def spoilt(scanned: Path, tmp_path: Path) -> Spoilt:
    """A copy of the case; the source is that of all copies and stays as it is."""
    shutil.copytree(scanned / "case", tmp_path / "case")
    return Spoilt(tmp_path / "case", scanned / "leak", CaseFolder.open(tmp_path / "case").custody.head())


@pytest.fixture
def fresh(tmp_path: Path) -> Spoilt:
    """A case of its own, whose source may be changed too."""
    shutil.copytree(KEPT, tmp_path / "leak")
    return Spoilt(tmp_path / "case", tmp_path / "leak", scan([tmp_path / "leak"], tmp_path / "case", OPTIONS).head)
