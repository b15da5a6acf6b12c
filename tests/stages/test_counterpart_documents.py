"""Documents against the originals of a reference: which original, what differs, and what the rule says."""

from io import StringIO
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from forensics import ScanOptions, findings, items, open_case, rank, scan, show, write_report
from forensics.casestore import CaseFolder, Queries
from forensics.errors import NotRead
from forensics.model.comparing import Comparison, Side
from forensics.report.compared import against
from tests.parsers.document.office_packages import W
from tests.stages.letters import LIBRARY, OTHER, TEXT, letter

pytestmark = pytest.mark.usefixtures("in_process")

CHANGED = TEXT.replace("week 7", "week 9")
LATER = "2017-03-08T09:00:00Z"


class Row(msgspec.Struct, frozen=True):
    name: str
    original: str
    outcome: str
    matched_by: str
    unexplained: list[str]


def case_of(folder: Path, leak: dict[str, bytes], originals: dict[str, bytes]) -> Path:
    for name, files in (("leak", leak), ("originals", originals)):
        (folder / name).mkdir()
        for file, data in files.items():
            (folder / name / file).write_bytes(data)
    asked = ScanOptions(jobs=1, as_of="2020-01-01", reference=(folder / "originals",))
    scan([folder / "leak"], folder / "case", asked)
    return folder / "case"


def told(case: Path) -> list[tuple[str, str, str, str]]:
    query = """
    SELECT coalesce(o.location_text, '') AS "name", coalesce(t.location_text, '') AS original, outcome, matched_by,
           unexplained
    FROM counterparts c LEFT JOIN occurrences o ON o.sha256 = c.sha256
    LEFT JOIN originals t ON t.sha256 = original_sha256 ORDER BY "name", original
    """
    with Queries(CaseFolder.open(case)) as queries:
        return [(row.name, row.original, row.outcome, row.matched_by) for row in queries.rows(query, {}, Row)]


def bins(case: Path) -> list[str]:
    return [one.bin for one in findings(case, rule="case.reference_document")]


@pytest.mark.parametrize(
    ("data", "expected", "named"),
    [
        (letter(CHANGED), ("differs", "near_text"), ["same_save"]),
        (letter(CHANGED, saved=LATER), ("differs", "near_text"), ["version"]),
        (letter(author="Cem"), ("differs", "text"), ["properties"]),
        (letter(more={"word/odd.xml": "<odd/>"}), ("differs", "text"), ["parts"]),
        (letter(packed=LIBRARY), ("lawful", "text"), []),
        (letter(OTHER), ("differs", "claims"), ["same_save"]),
        (letter(OTHER, created=LATER), ("only_other", ""), []),
    ],
    ids=["word", "later", "author", "part", "packed anew", "by its creation", "another"],
)
def test_a_document_that_has_another_name(
    tmp_path: Path, data: bytes, expected: tuple[str, str], named: list[str]
) -> None:
    case = case_of(tmp_path, {"a.docx": data}, {"b.docx": letter()})
    (found, *left) = reversed(told(case))
    assert (found[0], *found[2:]) == ("a.docx", *expected)
    assert left == ([("", "b.docx", "only_one", "")] if expected[0] == "only_other" else [])
    assert bins(case) == named
    (item,) = items(case)
    assert ("case.reference_document" in item.power) == (expected[0] != "only_other")


def test_what_it_says_goes_before_its_place(tmp_path: Path) -> None:
    """Archives number their files anew, and another document may have the name."""
    other = letter(OTHER, created=LATER, saved=LATER)
    case = case_of(tmp_path, {"1.docx": letter(CHANGED)}, {"1.docx": other, "2.docx": letter()})
    assert told(case) == [("", "1.docx", "only_one", ""), ("1.docx", "2.docx", "differs", "near_text")]


def test_a_place_ties_documents_that_say_other_things(tmp_path: Path) -> None:
    other = letter(OTHER, created=LATER, saved=LATER)
    case = case_of(tmp_path, {"1.docx": letter()}, {"1.docx": other})
    assert told(case) == [("1.docx", "1.docx", "differs", "path")]
    assert bins(case) == ["words"]


def test_an_altered_copy_beside_the_original(tmp_path: Path) -> None:
    case = case_of(tmp_path, {"1.docx": letter(), "2.docx": letter(CHANGED)}, {"1.docx": letter()})
    assert told(case) == [
        ("1.docx", "1.docx", "identical", "digest"),
        ("2.docx", "1.docx", "differs", "near_text"),
    ]


