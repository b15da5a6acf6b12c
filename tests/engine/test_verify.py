"""Everything that may be changed in a case or its source is found, with the right code and nothing else beside it."""

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

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
from forensics.model.tables import FindingRow, OccurrenceRow
from forensics.model.verification import Problem, VerifyResult

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


def finding(number: int, evidence: Sequence[EvidenceBytes | EvidenceAggregate]) -> FindingRow:
    found = Finding(
        id=f"{number:016x}",
        rule="mail.date_after_trace",
        rule_version=1,
        group="date",
        proposition=Proposition.BACKDATED,
        strength="weak",
        contradiction=False,
        bin="x",
        rate=None,
        reference=None,
        habit=None,
        statement="",
        subjects=(),
        item=ItemRef(sha256=sha(MAIL), location=Location((MAIL_STEP,))),
        evidence=tuple(evidence),
        benign=(),
        settle="",
        references=(),
    )
    stored = StoredFinding(finding=found, sentence=Sentence("x"), suspect="", cluster="")
    return FindingRow(
        id=found.id, rule=found.rule, strength="weak", sha256=sha(MAIL), cluster="", stored=encode_text(stored)
    )


def occurrence(step: Step) -> OccurrenceRow:
    texts = {
        name: ""
        for name in OccurrenceRow.__struct_fields__
        if name not in ("sha256", "size", "location", "location_text", "source", "depth", "mask", "times")
    }
    return OccurrenceRow(
        sha256=step.sha256,
        size=step.end,
        location=encode_text(Location((step,))),
        location_text=step.name,
        source="leak",
        depth=0,
        mask=0,
        times=[],
        **texts,
    )


class Made(msgspec.Struct):
    """A case with one source, as a scan leaves it."""

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
        case.custody.append("unit", {"unit": "u1"}, files)
        record = msgspec.structs.replace(record, sha256=source_digest((step.sha256, step.name) for step in steps))
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


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x01
    path.write_bytes(data)


def test_what_holds(made: Made) -> None:
    head = made.case.custody.head()
    assert made.result(head) == VerifyResult(
        head=head,
        head_given=head,
        head_line=7,
        lines=7,
        files=5,
        sources=1,
        source_files=2,
        findings=1,
        ranges_replayed=6,
        ranges_without_bytes=1,
        ranges_not_replayed=0,
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
    log = made.case.path / "custody.jsonl"
    size, last = log.stat().st_size, len(log.read_bytes().splitlines()[-1]) + 1
    for offset in range(0, size - last, 37):
        flip(log, offset)
        (problem,) = made.result().problems
        assert problem.code in ("custody.chain", "custody.line"), offset
        flip(log, offset)


def test_a_changed_byte_in_the_last_line_is_found_by_the_head(made: Made) -> None:
    head = made.case.custody.head()
    log = made.case.path / "custody.jsonl"
    flip(log, log.stat().st_size - 10)
    codes = [code for code, _ in made.codes(head)]
    assert "custody.head" in codes
    assert set(codes) <= {"custody.head", "custody.line"}


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


def test_an_added_link_to_a_folder(made: Made) -> None:
    (made.case.path / "linked").symlink_to(made.source)
    assert made.codes() == [("file.added", "linked")]


def test_what_lies_in_tmp_does_not_count(made: Made) -> None:
    (made.case.tmp / "left").write_bytes(b"x")
    assert made.codes() == []


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
        assert made.codes() == [("custody.torn", "custody.jsonl:7")]
    made.case.custody.append("scan_finished")
    result = made.result()
    assert (result.problems, result.torn_lines, result.lines) == ((), 1, 8)


def test_a_log_written_anew(made: Made) -> None:
    """Someone changes the findings and writes a log that fits: only the head that was written down tells."""
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


def test_an_earlier_head(made: Made) -> None:
    head = made.case.custody.head()
    made.case.custody.append("opened")
    result = made.result(head)
    assert (result.problems, result.head_line, result.lines) == ((), 7, 8)
    assert made.result(made.case.custody.head().upper() + "\n").head_line == 8


@pytest.mark.parametrize("head", ["", "abc", "g" * 64, "0" * 63])
def test_a_head_that_is_none(made: Made, head: str) -> None:
    with pytest.raises(UsageError):
        made.result(head)


def test_a_wrong_head(made: Made) -> None:
    assert made.codes("0" * 64) == [("custody.head", "custody.jsonl")]


def test_no_log(made: Made) -> None:
    (made.case.path / "custody.jsonl").unlink()
    assert made.codes() == [("custody.missing", "custody.jsonl")]


def test_no_case(tmp_path: Path) -> None:
    with pytest.raises(CaseStoreError, match="does not exist"):
        verify(tmp_path / "none")
    with pytest.raises(CaseStoreError, match="no case"):
        verify(tmp_path)


Change = Callable[[EvidenceBytes], dict[str, object]]


def item(part: EvidenceBytes, **changes: object) -> dict[str, object]:
    return {"item": msgspec.structs.replace(part.item, **changes)}


def raw(part: EvidenceBytes) -> dict[str, object]:
    return {"raw": Raw(b64=part.raw.b64[:-1] + b"!", text="")}


def moved_step(part: EvidenceBytes) -> dict[str, object]:
    *outer, last = part.item.location.steps
    return item(part, location=Location((*outer, msgspec.structs.replace(last, start=last.start + 4))))


@pytest.mark.parametrize(
    ("change", "number", "code"),
    [
        (raw, 0, "evidence.bytes"),
        (raw, 1, "evidence.bytes"),
        (raw, 2, "evidence.bytes"),
        (raw, 3, "evidence.bytes"),
        (lambda part: {"context_start": part.context_start + 1}, 0, "evidence.context"),
        (lambda part: item(part, sha256="0" * 64), 0, "evidence.location"),
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


def test_a_finding_that_cannot_be_read(made: Made) -> None:
    row = msgspec.structs.replace(finding(1, ()), stored='{"finding": 1}')
    files = replace_tables(made.case, {"findings": made.rows([row])})
    made.case.custody.append("case_tables", {}, files)
    assert made.codes() == [("evidence.unreadable", "0000000000000001")]


def test_a_log_that_names_a_path_outside(made: Made, tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"x")
    made.case.custody.append("report", {}, {"../outside": sha(b"x")})
    assert made.codes() == [("file.missing", "../outside")]


def test_a_table_file_that_was_logged_but_is_no_table(made: Made) -> None:
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
    flip(tmp_path / "renamed.eml", 3)
    (problem,) = verify(case.path, [str(tmp_path / "renamed.eml")]).problems
    assert problem.code == "source.changed"


def test_the_result_is_json(made: Made) -> None:
    shutil.rmtree(made.source)
    result = made.result()
    assert json.loads(encode(result))["problems"][0]["code"] == "source.missing"
    assert msgspec.json.decode(encode(result), type=VerifyResult) == result
    assert isinstance(result.problems[0], Problem)
