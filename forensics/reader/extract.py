"""One item written to a new file, its digest compared, and logged."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec

from forensics.casestore import CaseFolder, Queries, storing
from forensics.engine.desk.desk import desk_of
from forensics.engine.desk.protocol import Wanted
from forensics.engine.roots import roots_of
from forensics.errors import UsageError
from forensics.model.paths import AnyPath
from forensics.reader.lookup import Lookup
from forensics.reader.sealing.gate import Gate

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class Extracted(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was written."""

    path: Path
    """As it was asked for."""
    size: int
    """Bytes."""
    sha256: str
    """Of its bytes, which are those that were scanned."""
    head: str
    """Of the custody log, with the line that says so."""


def extract(
    case: AnyPath,
    item: str | int,
    out: AnyPath,
    *,
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    passwords: Sequence[bytes] = (),
) -> Extracted:
    """Write an item, such as a mail or an attachment, to a new file that only its owner can read; log it.

    The bytes are read again from the source, and their digest is compared while they are written. A file that could
    not be written whole and logged is removed again. The log says digest and size, no name and no content.

    Args:
        case: the case folder.
        item: what names it, as `Case` takes it.
        out: the file to make; its folder exists. Nothing in the evidence decides where it is.
        sources: where sources lie now, as `open_case` takes them.
        passwords: tried in order on encrypted members.

    Raises:
        UsageError: *out* exists, cannot be made, or lies inside the case or a source.
        IntegrityError: other bytes stand in the source now.
        IntakeError: the source is not at hand, or the item could not be read at the scan.
        Restricted: the item may not be quoted, or holds one that may not.
        NotRead: the item brought the process that read it to its end.
        UnknownItem: *item* means no item.
        AmbiguousItem: it means several.
        CaseLocked: another process writes to the case.
        StorageFull: the disk is full.
    """
    out = Path(out)
    folder = CaseFolder.open(Path(case))
    roots = roots_of(folder.info, sources)
    with Queries(folder) as queries, closing(desk_of(folder, roots, passwords)) as desk:
        gate = Gate(queries)
        facts = Lookup(lambda: queries, lambda: queries, desk, lambda: gate).any(item)
        gate.refuse_bytes(facts)
        wanted = Wanted.of(facts)
        with folder.lock(), _new(out, [folder.path, *roots.values(), *roots_of(folder.info, ()).values()]) as handle:
            running = hashlib.sha256()
            for piece in desk.pieces(wanted):
                running.update(piece)
                with storing(f"cannot write {out}"):
                    _write(handle, piece)
            with storing(f"cannot write {out}"):
                os.fsync(handle)
            size, sha256 = os.fstat(handle).st_size, running.hexdigest()
            folder.custody.append("extract", {"sha256": sha256, "size": str(size)})
        return Extracted(path=out, size=size, sha256=sha256, head=folder.custody.head())


@contextmanager
def _new(out: Path, forbidden: Iterable[Path]) -> Iterator[int]:
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


def _write(handle: int, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        left = left[os.write(handle, left) :]
