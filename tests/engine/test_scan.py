"""The whole scan on small synthetic sources: states, resumption, changes, wrong calls."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics import ScanOptions, findings, items, scan, show
from forensics.casestore import CaseFolder, Queries, logical_digest
from forensics.checks.mail import date_after_as_of, trace_reversal
from forensics.engine.reading import examine, record, units
from forensics.errors import CaseStoreError, UsageError
from forensics.model.facts import Absence
from forensics.model.items import Limits
from forensics.parsers.identify import identify

pytestmark = pytest.mark.usefixtures("in_process")

MAIL = b"""\
Received: from a.example by b.example with ESMTP id 1; Mon, 4 Jan 2016 10:00:05 +0000
From: A <a@a.example>
To: b@b.example
Subject: number %d
Message-ID: <%d@a.example>
Date: Mon, 4 Jan 2016 10:00:00 +0000

Text of mail %d.
"""
Run = Callable[..., Any]
COMMAND = [sys.executable, "-c", "from forensics.cli import main; main()"]


def mails(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number:05}.eml").write_bytes(MAIL % (number, number, number))
    return folder


def digest(case: Path) -> str:
    with Queries(CaseFolder.open(case)) as queries:
        return logical_digest(queries)


def log(case: Path) -> list[dict]:
    return [json.loads(line) for line in (case / "custody.jsonl").read_text().splitlines()]


@pytest.mark.usefixtures("unjudged")
def test_states_of_items(tmp_path: Path) -> None:
    source = mails(tmp_path / "source", 3)
    (source / "empty.eml").write_bytes(b"")
    (source / "notes.txt").write_bytes(b"just text\n")
    (source / "link.eml").symlink_to("00000.eml")
    os.mkfifo(source / "pipe")
    with zipfile.ZipFile(source / "more.zip", "w") as archive:
        archive.writestr("../up.eml", MAIL % (9, 9, 9))
        archive.writestr("copy.eml", MAIL % (0, 0, 0))
    result = scan([source], tmp_path / "case", ScanOptions(jobs=1))
    found = {item.location.text: item for item in items(tmp_path / "case")}
    assert len(found) == result.extent.items == 10
    assert found["00000.eml"].status == "parsed"
    assert found["00000.eml"].sha256 == found["more.zip > copy.eml"].sha256
    assert found["more.zip > ../up.eml"].parser.startswith("mail.rfc5322/")
    assert not (tmp_path / "up.eml").exists()
    assert found["empty.eml"].media_type == "application/x-empty"
    assert (found["link.eml"].status, found["link.eml"].notices[0].code) == ("skipped", "intake.symlink")
    assert (found["pipe"].status, found["pipe"].notices[0].code) == ("skipped", "intake.special")
    assert (found["notes.txt"].status, found["notes.txt"].notices[0].code) == ("skipped", "engine.text")
    assert sum(result.extent.by_status.values()) == 10
    assert result.extent.reached.settled


@pytest.mark.usefixtures("unjudged")
def test_names_are_percent_encoded(tmp_path: Path) -> None:
    source = mails(tmp_path / "source", 1)
    odd = b"\xff\x1b[31m%3E\xe2\x80\xae> x.eml"
    (Path(os.fsdecode(os.fsencode(source) + b"/" + odd))).write_bytes(MAIL % (1, 1, 1))
    scan([source], tmp_path / "case", ScanOptions(jobs=1))
    texts = [item.location.text for item in items(tmp_path / "case")]
    assert "%FF%1B[31m%253E%E2%80%AE%3E x.eml" in texts
    assert all(text.isascii() and text.isprintable() for text in texts)


def test_second_run_reads_nothing(tmp_path: Path) -> None:
    source = mails(tmp_path / "source", 5)
    first = scan([source], tmp_path / "case")
    before = digest(tmp_path / "case")
    second = scan([source], tmp_path / "case")
    assert (first.units, second.units) == (1, 0)
    assert digest(tmp_path / "case") == before


FEW = """
import sys
if "scan" in sys.argv:
    import forensics.engine.reading.units as target
    target.UNIT_FILES = 40
