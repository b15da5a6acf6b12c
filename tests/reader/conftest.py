"""A small case whose findings cite its source, for tests that spoil it."""

import base64
import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar, get_type_hints

import msgspec
import pytest

from forensics.casestore import CaseFolder, source_digest, write_file, write_unit, write_views
from forensics.model.case import CaseInfo, SourceRecord
from forensics.model.codec import encode, encode_text
from forensics.model.findings import EvidenceAggregate, EvidenceBytes, Finding, ItemRef, Raw, StoredFinding
from forensics.model.locations import Location, Locator, Step, StepKind, quote
from forensics.model.rows.findings import FindingRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rows.times import TimeRow
from forensics.model.rules import Proposition, Role
from forensics.model.sentences import Sentence
from forensics.model.verification import VerifyResult
from forensics.reader.verify import verify

Row = TypeVar("Row", bound=msgspec.Struct)

ATTACHMENT = b"Attached text, created later than the mail that carries it."
MAIL = (
    b"From: a@host.example\r\nDate: Mon, 1 Jan 2018 10:00:00 +0100\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(ATTACHMENT)
)
OTHER = b"Subject: another\r\n\r\nbody\r\n"
FILES = {b"box/one mail.eml": MAIL, b"two.eml": OTHER}
DATE = MAIL.index(b"Mon, 1 Jan")
BODY = MAIL.index(b"\r\n\r\n") + 4


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def file_step(name: bytes, data: bytes) -> Step:
    return Step(kind=StepKind.FILE, name=quote(name), start=0, end=len(data), sha256=sha(data), source="leak")


MAIL_STEP = file_step(b"box/one mail.eml", MAIL)
PART = Step(kind=StepKind.MIME_PART, name="1", start=BODY, end=len(MAIL), decoder="base64/1", sha256=sha(ATTACHMENT))


def quoted(
    steps: tuple[Step, ...], item: bytes, raw: bytes, ranges: tuple[tuple[int, int], ...], inner: tuple[Step, ...] = ()
) -> EvidenceBytes:
    layer = ATTACHMENT if inner else item
    start = max(0, ranges[0][0] - 5) if ranges else 0
    around = layer[start : ranges[-1][1] + 5] if ranges else b""
    return EvidenceBytes(
        role=Role.SUSPECT,
        label="Date",
        value="",
        raw=Raw(b64=raw, text=""),
        item=ItemRef(sha256=sha(item), location=Location(steps)),
        locator=Locator(ranges=ranges, path="x", steps=inner),
        context=Raw(b64=around, text=""),
        context_start=start,
    )


CITATIONS: tuple[EvidenceBytes | EvidenceAggregate, ...] = (
    quoted((MAIL_STEP,), MAIL, MAIL[DATE : DATE + 10], ((DATE, DATE + 10),)),
    quoted((MAIL_STEP,), MAIL, MAIL[:4] + MAIL[DATE : DATE + 3], ((0, 4), (DATE, DATE + 3))),
    quoted((MAIL_STEP, PART), ATTACHMENT, b"created", ((15, 22),)),
    quoted((MAIL_STEP,), MAIL, b"later", ((23, 28),), (PART,)),
    quoted((file_step(b"two.eml", OTHER),), OTHER, b"another", ((9, 16),)),
    quoted((MAIL_STEP,), MAIL, b"1514797200000000000", ()),
    EvidenceAggregate(role=Role.WITNESS, label="", query="r", parameters={}, n=2, k=1, sample=()),
)


def blank(kind: type[Row], **given: object) -> Row:
    """Build a struct, with what is not given as empty as its type allows."""
    empty: dict[object, object] = {str: "", int: 0, bool: False, float | None: None, list[TimeRow]: []}
    hints = get_type_hints(kind)
    return kind(**{name: given.get(name, empty.get(hints[name], ())) for name in kind.__struct_fields__})


def finding(number: int, evidence: Sequence[EvidenceBytes | EvidenceAggregate]) -> FindingRow:
    where = ItemRef(sha256=sha(MAIL), location=Location((MAIL_STEP,)))
    found = blank(
        Finding,
        id=f"{number:016x}",
        proposition=Proposition.BACKDATED,
        reference=None,
        habit=None,
        item=where,
        evidence=tuple(evidence),
    )
    stored = StoredFinding(finding=found, sentence=Sentence("x"), suspect="", cluster="")
    return blank(FindingRow, id=found.id, stored=encode_text(stored))


def occurrence(step: Step) -> OccurrenceRow:
    location = Location((step,))
    return blank(
        OccurrenceRow,
        sha256=step.sha256,
        size=step.end,
        location=encode_text(location),
        location_text=location.text,
        source="leak",
    )


class Made:
    """A case whose findings cite two files, and what it was made of."""

    citations = CITATIONS
    mail, date = MAIL, DATE
    finding, occurrence, quoted, file_step = map(staticmethod, (finding, occurrence, quoted, file_step))

    def __init__(self, case: CaseFolder, source: Path) -> None:
        self.case, self.source = case, source

    def rows(self, rows: Sequence[msgspec.Struct]) -> Path:
        path = self.case.tmp / "rows.ndjson"
        path.write_bytes(b"".join([encode(row) + b"\n" for row in rows]))
        return path

    def cite(self, evidence: Sequence[EvidenceBytes | EvidenceAggregate]) -> None:
        files = write_unit(self.case, "grade", {"findings": self.rows([finding(1, evidence)])})
        self.case.custody.append("case_tables", {}, files)

    def result(self, head: str | None = None) -> VerifyResult:
        return verify(self.case.path, {"leak": self.source}, head=head)

    def codes(self, head: str | None = None) -> list[tuple[str, str]]:
        return [(problem.code, problem.where) for problem in self.result(head).problems]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Made once; tests get copies."""
    tmp_path = tmp_path_factory.mktemp("first")
    source = tmp_path / "leak"
    for name, data in FILES.items():
        path = source / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    record = SourceRecord(label="leak", path=quote(os.fsencode(source)), kind="folder", files=0, size=0, sha256="")
    case = CaseFolder.create(tmp_path / "case", CaseInfo(as_of="2020-01-01T00:00:00Z", sources=(record,)))
    found = Made(case, source)
    steps = [file_step(name, data) for name, data in FILES.items()]
    with case.lock():
        files = write_unit(case, "u1", {"occurrences": found.rows([occurrence(step) for step in steps])})
        case.custody.append("scan_started")
        case.custody.append("unit", {"unit": "u1"}, files)
        record = msgspec.structs.replace(
            record, sha256=source_digest(sorted([(step.sha256, step.name) for step in steps], key=lambda file: file[1]))
        )
        case.update_info(msgspec.structs.replace(case.info, sources=(record,)))
        found.cite(CITATIONS)
        case.custody.append("case_tables", {}, write_views(case))
        case.custody.append("report", {}, {"report.html": write_file(case.path / "report.html", b"<html>")})
        case.custody.append("scan_finished")
    return found


@pytest.fixture
def made(first: Made, tmp_path: Path) -> Made:
    shutil.copytree(first.case.path, tmp_path / "case")
    shutil.copytree(first.source, tmp_path / "leak")
    return Made(CaseFolder.open(tmp_path / "case"), tmp_path / "leak")
