"""Letters to providers: who is asked for what, nobody else named, new files only, the log."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import forensics
from forensics import ScanOptions, letters, scan
from forensics.casestore import CaseFolder
from forensics.errors import NotJudged, UsageError
from forensics.model.case import CaseInfo
from forensics.model.letters import AskedMail, AskedRecord, Letter, Letters, RecordKind
from forensics.report.letters import COLUMNS, summary, write_letter

Run = Callable[..., Any]
DAY = 86_400 * 10_000_000
INFO = CaseInfo(as_of="2020-01-01T00:00:00Z", case_number="C-7", examiner="R. Éxaminer", exhibit="E\x1b1")


def mail(number: int, by: str, extra: str = "", date: str = "Mon, 02 Jan 2017 10:00:00 +0000") -> bytes:
    return (
        f"Received: from pc.someone.example (pc [192.0.2.1]) by {by} with ESMTPS id QUEUE{number}\r\n"
        f"\tfor <heir@victim.example>; Mon, 2 Jan 2017 10:00:0{number} +0000\r\n"
        f"From: Anna Secret <anna@private.example>\r\nTo: heir@victim.example\r\nDate: {date}\r\n"
        f"Subject: Testament\r\nMessage-ID: <{number}@x.example>\r\n{extra}\r\nText {number}.\r\n"
    ).encode()


@pytest.fixture
def case(tmp_path: Path, in_process: None) -> Path:
    wrong = "Tue, 02 Jan 2017 10:00:00 +0000"
    leak = tmp_path / "leak"
    leak.mkdir()
    (leak / "a.eml").write_bytes(mail(1, "mx.post.example", "List-Id: <news.lists.example>\r\n", wrong))
    (leak / "b.eml").write_bytes(mail(2, "box.localdomain", "", wrong))
    (leak / "c.eml").write_bytes(mail(3, "mx.other.example"))
    scan([leak], tmp_path / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    return tmp_path / "case"


def test_who_left_records_in_ranked_mails_is_asked_and_nobody_else(case: Path) -> None:
    made = letters(case, strength="weak")
    assert set(made.texts) == {"post.example", "lists.example"}
    assert (made.letters.entries, made.letters.unasked) == (2, 1)
    asked = next(one for one in made.letters.letters if one.organization == "post.example")
    assert [record.id for one in asked.mails for record in one.records] == ["QUEUE1"]
    text = made.texts["post.example"]
    assert "QUEUE1" in text and "<1@x.example>" in text and "Tue, 02 Jan 2017" in text
    assert "2017-01-02 10:00:01 UTC" in text
    for name in (
        "Anna",
        "Secret",
        "private.example",
        "victim.example",
        "Testament",
        "someone.example",
        "other.example",
    ):
        assert name not in "".join(made.texts.values())
    for word in ("forged", "false", "fake", "suspect"):
        assert word not in "".join(made.texts.values()).lower()
    assert all(len(line) <= COLUMNS for line in text.splitlines() if "://" not in line)


def test_letters_are_logged_without_content_and_the_case_still_holds(case: Path) -> None:
    letters(case, strength="weak")
    line = CaseFolder.open(case).custody.lines()[-1]
    assert line.action == "letters" and line.details["letters"] == "2"
    assert "post" not in str(line.details)
    assert not forensics.verify(case).problems


def test_files_are_new_and_lie_outside_the_case_and_the_evidence(case: Path, tmp_path: Path) -> None:
    made = letters(case, tmp_path / "out", strength="weak")
    assert sorted(file.name for file in made.files) == ["lists.example.txt", "post.example.txt"]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in made.files)
    for wrong in (tmp_path / "out", case / "letters", tmp_path / "leak" / "letters", tmp_path / "none" / "letters"):
        before = len(CaseFolder.open(case).custody.lines())
        with pytest.raises(UsageError):
            letters(case, wrong, strength="weak")
        assert len(CaseFolder.open(case).custody.lines()) == before
    assert not (tmp_path / "leak" / "letters").exists()


def test_nothing_to_ask_is_said(case: Path, run: Run) -> None:
    said = run("letters", case, "--strength", "strong")
    assert said.returncode == 0
    assert "No letter" in said.stdout
    assert next(summary(Letters(letters=(), entries=0, unasked=0))).startswith("No letter")


def test_a_case_that_is_not_judged_writes_no_letters(tmp_path: Path) -> None:
    CaseFolder.create(tmp_path / "case", INFO)
    with pytest.raises(NotJudged):
        letters(tmp_path / "case")


def test_hostile_and_missing_values_stay_on_their_lines() -> None:
    record = AskedRecord(kind=RecordKind.TRACE, host="mx\u202e.post.example", id="Q\r\nBcc: x@y.example")
    asked = AskedMail(
        sha256="ab" * 32,
        rank=1,
        message_id="",
        date="\x1b[2Jnever",
        records=(record, AskedRecord(kind=RecordKind.SIGNATURE, host="post.example", id="sel", at=0)),
        other_days=("2016-01-01", "2016-02-01"),
    )
    text = write_letter(Letter(organization="post.example", mails=(asked,), left_out=3), INFO)
    assert "\x1b" not in text and "\u202e" not in text and "\r" not in text and "\nBcc:" not in text
    assert "Message-ID: none" in text and "time none" in text and "1970-01-01 00:00:00 UTC" in text
    assert "2016-01-01, 2016-02-01" in text and "3 further messages" in text and "R. Éxaminer" in text


def test_an_entry_names_for_each_organization_the_record_that_its_id_finds(case: Path) -> None:
    found = letters(case, strength="weak").letters.by_rank
    asked = {one.organization: one.record for of_rank in found.values() for one in of_rank}
    assert asked["post.example"].id == "QUEUE1" and asked["lists.example"].kind is RecordKind.LIST
    version = AskedRecord(kind=RecordKind.TRACE, host="mx.post.example", id="15.1.860.9")
    assert not version.numbered and asked["post.example"].numbered
    assert AskedRecord(kind=RecordKind.SIGNATURE, host="post.example", id="20161025").numbered
