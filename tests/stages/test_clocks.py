"""The one wrong Date of a thread, over a scanned case."""

import hashlib
from pathlib import Path

import pytest

from forensics import ScanOptions, findings, scan
from forensics.casestore import CaseFolder, Queries
from forensics.model.rows.wrong_times import WrongTimeRow

pytestmark = pytest.mark.usefixtures("in_process")


def mail(name: str, day: int, parent: str = "", *, served: int = 6) -> bytes:
    hour = 10 + "abcd".index(name)
    head = [
        f"Received: from pc.{name}.example by mx.b.example with ESMTP id AAA; {served} Mar 2017 {hour}:00:20 +0000",
        f"From: <{name}@{name}.example>",
        f"Date: {day} Mar 2017 {hour}:00:00 +0000",
        f"Message-ID: <{name}@x.example>",
        *([f"In-Reply-To: <{parent}@x.example>", f"References: <{parent}@x.example>"] if parent else []),
        "Subject: Budget of the harbour",
    ]
    return ("\r\n".join(head) + f"\r\n\r\nText of {name}.\r\n").encode()


def wrong_times(folder: Path, *mails: bytes) -> list[tuple[int, WrongTimeRow]]:
    """Scan mails; return the rows with the place of each mail."""
    (folder / "leak").mkdir()
    for place, data in enumerate(mails):
        (folder / "leak" / f"{place}.eml").write_bytes(data)
    scan([folder / "leak"], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    places = {hashlib.sha256(data).hexdigest(): place for place, data in enumerate(mails)}
    with Queries(CaseFolder.open(folder / "case")) as queries:
        rows = list(queries.rows("SELECT * FROM wrong_times ORDER BY ALL", {}, WrongTimeRow))
    return sorted([(places[row.sha256], row) for row in rows], key=lambda one: (one[0], one[1].kind))


def test_all_others_agree_against_one_date(tmp_path: Path) -> None:
    found = wrong_times(tmp_path, mail("a", 6), mail("b", 16, "a"), mail("c", 6, "b"), mail("d", 6, "b"))
    (row,) = [row for place, row in found if place == 1 and row.kind == "date"]
    assert (row.wrong, row.exact, row.sets, row.least) == (True, True, 1, 1)
    # Its own server, and Date and server of both replies.
    assert row.against == 5
    assert row.agrees == 6
    assert all(not other.wrong for place, other in found if other is not row)
    minute = 600_000_000
    sixth = 14_887_584_000_000_000
    assert row.earliest == sixth + 600 * minute - 10 * minute
    assert row.latest == sixth + 11 * 60 * minute + 200_000_000 + 10 * minute
    (finding,) = findings(tmp_path / "case", rule="case.one_wrong_time")
    assert [subject.role for subject in finding.subjects] == ["suspect", "witness", "witness"]
    assert finding.bin == "off>1d"


def test_two_dates_alone_do_not_tell_which(tmp_path: Path) -> None:
    mails = [data.split(b"\r\n", 1)[1] for data in (mail("a", 16), mail("b", 6, "a"))]
    found = wrong_times(tmp_path, *mails)
    assert [(row.wrong, row.sets) for _, row in found] == [(None, 2), (None, 2)]
    assert not list(findings(tmp_path / "case", rule="case.one_wrong_time"))


def test_a_thread_in_order_has_none(tmp_path: Path) -> None:
    assert not wrong_times(tmp_path, mail("a", 6), mail("b", 6, "a"), mail("c", 6, "b"))


def test_a_date_that_its_own_server_supports_is_not_the_one_wrong_time(tmp_path: Path) -> None:
    found = wrong_times(tmp_path, mail("a", 16, served=16), mail("b", 6, "a"), mail("c", 6, "a"), mail("d", 6, "a"))
    (row,) = [row for place, row in found if place == 0 and row.kind == "date"]
    assert (row.wrong, row.supported) == (True, True)
    assert not list(findings(tmp_path / "case", rule="case.one_wrong_time"))
    # Whose Date is wrong, theirs or its own, nothing decides; but three people do not err together.
    assert {finding.bin for finding in findings(tmp_path / "case", rule="case.reply_before_parent")} == {"before>1d"}
