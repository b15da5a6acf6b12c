"""Everything that may be changed in a case or its source is found, with the right code and nothing else beside it."""

import base64
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, get_type_hints

import msgspec
import pytest

from forensics.casestore import CaseFolder, Custody, replace_tables, source_digest, write_file, write_unit, write_views
from forensics.engine.verify import verify
from forensics.errors import CaseStoreError, UsageError
from forensics.model.case import CaseInfo, SourceRecord
from forensics.model.codec import encode, encode_text
from forensics.model.findings import EvidenceAggregate, EvidenceBytes, Finding, ItemRef, Raw, StoredFinding
from forensics.model.locations import Location, Locator, Step, StepKind, quote
from forensics.model.rules import Proposition, Role, Sentence
from forensics.model.scanning import Reached
from forensics.model.tables import FindingRow, OccurrenceRow, TimeRow
from forensics.model.verification import VerifyResult

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


class Made(msgspec.Struct):
    case: CaseFolder
    source: Path

    def rows(self, rows: Sequence[msgspec.Struct]) -> Path:
        path = self.case.tmp / "rows.ndjson"
        path.write_bytes(b"".join([encode(row) + b"\n" for row in rows]))
        return path

    def cite(self, evidence: Sequence[EvidenceBytes | EvidenceAggregate]) -> None:
        files = replace_tables(self.case, {"findings": self.rows([finding(1, evidence)])})
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
        record = msgspec.structs.replace(record, sha256=source_digest((step.sha256, step.name) for step in steps))
        case.update_info(msgspec.structs.replace(case.info, sources=(record,)))
        found.cite(CITATIONS)
        case.custody.append("case_tables", {}, write_views(case, {}))
        case.custody.append("report", {}, {"report.html": write_file(case.path / "report.html", b"<html>")})
        case.custody.append("scan_finished")
    return found


@pytest.fixture
def made(first: Made, tmp_path: Path) -> Made:
    shutil.copytree(first.case.path, tmp_path / "case")
    shutil.copytree(first.source, tmp_path / "leak")
    return Made(CaseFolder.open(tmp_path / "case"), tmp_path / "leak")


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x01
    path.write_bytes(data)


def test_what_holds(made: Made) -> None:
    head = made.case.custody.head()
    assert made.result(head) == VerifyResult(
        head=head,
        head_given=head,
        head_line=8,
        lines=8,
        files=5,
        sources=1,
        source_files=2,
        findings=1,
        ranges_replayed=6,
        ranges_without_bytes=1,
        ranges_not_replayed=0,
        tmp_files=1,
        reached=Reached(scans=1, judged=True, finished=True),
    )


def test_nothing_is_written(made: Made) -> None:
    def state() -> dict[str, tuple[int, int]]:
        paths = [*made.case.path.rglob("*"), *made.source.rglob("*")]
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in paths}

    before = state()
    made.result()
    assert state() == before