"""


def killed(source: Path, case: Path, after: int, site: Path) -> None:
    """Scan in a process that is killed once so many units are logged."""
    call = ["scan", str(source), "--case", str(case), "--jobs", "1", "--as-of", "2020-01-01"]
    (site / "sitecustomize.py").write_text(FEW)
    with subprocess.Popen(
        [*COMMAND, *call],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(site)},
    ) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if (case / "custody.jsonl").exists():
                done = (case / "custody.jsonl").read_bytes().count(b'"action":"unit"')
                if done >= after:
                    break
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)


def test_killed_scan_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = mails(tmp_path / "source", 190)
    monkeypatch.setattr(units, "UNIT_FILES", 40)
    whole = scan([source], tmp_path / "whole", ScanOptions(as_of="2020-01-01"))
    for after in (1, 2):
        case = tmp_path / f"after {after}"
        killed(source, case, after, tmp_path)
        assert not any(line["action"] == "scan_finished" for line in log(case))
        again = scan([source], case, ScanOptions(as_of="2020-01-01"))
        assert again.units <= whole.units - after
        assert digest(case) == digest(tmp_path / "whole")


@pytest.mark.usefixtures("unjudged")
def test_source_that_changes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    source = mails(tmp_path / "source", 3)

    def changing(head: Any, read: Any, name: bytes, declared: str) -> str:
        if name == b"00001.eml":
            os.utime(source / "00001.eml")
        return identify(head, read, name, declared)

    monkeypatch.setattr(examine, "identify", changing)
    case = tmp_path / "case"
    ran = run("scan", source, "--case", case)
    assert ran.returncode == 6, ran.stdout
    assert "1 files changed" in ran.stdout
    codes = {item.location.text: [notice.code for notice in item.notices] for item in items(case)}
    assert codes["00001.eml"] == ["intake.changed"]
    assert codes["00000.eml"] == []
    assert any(line["details"].get("changed") == "1" for line in log(case))


def test_rule_that_crashes_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    source = mails(tmp_path / "source", 1)
    (source / "wrong.eml").write_bytes((MAIL % (7, 7, 7)).replace(b"Date: Mon,", b"Date: Tue,"))

    def crash(*_: object) -> None:
        raise ValueError("x")

    for rule in (trace_reversal, date_after_as_of):
        monkeypatch.setattr(rule, "check", crash)
    monkeypatch.setattr(record, "all_gates", record.Gates)
    case = tmp_path / "case"
    ran = run("scan", source, "--case", case)
    assert ran.returncode == 0, ran.stderr
    assert [finding.rule for finding in findings(case)] == ["mail.date_weekday"]
    codes = [notice.code for item in items(case) for notice in item.notices]
    assert "engine.rule_fault" in codes


@pytest.mark.usefixtures("unjudged")
def test_wrong_calls(tmp_path: Path) -> None:
    source = mails(tmp_path / "source", 1)
    other = mails(tmp_path / "other", 1)
    with pytest.raises(UsageError, match="no such source"):
        scan([tmp_path / "nothing"], tmp_path / "case")
    with pytest.raises(UsageError, match="inside the source"):
        scan([source], source / "case")
    with pytest.raises(UsageError, match="not a date"):
        scan([source], tmp_path / "case", ScanOptions(captured="yesterday"))
    scan([source], tmp_path / "case", ScanOptions(case_number="1"))
    with pytest.raises(UsageError, match="other sources"):
        scan([other], tmp_path / "case")
    with pytest.raises(UsageError, match="holds another source"):
        scan([mails(tmp_path / "elsewhere" / "source", 2)], tmp_path / "case")
    with pytest.raises(UsageError, match="case-number"):
        scan([source], tmp_path / "case", ScanOptions(case_number="2"))
    with pytest.raises(CaseStoreError):
        scan([source], other)


def test_exit_codes(tmp_path: Path, run: Run) -> None:
    source = mails(tmp_path / "source", 1)
    case = tmp_path / "case"
    assert run("scan", source, "--case", case).returncode == 0
    assert run("scan", tmp_path / "nothing", "--case", case).returncode == 2
    assert run("scan", "--no-such-option").returncode == 2
    assert run("rank", source).returncode == 2
    assert run("show", case, "ffffffff").returncode == 2
    (source / "x.bin").write_bytes(b"\0\1\2\3")
    assert run("check", source / "x.bin").returncode == 3
    assert run("verify", case).returncode == 5, "the source has one file more now"


@pytest.mark.usefixtures("unjudged")
def test_deep_nesting_stops_at_a_limit(tmp_path: Path) -> None:
    data = MAIL % (0, 0, 0)
    for level in range(30):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"{level}.zip", data)
        data = packed.getvalue()
    (tmp_path / "deep.zip").write_bytes(data)
    scan([tmp_path / "deep.zip"], tmp_path / "case")
    found = list(items(tmp_path / "case"))
    assert [item.notices[0].code for item in found if item.status == "unread"] == ["engine.depth"]


def test_content_met_by_two_units_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "UNIT_FILES", 10)
    source = mails(tmp_path / "source", 15)
    (source / "zz.eml").write_bytes(MAIL % (0, 0, 0))
    case = tmp_path / "case"
    scan([source], case)
    with Queries(CaseFolder.open(case)) as queries:
        counts = dict(
            queries.pairs(
                "SELECT 'messages', count(*) FROM messages UNION SELECT 'occurrences', count(*) FROM occurrences"
            )
        )
    assert counts == {"messages": 15, "occurrences": 16}
    assert not list(findings(case))


def test_changed_source_is_read_again_and_the_old_rows_go(tmp_path: Path) -> None:
    source = mails(tmp_path / "source", 3)
    case = tmp_path / "case"
    scan([source], case, ScanOptions(as_of="2020-01-01"))
    (source / "00001.eml").write_bytes(MAIL % (77, 77, 77))
    scan([source], case, ScanOptions(as_of="2020-01-01"))
    assert len(list(items(case))) == 3
    scan([source], tmp_path / "fresh", ScanOptions(as_of="2020-01-01"))
    assert digest(case) == digest(tmp_path / "fresh")
    assert any(line["action"] == "unit_removed" for line in log(case))


@pytest.mark.usefixtures("unjudged")
def test_selection_is_recorded(tmp_path: Path) -> None:
    source = mails(tmp_path / "source", 3)
    with zipfile.ZipFile(source / "more.zip", "w") as archive:
        archive.writestr("in.eml", MAIL % (8, 8, 8))
        archive.writestr("out.eml", MAIL % (9, 9, 9))
    case = tmp_path / "case"
    scan([source], case, ScanOptions(only=("0000[01].eml", "*.zip"), exclude=("00001.eml", "*out.eml")))
    found = {item.location.text: item for item in items(case)}
    skipped = {text for text, item in found.items() if item.status == "skipped"}
    assert skipped == {"00001.eml", "00002.eml", "more.zip > out.eml"}
    assert all(found[text].notices[0].code == "intake.not_selected" for text in skipped)
    assert found["more.zip > in.eml"].status == "parsed"


@pytest.mark.usefixtures("unjudged")
def test_members_of_a_copied_archive_are_listed_at_both_places(tmp_path: Path) -> None:
    source = mails(tmp_path / "source", 1)
    with zipfile.ZipFile(source / "one.zip", "w") as archive:
        archive.writestr("in.eml", MAIL % (8, 8, 8))
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as nested:
            nested.writestr("deep.eml", MAIL % (9, 9, 9))
        archive.writestr("inner.zip", inner.getvalue())
    (source / "two.zip").write_bytes((source / "one.zip").read_bytes())
    case = tmp_path / "case"
    scan([source], case)
    texts = {item.location.text for item in items(case)}
    for name in ("one.zip", "two.zip"):
        assert {f"{name} > in.eml", f"{name} > inner.zip", f"{name} > inner.zip > deep.eml"} <= texts
    with Queries(CaseFolder.open(case)) as queries:
        assert queries.pairs("SELECT 'messages', count(*) FROM messages") == [("messages", 3)]


@pytest.mark.usefixtures("unjudged")
def test_copies_of_copies_end(tmp_path: Path) -> None:
    data = MAIL % (0, 0, 0)
    for _ in range(8):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(8):
                archive.writestr(f"{number}", data)
        data = packed.getvalue()
    (tmp_path / "bomb.zip").write_bytes(data)
    result = scan([tmp_path / "bomb.zip"], tmp_path / "case", ScanOptions(limits=Limits(items=2_000)))
    assert result.extent.items == 2_001
    assert "engine.items" in {notice.code for item in items(tmp_path / "case") for notice in item.notices}


def test_cut_archive_is_partial_and_its_cut_mail_accuses_nobody(tmp_path: Path) -> None:
    source = mails(tmp_path / "source", 1)
    with zipfile.ZipFile(source / "full.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.eml", (MAIL % (7, 7, 7)) + b"\n".join(os.urandom(40).hex().encode() for _ in range(200)))
    whole = (source / "full.zip").read_bytes()
    (source / "cut.zip").write_bytes(whole[: len(whole) // 2])
    case = tmp_path / "case"
    result = scan([source], case)
    found = {item.location.text: item for item in items(case)}
    assert found["cut.zip"].status == found["cut.zip > a.eml"].status == "partial"
    assert found["full.zip > a.eml"].status == "parsed"
    assert result.ranked == 0


@pytest.mark.usefixtures("unjudged")
def test_times_keep_why_they_lack_a_reading(tmp_path: Path) -> None:
    source = mails(tmp_path / "source", 1)
    (source / "x.eml").write_bytes((MAIL % (1, 1, 1)).replace(b"10:00:00 +0000", b"10:00:00 -9900"))
    case = tmp_path / "case"
    scan([source], case)
    (shown,) = show(case, "x.eml")
    by_path = {stamp.locator.path: stamp for stamp in shown.facts.timestamps}
    assert by_path["header:Date[0]"].offset_s is Absence.UNPARSABLE
    assert by_path["file:mtime_ns"].offset_s is Absence.NOT_APPLICABLE
    (source / "x.eml").unlink()
    (shown,) = show(case, "x.eml")
    assert shown.facts.headers == ()
    assert shown.facts.notices[-1].code == "engine.source_not_read"
