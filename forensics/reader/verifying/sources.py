"""The sources against what the case has of them."""

import hashlib
from collections.abc import Iterator, Set
from itertools import islice
from pathlib import Path

import msgspec

from forensics.casestore import Queries, source_digest
from forensics.errors import IntakeError
from forensics.intake.files import walk
from forensics.model.case import SourceRecord
from forensics.model.locations import quote
from forensics.model.scanning import Reached
from forensics.reader.verifying.gathered import Gathered
from forensics.replay.walk import Replayer

_FILES = """
SELECT location->>'$.steps[0].name' AS "name", sha256 FROM occurrences
WHERE source = $source AND parent_sha256 = ''
UNION ALL
SELECT location->>'$.steps[0].name', sha256 FROM originals WHERE source = $source AND parent_sha256 = ''
ORDER BY "name", sha256
"""
_KEY_BYTES = 16


class _File(msgspec.Struct, frozen=True):
    """A file of a source as the case has it."""

    name: str
    sha256: str


def _key(name: str) -> bytes:
    """Return what stands for a name: of a million files the names would not fit."""
    return hashlib.blake2b(name.encode(), digest_size=_KEY_BYTES).digest()


class Sources:
    """Compares the files of the sources.

    Args:
        queries: the case.
        reached: how far the last scan got: what it did not reach is counted once, and is no problem.
        gathered: where problems and counts go.
    """

    def __init__(self, queries: Queries, reached: Reached, gathered: Gathered) -> None:
        self._queries = queries
        self._unfinished = reached.scans > 0 and not reached.finished
        self._digested = reached.judged
        """Whether the digests in ``case.json`` were taken after the last file was read."""
        self._gathered = gathered

    def check(self, record: SourceRecord, root: Path, replayer: Replayer) -> None:
        """Compare one source."""
        single = record.kind == "file"
        whole = self._gathered.whole_log
        if whole and self._digested and record.sha256 and record.sha256 != self._digest(record, single):
            text = "the digest of this source in case.json is not that of its files in the tables"
            self._gathered.problem("source.record", record.label, text)
        known: set[bytes] = set()
        for file in self._files(record):
            known.add(_key(file.name))
            if file.sha256:
                self._check_file(record, file.name, file.sha256, replayer)
            else:
                self._gathered.count.source_files_undigested += 1
        if whole and not single and root.is_dir():
            self._look_for_others(record, root, known)
        elif single and not known and self._unfinished:
            self._gathered.count.not_reached += 1

    def _files(self, record: SourceRecord) -> Iterator[_File]:
        """Yield the files of a source, sorted by name."""
        return self._queries.rows(_FILES, {"source": record.label}, _File)

    def _digest(self, record: SourceRecord, single: bool) -> str:
        if single and len(files := list(islice(self._files(record), 2))) == 1:
            return files[0].sha256
        return source_digest((file.sha256, file.name) for file in self._files(record))

    def _check_file(self, record: SourceRecord, name: str, sha256: str, replayer: Replayer) -> None:
        where = f"{record.label}: {name}"
        try:
            found = replayer.file_digest(name)
        except IntakeError as error:
            self._gathered.changed.add((record.label, name))
            self._gathered.problem("source.file_missing", where, f"this file cannot be read any more: {error}")
            return
        if found == sha256:
            self._gathered.count.source_files += 1
        else:
            self._gathered.changed.add((record.label, name))
            self._gathered.problem("source.changed", where, "this file is not the one that was scanned")

    def _look_for_others(self, record: SourceRecord, root: Path, known: Set[bytes]) -> None:
        for file in walk(root):
            name = quote(file.name)
            if _key(name) in known:
                continue
            if self._unfinished:
                self._gathered.count.not_reached += 1
            else:
                text = "this file is in the source, but was not when it was scanned"
                self._gathered.problem("source.added", f"{record.label}: {name}", text)
