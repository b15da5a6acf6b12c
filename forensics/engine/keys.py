"""Keys that are given: read from files, stored in a case, a unit for each file; the case is then judged anew."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from forensics.casestore import CaseFolder, reached, unit_as_logged, write_file, write_unit
from forensics.engine.judging import discard, judge_again, stoppable
from forensics.errors import IntakeError, UsageError
from forensics.intake.files import FileBytes, FileKind, SourceFile, walk
from forensics.model.codec import encode
from forensics.model.items import Notice
from forensics.model.keys import AddedKeys, Key, KeyFile
from forensics.model.locations import quote
from forensics.model.paths import AnyPath, paths_of
from forensics.model.rows.keys import row_of

FILES = 10_000
"""Files that are read of one folder."""
FILE_BYTES = 64_000_000


def add_keys(
    case: AnyPath,
    files: AnyPath | Iterable[AnyPath],
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    *,
    passwords: Sequence[bytes] = (),
) -> AddedKeys:
    """Store keys in a case and judge it anew, from where its sources lie.

    Args:
        case: the case folder.
        files: key files, or folders of them: zone text, tables, passive DNS, answers of DNS, files named for their key.
        sources: where sources lie now: by label, or as texts ``[LABEL=]PATH``. A source that is not named is looked
            for where it was scanned.
        passwords: tried in order on encrypted ranges.

    Raises:
        UsageError: a key file is missing, or a source is not one of the case.
        CaseStoreError: the folder is no case, is locked, or the disk is full (`StorageFull`).
        Interrupted: stopped by the user; the same call goes on from there.
    """
    paths = existing(files)
    folder = CaseFolder.open(Path(case))
    with folder.lock(), stoppable(folder):
        discard(folder)
        read = store_keys(folder, paths)
        judged = reached(folder).settled or judge_again(folder, sources, passwords)
        return AddedKeys(files=read, judged=judged, head=folder.custody.head())


def existing(files: AnyPath | Iterable[AnyPath]) -> tuple[Path, ...]:
    """Return the paths of key files.

    Raises:
        UsageError: nothing stands at one of them.
    """
    paths = tuple(paths_of(files))
    for path in paths:
        if not path.exists():
            raise UsageError(f"no such key file: {path}")
    return paths


def given_keys(paths: Iterable[Path]) -> Iterator[tuple[KeyFile, tuple[Key, ...]]]:
    """Yield every file of key files and folders with its keys, in the order of paths and of names in a folder."""
    for path in paths:
        inside = path.is_dir()
        files = walk(path)
        for file in islice(files, FILES):
            name = os.fsencode(path.name) + b"/" + file.name if inside else file.name
            yield _read(quote(name), file)
        if next(files, None) is not None:
            yield _unread(quote(os.fsencode(path.name)), "keys.limit", f"only the first {FILES} files were read")


def store_keys(folder: CaseFolder, paths: Iterable[Path]) -> tuple[KeyFile, ...]:
    """Store the keys of files in a locked case; what is stored already is logged as unchanged.

    The unit of a file is named by its content and, where that says whose key it holds, by its name.
    """
    known = {line.details["unit"]: line.details for line in folder.custody.lines() if line.action == "keys"}
    read = []
    for file, keys in given_keys(paths):
        read.append(file)
        lines = b"".join([encode(row_of(key)) + b"\n" for key in keys])
        unit = _unit(file)
        details = {"unit": unit, "origin": file.name, "sha256": file.sha256, "keys": str(file.taken)}
        details |= {"refused": str(file.refused), "rows": hashlib.sha256(lines).hexdigest()}
        if known.get(unit, {}).get("rows") == details["rows"] and unit_as_logged(folder, unit):
            folder.custody.append("keys", {**details, "skipped": "unchanged"})
            continue
        made = folder.tmp / unit
        write_file(made, lines)
        folder.custody.append("keys", details, write_unit(folder, unit, {"keys": made}))
        made.unlink()
        known[unit] = details
    return tuple(read)


def _unit(file: KeyFile) -> str:
    named = file.name.rpartition("/")[2] if file.form == "named file" else ""
    return "keys-" + hashlib.sha256(f"{file.sha256} {named}".encode()).hexdigest()[:32]


def _read(name: str, file: SourceFile) -> tuple[KeyFile, tuple[Key, ...]]:
    from forensics.authenticity.key_files import read_key_file  # loads libraries that a scan without keys does not need

    if file.kind is not FileKind.FILE:
        return _unread(name, "keys.file", "this is no file that can be read; links in a folder are not followed")
    try:
        with FileBytes(file.path) as opened:
            if opened.size > FILE_BYTES:
                return _unread(name, "keys.limit", f"the file has more than {FILE_BYTES} bytes: split it")
            return read_key_file(name, opened.read(0, opened.size))
    except IntakeError as error:
        return _unread(name, "keys.file", f"this file cannot be read: {error}")


def _unread(name: str, code: str, text: str) -> tuple[KeyFile, tuple[Key, ...]]:
    notice = Notice(code=code, text=text)
    return KeyFile(name=name, sha256="", form="", taken=0, refused=1, notices=(notice,)), ()
