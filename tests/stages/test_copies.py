"""Mails that may be versions of one, over a scanned case."""

import hashlib
from pathlib import Path

import pytest

from forensics import ScanOptions, open_case, scan, verify
from forensics.casestore import CaseFolder, Queries
from forensics.checks import load
from forensics.engine.staging.run_stages import run_stages
from forensics.examples.cases import context
from forensics.model.items import Limits
from forensics.model.rows.copies import CopyRow
from forensics.relations import alike
from forensics.replay.contents import SourceContents
from forensics.stages.running import parameters
from forensics.stages.stage import Settings
from forensics.stages.stage import load as load_stage
from tests.parsers.mail.msg_files import msg

pytestmark = pytest.mark.usefixtures("in_process")

WORDS = "We have looked through the books of the harbour office for every week since the winter and given all to Vera. "
TEXT = "\n".join(WORDS.replace("week", f"week {number}") for number in range(12))


def mail(
    text: str = TEXT, *, id: str = "1", time: str = "10:00:00", to: str = "ben@two.example", more: str = ""
) -> bytes:
    return (
        f"{more}From: anna@one.example\nTo: {to}\nSubject: Books\nDate: 6 Mar 2017 {time} +0000\n"
        f"Message-ID: <{id}@one.example>\n\n{text}\n"
    ).encode()


def case_of(folder: Path, mails: list[bytes]) -> tuple[CaseFolder, dict[str, int]]:
    (folder / "leak").mkdir()
    for number, data in enumerate(mails):
        (folder / "leak" / f"{number}.eml").write_bytes(data)
    scan([folder / "leak"], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    return CaseFolder.open(folder / "case"), {hashlib.sha256(data).hexdigest(): n for n, data in enumerate(mails)}


def copies(folder: Path, *mails: bytes) -> list[tuple[set[int], CopyRow]]:
    """Scan mails; return the rows, each with the places of its mails."""
    case, places = case_of(folder, list(mails))
    with Queries(case) as queries:
        rows = list(queries.rows("SELECT * FROM copies ORDER BY ALL", {}, CopyRow))
    return [({places[row.sha256], places[row.other_sha256]}, row) for row in rows]


def test_one_word_under_one_id(tmp_path: Path) -> None:
    mails = mail(), mail(TEXT.replace("week 7", "month 7"), more="Received: from a by b; 6 Mar 2017 10:00:01 +0000\n")
    ((places, row),) = copies(tmp_path, *mails)
    assert (places, row.by, row.changed, row.added) == ({0, 1}, "message_id", 1, 0)
    (change,) = row.changes
    assert {change.words, change.other_words} == {"week", "month"} and change.kind == "word"
    for sha256, line in ((row.sha256, change.line), (row.other_sha256, change.other_line)):
        (data,) = [data for data in mails if hashlib.sha256(data).hexdigest() == sha256]
        assert line.start is not None and line.end is not None
        assert data[line.start : line.end] == line.raw == line.value.encode()
        assert " 7 since the winter" in line.value


def test_a_second_makes_a_pair_only_of_nearly_the_same_words(tmp_path: Path) -> None:
    other = TEXT.replace("harbour", "market").replace("winter", "summer").replace("Vera", "the new archive keepers")
    found = copies(
        tmp_path,
        mail(),
        mail(TEXT.replace("week 3", "Sunday 3"), id="2"),
        mail(other, id="3"),
        mail(id="4", time="11:00:00"),
    )
    assert [(places, row.by, row.changed) for places, row in found] == [({0, 1}, "date", 1)]


def test_copies_that_say_the_same_have_no_row(tmp_path: Path) -> None:
    assert (
        copies(tmp_path, mail(), mail(TEXT.replace(" since", "\nsince")), mail(f"{TEXT}\n", to="eve@two.example")) == []
    )


def test_what_a_list_adds_is_no_change(tmp_path: Path) -> None:
    ((_, row),) = copies(tmp_path, mail(), mail(f"{TEXT}\n-- \nTalk mailing list\n"))
    assert (row.changed, row.added, row.changes) == (0, 2, [])


def test_a_constant_id_makes_no_pairs(tmp_path: Path) -> None:
    letters = [
        mail(TEXT.replace("week 5", f"day {number}"), time=f"10:{number:02}:00") for number in range(alike.MOST + 1)
    ]
    assert copies(tmp_path, *letters) == []


def test_mails_that_cannot_be_read_again_are_told(tmp_path: Path) -> None:
    case, _ = case_of(tmp_path, [mail(), mail(TEXT.replace("week 7", "month 7"))])
    with case.lock():
        contents = SourceContents(lambda label: None)
        with Queries(case, without=["copies"]) as queries, contents:
            run_stages(case, queries, Settings(contents=contents, limits=Limits(parts=99)), [load_stage("copies")])
    with Queries(CaseFolder.open(case.path)) as queries:
        found = list(queries.pairs("SELECT code, text FROM notices WHERE code LIKE 'engine.copies%' ORDER BY code"))
        assert list(queries.rows("SELECT * FROM copies ORDER BY ALL", {}, CopyRow)) == []
    assert found == [("engine.copies_unread", "2 mails whose sources are not at hand or cannot be read")]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (mail(TEXT.replace("week 7", "month 7")), [("words", [])]),
        (mail(TEXT.replace("week 7", "month 7"), id="2"), [("other_id", [])]),
        (mail(TEXT.replace("week 7", "month 7"), id="2", to="eve@two.example"), [("other_id", ["form_letter"])]),
        (mail(TEXT.replace("week 7", "week 7, as Ben and Eve and I told you before,")), [("passage", [])]),
        (mail(TEXT.replace("winter", "wintre")), []),
    ],
)
def test_the_rule_on_them(tmp_path: Path, other: bytes, expected: list[tuple[str, list[str]]]) -> None:
    case, _ = case_of(tmp_path, [mail(), other])
    rule, judging = load("case.copy_differs"), context()
    with Queries(case) as queries:
        seen = list(rule.check(queries.rows(rule.QUERY, parameters(rule.QUERY, judging), rule.Row), judging))
    assert [(one.bin, [state.cause for state in one.benign]) for one in seen] == expected
    assert all(len({fact.sha256 for fact in one.evidence}) == len(one.subjects) == 2 for one in seen)


