"""Documents of one archive whose texts are nearly one, and what the rule says of them."""

import base64
import zipfile
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from forensics import ScanOptions, findings, open_case, scan, verify
from forensics.casestore import CaseFolder, Queries
from forensics.engine.staging.run_stages import run_stages
from forensics.errors import NotRead
from forensics.model.comparing import ComparedLine, Comparison
from forensics.model.items import Limits
from forensics.model.rows.document_copies import DocumentCopyRow
from forensics.replay.contents import SourceContents
from forensics.stages.stage import Settings
from forensics.stages.stage import load as load_stage
from tests.stages.letters import LIBRARY, OTHER, TEXT, letter

pytestmark = pytest.mark.usefixtures("in_process")

CHANGED = TEXT.replace("week 7", "week 9")
LATER = "2017-03-08T09:00:00Z"
ASKED = ScanOptions(jobs=1, as_of="2020-01-01")


def case_of(folder: Path, **files: bytes) -> Path:
    (folder / "leak").mkdir()
    for name, data in files.items():
        (folder / "leak" / name.replace("_", ".")).write_bytes(data)
    scan([folder / "leak"], folder / "case", ASKED)
    return folder / "case"


def rows_of(case: Path) -> list[DocumentCopyRow]:
    with Queries(CaseFolder.open(case)) as queries:
        return list(queries.rows("SELECT * FROM document_copies ORDER BY ALL", {}, DocumentCopyRow))


def seen(case: Path) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (one.bin, [(state.cause, state.state) for state in one.benign if state.state == "explains"])
        for one in findings(case, rule="case.document_differs")
    ]


def test_two_texts_of_one_save(tmp_path: Path) -> None:
    case = case_of(tmp_path, one_docx=letter(), two_docx=letter(CHANGED))
    (row,) = rows_of(case)
    assert (row.tied_by, row.places, row.kinds, row.properties) == ("save", 1, ["number"], [])
    line = msgspec.json.decode(row.compared, type=ComparedLine)
    assert line.one is not None and line.other is not None and line.whole
    assert (line.one.sha256, line.other.sha256) == (row.sha256, row.other_sha256)
    assert {line.differences[0].one.value, line.differences[0].other.value} == {"7", "9"}
    (found,) = findings(case, rule="case.document_differs")
    assert found.bin == "same_save" and {"one.docx", "two.docx"} == {one.location.text for one in found.subjects}
    assert "“7”" in found.statement and "“9”" in found.statement
    assert verify(case).problems == ()


@pytest.mark.parametrize(
    ("other", "by", "expected"),
    [
        (letter(CHANGED, saved=LATER), "text", []),
        (letter(CHANGED, revision=5), "save", []),
        (letter(CHANGED, saved=LATER, packed=LIBRARY), "text", [("other_writer", [])]),
        (letter(CHANGED, packed=LIBRARY), "save", [("same_save", [])]),
        (letter(TEXT.replace("harbour", "h\u0430rbour", 1)), "save", [("same_save", [])]),
        (letter(OTHER), "", []),
        (letter(f" {TEXT.replace(' ', '  ')}"), "", []),
        (letter(TEXT, packed=LIBRARY, author="Cem"), "", []),
    ],
    ids=[
        "saved later",
        "one minute",
        "by another program",
        "in a package of a script",
        "another script",
        "another",
        "wrap",
        "same text",
    ],
)
def test_pairs(tmp_path: Path, other: bytes, by: str, expected: list[tuple[str, list[str]]]) -> None:
    case = case_of(tmp_path, one_docx=letter(), two_docx=other)
    assert [row.tied_by for row in rows_of(case)] == [by] * bool(by)
    assert seen(case) == expected


def test_a_filled_form_is_explained(tmp_path: Path) -> None:
    texts = [TEXT.replace("week 7", f"month {number}") for number in range(3)]
    case = case_of(tmp_path, **{f"{number}_docx": letter(text) for number, text in enumerate(texts)})
    assert seen(case) == [("same_save", [("filled_form", "explains")])] * 3


def test_two_files_of_a_library_are_explained(tmp_path: Path) -> None:
    case = case_of(tmp_path, one_docx=letter(packed=LIBRARY), two_docx=letter(CHANGED, packed=LIBRARY))
    assert seen(case) == [("same_save", [("library_writer", "explains")])]


