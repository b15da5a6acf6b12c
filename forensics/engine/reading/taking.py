"""What a worker has written for a job, looked through before anything of it goes into the case."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from forensics.engine.reading.process import Fault, Why
from forensics.engine.reading.protocol import Job
from forensics.engine.reading.sinks import rows_file
from forensics.engine.reading.state import PASSING
from forensics.model.locations import quote
from forensics.model.rows import TABLES as ROWS

TABLES = (
    "contents",
    "occurrences",
    "messages",
    "signatures",
    "signed_parts",
    "carried_keys",
    "quoted_mails",
    "documents",
    "archives",
    "archive_members",
    "observations",
    "notices",
)
"""What a worker writes; the other tables are made over the whole case, by the parent."""
LINE_BYTES = 256_000_000
"""The longest row: a message or archive that says of itself as much as limits allow takes some 200 MB."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one job."""

    tables: dict[str, Path]
    items: int
    again: int
    """Items that were left for a reason that may have passed by another time."""


class _Place(msgspec.Struct, frozen=True):
    source: str
    location_text: str
    depth: int


class _Noted(msgspec.Struct, frozen=True):
    code: str
    location_text: str


_places = msgspec.json.Decoder(_Place)
_notes = msgspec.json.Decoder(_Noted)


def take(job: Job, worker: Path, into: Path, *, strict: bool) -> Taken:
    """Move the rows of a job out of its worker's folder.

    Args:
        job: what was to be read.
        worker: the worker's folder.
        into: an empty folder for the rows, on the same device.
        strict: decode every row whole, to find which file gives rows that no table takes.

    Raises:
        Fault: files that no worker of ours writes, rows of other items, or a file of the unit without a row.
    """
    try:
        tables = _moved(job, worker, into)
        for table, file in tables.items() if strict else ():
            decoder = msgspec.json.Decoder(ROWS[table])
            for line in _lines(file):
                decoder.decode(line)
        return Taken(tables=tables, items=_items(job, tables), again=_again(job, tables))
    except (OSError, msgspec.MsgspecError) as error:
        raise Fault(Why.PROTOCOL, f"rows that are none: {error}") from error


def _moved(job: Job, worker: Path, into: Path) -> dict[str, Path]:
    tables: dict[str, Path] = {}
    for table in TABLES:
        file = rows_file(into, table)
        try:
            rows_file(worker / job.unit.id, table).rename(file)
        except FileNotFoundError:
            continue
        found = file.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1 or found.st_uid != os.getuid():
            raise Fault(Why.PROTOCOL, f"the rows of {table} are no file of its own")
        if found.st_size > LINE_BYTES:
            for _ in _lines(file):
                pass
        tables[table] = file
    return tables


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while line := opened.readline(LINE_BYTES + 1):
            if len(line) > LINE_BYTES:
                raise Fault(Why.PROTOCOL, f"a row of more than {LINE_BYTES} bytes")
            yield line


def _items(job: Job, tables: dict[str, Path]) -> int:
    """Return how many places are recorded; each file must stand there once, and nothing outside the files."""
    part = job.unit.slice
    missing = {quote(file.name) for file in job.unit.files[job.first : job.last]}
    known = frozenset(missing)
    count = 0
    for line in _lines(tables["occurrences"]) if "occurrences" in tables else ():
        place = _places.decode(line)
        # A member may have an empty name: the sign before it tells that something stands inside.
        file, inside, _ = place.location_text.partition(" > ")
        if place.source != job.unit.source or file not in known or (place.depth == 0) != (not inside):
            raise Fault(Why.PROTOCOL, "a row of an item that it was not given")
        if not inside:
            if part is not None and not part.last:
                raise Fault(Why.PROTOCOL, "a row of a file of which a part was read")
            if file not in missing:
                raise Fault(Why.PROTOCOL, "two rows of one file")
            missing.discard(file)
        count += 1
    if missing and (part is None or part.last):
        raise Fault(Why.PROTOCOL, f"{len(missing)} files without a row")
    return count


def _again(job: Job, tables: dict[str, Path]) -> int:
    """Count the items that it may be worth to read again; what was no readable file when planned is planned anew."""
    if "notices" not in tables:
        return 0
    planned = {quote(file.name) for file in job.unit.files if file.kind != "file"}
    found = set()
    for line in _lines(tables["notices"]):
        noted = _notes.decode(line)
        if noted.code in PASSING and noted.location_text not in planned:
            found.add(noted.location_text)
    return len(found)