@pytest.mark.parametrize(
    "path", ["tables/occurrences/u1.parquet", "tables/findings/case.parquet", "case.json", "views.sql", "report.html"]
)
def test_a_changed_byte_in_a_file_of_the_case(made: Made, path: str) -> None:
    size = (made.case.path / path).stat().st_size
    for offset in sorted({0, size // 3, size // 2, size - 1}):
        flip(made.case.path / path, offset)
        assert made.codes() == [("file.changed", path)], offset
        flip(made.case.path / path, offset)
    assert made.codes() == []


def test_a_changed_byte_in_the_log(made: Made) -> None:
    head = made.case.custody.head()
    log = made.case.path / "custody.jsonl"
    size, last = log.stat().st_size, len(log.read_bytes().splitlines()[-1]) + 1
    for offset in range(0, size - last, 37):
        flip(log, offset)
        (problem,) = made.result().problems
        assert problem.code in ("custody.chain", "custody.line"), offset
        flip(log, offset)
    flip(log, size - 10)  # in the last line only the head tells
    assert made.codes(head)[-1] == ("custody.head", "custody.jsonl")


def test_a_changed_byte_in_the_source(made: Made) -> None:
    path = made.source / "box" / "one mail.eml"
    for offset in (0, DATE, len(MAIL) - 1):
        flip(path, offset)
        assert made.codes() == [("source.changed", "leak: box/one mail.eml")]
        assert made.result().ranges_not_replayed == 5
        assert made.result().ranges_replayed == 1
        flip(path, offset)


def test_a_source_with_a_file_less_or_more(made: Made) -> None:
    (made.source / "new.eml").write_bytes(b"x")
    assert made.codes() == [("source.added", "leak: new.eml")]
    (made.source / "new.eml").unlink()
    (made.source / "two.eml").rename(made.source.parent / "two.eml")
    assert made.codes() == [("source.file_missing", "leak: two.eml")]
    (made.source / "two.eml").symlink_to(made.source.parent / "two.eml")
    assert made.codes() == [("source.file_missing", "leak: two.eml")], "a link is not followed"


def test_a_record_of_the_source_that_is_not_that_of_its_files(made: Made) -> None:
    record = msgspec.structs.replace(made.case.info.sources[0], sha256="0" * 64)
    made.case.update_info(msgspec.structs.replace(made.case.info, sources=(record,)))
    assert made.codes() == [("source.record", "leak")]


def test_a_source_that_moved(made: Made, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    assert verify(made.case.path).problems == (), "it is looked for where it was scanned"
    made.source.rename(moved)
    assert made.codes() == [("source.missing", "leak")]
    assert made.result().ranges_not_replayed == 6
    for sources in ({"leak": moved}, [str(moved)], [f"leak={moved}"]):
        assert verify(made.case.path, sources).problems == ()
    with pytest.raises(UsageError, match="no source 'x'"):
        verify(made.case.path, {"x": moved})


def test_a_missing_file(made: Made) -> None:
    (made.case.path / "report.html").unlink()
    assert made.codes() == [("file.missing", "report.html")]
    (made.case.path / "report.html").symlink_to(made.source / "two.eml")
    assert made.codes() == [("file.missing", "report.html")]


@pytest.mark.parametrize("path", ["tables/messages/x.parquet", "tables/new/x", "notes.txt", ".hidden"])
def test_an_added_file(made: Made, path: str) -> None:
    (made.case.path / path).parent.mkdir(exist_ok=True)
    (made.case.path / path).write_bytes(b"x")
    assert made.codes() == [("file.added", path)]


def test_links_count_paths_outside_and_tmp_do_not(made: Made) -> None:
    (made.case.tmp / "left").write_bytes(b"x")
    (made.case.path / "linked").symlink_to(made.source)
    assert made.codes() == [("file.added", "linked")]
    made.case.custody.append("report", {}, {"../leak/two.eml": sha(OTHER), "linked": ""})
    assert made.codes() == [("file.missing", "../leak/two.eml"), ("file.added", "linked")]


def test_the_last_line_cut_off(made: Made) -> None:
    head = made.case.custody.head()
    log = made.case.path / "custody.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    assert made.codes() == [], "a whole line that is gone is known only to who wrote the head down"
    assert made.codes(head) == [("custody.head", "custody.jsonl")]
    log.write_bytes(b"".join(lines[:-2]))
    assert made.codes() == [("file.added", "report.html")]


def test_a_torn_last_line(made: Made) -> None:
    log = made.case.path / "custody.jsonl"
    whole = log.read_bytes()
    for cut in (1, 20, len(whole.splitlines()[-1])):
        log.write_bytes(whole[:-cut])
        assert made.codes() == [("custody.torn", "custody.jsonl:8")]
    made.case.custody.append("scan_finished")
    result = made.result()
    assert (result.problems, result.torn_lines, result.lines) == ((), 1, 9)


def test_a_log_written_anew(made: Made) -> None:
    head = made.case.custody.head()
    lines = made.case.custody.lines()
    made.cite(CITATIONS[:1])
    changed = made.case.custody.lines()[-1].files
    (made.case.path / "custody.jsonl").unlink()
    anew = Custody(made.case.path / "custody.jsonl")
    for line in lines:
        anew.append(line.action, line.details, {path: changed.get(path, sha256) for path, sha256 in line.files.items()})
    assert made.codes() == []
    assert made.codes(head) == [("custody.head", "custody.jsonl")]


def test_heads(made: Made) -> None:
    head = made.case.custody.head()
    made.case.custody.append("opened")
    result = made.result(head)
    assert (result.problems, result.head_line, result.lines) == ((), 8, 9)
    assert made.result(made.case.custody.head().upper() + "\n").head_line == 9
    assert made.codes("0" * 64) == [("custody.head", "custody.jsonl")]
    for none in ("", "abc", "g" * 64, "0" * 63):
        with pytest.raises(UsageError):
            made.result(none)


def test_no_log_and_no_case(made: Made, tmp_path: Path) -> None:
    (made.case.path / "custody.jsonl").unlink()
    assert made.codes() == [("custody.missing", "custody.jsonl")]
    with pytest.raises(CaseStoreError, match="does not exist"):
        verify(tmp_path / "none")
    with pytest.raises(CaseStoreError, match="no case"):
        verify(tmp_path)


Change = Callable[[EvidenceBytes], dict[str, object]]


def item(part: EvidenceBytes, **changes: object) -> dict[str, object]:
    return {"item": msgspec.structs.replace(part.item, **changes)}


def moved_step(part: EvidenceBytes) -> dict[str, object]:
    *outer, last = part.item.location.steps
    return item(part, location=Location((*outer, msgspec.structs.replace(last, start=last.start + 4))))


OTHER_BYTES = Raw(b64=b"other", text="")


@pytest.mark.parametrize(
    ("change", "number", "code"),
    [
        (lambda _: {"raw": OTHER_BYTES}, 0, "evidence.bytes"),
        (lambda _: {"raw": OTHER_BYTES}, 1, "evidence.bytes"),
        (lambda _: {"raw": OTHER_BYTES}, 2, "evidence.bytes"),
        (lambda _: {"raw": OTHER_BYTES}, 3, "evidence.bytes"),
        (lambda part: {"context_start": part.context_start + 1}, 0, "evidence.context"),
        (lambda part: item(part, sha256="0" * 64), 2, "evidence.location"),
        (lambda part: item(part, location=Location(())), 0, "evidence.location"),
        (lambda _: {"locator": Locator(ranges=((0, 10_000_000),))}, 0, "evidence.range"),
        (moved_step, 2, "evidence.location"),
    ],
)
def test_a_citation_that_is_not_what_the_source_says(made: Made, change: Change, number: int, code: str) -> None:
    part = CITATIONS[number]
    assert isinstance(part, EvidenceBytes)
    made.cite([msgspec.structs.replace(part, **change(part))])
    assert made.codes() == [(code, "0000000000000001#1")]
    assert made.result().ranges_replayed == 0


def test_findings_that_cannot_be_read(made: Made) -> None:
    for stored in ("", "{", '{"finding": }'):
        row = msgspec.structs.replace(finding(1, ()), stored=stored)
        files = replace_tables(made.case, {"findings": made.rows([row])})
        made.case.custody.append("case_tables", {}, files)
        assert made.codes() == [("evidence.unreadable", "0000000000000001")]
    path = "tables/findings/case.parquet"
    (made.case.path / path).write_bytes(b"PAR1PAR1")
    made.case.custody.append("case_tables", {}, {path: sha(b"PAR1PAR1")})
    assert made.codes() == [("file.unreadable", "tables")]


def test_a_source_that_is_one_file(made: Made, tmp_path: Path) -> None:
    single = tmp_path / "one.eml"
    single.write_bytes(MAIL)
    step = file_step(b"one.eml", MAIL)
    record = SourceRecord(label="leak", path=quote(os.fsencode(single)), kind="file", files=1, size=9, sha256=sha(MAIL))
    case = CaseFolder.create(tmp_path / "single", CaseInfo(as_of="", sources=(record,)))
    found = Made(case, single)
    case.custody.append("unit", {}, write_unit(case, "u1", {"occurrences": found.rows([occurrence(step)])}))
    found.cite([quoted((step,), MAIL, MAIL[DATE : DATE + 10], ((DATE, DATE + 10),))])
    assert found.codes() == []
    assert found.result().ranges_replayed == 1
    single.rename(tmp_path / "renamed.eml")
    assert verify(case.path, [str(tmp_path / "renamed.eml")]).problems == ()
