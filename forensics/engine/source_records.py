"""What ``case.json`` says of the sources once every file has been read: files, bytes, digest."""

import msgspec

from forensics.casestore import CaseFolder, Queries, source_digest
from forensics.model.case import SourceRecord

_FILES = """
SELECT sha256, location_text FROM occurrences WHERE source = $source AND depth = 0 ORDER BY location_text, sha256
"""
_SUMS = """
SELECT count(*) AS files, coalesce(sum(size), 0)::BIGINT AS size, coalesce(min(sha256), '') AS least
FROM occurrences WHERE source = $source AND depth = 0 ORDER BY files
"""
_ORIGINALS = """
SELECT sha256, location_text FROM originals WHERE source = $source AND depth = 0 ORDER BY location_text, sha256
"""
_SUMS_OF_ORIGINALS = """
SELECT count(*) AS files, coalesce(sum(size), 0)::BIGINT AS size, coalesce(min(sha256), '') AS least
FROM originals WHERE source = $source AND depth = 0 ORDER BY files
"""


class _FileRow(msgspec.Struct, frozen=True):
    sha256: str
    location_text: str


class _SumsRow(msgspec.Struct, frozen=True):
    files: int
    size: int
    least: str
    """The least digest: that of a source which is one file."""


def record_sources(folder: CaseFolder, queries: Queries) -> None:
    """Write the digests of the sources into ``case.json``."""
    sources = tuple([_recorded(record, queries, _FILES, _SUMS) for record in folder.info.sources])
    references = tuple(
        [_recorded(record, queries, _ORIGINALS, _SUMS_OF_ORIGINALS) for record in folder.info.references]
    )
    folder.update_info(msgspec.structs.replace(folder.info, sources=sources, references=references))


def _recorded(record: SourceRecord, queries: Queries, files: str, sums_of: str) -> SourceRecord:
    """Return a source with its files, bytes and digest.

    Args:
        record: the source.
        queries: the tables.
        files: query of its files.
        sums_of: query of their sums.
    """
    given = {"source": record.label}
    (sums,) = queries.rows(sums_of, given, _SumsRow)
    if record.kind == "file" and sums.files == 1:
        digest = sums.least
    else:
        rows = queries.rows(files, given, _FileRow)
        digest = source_digest((row.sha256, row.location_text) for row in rows)
    return msgspec.structs.replace(record, files=sums.files, size=sums.size, sha256=digest)
