"""Files of a case: written whole or not at all, and only readable by their owner."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from forensics.errors import CaseStoreError, StorageFull

FILE_MODE = 0o600
FOLDER_MODE = 0o700
PARTIAL = ".partial"
"""Ending of a file that is being written."""

_FULL = (errno.ENOSPC, errno.EDQUOT)
_BLOCK = 1 << 20


@contextmanager
def storing(what: str) -> Iterator[None]:
    """Turn an ``OSError`` into our errors.

    Raises:
        StorageFull: the disk or the quota is full.
        CaseStoreError: any other fault.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(f"{what}: no space left; free some and run the same command again") from error
        raise CaseStoreError(f"{what}: {error.strerror or error}") from error


def write_file(path: Path, data: bytes) -> str:
    """Write a file atomically: temporary name, fsync, rename, fsync of the folder.

    Returns:
        SHA-256 of the data.

    Raises:
        StorageFull: the disk is full; an older file of that name is untouched.
        CaseStoreError: it cannot be written.
    """
    partial = path.with_name(f".{path.name}{PARTIAL}")
    with storing(f"cannot write {path.name}"):
        try:
            with suppress(FileNotFoundError):
                partial.unlink()
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            move(partial, path)
        except OSError:
            with suppress(OSError):
                partial.unlink()
            raise
    return hashlib.sha256(data).hexdigest()


def move(partial: Path, path: Path) -> None:
    """Give a written and synced file its name, so that a crash leaves the old one or the new one."""
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_and_hash(path: Path) -> str:
    """Make a file durable; return its SHA-256."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_file(path: Path) -> str | None:
    """Return the SHA-256 of a regular file; ``None`` where there is none (a link is none)."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def make_folder(path: Path) -> None:
    """Make a folder that only its owner can enter; one that is there is left as it is."""
    path.mkdir(mode=FOLDER_MODE, exist_ok=True)