def stored(text: str = TEXT, page: str = "", *, id: str = "1") -> bytes:
    """Return a mail as Outlook saves it; *page*: its HTML."""
    header = mail(text, id=id).decode().partition("\n\n")[0].replace("\n", "\r\n") + "\r\n\r\n"
    values = {0x001A001F: "IPM.Note", 0x007D001F: header, 0x3FDE0003: 65001}
    values |= {0x1000001F: text.replace("\n", "\r\n")} if text else {}
    return msg(values | ({0x10130102: page.encode()} if page else {}))


def with_page(text: str, page: str) -> bytes:
    head = mail().decode().partition("\n\n")[0]
    parts = f"--x\nContent-Type: text/plain\n\n{text}\n--x\nContent-Type: text/html\n\n{page}\n--x--\n"
    return f"{head}\nContent-Type: multipart/alternative; boundary=x\n\n{parts}".encode()


def test_a_mail_and_the_same_in_a_store(tmp_path: Path) -> None:
    kept = stored(TEXT.replace("since the", "since  the <https://one.example/x> "))
    assert copies(tmp_path, mail(), kept, stored(f"{TEXT}\r\n")) == []


@pytest.mark.parametrize("other", [mail(), stored(TEXT.replace(" to Vera", "\tto\nVera"))])
def test_one_word_in_a_store(tmp_path: Path, other: bytes) -> None:
    changed = stored(TEXT.replace("week 7", "month 7"))
    ((places, row),) = copies(tmp_path, changed, other)
    assert (places, row.by, row.changed, row.added) == ({0, 1}, "message_id", 1, 0)
    (change,) = row.changes
    of_changed = change.line if change.words == "month" else change.other_line
    assert " month 7 since the winter" in of_changed.value
    assert of_changed.raw.decode() == of_changed.value and "utf-16le/1" in of_changed.steps
    with open_case(tmp_path / "case") as case:
        found = list(case.findings(rule="case.copy_differs"))
    assert len(found) == 1
    assert verify(tmp_path / "case").problems == ()


def test_a_text_that_a_store_made_of_a_page_is_not_held_against_the_senders(tmp_path: Path) -> None:
    page = f"<p>{TEXT}</p>"
    own = with_page(TEXT.replace("week 7", "month 7"), page)
    assert copies(tmp_path, own, stored(TEXT, page)) == []


def test_pages_in_which_a_word_differs(tmp_path: Path) -> None:
    own = with_page(f"{TEXT}\nIn HTML too.", f"<p>{TEXT}</p>")
    ((_, row),) = copies(tmp_path, own, stored(TEXT, f"<p>{TEXT.replace('week 7', 'month 7')}</p>"))
    assert [{change.words, change.other_words} for change in row.changes] == [{"week", "month"}]


@pytest.mark.parametrize(
    "kept", [stored("", f"<p>{TEXT} and more</p>"), stored(TEXT[: len(TEXT) // 3] + "other " * 99)]
)
def test_texts_of_other_kinds_or_words_are_passed_over_and_told(tmp_path: Path, kept: bytes) -> None:
    assert copies(tmp_path, mail(), kept) == []
    with Queries(CaseFolder.open(tmp_path / "case")) as queries:
        codes = [code for code, _ in queries.pairs("SELECT code, text FROM notices ORDER BY ALL")]
    assert "engine.copies_stored" in codes
