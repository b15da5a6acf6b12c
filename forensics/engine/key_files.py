"""Key files and folders of them, read as they are named."""

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from forensics.errors import IntakeError, UsageError
from forensics.intake.files import FileBytes, FileKind, SourceFile, walk
from forensics.model.items import Notice
from forensics.model.keys import GivenKey, KeyFile
from forensics.model.locations import quote
from forensics.model.paths import AnyPath, paths_of

FILES = 10_000
"""Files that are read of one folder."""
FILE_BYTES = 64_000_000


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


def given_keys(paths: Iterable[Path]) -> Iterator[tuple[KeyFile, tuple[GivenKey, ...]]]:
    """Yield every file of key files and folders with its keys, in the order of paths and of names in a folder."""
    for path in paths:
        inside = path.is_dir()
        files = walk(path)
        for file in islice(files, FILES):
            name = os.fsencode(path.name) + b"/" + file.name if inside else file.name
            yield _read(quote(name), file)
        if next(files, None) is not None:
            yield _unread(quote(os.fsencode(path.name)), "keys.limit", f"only the first {FILES} files were read")


def _read(name: str, file: SourceFile) -> tuple[KeyFile, tuple[GivenKey, ...]]:
    # These load libraries that a scan without keys does not need.
    from forensics.authenticity.key_files import read_key_file
    from forensics.authenticity.signer_files import read_signer_file

    if file.kind is not FileKind.FILE:
        return _unread(name, "keys.file", "this is no file that can be read; links in a folder are not followed")
    try:
        with FileBytes(file.path) as opened:
            if opened.size > FILE_BYTES:
                return _unread(name, "keys.limit", f"the file has more than {FILE_BYTES} bytes: split it")
            data = opened.read(0, opened.size)
            return read_signer_file(name, data) or read_key_file(name, data)
    except IntakeError as error:
        return _unread(name, "keys.file", f"this file cannot be read: {error}")


def _unread(name: str, code: str, text: str) -> tuple[KeyFile, tuple[GivenKey, ...]]:
    notice = Notice(code=code, text=text)
    return KeyFile(name=name, sha256="", form="", taken=0, refused=1, notices=(notice,)), ()
