"""Files of a source: listed without following anything, read without changing anything."""

import hashlib
import os
import stat
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from types import TracebackType

import msgspec

from forensics.errors import IntakeError
from forensics.intake.volumes import parts
from forensics.model.facts import Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind

WINDOW = 1 << 20
_NS_PER_TICK = 100


class FileKind(StrEnum):
    """What stands at a path."""

    FILE = "file"
    SYMLINK = "symlink"
    SPECIAL = "special"
    """Device, socket or pipe."""
    UNREADABLE = "unreadable"
    """A file that may not be opened, or whose entry cannot be read."""
    FOLDER_UNREADABLE = "folder-unreadable"


class SourceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a source folder, or the source file itself."""

    name: bytes
    """Path relative to the source, raw bytes, ``/`` between parts; a single file's own name."""
    path: bytes
    """Absolute path."""
    kind: FileKind
    size: int = 0
    mtime_ns: int | None = None
    """``None`` where the entry's record could not be read."""
    inode: int = 0
    device: int = 0
    volume: str = ""
    """What is said of it as a part of a file that was cut; empty if it is none."""


def walk(path: str | bytes | os.PathLike[str]) -> Iterator[SourceFile]:
    """Yield everything below *path* that is no readable folder, sorted by the raw bytes of the relative path.

    Links inside are recorded and never followed; *path* itself may be one, since the user named it.

    Raises:
        IntakeError: nothing stands at *path*.
    """
    given = os.fsencode(path)
    root = os.path.realpath(given)
    try:
        found = os.lstat(root)
    except OSError as error:
        raise IntakeError(f"cannot open {os.fsdecode(given)!r}: {error.strerror}") from error
    if stat.S_ISDIR(found.st_mode):
        yield from _folder(root, b"")
    else:
        name = given.rpartition(b"/")[2] or root.rpartition(b"/")[2]
        volume = parts([name], lambda _: found.st_size).get(name, "")
        yield msgspec.structs.replace(_entry(name, root, found), volume=volume)


def _folder(path: bytes, name: bytes) -> Iterator[SourceFile]:
    # A loop, not a recursion: a hostile tree may be deeper than Python's stack.
    waiting = [(name, path, True, "")]
    while waiting:
        name, path, is_folder, volume = waiting.pop()
        if not is_folder:
            found = _found(name, path)
            yield msgspec.structs.replace(found, volume=volume) if volume else found
            continue
        try:
            with os.scandir(path) as entries:
                below = [(entry.name, entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
        except OSError:
            yield _unreadable(name, path, FileKind.FOLDER_UNREADABLE)
            continue
        prefix = name + b"/" if name else b""
        # A folder sorts as its files will: with the separator.
        below.sort(key=lambda entry: entry[0] + b"/" if entry[2] else entry[0], reverse=True)
        cut = parts([child for child, _, folder in below if not folder], partial(_size, path))
        waiting += [(prefix + child, child_path, folder, cut.get(child, "")) for child, child_path, folder in below]


def _size(folder: bytes, name: bytes) -> int:
    try:
        return os.lstat(folder + b"/" + name).st_size
    except OSError:
        return 0


def _found(name: bytes, path: bytes) -> SourceFile:
    try:
        return _entry(name, path, os.lstat(path))
    except OSError:
        return SourceFile(name=name, path=path, kind=FileKind.UNREADABLE)


def _unreadable(name: bytes, path: bytes, kind: FileKind) -> SourceFile:
    try:
        found = os.lstat(path)
    except OSError:
        return SourceFile(name=name, path=path, kind=kind)
    return _record(name, path, kind, found, 0)


def _entry(name: bytes, path: bytes, found: os.stat_result) -> SourceFile:
    if stat.S_ISLNK(found.st_mode):
        kind = FileKind.SYMLINK
    elif not stat.S_ISREG(found.st_mode):
        kind = FileKind.SPECIAL
    elif not os.access(path, os.R_OK):
        kind = FileKind.UNREADABLE
    else:
        kind = FileKind.FILE
    return _record(name, path, kind, found, 0 if kind is FileKind.SPECIAL else found.st_size)


def _record(name: bytes, path: bytes, kind: FileKind, found: os.stat_result, size: int) -> SourceFile:
    return SourceFile(
        name=name,
        path=path,
        kind=kind,
        size=size,
        mtime_ns=found.st_mtime_ns,
        inode=found.st_ino,
        device=found.st_dev,
    )


def file_times(file: SourceFile) -> tuple[Timestamp, ...]:
    """Return the times that the file system gives an entry; none where its record could not be read.

    Only the modification time: reading may set the access time, copying sets the change time.
    """
    if file.mtime_ns is None:
        return ()
    ticks = file.mtime_ns // _NS_PER_TICK
    return (
        Timestamp(
            instant=ticks,
            wall=ticks,
            offset_s=Absence.NOT_APPLICABLE,
            precision=Precision.TICK,
            description=Description.MODIFICATION,
            clock=ClockKind.FILE_SYSTEM,
            owner="",
            raw=b"%d" % file.mtime_ns,
            locator=Locator(path="file:mtime_ns"),
            kind=TimeKind.FILE_SYSTEM,
        ),
    )


class FileBytes:
    """A file as a byte source: opened read-only, never through a link, its access time left alone where allowed.

    Raises:
        IntakeError: it cannot be opened, or is no regular file.
    """

    def __init__(self, path: str | bytes | os.PathLike[str]) -> None:
        self._fd = _open(path)
        self._first = os.fstat(self._fd)
        if not stat.S_ISREG(self._first.st_mode):
            self.close()
            raise IntakeError("not a regular file")

    @property
    def size(self) -> int:
        """Number of bytes when it was opened."""
        return self._first.st_size

    @property
    def identity(self) -> tuple[int, int, int]:
        """Size, modification time and inode when it was opened: by these a file is told from what it became."""
        return _identity(self._first)

    def read(self, start: int, end: int) -> bytes:
        """Return ``start:end``, fewer bytes only at the end.

        Raises:
            IntakeError: the device fails.
        """
        end = min(end, self.size)
        if start >= end:
            return b""
        try:
            data = os.pread(self._fd, end - start, start)
            while len(data) < end - start:
                more = os.pread(self._fd, end - start - len(data), start + len(data))
                if not more:
                    break
                data += more
        except OSError as error:
            raise IntakeError(f"cannot read bytes {start} to {end}: {error.strerror}") from error
        return data

    def changed(self) -> bool:
        """Whether size, modification time or inode differ from when it was opened."""
        return _identity(os.fstat(self._fd)) != self.identity

    def close(self) -> None:
        """Close the descriptor; a second call does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> "FileBytes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _identity(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino


def _open(path: str | bytes | os.PathLike[str]) -> int:
    base = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    noatime = getattr(os, "O_NOATIME", 0)
    try:
        try:
            return os.open(path, base | noatime)
        except PermissionError:
            # Only the owner of a file may leave its access time alone.
            return os.open(path, base)
    except OSError as error:
        raise IntakeError(f"cannot open the file: {error.strerror}") from error


def hash_file(path: str | bytes | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file, in hex.

    Raises:
        IntakeError: it cannot be opened or read.
    """
    digest = hashlib.sha256()
    with FileBytes(path) as source:
        for start in range(0, source.size, WINDOW):
            digest.update(source.read(start, start + WINDOW))
    return digest.hexdigest()
