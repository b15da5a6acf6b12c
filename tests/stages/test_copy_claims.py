"""Copies of one mail with other claims, over a scanned case."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from forensics import ScanOptions, open_case, scan, verify
from forensics.casestore import CaseFolder, Queries
from forensics.checks import load
from forensics.knowledge.wording import Wording
from forensics.model.comparing import ComparedLine
from forensics.model.rows.copy_claims import CopyClaimsRow
from forensics.model.rows.notices import NoticeRow

pytestmark = pytest.mark.usefixtures("in_process")

SAY = Wording("en")
HOP = "Received: from mx.one.example by mx.two.example; Mon, 6 Mar 2017 10:00:01 +0000\n"


def mail(
    *,
    sender: str = "Anna <anna@one.example>",
    to: str = "ben@two.example, cy@two.example",
    date: str = "Mon, 6 Mar 2017 10:00:00 +0000",
    text: str = "The harbour office closes its books on Friday.",
    more: str = "",
    id: str = "1",
) -> bytes:
    head = f"{more}From: {sender}\nTo: {to}\nSubject: Books\nDate: {date}\nMessage-ID: <{id}@one.example>\n"
    return f"{head}\n{text}\n".encode()


def rows(folder: Path, *mails: bytes) -> list[CopyClaimsRow]:
    (folder / "leak").mkdir()
    for number, data in enumerate(mails):
        (folder / "leak" / f"{number}.eml").write_bytes(data)
    scan([folder / "leak"], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    with Queries(CaseFolder.open(folder / "case")) as queries:
        return list(queries.rows("SELECT * FROM copy_claims ORDER BY ALL", {}, CopyClaimsRow))


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({"sender": "Anna <eve@one.example>"}, ["from"]),
        ({"date": "Mon, 6 Feb 2017 10:00:00 +0000"}, ["date"]),
        ({"to": "ben@two.example, cy@two.example, zoe@x.example"}, ["recipient_added"]),
        ({"to": "ben@two.example"}, ["recipient_removed"]),
    ],
)
def test_a_claim_that_differs_has_a_row(tmp_path: Path, changed: dict[str, str], kinds: list[str]) -> None:
    one, other = mail(), mail(**changed, more=HOP)
    (row,) = rows(tmp_path, one, other)
    places = {hashlib.sha256(data).hexdigest(): data for data in (one, other)}
    line = msgspec.json.decode(row.compared, type=ComparedLine)
    # Which of the two is the one hangs on their digests.
    swapped = row.sha256 != hashlib.sha256(one).hexdigest()
    opposite = {"recipient_added": "recipient_removed", "recipient_removed": "recipient_added"}
    assert row.unexplained == [opposite.get(kind, kind) if swapped else kind for kind in kinds]
    for difference in line.unexplained:
        for item, fact in ((line.one, difference.one), (line.other, difference.other)):
            assert item is not None
            for start, end in fact.locator.ranges:
                assert places[item.sha256][start:end].strip() in fact.raw or fact.raw in places[item.sha256]


@pytest.mark.parametrize(
    "other",
    [
        mail(more=HOP),
        mail(date="Mon, 6 Mar 2017 11:00:00 +0100", more=HOP),
        mail(text="Another text.", date="Mon, 6 Feb 2017 10:00:00 +0000", more=HOP),
        mail(sender="eve@one.example", id="2"),
    ],
    ids=["the way alone", "the same instant in another zone", "another text", "another Message-ID"],
)
def test_what_is_lawful_or_another_mail_has_none(tmp_path: Path, other: bytes) -> None:
    found = rows(tmp_path, mail(), other)
    assert [row.unexplained for row in found] == []


def test_of_mails_without_a_text_nothing_says_that_they_are_one(tmp_path: Path) -> None:
    whole = mail().partition(b"\n\n")[0]
    assert rows(tmp_path, whole, whole[: whole.index(b", cy@")] + b"\nMessage-ID: <1@one.example>\n") == []


def left_out(folder: Path) -> list[str]:
    with Queries(CaseFolder.open(folder / "case")) as queries:
        asked = "SELECT * FROM notices WHERE code = 'engine.claims_limit' ORDER BY ALL"
        return [one.text for one in queries.rows(asked, {}, NoticeRow)]


def test_recipients_beyond_a_limit_are_not_said_to_be_missing(tmp_path: Path) -> None:
    limit = 20_000
    head, _, text = mail().partition(b"\n\n")
    lines = [line for line in head.split(b"\n") if not line.startswith(b"To:")]
    other = b"\n".join([*lines, *[b"X: y"] * limit, b"To: ben@two.example, cy@two.example"]) + b"\n\n" + text
    assert rows(tmp_path, mail(), other) == []
    assert left_out(tmp_path) == ["1 pairs of copies of mails with headers too long to be read whole: not judged"]


def test_mails_with_many_copies_are_told(tmp_path: Path) -> None:
    copies = [mail(more=HOP.replace("01 ", f"{second:02} ")) for second in range(10, 23)]
    assert rows(tmp_path, *copies, mail(sender="Anna <eve@one.example>", more=HOP)) == []
    assert left_out(tmp_path) == ["14 mails of which there are more than 12 copies: claims not compared"]


def test_the_finding_names_both_copies_and_the_case_verifies(tmp_path: Path) -> None:
    further = HOP.replace("one", "two").replace("01 ", "02 ")
    rows(tmp_path, mail(more=HOP), mail(sender="Anna <eve@one.example>", more=further + HOP))
    case = open_case(tmp_path / "case")
    (finding,) = [one for one in case.findings() if one.rule == "case.copy_claims"]
    assert finding.bin == "sender" and len(finding.subjects) == 2
    assert load(finding.rule).RULE.id == finding.rule
    assert verify(tmp_path / "case").problems == ()
