"""The custody log: one JSON line per action, each with the SHA-256 of the line before.

Only the parent process writes it. A line that a crash cut off stays where it is; the next writer ends it with a
newline and says so in a ``torn_line`` line, and nothing that the torn line says counts.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import msgspec

from forensics.casestore._files import FILE_MODE, storing, sync_folder
from forensics.errors import CaseLocked, CaseStoreError
from forensics.model.case import CustodyLine
from forensics.model.codec import decode, encode
from forensics.model.verification import Problem

ZERO = "0" * 64
"""``previous`` of the first line, and head of an empty log."""
TORN = "torn_line"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One physical line of the log as it was found."""

    number: int
    """From 1."""
    digest: str
    """SHA-256 of the line without its newline."""
    line: CustodyLine | None
    """``None`` where it cannot be read."""
    torn: bool = False
    """Cut off by a crash: last and without newline, or noted by the line after it."""
    size: int
    """Bytes without the newline."""
    sound: bool = True
    """Whether it can be trusted as far as the chain tells: its neighbours agree with it."""


def read_entries(path: Path) -> list[Entry]:
    """Return all physical lines of a log, the doubtful ones marked.

    Raises:
        CaseStoreError: the log cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CaseStoreError(f"cannot read the custody log: {error.strerror}") from error
    pieces = data.split(b"\n")
    tail = pieces.pop()
    found = [_entry(number, raw, torn=False) for number, raw in enumerate(pieces, 1)]
    if tail:
        found.append(_entry(len(found) + 1, tail, torn=True))
    for index in range(1, len(found)):
        torn = _torn_before(found, index)
        if torn and _notes(found[index], torn):
            found[index - len(torn) : index] = [msgspec.structs.replace(entry, torn=True) for entry in torn]
    return _mark_unsound(found)


def _entry(number: int, raw: bytes, *, torn: bool) -> Entry:
    line = None
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        line = decode(raw, CustodyLine)
    return Entry(number=number, digest=hashlib.sha256(raw).hexdigest(), line=line, torn=torn, size=len(raw))


def _torn_before(found: Sequence[Entry], index: int) -> Sequence[Entry]:
    """Return the run of torn lines that a note at *index* is about.

    The last of them may look whole (only its newline was cut off). Those before it are there only if the writing of a
    note was itself cut off, and then none of them can be read.
    """
    first = index - 1
    while first > 0 and found[first - 1].line is None:
        first -= 1
    return found[first:index]


def _notes(entry: Entry, torn: Sequence[Entry]) -> bool:
    line = entry.line
    return line is not None and (line.action, line.details) == (TORN, _torn_details(torn))


def _torn_details(torn: Sequence[Entry]) -> dict[str, str]:
    return {"line": str(torn[0].number), "lines": str(len(torn)), "bytes": str(sum(entry.size for entry in torn))}


def _mark_unsound(found: list[Entry]) -> list[Entry]:
    unsound: set[int] = set()
    for index, entry in enumerate(found):
        if entry.torn:
            continue
        if entry.line is None:
            unsound.add(index)
            continue
        before = found[index - 1] if index else None
        if entry.line.previous != (before.digest if before else ZERO):
            unsound.update({index, index - 1} if index else {index})
        elif entry.line.n != (before.line.n + 1 if before and before.line and not before.torn else entry.number):
            unsound.add(index)
    return [msgspec.structs.replace(entry, sound=False) if at in unsound else entry for at, entry in enumerate(found)]


def problems_of(entries: Sequence[Entry]) -> tuple[Problem, ...]:
    """Return what is wrong with a log: one problem for each run of lines that do not fit each other."""
    if not entries:
        return (Problem(code="custody.missing", where="custody.jsonl", text="there is no custody log, or it is empty"),)
    found = []
    for index, entry in enumerate(entries):
        if entry.sound or (index and not entries[index - 1].sound):
            continue
        if entry.line is None:
            text, code = f"line {entry.number} is not a line of a custody log", "custody.line"
        else:
            text = f"the chain breaks at line {entry.number}: it, or a line beside it, is not what was written"
            code = "custody.chain"
        found.append(Problem(code=code, where=f"custody.jsonl:{entry.number}", text=text))
    last = entries[-1]
    if last.torn:
        text = f"line {last.number} is cut off after {last.size} bytes; no later line notes it"
        found.append(Problem(code="custody.torn", where=f"custody.jsonl:{last.number}", text=text))
    return tuple(found)


def lines_of(entries: Sequence[Entry]) -> list[CustodyLine]:
    """Return the lines that can be read, torn ones left out."""
    return [entry.line for entry in entries if entry.line is not None and not entry.torn]


def _files_of(lines: Sequence[CustodyLine]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        _add_files(found, line)
    return found


def _add_files(found: dict[str, str], line: CustodyLine) -> None:
    for path, digest in line.files.items():
        if digest:
            found[path] = digest
        else:
            found.pop(path, None)


def _take(handle: int) -> None:
    """Lock the log; whoever only asks whether it is held does so for less than the pause here."""
    for pause in (0.05, 0.1):
        with suppress(BlockingIOError):
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(pause)
    return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Custody:
    """The log of one case.

    Every write happens under an exclusive ``flock`` of the log: held over many writes by `lock`, or taken for one
    `append`.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._clock = clock
        self._handle: int | None = None
        self._size = -1
        self._count = 0
        self._head = ZERO
        self._files: dict[str, str] = {}

    @contextmanager
    def lock(self, *, create: bool = False) -> Iterator[None]:
        """Hold the case against other writers.

        Raises:
            CaseLocked: another process, or this one, holds it.
            CaseStoreError: there is no log.
        """
        if self._handle is not None:
            raise CaseLocked("the case is already open for writing in this process")
        flags = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC | (os.O_CREAT if create else 0)
        with storing("cannot open the custody log"):
            handle = os.open(self._path, flags, FILE_MODE)
        try:
            try:
                _take(handle)
            except BlockingIOError as error:
                raise CaseLocked("another process writes to this case; wait for it or stop it") from error
            except OSError as error:
                raise CaseStoreError(f"the case cannot be locked here: {error.strerror}") from error
            self._handle = handle
            yield
        finally:
            self._handle = None
            os.close(handle)

    def held(self) -> bool:
        """Whether another process, or another reader of this one, holds the case for writing at this moment."""
        if self._handle is not None:
            return False
        try:
            handle = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False  # a file system without locks: nobody can hold one
        finally:
            os.close(handle)
        return False

    def append(
        self, action: str, details: Mapping[str, str] | None = None, files: Mapping[str, str] | None = None
    ) -> CustodyLine:
        """Write one line and make it durable; close a torn last line first.

        Args:
            action: what was done.
            details: what is worth knowing; never content of the evidence.
            files: path below the case to SHA-256 of every file that the action wrote; an empty digest: removed.

        Raises:
            CaseLocked: another process writes to the case.
            StorageFull: the disk is full.
            CaseStoreError: the log cannot be written.
        """
        if self._handle is None:
            with self.lock(create=True):
                return self._append(action, details, files)
        return self._append(action, details, files)

    def _append(self, action: str, details: Mapping[str, str] | None, files: Mapping[str, str] | None) -> CustodyLine:
        assert self._handle is not None
        with storing("cannot write the custody log"):
            if os.fstat(self._handle).st_size != self._size:
                self._catch_up()
            line = self._write(action, dict(details or {}), dict(files or {}))
        return line

    def _catch_up(self) -> None:
        """Read where the log ends, and close a torn last line."""
        assert self._handle is not None
        entries = read_entries(self._path)
        self._size = os.fstat(self._handle).st_size
        self._count = len(entries)
        self._head = entries[-1].digest if entries else ZERO
        self._files = _files_of(lines_of(entries))
        if not entries:
            sync_folder(self._path.parent)
            return
        if entries[-1].torn:
            self._put(b"\n")
        if entries[-1].torn or entries[-1].line is None:
            self._write(TORN, _torn_details(_torn_before(entries, len(entries))), {})

    def _write(self, action: str, details: dict[str, str], files: dict[str, str]) -> CustodyLine:
        now = self._clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        line = CustodyLine(
            n=self._count + 1, previous=self._head, time=now, action=action, details=details, files=files
        )
        raw = encode(line)
        self._put(raw + b"\n")
        self._count += 1
        self._head = hashlib.sha256(raw).hexdigest()
        _add_files(self._files, line)
        return line

    def _put(self, data: bytes) -> None:
        assert self._handle is not None
        size, self._size = self._size, -1  # a write that fails half-way makes the next one look again
        left = memoryview(data)
        while left:
            left = left[os.write(self._handle, left) :]
        os.fsync(self._handle)
        self._size = size + len(data)

    def head(self) -> str:
        """Return the SHA-256 of the last whole line; 64 zeros where there is none."""
        whole = [entry for entry in read_entries(self._path) if not entry.torn]
        return whole[-1].digest if whole else ZERO

    def size(self) -> int:
        """Return how many bytes the log has: it only grows. -1: there is none."""
        try:
            return self._path.stat().st_size
        except OSError:
            return -1

    def lines(self) -> list[CustodyLine]:
        """Return the lines that can be read, torn ones left out."""
        return lines_of(read_entries(self._path))

    def files(self) -> Mapping[str, str]:
        """Return path below the case to SHA-256 of every file that should be there; later lines supersede earlier."""
        if self._handle is not None and os.fstat(self._handle).st_size == self._size:
            return MappingProxyType(self._files)  # under the lock nobody else writes: a long scan need not read again
        return _files_of(self.lines())

    def check(self) -> tuple[Problem, ...]:
        """Return what is wrong with the chain, from its first line on."""
        return problems_of(read_entries(self._path))
