"""Reference sources: what is told of each item, and that nothing else of a case changes by them."""

from pathlib import Path

import msgspec
import pytest

from forensics import ScanOptions, findings, items, rank, scan, verify
from forensics.casestore import CaseFolder, Queries, reached
from forensics.engine.judging import judge_again
from forensics.errors import Interrupted, UsageError
from forensics.model.locations import Location
from forensics.stages.rereading import Rereading

pytestmark = pytest.mark.usefixtures("in_process")

MAIL = """\
Received: from a.example by b.example with ESMTP id {n}A; Mon, 4 Jan 2016 10:00:05 +0000
From: A <a@a.example>
To: b@b.example
Subject: number {n}
Message-ID: <{n}@a.example>
Date: Mon, 4 Jan 2016 10:00:0{n} +0000

{text}
"""
TEXT = (
    "The roof of house {n} is mended before winter comes, and the price is {n}00 for all of the tiles together. Nobody"
    " but the two of us knows the name of the builder, who wants his money by the end of the month in any case, and"
    " asks whether the cellar and the garden wall are to be looked at on the same day."
)
ASKED = ScanOptions(jobs=1, as_of="2020-01-01")


class Row(msgspec.Struct, frozen=True):
    name: str
    outcome: str
    matched_by: str
    unexplained: list[str]
    lawful: list[str]


def folder(path: Path, **files: bytes) -> Path:
    path.mkdir()
    for name, data in files.items():
        (path / f"{name}.eml").write_bytes(data)
    return path


def mail(n: int, *pairs: tuple[str, str]) -> bytes:
    text = MAIL.format(n=n, text=TEXT.format(n=n))
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path]:
    """An archive and its originals: unchanged, kept elsewhere, changed, dated anew, added, removed."""
    leak = folder(
        tmp_path / "leak",
        same=mail(1),
        kept=b"X-Mozilla-Status: 0001\n" + mail(2),
        word=mail(3, ("before winter", "after winter")),
        renewed=mail(4, ("<4@", "<44@"), ("Mon, 4 Jan 2016", "Tue, 5 Jan 2016")),
        added=mail(5),
        again=mail(1, ("100 for", "900 for")),
    )
    originals = folder(tmp_path / "originals", one=mail(1), two=mail(2), three=mail(3), four=mail(4), gone=mail(6))
    (leak / "plan.bin").write_bytes(b"\x00\x01roof")
    (originals / "plan.bin").write_bytes(b"\x00\x01wall")
    return leak, originals


def told(case: Path) -> dict[str, tuple[str, str]]:
    query = """
    SELECT coalesce(o.location_text, t.location_text) AS "name", outcome, matched_by, unexplained, lawful
    FROM counterparts c LEFT JOIN occurrences o ON o.sha256 = c.sha256
    LEFT JOIN originals t ON t.sha256 = original_sha256 ORDER BY "name"
    """
    with Queries(CaseFolder.open(case)) as queries:
        rows = list(queries.rows(query, {}, Row))
    return {row.name.removesuffix(".eml"): (row.outcome, row.matched_by) for row in rows}


EXPECTED = {
    "same": ("identical", "digest"),
    "kept": ("lawful", "message_id"),
    "word": ("differs", "message_id"),
    "renewed": ("differs", "text"),
    "added": ("only_other", ""),
    "again": ("differs", "message_id"),
    "gone": ("only_one", ""),
    "plan.bin": ("differs", "path"),
}


def test_each_item_is_told_and_nothing_of_the_reference_is_judged(sources: tuple[Path, Path], tmp_path: Path) -> None:
    leak, originals = sources
    case, plain = tmp_path / "case", tmp_path / "plain"
    result = scan([leak], case, msgspec.structs.replace(ASKED, reference=(originals,)))
    scan([leak], plain, ASKED)
    assert told(case) == EXPECTED
    assert result.extent.items == len(list(items(case))) == 7
    assert [one.location.text for one in items(case)] == [one.location.text for one in items(plain)]
    known = {one.rule for one in findings(case)} - {"case.reference_differs"}
    assert known == {one.rule for one in findings(plain)}
    found = {one.item.location.text: one for one in findings(case, rule="case.reference_differs")}
    assert found.keys() == {"word.eml", "renewed.eml", "again.eml"}
    assert "before" in found["word.eml"].statement and "after" in found["word.eml"].statement
    assert "case.reference_differs" in next(one.power for one in items(case) if one.location.text == "same.eml")
    assert "case.reference_differs" not in next(one.power for one in items(case) if one.location.text == "added.eml")
    others = [
        [one.item for one in rank(of) if one.item and one.item.location.text not in found] for of in (case, plain)
    ]
    names = [[item.location.text for item in items] for items in others]
    assert names == [[], ["same.eml"]], (
        "what differs moves up; what is as in its original is accused by nothing it shares"
    )
    assert verify(case).problems == ()
    (originals / "three.eml").write_bytes(mail(3) + b"more")
    assert {one.code for one in verify(case).problems} >= {"source.changed"}


