"""Files of a case that are made of the rest of it and of the sources, and can be made anew: the index of words."""

import os
from contextlib import suppress
from pathlib import Path

from forensics.casestore._files import hash_file, move, storing, sync_and_hash, sync_folder
from forensics.casestore.case import CaseFolder
from forensics.errors import IntegrityError

INDEX_FILE = "index.sqlite"
DERIVED = frozenset({INDEX_FILE})
"""Files that a case may lose: nothing rests on them."""
INDEX, INDEX_REMOVED = "index", "index_removed"
"""Actions of the log."""


def keep_index(case: CaseFolder, made: Path) -> str:
    """Give a finished index its place in a locked case; return its SHA-256, for the log line that must follow.

    Raises:
        StorageFull: the disk is full.
        CaseStoreError: it cannot be stored.
    """
    with storing("cannot store the index"):
        digest = sync_and_hash(made)
        move(made, case.path / INDEX_FILE)
    return digest


def drop_index(case: CaseFolder) -> bool:
    """Remove the index of a locked case, and say so in the log; return whether there was one."""
    logged = case.custody.files().get(INDEX_FILE, "")
    there = os.path.lexists(case.path / INDEX_FILE)
    with storing("cannot remove the index"), suppress(FileNotFoundError):
        (case.path / INDEX_FILE).unlink()
        sync_folder(case.path)
    if there or logged:
        case.custody.append(INDEX_REMOVED, {"sha256": logged}, {INDEX_FILE: ""})
    return there


def index_of(case: CaseFolder) -> tuple[Path, str] | None:
    """Return the index of a case with the SHA-256 that the log has of it; ``None``: it has none, or lost it.

    Raises:
        IntegrityError: the file that stands there is not the one that was made.
    """
    logged = case.custody.files().get(INDEX_FILE, "")
    path = case.path / INDEX_FILE
    if not os.path.lexists(path):
        return None
    if not logged or hash_file(path) != logged:
        raise IntegrityError(
            f"{path} is not the index that this case made: `forensics search CASE --build` makes it anew, --remove"
            " takes it out"
        )
    return path, logged
