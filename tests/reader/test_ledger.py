"""The ledger over a scanned case: mailboxes, months, missing messages, numbers, silences, and where nothing is said."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forensics import ScanOptions, ledger, missing, open_case, scan
from forensics.casestore import CaseFolder
from forensics.errors import NotJudged
from forensics.knowledge.wording import Wording
from forensics.model.ledger import LedgerLine, LedgerReach, Mark
from forensics.report import ledger as words

pytestmark = pytest.mark.usefixtures("in_process")
START = datetime(2017, 1, 2, 10, tzinfo=UTC)


def mail(number: int, answers: str = "", day: float | None = None, subject: str = "Harbour") -> bytes:
    when = START + timedelta(days=number / 4 if day is None else day)
    head = [
        f"From: <{'abc'[number % 3]}@a.example>",
        "To: <list@a.example>",
        f"Date: {when:%a, %d %b %Y %H:%M:%S} +0000",
        f"Subject: {'Re: ' if answers else ''}{subject} {number}",
        f"Message-ID: <{number}@x.example>",
        "List-Id: <harbour.lists.example>",
        *([f"In-Reply-To: <{answers}>"] if answers else []),
    ]
    return ("\r\n".join(head) + f"\r\n\r\nText number {number}.\r\n").encode()


def scanned(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / "leak" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    scan([folder / "leak"], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    return folder / "case"


def written(numbers: Iterable[int], *, ids: bool = True) -> dict[str, bytes]:
    """Pairs of mails, four a day: each odd one answers the one before."""
    return {
        f"box/{number:05}.eml": mail(number, f"{number - 1}@x.example" if ids and number % 2 else "")
        for number in numbers
    }


def of_month(lines: Iterable[LedgerLine], month: str) -> LedgerLine:
    return next(line for line in lines if line.month == month)


def test_a_mailbox_that_is_whole_has_no_mark(tmp_path: Path) -> None:
    lines = list(ledger(scanned(tmp_path, written(range(480)))))
    assert [line.month for line in lines] == ["2017-01", "2017-02", "2017-03", "2017-04", "2017-05"]
    assert {line.mailbox for line in lines} == {"box"}
    assert sum(line.mails for line in lines) == sum(line.numbers for line in lines) == 480
    assert sum(line.answered for line in lines) == 240
    assert [line.missing + line.numbers_missing + line.silent_days for line in lines] == [0] * 5
    assert [line.marks for line in lines] == [()] * 5
    assert lines[0].threads < lines[0].answered, "what the first days answer may be older than the mailbox"


def test_mails_that_are_gone_in_a_row_leave_a_gap_and_a_silence(tmp_path: Path) -> None:
    case = scanned(tmp_path, written(n for n in range(480) if not 160 <= n < 200))
    assert [(line.month, line.marks) for line in ledger(case, marked=True)] == [
        ("2017-02", (Mark.NUMBERS, Mark.SILENCE))
    ]
    month = of_month(ledger(case), "2017-02")
    assert (month.numbers_missing, month.silent_days, month.silent_from) == (40, 9, "2017-02-12")


def test_answered_mails_that_are_gone_mark_their_month(tmp_path: Path) -> None:
    gone = set(range(240, 300, 2))
    case = scanned(
        tmp_path, {f"box/m{'xyz'[n % 3]}{n:x}q.eml": data for n, data in enumerate(written(range(480)).values())}
    )
    assert list(ledger(case, marked=True)) == []
    assert list(missing(case)) == []
    (tmp_path / "cut").mkdir()
    kept = {f"box/m{n:x}q.eml": data for n, data in enumerate(written(range(480)).values()) if n not in gone}
    case = scanned(tmp_path / "cut", kept)
    (line,) = ledger(case, marked=True)
    assert (line.month, line.marks, line.missing, line.incomplete) == ("2017-03", (Mark.MISSING,), 30, 30)
    assert line.expected > 0.1, "what genuine mail of its route lacks anyway"
    absent = list(missing(case))
    assert {one.id for one in absent} == {f"{n}@x.example" for n in gone}
    first = next(one for one in absent if one.id == "240@x.example")
    assert (first.mentions, first.replies, first.repliers, first.replier_count) == (1, 1, ("b@a.example",), 1)
    assert (first.subject, first.written_after, first.written_before) == ("harbour 241", "", "2017-03-03T16:00:00Z")


def test_between_which_dates_a_missing_message_was_written(tmp_path: Path) -> None:
    child = mail(2, day=9).replace(b"\r\n\r\n", b"\r\nReferences: <0@x.example> <gone@x.example>\r\n\r\n")
    (line,) = missing(scanned(tmp_path, {"0.eml": mail(0), "2.eml": child}))
    assert (line.id, line.written_after, line.written_before) == (
        *("gone@x.example", "2017-01-02T10:00:00Z"),
        "2017-01-11T10:00:00Z",
    )
    assert (line.id_time, line.id_scheme, line.location.text) == ("", "", "2.eml")


def test_who_wrote_a_missing_message_is_read_above_its_quote(tmp_path: Path) -> None:
    quote = b"On Mon, Jan 02, 2017 at 09:30:00AM +0100, Ana Writer wrote:\r\n> The harbour is closed.\r\n\r\nNo.\r\n"
    reply = mail(1, "gone@x.example").replace(b"Text number 1.\r\n", quote)
    (line,) = missing(scanned(tmp_path, {"1.eml": reply}))
    assert (line.quoted_name, line.quoted_address, line.quoted_date) == ("Ana Writer", "", "2017-01-02T08:30:00Z")


def test_a_missing_message_that_the_reference_has_is_told(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "kept.eml").write_bytes(mail(0))
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / "1.eml").write_bytes(mail(1, "0@x.example"))
    options = ScanOptions(jobs=1, as_of="2020-01-01", reference=(str(tmp_path / "own"),))
    scan([tmp_path / "leak"], tmp_path / "case", options)
    (line,) = missing(tmp_path / "case")
    assert (line.id, line.reference) == ("0@x.example", "kept.eml")
    assert sum(month.mails for month in ledger(tmp_path / "case")) == 1


def test_an_id_that_carries_its_time_is_read(tmp_path: Path) -> None:
    (line,) = missing(scanned(tmp_path, {"1.eml": mail(1, "20170102091500.4711-1-ana@a.example")}))
    assert (line.id_time, line.id_scheme) == ("2017-01-02T09:15:00Z", "git send-email")


def test_a_file_that_could_not_be_read_is_no_gap(tmp_path: Path) -> None:
    files = written(range(60)) | {f"box/{number:05}.dat": b"\0" * 40 for number in range(20, 24)}
    for number in range(20, 24):
        del files[f"box/{number:05}.eml"]
    lines = list(ledger(scanned(tmp_path, files)))
    assert sum(line.numbers_missing for line in lines) == 0


def test_numbers_of_a_list_are_held_above_those_of_files(tmp_path: Path) -> None:
    def sent(number: int) -> bytes:
        return mail(number).replace(b"\r\n\r\n", b"\r\nX-Sequence: %d\r\n\r\n" % (900 + number), 1)

    kept = [n for n in range(120) if n not in range(60, 66)]
    lines = list(ledger(scanned(tmp_path, {f"box/{place:05}.eml": sent(n) for place, n in enumerate(kept)})))
    assert sum(line.numbers for line in lines) == len(kept)
    assert sum(line.numbers_missing for line in lines) == 6


def test_numbers_that_a_mailbox_gave_show_what_is_gone(tmp_path: Path) -> None:
    """In the names of a Maildir, or in a field where a mailbox is one file."""

    def kept(number: int) -> bytes:
        return mail(number).replace(b"\r\n\r\n", b"\r\nX-UID: %d\r\n\r\n" % (500 + number), 1)

    there = [number for number in range(120) if number not in range(60, 66)]
    files = {f"box/cur/148879{number:04}.7_1.mail.example,U={number + 7}:2,S": mail(number) for number in there}
    files["mbox"] = b"".join(b"From a@b.example Mon Mar  6 10:00:00 2017\n" + kept(n + 1000) for n in there)
    lines = list(ledger(scanned(tmp_path, files)))
    assert {line.mailbox for line in lines} == {"box/cur", "mbox"}
    for box in ("box/cur", "mbox"):
        assert sum(line.numbers for line in lines if line.mailbox == box) == len(there)
        assert sum(line.numbers_missing for line in lines if line.mailbox == box) == 6


def test_names_with_numbers_that_do_not_count_are_no_counter(tmp_path: Path) -> None:
    files = {f"box/{n * 37:05}.eml": mail(n) for n in range(40)}
    assert {(line.numbers, line.numbers_missing) for line in ledger(scanned(tmp_path, files))} == {(0, 0)}


def test_mailboxes_are_told_apart(tmp_path: Path) -> None:
    mbox = b"".join([b"From a@a.example Mon Jan  2 10:00:00 2017\n" + mail(n) + b"\n" for n in range(3)])
    lone = b"From a@a.example Mon Jan  2 10:00:00 2017\n" + mail(7) + b"\n"
    files = {"a/1.eml": mail(8), "a/2.mbox": mbox, "a/3.mbox": lone, "top.eml": mail(9)}
    found = {line.mailbox: line.mails for line in ledger(scanned(tmp_path, files))}
    assert found == {"a/2.mbox": 3, "a": 2, "": 1}


def test_mails_without_any_date_have_a_line(tmp_path: Path) -> None:
    case = scanned(tmp_path, {"1.eml": b"From: <a@a.example>\r\nSubject: one\r\n\r\nText.\r\n"})
    (line,) = ledger(case)
    assert (line.month, line.mails, line.silent_from, line.marks) == ("", 1, "", ())


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"note.txt": b"no mail"}, "The case holds no mail."),
        (written(range(4), ids=False), "The 4 mails of this archive name no other mail"),
        (written(range(1)), "The only mail names no other mail"),
        (written(range(4)), "Every message that mails answer"),
        ({"1.eml": mail(1, "gone@x.example")}, "1 message is named by mails and is none of those that were read"),
    ],
)
def test_what_can_be_said_is_said(tmp_path: Path, files: dict[str, bytes], said: str) -> None:
    with open_case(scanned(tmp_path, files)) as opened:
        assert words.reach(opened.ledger_reach(), Wording("en")).startswith(said)
        assert all(not line.marks for line in opened.ledger())


def test_what_was_not_read_may_hold_what_is_missing() -> None:
    known = LedgerReach(mails=3, answering=2, missing=1, judged=True, unread=2)
    assert words.reach(known, Wording("en")).endswith(
        "2 items were not read, or not in full; they may hold some of them."
    )


def test_items_that_were_not_read_are_counted(tmp_path: Path) -> None:
    files = {"1.eml": mail(1, "gone@x.example"), "kept.sqlite": b"SQLite format 3\0" + bytes(600)}
    with open_case(scanned(tmp_path, files)) as opened:
        assert opened.ledger_reach().unread == 1


def test_a_case_that_was_never_judged_says_so() -> None:
    known = LedgerReach(mails=3, answering=0, missing=0, judged=False)
    assert "not worked out yet" in words.reach(known, Wording("en"))


def test_a_case_that_is_not_wholly_read_answers_when_asked_to(tmp_path: Path) -> None:
    case = scanned(tmp_path, written(range(40)))
    CaseFolder.open(case).custody.append("scan_started", {})
    with pytest.raises(NotJudged):
        list(ledger(case))
    with pytest.raises(NotJudged):
        list(missing(case))
    assert sum(line.mails for line in ledger(case, partial=True)) == 40
    assert list(missing(case, partial=True)) == []


def test_marks_are_said_with_their_numbers() -> None:
    line = LedgerLine(
        source="leak",
        mailbox="box",
        month="2017-03",
        mails=90,
        answered=40,
        missing=20,
        threads=30,
        incomplete=18,
        expected=0.18,
        numbers=90,
        numbers_missing=12,
        silent_days=9,
        silent_from="2017-03-04",
        marks=tuple(Mark),
    )
    assert list(words.marks(line, Wording("en"))) == [
        "18 of 30 threads lack mail; usual: 18 %",
        "numbers left out",
        "silent from 2017-03-04",
    ]