def test_a_label_of_a_server_is_lawful(tmp_path: Path) -> None:
    label = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="MSIP_Label_1f4c_Enabled">'
        "<vt:lpwstr>true</vt:lpwstr></property></Properties>"
    )
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/><Override PartName="/docProps/custom.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>'
    )
    added = {"docProps/custom.xml": label, "[Content_Types].xml": types}
    case = case_of(tmp_path, {"a.docx": letter(more=added)}, {"a.docx": letter()})
    assert told(case) == [("a.docx", "a.docx", "lawful", "path")]
    assert bins(case) == []


def test_show_and_report_have_both_side_by_side(tmp_path: Path) -> None:
    more = {"word/people.xml": '<w15:people xmlns:w15="x"><w15:person w15:author="Cem"/></w15:people>'}
    case = case_of(tmp_path, {"a.docx": letter(CHANGED, more=more)}, {"b.docx": letter()})
    (shown,) = show(case, "a.docx")
    assert shown.against is not None and shown.against.one is not None and shown.against.other is not None
    assert [one.location.text for one in (shown.against.one, shown.against.other)] == ["a.docx", "b.docx"]
    first, second, *_ = shown.against.differences
    assert (first.kind, first.one.value, first.other.value) == ("words", "9", "7")
    assert [run.text for run in first.runs if run.side is Side.ONE] == ["9"]
    assert (second.kind, second.name, second.one.value) == ("property", "ooxml.person", "Cem")
    (ranked,) = [one for one in rank(case) if one.item is not None]
    page = write_report(case, tmp_path / "page.html").read_text("utf-8")
    assert "<del>9</del> <ins>7</ins>" in page and "<del>Cem</del>" in page
    assert ranked.item is not None and ranked.item.location.text == "a.docx"


def test_words_of_an_earlier_text_are_shown(tmp_path: Path) -> None:
    taken = (
        f"<w:document {W}><w:body><w:p><w:r><w:t>paid in </w:t></w:r>"
        '<w:del w:id="1" w:author="Cem" w:date="2017-03-06T10:30:00Z"><w:r><w:delText>May</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="Cem"><w:r><w:t>June</w:t></w:r></w:ins></w:p></w:body></w:document>'
    )
    case = case_of(tmp_path, {"a.docx": letter(more={"word/document.xml": taken})}, {"b.docx": letter()})
    (shown,) = show(case, "a.docx")
    assert ("Words deleted by Cem", "May") in shown.facts.claims
    assert not any("June" in value for _, value in shown.facts.claims)


def test_documents_whose_words_cannot_be_compared_are_compared_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hangs(*_: object) -> Comparison:
        raise NotRead("too slow")

    monkeypatch.setattr("forensics.engine.compared_contents.ComparedContents.difference", hangs)
    case = case_of(tmp_path, {"a.docx": letter(CHANGED)}, {"a.docx": letter()})
    assert told(case) == [("a.docx", "a.docx", "differs", "path")] and bins(case) == ["parts"]
    (shown,) = show(case, "a.docx")
    assert shown.against is not None and not shown.against.whole
    with Queries(CaseFolder.open(case)) as queries:
        found = list(queries.pairs("SELECT code, text FROM notices WHERE code LIKE 'engine.compare%' ORDER BY code"))
    text = "1 documents of which parts or bytes were compared with their originals, but not what they say"
    assert found == [("engine.compare_bytes", text)]


def test_a_document_is_shown_against_the_other_one_of_its_entry(tmp_path: Path) -> None:
    """Of several that are nearly as it is, not the first by digest."""
    texts = [TEXT, CHANGED, *[TEXT.replace("week 5", f"month {number}") for number in range(4)]]
    leak = {f"{number}.docx": letter(text) for number, text in enumerate(texts)}
    case = case_of(tmp_path, leak, {"other.docx": letter(OTHER, created=LATER, saved=LATER)})
    with open_case(case) as opened:
        places = {item.location.text: item.sha256 for item in opened.items()}
        own = places.pop("0.docx")
        for name, other in places.items():
            line = opened.difference(own, {other, own})
            assert line is not None and line.other is not None and line.other.location.text == name


def test_a_mail_is_shown_against_its_original(tmp_path: Path) -> None:
    mail = "From: anna@one.example\nDate: 6 Mar 2017 12:00:00 +0000\nMessage-ID: <1@one.example>\n\n{}\n"
    case = case_of(
        tmp_path, {"a.eml": mail.format("paid").encode()}, {"b.eml": mail.format("not paid yet, it seems").encode()}
    )
    (shown,) = show(case, "a.eml")
    assert shown.against is not None and shown.against.mails
    console = Console(width=80, record=True, file=StringIO())
    console.print(against(shown.against))
    assert "Compared with its original in the reference" in console.export_text()
