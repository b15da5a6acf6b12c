"""Threads over a scanned case: links, their evidence, and what is missing."""

import hashlib
from pathlib import Path

import pytest

from forensics import ScanOptions, scan, show
from forensics.casestore import CaseFolder, Queries
from forensics.knowledge.wording import Wording
from forensics.model.rows.threads import GhostRow, ThreadRow
from forensics.report import threads as lines

pytestmark = pytest.mark.usefixtures("in_process")


def mail(number: int, *fields: str, subject: str = "Budget of the harbour", sender: str = "ana@a.example") -> bytes:
    head = [
        f"From: <{sender}>",
        "To: <ana@a.example>, <bo@b.example>, <cy@c.example>",
        f"Date: Mon, 6 Mar 2017 10:{number:02}:00 +0000",
        f"Subject: {subject}",
        *fields,
    ]
    return ("\r\n".join(head) + f"\r\n\r\nText number {number}.\r\n").encode()


def threads(folder: Path, *mails: bytes) -> tuple[dict[int, ThreadRow], list[GhostRow]]:
    """Scan mails; return the row of each by its place, and the missing messages."""
    (folder / "leak").mkdir()
    for place, data in enumerate(mails):
        (folder / "leak" / f"{place}.eml").write_bytes(data)
    scan([folder / "leak"], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    places = {hashlib.sha256(data).hexdigest(): place for place, data in enumerate(mails)}
    with Queries(CaseFolder.open(folder / "case")) as queries:
        rows = {places[row.sha256]: row for row in queries.rows("SELECT * FROM threads ORDER BY number", {}, ThreadRow)}
        return rows, list(queries.rows("SELECT * FROM ghosts ORDER BY number", {}, GhostRow))


def test_mails_say_whom_they_answer(tmp_path: Path) -> None:
    rows, ghosts = threads(
        tmp_path,
        mail(0, "Message-ID: <a@x.example>"),
        mail(1, "Message-ID: <b@x.example>", "In-Reply-To: <a@x.example>", "References: <a@x.example>"),
        mail(2, "Message-ID: <c@x.example>", "References: <a@x.example> <b@x.example>"),
        mail(3, "Message-ID: <d@x.example>", subject="Another matter"),
    )
    assert ghosts == []
    assert [rows[place].parent for place in range(4)] == [None, rows[0].number, rows[1].number, None]
    assert [rows[place].by for place in range(4)] == [[], ["in_reply_to", "references"], ["references"], []]
    assert [rows[place].depth for place in range(4)] == [0, 1, 2, 0]
    assert rows[0].thread == rows[1].thread == rows[2].thread != rows[3].thread


def test_a_message_that_is_missing_keeps_its_place(tmp_path: Path) -> None:
    chain = "References: <a@x.example> <gone@x.example>"
    rows, (ghost,) = threads(
        tmp_path,
        mail(0, "Message-ID: <a@x.example>"),
        mail(1, "Message-ID: <b@x.example>", "In-Reply-To: <gone@x.example>", chain, subject="Re: Budget"),
        mail(2, "Message-ID: <c@x.example>", "In-Reply-To: <b@x.example>", f"{chain} <b@x.example>"),
    )
    assert (ghost.id, ghost.mentions, ghost.replies, ghost.subject) == ("gone@x.example", 2, 1, "budget")
    assert ghost.parent == rows[0].number
    assert rows[1].parent == ghost.number
    assert rows[1].depth == 2
    assert ghost.first is not None and ghost.last is not None and ghost.first < ghost.last


def test_without_ids_the_subject_and_the_people_tell(tmp_path: Path) -> None:
    rows, _ = threads(
        tmp_path,
        mail(0, sender="bo@b.example"),
        mail(1, subject="RE: Budget of the harbour"),
        mail(2, subject="RE: Budget of the harbour", sender="eve@elsewhere.example"),
        mail(3, subject="Budget of the harbour", sender="cy@c.example"),
    )
    assert (rows[1].parent, rows[1].by) == (rows[0].number, ["subject"])
    # The newest that a reader of it wrote; without a reply mark nothing is answered.
    assert rows[2].parent == rows[1].number
    assert rows[3].parent is None


def test_a_thread_index_begins_with_that_of_the_parent(tmp_path: Path) -> None:
    head = "AdKWa4V1E0J0xq8sQ0uPq3vZ1Jm0Ag=="
    child = "AdKWa4V1E0J0xq8sQ0uPq3vZ1Jm0AgAAAAUA"
    rows, _ = threads(tmp_path, mail(0, f"Thread-Index: {head}"), mail(1, f"Thread-Index: {child}", subject="Other"))
    assert (rows[1].parent, rows[1].by) == (rows[0].number, ["thread_index"])


def test_mails_that_answer_each_other_make_no_circle(tmp_path: Path) -> None:
    rows, _ = threads(
        tmp_path,
        mail(0, "Message-ID: <a@x.example>", "In-Reply-To: <b@x.example>"),
        mail(1, "Message-ID: <b@x.example>", "In-Reply-To: <a@x.example>"),
        mail(2, "Message-ID: <c@x.example>", "In-Reply-To: <c@x.example>"),
    )
    assert sorted(rows[place].depth for place in (0, 1)) == [0, 1]
    assert (rows[2].parent, rows[2].depth, rows[2].by) == (None, 0, [])


def test_copies_share_a_number(tmp_path: Path) -> None:
    rows, _ = threads(
        tmp_path,
        mail(0, "Message-ID: <a@x.example>"),
        mail(1, "Message-ID: <a@x.example>"),
        mail(2, "Message-ID: <b@x.example>", "In-Reply-To: <a@x.example>"),
    )
    assert rows[0].number == rows[1].number == rows[2].parent


def test_it_is_shown(tmp_path: Path) -> None:
    threads(
        tmp_path,
        mail(0, "Message-ID: <a@x.example>", "In-Reply-To: <gone@x.example>"),
        mail(1, "Message-ID: <b@x.example>", "In-Reply-To: <a@x.example>"),
    )
    (first,) = show(tmp_path / "case", "0.eml")
    (second,) = show(tmp_path / "case", "1.eml")
    assert first.thread is not None and second.thread is not None
    said = list(lines._lines(first.thread, Wording("en")))
    assert said == [
        "Answers a message that is none of those that were read: gone@x.example (In-Reply-To)",
        "Answered by 1 mail here: 1.eml",
        "Its thread has 2 mails here; messages that are named and were not read: 1",
    ]
    assert second.thread.answers is not None and second.thread.answers.location.text == "0.eml"
