"""A citation that is not what the source says is found, whatever of it was changed."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from forensics.casestore import CaseFolder, Queries, _database, write_unit
from forensics.cli.verify import run
from forensics.errors import Exit, StorageFull
from forensics.model.case import CaseInfo, SourceRecord
from forensics.model.findings import EvidenceBytes, Raw
from forensics.model.locations import Location, Locator, quote
from forensics.reader.verify import verify

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
def test_a_citation_that_is_not_what_the_source_says(made: Any, change: Change, number: int, code: str) -> None:
    part = made.citations[number]
    assert isinstance(part, EvidenceBytes)
    made.cite([msgspec.structs.replace(part, **change(part))])
    assert made.codes() == [(code, "0000000000000001#1")]
    assert made.result().ranges_replayed == 0


def test_findings_that_cannot_be_read(made: Any) -> None:
    for stored in ("", "{", '{"finding": }'):
        row = msgspec.structs.replace(made.finding(1, ()), stored=stored)
        files = write_unit(made.case, "grade", {"findings": made.rows([row])})
        made.case.custody.append("case_tables", {}, files)
        assert made.codes() == [("evidence.unreadable", "0000000000000001")]
    path = "tables/findings/grade.parquet"
    (made.case.path / path).write_bytes(b"PAR1PAR1")
    made.case.custody.append("case_tables", {}, {path: hashlib.sha256(b"PAR1PAR1").hexdigest()})
    assert made.codes() == [("file.unreadable", "tables")]


def test_a_lack_of_memory_is_no_problem_of_the_case(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_database, "MEMORY", ("1KB",))
    assert made.codes() == []
    assert made.result().unchecked == "cannot read the tables: it needs more memory than a query may take"
    found = CliRunner().invoke(run, [str(made.case.path), "--source", str(made.source)], standalone_mode=False)
    assert found.return_value == Exit.UNREAD, found.output
    assert "PROBLEM" not in found.output and "Not all of the case could be checked." in found.output


def test_a_full_disk_is_no_problem_of_the_case(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageFull("no space left")

    monkeypatch.setattr(Queries, "spool", full)
    result = made.result()
    assert (result.problems, result.unchecked, result.source_files) == ((), "no space left", 2)


def test_a_source_that_is_one_file(made: Any, tmp_path: Path) -> None:
    single = tmp_path / "one.eml"
    single.write_bytes(made.mail)
    step = made.file_step(b"one.eml", made.mail)
    record = SourceRecord(
        label="leak", path=quote(os.fsencode(single)), kind="file", files=1, size=9, sha256=step.sha256
    )
    case = CaseFolder.create(tmp_path / "single", CaseInfo(as_of="", sources=(record,)))
    found = type(made)(case, single)
    case.custody.append("unit", {}, write_unit(case, "u1", {"occurrences": found.rows([made.occurrence(step)])}))
    found.cite([made.quoted((step,), made.mail, made.mail[made.date : made.date + 10], ((made.date, made.date + 10),))])
    assert found.codes() == []
    assert found.result().ranges_replayed == 1
    single.rename(tmp_path / "renamed.eml")
    assert verify(case.path, [str(tmp_path / "renamed.eml")]).problems == ()