def test_a_name_ties_documents_whose_texts_are_less_alike(tmp_path: Path) -> None:
    half = f"{TEXT[:600]} {OTHER[:300]}"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("sub/Letter.docx", letter(half, saved=LATER, created=LATER))
    case = case_of(tmp_path, letter_docx=letter(), old_zip=packed.getvalue(), x_docx=letter(half, saved=LATER))
    assert sorted([row.tied_by for row in rows_of(case)]) == ["name"]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (letter(CHANGED), {"case.document_differs": "same_save"}),
        (letter(author="Cem"), {"case.same_save_differs": "authors"}),
        (letter(CHANGED, revision=5), {"case.same_save_differs": "facts"}),
    ],
    ids=["words", "author", "words of another save"],
)
def test_two_files_of_one_name_and_save_are_told_once(tmp_path: Path, other: bytes, expected: dict[str, str]) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("sub/Letter.docx", other)
    case = case_of(tmp_path, letter_docx=letter(), old_zip=packed.getvalue())
    rules = ("case.document_differs", "case.same_save_differs")
    found = [one for one in findings(case) if one.rule in rules]
    assert {one.rule: one.bin for one in found} == expected and len(found) == 1
    if expected == {"case.same_save_differs": "facts"}:
        assert "differ: text, ooxml.revision" in found[0].statement


def test_a_copy_in_a_mail_is_compared(tmp_path: Path) -> None:
    attached = base64.encodebytes(letter(CHANGED)).decode()
    mail = (
        "From: anna@one.example\nTo: ben@two.example\nDate: 6 Mar 2017 12:00:00 +0000\nMessage-ID: <1@one.example>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nsee there\n--b\n'
        "Content-Type: application/octet-stream; name=plan.docx\nContent-Transfer-Encoding: base64\n\n"
        f"{attached}\n--b--\n"
    )
    case = case_of(tmp_path, one_docx=letter(), mail_eml=mail.encode())
    assert [row.tied_by for row in rows_of(case)] == ["save"]
    assert seen(case) == [("same_save", [])]


def test_short_texts_have_no_power(tmp_path: Path) -> None:
    case = case_of(tmp_path, one_docx=letter(TEXT[:300]), two_docx=letter(TEXT[:300].replace("week", "month")))
    assert rows_of(case) == []
    with open_case(case) as opened:
        assert all("case.document_differs" not in item.power for item in opened.items())


def test_documents_that_cannot_be_read_again_are_told(tmp_path: Path) -> None:
    case = CaseFolder.open(case_of(tmp_path, one_docx=letter(), two_docx=letter(CHANGED)))
    with (
        case.lock(),
        SourceContents(lambda label: None) as contents,
        Queries(case, without=["document_copies"]) as queries,
    ):
        run_stages(case, queries, Settings(contents=contents, limits=Limits(parts=99)), [load_stage("document_copies")])
    with Queries(CaseFolder.open(case.path)) as queries:
        found = list(queries.pairs("SELECT code, text FROM notices WHERE code LIKE 'engine.copies%' ORDER BY code"))
    assert rows_of(case.path) == []
    assert found == [
        (
            "engine.copies_unread",
            "1 pairs of documents that were not compared: one could not be read again, or comparing them took too long",
        )
    ]


def test_no_more_pairs_are_tried_once_many_took_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def hangs(_: object, one: object, *others: object) -> Comparison:
        asked.append(one)
        raise NotRead("too slow")

    monkeypatch.setattr("forensics.stages.rereading.MOST_LOST", 2)
    monkeypatch.setattr("forensics.engine.compared_contents.ComparedContents.difference", hangs)
    texts = [TEXT.replace("week 7", f"month {number}") for number in range(3)]
    case = case_of(tmp_path, **{f"{number}_docx": letter(text) for number, text in enumerate(texts)})
    assert len(asked) == 2
    with Queries(CaseFolder.open(case)) as queries:
        found = dict(queries.pairs("SELECT code, text FROM notices WHERE code LIKE 'engine.copies%' ORDER BY code"))
    assert found["engine.copies_unread"].startswith("2 pairs of documents that were not compared")
    assert found["engine.copies_limit"].startswith("1 pairs of documents that are nearly alike")


def test_pairs_beyond_the_words_that_are_compared_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = load_stage("document_copies")
    monkeypatch.setattr(stage, "_PAIRS", stage._PAIRS.replace(str(stage.MOST_COMPARED), "1100"))  # type: ignore[attr-defined]
    texts = [TEXT.replace("week 7", f"month {number}") for number in range(3)]
    case = case_of(tmp_path, **{f"{n}_docx": letter(text) for n, text in enumerate(texts)})
    assert len(rows_of(case)) == 2
    with Queries(CaseFolder.open(case)) as queries:
        found = list(queries.pairs("SELECT code, text FROM notices WHERE code = 'engine.copies_limit' ORDER BY code"))
    assert found == [("engine.copies_limit", "1 pairs of documents that are nearly alike, and were not compared")]
