"""A case folder: made, opened, locked."""

import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import msgspec

from forensics._version import VERSION
from forensics.casestore._files import PARTIAL, hash_file, make_folder, storing, write_file
from forensics.casestore.custody import Custody
from forensics.errors import CaseStoreError, OtherVersion
from forensics.model.case import CASE_FORMAT, CaseInfo
from forensics.model.codec import decode, encode
from forensics.model.rows import TABLES

CASE_FILE = "case.json"
LOG_FILE = "custody.jsonl"
VIEWS_FILE = "views.sql"
TABLES_FOLDER = "tables"
TMP_FOLDER = "tmp"
_VERSION = re.compile(r"[0-9A-Za-z.+-]{1,40}")


class _AnyCase(msgspec.Struct):
    """What ``case.json`` of every format says."""

    format: int
    versions: Any = None


class CaseFolder:
    """One case on disk.

    Attributes:
        path: the folder, absolute.
        tmp: folder for what is on its way; emptied when the case is locked.
        info: what ``case.json`` holds.
        custody: the log.
        database: opened on first use, see ``_database``.
        grown: how often it was given more memory, see `forensics.casestore._database.MEMORY`.
        writer: the same, for what writes files.
        opening: held meanwhile, by threads that each need a connection.
        large: held by the one thread that writes a large file of rows.
        selects: table and digest of a file to the expressions that read its columns, see ``_schemas``.
    """

    def __init__(self, path: Path, info: CaseInfo, clock: Callable[[], datetime]) -> None:
        self.path = path
        self.tmp = path / TMP_FOLDER
        self.info = info
        self.custody = Custody(path / LOG_FILE, clock)
        self.database: duckdb.DuckDBPyConnection | None = None
        self.grown = 0
        self.writer: duckdb.DuckDBPyConnection | None = None
        self.opening, self.large = Lock(), Lock()
        self.selects: dict[tuple[str, str], tuple[str, ...]] = {}

    @classmethod
    def create(
        cls, path: Path, info: CaseInfo, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> "CaseFolder":
        """Make a case in a folder that is empty, does not exist, or in which this was begun before and cut off.

        Raises:
            CaseStoreError: the folder holds something else.
            CaseLocked: another process is making it.
            StorageFull: the disk is full.
        """
        path = path.absolute()
        _writable_name(path)
        with storing("cannot make the case folder"):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(path.iterdir()) and not _begun(path):
                raise CaseStoreError(f"{path} is not empty and no case: name a new folder")
        case = cls(path, info, clock)
        with case.custody.lock(create=True):
            if case.custody.lines():
                raise CaseStoreError(f"{path} already holds a case")
            with storing("cannot make the case folder"):
                make_folder(case.tmp)
                make_folder(path / TABLES_FOLDER)
                for table in TABLES:
                    make_folder(path / TABLES_FOLDER / table)
            digest = write_file(path / CASE_FILE, encode(info) + b"\n")
            case.custody.append("created", {"format": str(info.format)}, {CASE_FILE: digest})
        return case

    @classmethod
    def open(cls, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> "CaseFolder":
        """Open a case that exists; nothing is written.

        Raises:
            OtherVersion: it is a case that this version cannot read.
            CaseStoreError: it is no case.
        """
        path = path.absolute()
        _writable_name(path)
        case = cls(path, read_info(path), clock)
        if not (path / LOG_FILE).is_file():
            raise CaseStoreError(f"{path} has no custody log: its making was cut off, or the log was removed")
        return case

    def unreadable(self, what: str) -> OtherVersion:
        """Return the error for something in the case that this version of the program does not know."""
        return _other_version(self.path, self.info.format, self.info.versions, what)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the case against other writers; empties ``tmp/``, which no one else can be using then.

        Raises:
            CaseLocked: another process, or this one, holds it.
        """
        with self.custody.lock():
            with storing("cannot empty the case's tmp folder"):
                with suppress(FileNotFoundError):
                    shutil.rmtree(self.tmp)  # refuses to follow a link
                make_folder(self.tmp)
                for left in sorted(self.path.glob(f".*{PARTIAL}")):
                    left.unlink()
            if not self.custody.lines():
                self._log_creation()
            yield

    def _log_creation(self) -> None:
        """Write the first line of a case whose making was cut off just before it."""
        if any((self.path / TABLES_FOLDER).glob("*/*")):
            raise CaseStoreError(f"{self.path} has tables but an empty custody log: the log was cut")
        self.custody.append("created", {"format": str(self.info.format)}, {CASE_FILE: self._digest()})

    def _digest(self) -> str:
        digest = hash_file(self.path / CASE_FILE)
        if digest is None:
            raise CaseStoreError(f"cannot read {self.path / CASE_FILE}")
        return digest

    def update_info(self, info: CaseInfo) -> None:
        """Replace ``case.json`` and log it; does nothing if it holds just that already.

        Raises:
            StorageFull: the disk is full.
        """
        if info == self.info and self.custody.files().get(CASE_FILE) == self._digest():
            return
        self.custody.append("case_info", {}, {CASE_FILE: write_file(self.path / CASE_FILE, encode(info) + b"\n")})
        self.info = info


def _begun(path: Path) -> bool:
    """Whether a folder holds only what a making that was cut off can leave: the log comes first, tables last."""
    names = {entry.name for entry in path.iterdir()}
    if not names <= {LOG_FILE, TMP_FOLDER, TABLES_FOLDER, CASE_FILE, f".{CASE_FILE}{PARTIAL}"} or LOG_FILE not in names:
        return False
    if CASE_FILE in names:
        read_info(path)
    return not any(entry.is_file() for folder in (TMP_FOLDER, TABLES_FOLDER) for entry in (path / folder).rglob("*"))


def is_case(path: Path) -> bool:
    """Whether a path is the folder of a case, of whatever version."""
    return (path / CASE_FILE).is_file() and (path / LOG_FILE).is_file()


def read_info(path: Path) -> CaseInfo:
    """Read ``case.json`` of a folder.

    Raises:
        OtherVersion: it is a case that this version cannot read.
        CaseStoreError: it is no case.
    """
    try:
        raw = (path / CASE_FILE).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        if not path.exists():
            raise CaseStoreError(f"{path} does not exist") from error
        what = "is no case: it has no case.json" if path.is_dir() else "is a file and no case folder"
        made = f"`forensics scan {shlex.quote(str(path))} --case DIR` makes a case of it"
        raise CaseStoreError(f"{path} {what}; {made}") from error
    except OSError as error:
        raise CaseStoreError(f"cannot read {path / CASE_FILE}: {error.strerror}") from error
    try:
        found = msgspec.json.decode(raw, type=_AnyCase)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CaseStoreError(f"{path / CASE_FILE} is not that of a forensics case, or is damaged: {error}") from error
    if found.format != CASE_FORMAT:
        raise _other_version(path, found.format, found.versions, f"it reads format {CASE_FORMAT}")
    try:
        return decode(raw, CaseInfo)
    except msgspec.ValidationError as error:
        raise _other_version(path, found.format, found.versions, f"{CASE_FILE}: {error}") from error


def _other_version(path: Path, form: int, versions: Any, why: str) -> OtherVersion:
    made = versions.get("forensics") if isinstance(versions, Mapping) else None
    made_by = f"forensics {made}" if isinstance(made, str) and _VERSION.fullmatch(made) else "an unknown version"
    return OtherVersion(
        f"{path} cannot be read with this version, forensics {VERSION} ({why}). It is a case of format {form}, made by"
        f" {made_by}: open it with the program that made it, or scan the sources again into another --case folder"
    )


def _writable_name(path: Path) -> None:
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as error:
        raise CaseStoreError("the path of the case folder must be valid UTF-8") from error
