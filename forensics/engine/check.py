"""One mail or document without a case: facts, clocks, findings."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from forensics.checks import RULES, load
from forensics.engine.dates import instant_of, ticks
from forensics.engine.grading.grade import grade
from forensics.engine.grading.observed import from_rows
from forensics.engine.item_facts import facts_of_rows
from forensics.engine.reading.examine import Entry, Examiner
from forensics.errors import IntakeError, UsageError
from forensics.intake.files import FileBytes
from forensics.model.findings import Finding
from forensics.model.items import Limits, MemoryBytes, ParseContext
from forensics.model.locations import Location, Step, StepKind, quote
from forensics.model.rules import Context
from forensics.model.summary import ItemFacts
from forensics.model.tables import ObservationRow

T = TypeVar("T")


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What ``check`` found: the file first, then what is inside it, in the order met."""

    items: tuple[ItemFacts, ...]
    findings: tuple[Finding, ...]


class _Rows:
    """A sink in memory."""

    def __init__(self) -> None:
        self.tables: dict[str, list[msgspec.Struct]] = {}

    def add(self, table: str, row: msgspec.Struct) -> None:
        """Take one row."""
        self.tables.setdefault(table, []).append(row)


def check(file: Path, *, as_of: str = "", passwords: tuple[bytes, ...] = (), limits: Limits | None = None) -> Checked:
    """Read one file and everything inside it, and run the rules that need no archive.

    Args:
        file: a mail, document, image, mailbox or archive; read only.
        as_of: instant after which no date can be genuine, RFC 3339; now where empty.
        passwords: tried on encrypted members.
        limits: count limits; the defaults where ``None``.

    Raises:
        UsageError: there is no such file, or it is a folder.
        IntakeError: it cannot be read.
    """
    if not file.is_file():
        raise UsageError(f"no such file: {file}" if not file.exists() else f"{file} is no file; use `forensics scan`")
    limits = limits or Limits()
    moment = instant_of(as_of, "--as-of") if as_of else ticks(datetime.now(UTC))
    context = Context(as_of=moment)
    sink = _Rows()
    examiner = Examiner(sink, ParseContext(limits=limits, passwords=passwords), context, lambda *_: None)
    try:
        with FileBytes(file) as source:
            data = source.read(0, source.size)
    except OSError as error:
        raise IntakeError(f"{file}: {error.strerror}") from error
    name = os.fsencode(file.name)
    sha256 = hashlib.sha256(data).hexdigest()
    step = Step(kind=StepKind.FILE, name=quote(name), start=0, end=len(data), sha256=sha256, source=quote(name))
    examiner.examine(
        Entry(source=MemoryBytes(data), location=Location((step,)), sha256=sha256, size=len(data), name=name)
    )
    stored = [row for row in sink.tables.get("observations", ()) if isinstance(row, ObservationRow)]
    observed, _ = from_rows(stored, {name: load(name).RULE for name in RULES})
    grading = grade(observed, _no_archive, context)
    found = sorted((one.finding for one in grading.findings), key=lambda one: (one.rate is None, one.rate or 0, one.id))
    return Checked(items=facts_of_rows(sink.tables), findings=tuple(found))


def _no_archive(sql: str, parameters: Mapping[str, object], kind: type[T], /) -> Iterable[T]:
    """Answer every query with nothing: without an archive there is no habit."""
    return ()
