"""What ``case.json`` says of the sources once every file has been read: files, bytes, digest."""

import msgspec

from forensics.casestore import CaseFolder, Queries, source_digest

_FILES = """
SELECT sha256, location_text, size FROM occurrences WHERE source = $source AND depth = 0 ORDER BY location_text
"""


class _FileRow(msgspec.Struct, frozen=True):
    sha256: str
    location_text: str
    size: int


def record_sources(folder: CaseFolder, queries: Queries) -> None:
    """Write the digests of the sources into ``case.json``."""
    records = []
    for record in folder.info.sources:
        files = list(queries.rows(_FILES, {"source": record.label}, _FileRow))
        whole = source_digest((row.sha256, row.location_text) for row in files)
        single = record.kind == "file" and len(files) == 1
        records.append(
            msgspec.structs.replace(
                record,
                files=len(files),
                size=sum(row.size for row in files),
                sha256=files[0].sha256 if single else whole,
            )
        )
    folder.update_info(msgspec.structs.replace(folder.info, sources=tuple(records)))
