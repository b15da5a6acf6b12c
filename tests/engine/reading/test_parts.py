"""A file that was cut is recorded after its parts, with what they gave."""

import tarfile
import zipfile
from itertools import islice
from pathlib import Path

import pytest

from forensics import ScanOptions, findings, items, scan
from forensics.casestore import CaseFolder, Queries, logical_digest
from forensics.engine.reading import units
from forensics.engine.reading.parts import CLEAN, MOST_ACCOUNTS, Part, Parts, whole
from forensics.engine.reading.protocol import ANSWER_BYTES
from forensics.engine.reading.units import Slice, Unit
from forensics.intake.files import FileKind, SourceFile
from forensics.model.accounts import Kind
from forensics.model.codec import decode, encode
from forensics.model.items import Status
from forensics.model.rows.numbers import MOST
from forensics.model.rows.occurrences import AccountRow
from forensics.parsers.archive import _zip_runs

MAIL = (
    b"From: a@a.example\nTo: b@b.example\nMessage-ID: <%d@a.example>\nSubject: %d\n"
    b"Date: Fri, 4 Jan 2016 10:00:00 +0000\n\nText.\n"
)
PARTIAL = Part(status=Status.PARTIAL, reason="zip.crc", damaged=True)
UNREAD = Part(status=Status.UNREAD, reason="engine.watchdog")
FILE = SourceFile(name=b"a.zip", path=b"/s/a.zip", kind=FileKind.FILE, size=90)


def unit(start: int, *, last: bool = False) -> Unit:
    part = Slice(parser="archive.zip", start=start, end=start + 30, ordinal=start, last=last, sha256="")
    return Unit.of(f"u{start}", "s", (FILE,), part)


def test_the_whole_is_what_its_parts_are() -> None:
    assert whole([]) == whole([CLEAN, CLEAN]) == CLEAN
    assert whole([CLEAN, PARTIAL, UNREAD]) == PARTIAL
    assert whole([UNREAD, UNREAD]) == UNREAD
    assert whole([CLEAN, UNREAD]) == Part(status=Status.PARTIAL, reason="engine.watchdog")
    left = [Part(left=2, left_bytes=5), Part(left=1, left_bytes=70, status=Status.PARTIAL, reason="zip.truncated")]
    assert whole(left) == Part(left=3, left_bytes=75, status=Status.PARTIAL, reason="zip.truncated")


def test_bytes_that_parts_did_not_read_are_added_up_by_reason() -> None:
    def lost(reason: str, size: int) -> AccountRow:
        return AccountRow(kind=Kind.UNREAD, reason=reason, size=size)

    few = whole([Part(accounts=(lost("a.b", 3), lost("c.d", 9))), CLEAN, Part(accounts=(lost("a.b", 7),))])
    assert few.accounts == (lost("a.b", 10), lost("c.d", 9))
    many = whole([Part(accounts=(lost("x" * 99 + str(n), 50 - n),)) for n in range(10)] * 2)
    assert sum(row.size for row in many.accounts) == 2 * sum(50 - n for n in range(10))
    longest = [Part(accounts=(lost(f"{n:03}" + "x" * 97, MOST),)) for n in range(40)]
    told = whole(longest)
    assert len(told.accounts) == MOST_ACCOUNTS + 1 and told.accounts[-1] == lost("", MOST)
    assert len(encode(told)) < ANSWER_BYTES - 600
    assert decode(encode(told), Part) == told


def test_a_file_is_ready_when_all_its_parts_have_been_read() -> None:
    parts, own = Parts(), unit(90, last=True)
    for start in (0, 30, 60):
        parts.expect(unit(start))
    assert parts.ready(unit(30)) and parts.ready(Unit.of("g", "s", (FILE,)))
    parts.take(unit(60), PARTIAL)
    parts.take(unit(0), CLEAN)
    assert not parts.ready(own)
    parts.take(unit(30), UNREAD)
    assert parts.ready(own)
    assert parts.whole(own) == Part(status=Status.PARTIAL, reason="engine.watchdog", damaged=True)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A zip of mails with a wrong weekday, one of them damaged, that is cut into eight runs."""
    path = tmp_path / "mails.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(60):
            made.writestr(f"{number}.eml", MAIL % (number % 50, number % 50))
    data = path.read_bytes()
    at = data.index(b"Subject: 20")
    path.write_bytes(data[:at] + b"s" + data[at + 1 :])
    monkeypatch.setattr(units, "CUT_BYTES", 1)
    monkeypatch.setattr(_zip_runs, "CUT_BYTES", 1)
    monkeypatch.setattr(_zip_runs, "RUN_MEMBERS", 8)
    return path


def read(source: Path, case: Path, jobs: int = 1) -> int:
    return scan([source], case, ScanOptions(jobs=jobs, as_of="2020-01-01")).units


def digest(case: Path) -> str:
    with Queries(CaseFolder.open(case)) as queries:
        return logical_digest(queries)


def test_jobs_do_not_change_what_an_archive_gives(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(source, tmp_path / "1") == read(source, tmp_path / "2", jobs=2) == 9
    assert digest(tmp_path / "1") == digest(tmp_path / "2")
    assert list(findings(tmp_path / "1"))
    monkeypatch.setattr(units, "CUT_BYTES", 1_000_000)
    assert read(source, tmp_path / "whole") == 1
    assert list(findings(tmp_path / "whole")) == list(findings(tmp_path / "1"))
    assert list(items(tmp_path / "whole")) == list(items(tmp_path / "1"))
    (archive,) = [item for item in items(tmp_path / "1") if item.location.text == "mails.zip"]
    assert (archive.status, [notice.code for notice in archive.notices]) == ("partial", ["engine.member_damaged"])


@pytest.mark.usefixtures("unjudged")
def test_a_scan_that_goes_on_knows_what_the_parts_gave_before(source: Path, tmp_path: Path) -> None:
    read(source, tmp_path / "whole")
    read(source, tmp_path / "case")
    case = CaseFolder.open(tmp_path / "case")
    logged = [line for line in case.custody.lines() if line.action == "unit"]
    assert [line.details["files"] for line in logged] == ["0"] * 8 + ["1"]
    assert [name for name in logged[-1].files if "/archives/" in name or "/contents/" in name]
    for line in (logged[0], logged[-1]):  # a part, and what records the file
        for file in line.files:
            (tmp_path / "case" / file).unlink()
        assert read(source, tmp_path / "case") == (2 if line is logged[0] else 1)
    assert digest(tmp_path / "case") == digest(tmp_path / "whole")


@pytest.mark.usefixtures("unjudged")
def test_real_archives_give_the_same_with_one_job_and_two(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "packed.zip"
    with (
        tarfile.open(shared / "corpora" / "clean" / "list-linux-mips.tar.xz") as mails,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for mail in islice((one for one in mails if one.isfile()), 500):
            made.writestr(mail.name, mails.extractfile(mail).read())  # type: ignore[union-attr]
    monkeypatch.setattr(units, "CUT_BYTES", 1)
    monkeypatch.setattr(_zip_runs, "CUT_BYTES", 1)
    monkeypatch.setattr(_zip_runs, "RUN_MEMBERS", 64)
    for number, path in enumerate([packed, *sorted((shared / "cases").rglob("*.zip"))]):
        one, two = tmp_path / f"{number}-1", tmp_path / f"{number}-2"
        assert read(path, one) == read(path, two, jobs=2)
        assert digest(one) == digest(two), path
