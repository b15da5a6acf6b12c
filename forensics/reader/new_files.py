"""Files that are written for the user: new ones only, and never in a case or in evidence."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from forensics.casestore import CaseFolder, storing
from forensics.engine.roots import roots_of
from forensics.errors import UsageError

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


def kept(folder: CaseFolder, roots: Mapping[str, Path] | None = None) -> list[Path]:
    """Return where nothing is ever written for the user: the case, and its sources where they lay and lie now."""
    return [folder.path, *(roots or {}).values(), *roots_of(folder.info, ()).values()]


@contextmanager
def new_file(out: Path, forbidden: Iterable[Path]) -> Iterator[int]:
    """Give a file that did not exist, open for writing; it is removed if the block fails.

    Raises:
        UsageError: it exists, cannot be made, or lies below what is forbidden.
    """
    if out.name in ("", ".."):
        raise UsageError(f"{out} is no file name")
    try:
        parent = os.open(out.parent, _FOLDER)
    except OSError as error:
        raise UsageError(f"{out}: {error.strerror}") from error
    try:
        _outside(out, parent, forbidden)
        handle = _made(out, parent)
        try:
            with storing(f"cannot write {out}"):
                os.fsync(parent)
            yield handle
        except BaseException:
            _remove(out.name, parent, handle)
            raise
        finally:
            os.close(handle)
    finally:
        os.close(parent)


def _made(out: Path, parent: int) -> int:
    try:
        return os.open(out.name, _NEW, 0o600, dir_fd=parent)
    except FileExistsError as error:
        raise UsageError(f"{out} exists; name a new file") from error
    except OSError as error:
        raise UsageError(f"{out}: {error.strerror}") from error


def _remove(name: str, parent: int, handle: int) -> None:
    """Remove the file that was made, and nothing that took its name."""
    with suppress(OSError):
        if os.path.samestat(os.fstat(handle), os.stat(name, dir_fd=parent, follow_symlinks=False)):
            os.unlink(name, dir_fd=parent)


def outside(out: Path, forbidden: Iterable[Path]) -> Path:
    """Return where a path leads that is neither in the case nor in a source.

    Raises:
        UsageError: it is, or its folder does not exist.
    """
    try:
        parent = os.open(out.parent, _FOLDER)
    except OSError as error:
        raise UsageError(f"{out}: {error.strerror}") from error
    try:
        _outside(out, parent, forbidden)
    finally:
        os.close(parent)
    return out.parent.resolve() / out.name


def _outside(out: Path, parent: int, forbidden: Iterable[Path]) -> None:
    """Refuse a folder that is, or lies in, one of those forbidden, by whatever path it was named.

    The folders are compared as the system knows them, from the opened one upwards; a source that is gone by its path.
    """
    above = list(_upwards(parent))
    real = out.parent.resolve()
    for path in forbidden:
        try:
            found = path.stat()
            inside = (found.st_dev, found.st_ino) in above
        except OSError:
            inside = False
        if inside or real.is_relative_to(path.resolve()):
            raise UsageError(f"{out} lies inside {path}: nothing is written into a case or a source")


def _upwards(folder: int) -> Iterator[tuple[int, int]]:
    """Yield what tells a folder from others, and each above it."""
    here, last = os.dup(folder), None
    try:
        while True:
            found = os.fstat(here)
            if (found.st_dev, found.st_ino) == last:
                return
            last = found.st_dev, found.st_ino
            yield last
            above = os.open("..", _FOLDER, dir_fd=here)
            os.close(here)
            here = above
    finally:
        os.close(here)


def write(handle: int, piece: bytes) -> None:
    """Write all of some bytes to an opened file."""
    left = memoryview(piece)
    while left:
        left = left[os.write(handle, left) :]
