"""Files that are written for the user: new ones only, and never in a case or in evidence."""

import os
from pathlib import Path

from forensics.casestore import CaseFolder
from forensics.errors import UsageError
from forensics.model.locations import unquote


def outside(case: CaseFolder, path: Path) -> Path:
    """Return where a path leads, which is neither in the case nor in one of its sources.

    Raises:
        UsageError: it is, or its folder does not exist.
    """
    target = path.resolve()
    if not target.parent.is_dir():
        raise UsageError(f"no such folder: {path.parent}")
    if target.is_relative_to(case.path.resolve()):
        raise UsageError(f"{path} lies in the case, which only the program itself writes to")
    for source in (*case.info.sources, *case.info.references):
        if target.is_relative_to(Path(os.fsdecode(unquote(source.path))).resolve()):
            raise UsageError(f"{path} lies in the source {source.label}: evidence is never written to")
    return target


def write_new(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet, readable by its owner alone.

    Raises:
        UsageError: it exists, or cannot be written there.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
