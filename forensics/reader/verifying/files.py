"""Every file of the case against its log."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from forensics.casestore import DERIVED, hash_file
from forensics.casestore.case import LOG_FILE, TMP_FOLDER
from forensics.casestore.custody import Entry
from forensics.reader.verifying.gathered import Gathered


def check_files(case: Path, entries: Sequence[Entry], gathered: Gathered) -> None:
    """Compare the files that the log names, and look for others."""
    logged: dict[str, str] = {}
    settled: set[str] = set()
    for entry in entries:
        if not entry.sound:
            settled.clear()  # what it said, and of which files, is not known: it may have replaced any of them
        if entry.line is not None and not entry.torn:
            logged.update(entry.line.files)
            if entry.sound:
                settled.update(entry.line.files)
    for path, digest in sorted(logged.items()):
        if digest:
            _check_file(case, path, digest, gathered, settled=path in settled)
    gathered.whole_log = bool(entries) and all(entry.sound for entry in entries) and not entries[-1].torn
    if gathered.whole_log:
        for path in _files_below(case):
            if not logged.get(path):
                gathered.bad.add(path)
                gathered.problem("file.added", path, "this file is in the case, but the log does not know it")
    gathered.count.tmp_files = sum(len(files) for _, _, files in os.walk(case / TMP_FOLDER))


def _check_file(case: Path, path: str, digest: str, gathered: Gathered, *, settled: bool) -> None:
    parts = PurePosixPath(path).parts
    found = None if path.startswith("/") or ".." in parts else hash_file(case / path)
    if found == digest:
        gathered.count.files += 1
        return
    if not settled or (path in DERIVED and not os.path.lexists(case / path)):
        return
    gathered.bad.add(path)
    if found is None:
        gathered.problem("file.missing", path, "the log names this file, but it is not there or cannot be read")
    else:
        gathered.problem("file.changed", path, "this file is not the one that was written")


def _files_below(case: Path) -> Iterator[str]:
    """Yield the paths below a case of all that the log must know, sorted; links count as files."""
    for folder, folders, files in os.walk(case):
        below = Path(folder).relative_to(case)
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if name not in links and (below / name) != Path(TMP_FOLDER))
        for name in sorted([*files, *links]):
            path = (below / name).as_posix()
            if path != LOG_FILE:
                yield path