def test_a_second_scan_reads_nothing_and_keeps_the_reference(sources: tuple[Path, Path], tmp_path: Path) -> None:
    leak, originals = sources
    case = tmp_path / "case"
    asked = msgspec.structs.replace(ASKED, reference=(originals,))
    scan([leak], case, asked)
    first = told(case)
    assert scan([leak], case, asked).units == 0
    assert scan([leak], case, ASKED).units == 0
    assert told(case) == first
    (originals / "gone.eml").unlink()
    scan([leak], case, ASKED)
    assert "gone" not in told(case)
    originals.rename(tmp_path / "away")
    scan([leak], case, ASKED)
    assert told(case).keys() == first.keys() - {"gone"}, "what was compared stands, where the originals are away"


def test_another_reference_replaces_the_first(sources: tuple[Path, Path], tmp_path: Path) -> None:
    leak, originals = sources
    case = tmp_path / "case"
    scan([leak], case, ASKED)
    assert told(case) == {}
    scan([leak], case, msgspec.structs.replace(ASKED, reference=(originals,)))
    assert told(case)["word"] == ("differs", "message_id")
    other = folder(tmp_path / "other", three=mail(3, ("before winter", "after winter")))
    scan([leak], case, msgspec.structs.replace(ASKED, reference=(other,)))
    assert told(case)["word"] == ("identical", "digest")
    assert [record.label for record in CaseFolder.open(case).info.references] == ["other"]
    assert verify(case).problems == ()


def test_a_case_with_a_reference_is_judged_again(sources: tuple[Path, Path], tmp_path: Path) -> None:
    leak, originals = sources
    scan([leak], tmp_path / "case", msgspec.structs.replace(ASKED, reference=(originals,)))
    folder = CaseFolder.open(tmp_path / "case")
    with folder.lock():
        assert judge_again(folder)


def test_a_stopped_scan_claims_nothing(
    sources: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leak, originals = sources
    asked = msgspec.structs.replace(ASKED, reference=(originals,))

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("forensics.engine.scan.read_references", stopped)
        with pytest.raises(Interrupted):
            scan([leak], tmp_path / "case", asked)
    assert not reached(CaseFolder.open(tmp_path / "case")).judged
    assert told(tmp_path / "case") == {}
    scan([leak], tmp_path / "case", asked)
    assert told(tmp_path / "case")["gone"] == ("only_one", "")


def test_originals_that_are_away_are_said_to_be_unread(
    sources: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leak, originals = sources
    asked = msgspec.structs.replace(ASKED, reference=(originals,))
    read = Rereading.read

    def away(self: Rereading, location: Location) -> bytes | None:
        (originals / "three.eml").unlink(missing_ok=True)
        return read(self, location)

    monkeypatch.setattr(Rereading, "read", away)
    scan([leak], tmp_path / "case", asked)
    assert told(tmp_path / "case")["word"] == ("unread", "message_id")


@pytest.mark.parametrize("which", ["leak", "missing", "inside"])
def test_wrong_references_are_refused(sources: tuple[Path, Path], tmp_path: Path, which: str) -> None:
    leak, originals = sources
    given = {"leak": leak, "missing": tmp_path / "missing", "inside": originals}[which]
    case = originals / "case" if which == "inside" else tmp_path / "case"
    with pytest.raises(UsageError):
        scan([leak], case, msgspec.structs.replace(ASKED, reference=(given,)))
    assert not case.exists()


def test_mails_of_a_robot_are_no_versions_of_each_other(tmp_path: Path) -> None:
    leak = folder(tmp_path / "leak", one=mail(1), two=mail(1, ("<1@", "<2@"), ("10:00:01", "11:00:01")))
    originals = folder(tmp_path / "originals", one=mail(1))
    scan([leak], tmp_path / "case", msgspec.structs.replace(ASKED, reference=(originals,)))
    assert told(tmp_path / "case") == {"one": ("identical", "digest"), "two": ("only_other", "")}


def test_mails_of_one_text_are_no_versions_where_several_have_it(tmp_path: Path) -> None:
    second = mail(1, ("<1@", "<2@"), ("10:00:01", "11:00:01"))
    third = mail(1, ("<1@", "<3@"), ("10:00:01", "12:00:01"))
    leak = folder(tmp_path / "leak", two=second, three=third)
    originals = folder(tmp_path / "originals", one=mail(1))
    scan([leak], tmp_path / "case", msgspec.structs.replace(ASKED, reference=(originals,)))
    assert set(told(tmp_path / "case").values()) == {("only_other", ""), ("only_one", "")}
