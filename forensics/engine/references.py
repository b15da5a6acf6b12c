"""Reference sources of a case: named, read into a table of their own, never judged."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from forensics.casestore import CaseFolder
from forensics.engine.reading.source_units import Kept, SourceUnits
from forensics.model.case import SourceRecord
from forensics.model.codec import encode
from forensics.model.locations import quote, unquote
from forensics.model.rows import originals
from forensics.model.rows.documents import DocumentRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.scanning import Progress, ScanOptions

R = TypeVar("R")
_messages = msgspec.json.Decoder(MessageRow)
_documents = msgspec.json.Decoder(DocumentRow)
_occurrences = msgspec.json.Decoder(OccurrenceRow)


def _originals(rows: Mapping[str, Path]) -> Mapping[str, Path]:
    """Return a file with the rows of `originals` that those of a worker give."""
    if "occurrences" not in rows:
        return {}
    made = rows["occurrences"].with_name("originals")  # which goes with those of the worker
    messages = {row.sha256: row for row in _rows(_messages, rows.get("messages"))}
    documents = {row.sha256: row for row in _rows(_documents, rows.get("documents"))}
    with made.open("wb") as lines:
        for place in _rows(_occurrences, rows["occurrences"]):
            if not place.message_sha256:
                lines.write(encode(_row(place, messages, documents)) + b"\n")
    return {"originals": made}


def _row(
    place: OccurrenceRow, messages: Mapping[str, MessageRow], documents: Mapping[str, DocumentRow]
) -> originals.OriginalRow:
    return originals.row_of(place, messages.get(place.sha256), documents.get(place.sha256))


def _rows(decoder: "msgspec.json.Decoder[R]", file: Path | None) -> Iterator[R]:
    if file is not None:
        with file.open("rb") as lines:
            yield from map(decoder.decode, lines)


REFERENCE = Kept("reference_planned", "reference_unit", "reference_removed", _originals)


def name_references(folder: CaseFolder, given: Mapping[str, Path]) -> dict[str, Path]:
    """Return the reference sources by label: those that are given, else those that the case has.

    Those that are given replace those of the case, whose ``case.json`` is written.
    """
    known = {record.label: record for record in folder.info.references}
    if not given:
        return {label: _path(record) for label, record in known.items()}
    records = tuple([_record(label, path, known.get(label)) for label, path in given.items()])
    folder.update_info(msgspec.structs.replace(folder.info, references=records))
    return dict(given)


def _path(record: SourceRecord) -> Path:
    return Path(os.fsdecode(unquote(record.path)))


def _record(label: str, path: Path, known: SourceRecord | None) -> SourceRecord:
    kind, place = "folder" if path.is_dir() else "file", quote(os.fsencode(path))
    if known is not None and (known.kind, known.path) == (kind, place):
        return known
    return SourceRecord(label=label, path=place, kind=kind, files=0, size=0, sha256="")


def read_references(
    folder: CaseFolder,
    labelled: Mapping[str, Path],
    options: ScanOptions,
    as_of: int,
    progress: Callable[[Progress], None],
) -> SourceUnits:
    """Read what is missing of the reference sources; those that are not at hand stay as they were read.

    Args:
        folder: the case, locked.
        labelled: the sources.
        options: of the scan; what it selects is of the archive, and a reference is read whole.
        as_of: instant after which no date can be genuine, 100 ns since 1970 UTC.
        progress: called a few times a second.
    """
    whole = msgspec.structs.replace(options, only=(), exclude=())
    reading = SourceUnits(folder, labelled, whole, as_of, REFERENCE)
    if labelled and all(path.exists() for path in labelled.values()):
        reading.read((), progress)
    return reading
