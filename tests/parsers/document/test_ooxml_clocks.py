"""What a package shows of its age, and the times inside it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.knowledge.document_births import births
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document._ooxml_marks import FONT
from tests.parsers.document.office_packages import OFFICE, S, W, office, parsed, values

Located = Callable[[bytes, DocumentFacts], tuple[int, int]]
M = "http://schemas.microsoft.com/office"
PRINTER = "\\\\office\\second floor".encode("utf-16-le").ljust(64, b"\0") + b"\1\4"
TEXT = (
    f'<w:document {W} xmlns:w14="{M}/word/2010/wordml" xmlns:w15="{M}/word/2012/wordml" xmlns:o="urn:other"><w:body>'
    '<w:p><w:r><w:rPr><w:rFonts w:ascii="Aptos" w:hAnsi="Calibri"/></w:rPr><w:t>Paid \u20bf &#x1F984; \U0001f300</w:t>'
    "</w:r></w:p></w:body></w:document>"
)
BOOK = (
    f'<workbook {S} xmlns:x15="{M}/spreadsheetml/2010/11/main">'
    '<fileVersion appName="xl" lastEdited="7" rupBuild="23530"/><workbookPr defaultThemeVersion="166925"/>'
    '<extLst><ext uri="{1}"><f:calcFeatures xmlns:f="urn:f"><f:feature name="microsoft.com:RD"/>'
    '<f:feature name="microsoft.com:LET_WF"/></f:calcFeatures></ext></extLst></workbook>'
)
SHEET = (
    f'<worksheet {S}><sheetData><row r="1"><c r="A1"><f>_xlfn.IFS(1,2)+_xlfn._xlws.FILTER(B1:B2,1)</f></c></row>'
    "</sheetData></worksheet>"
)
CHANGES = (
    '<pc:chgInfo xmlns:pc="urn:pc"><pc:chgData name="Ada"/><pc:sldChg dt="2020-01-02T10:00:00.5" v="1"/>'
    '<pc:sldChg dt="2019-12-31T10:00:00.5" v="0"/></pc:chgInfo>'
)
THREAD = '<T xmlns="urn:t"><threadedComment ref="A1" dT="2020-01-03T10:00:00.21" personId="{1}"/></T>'
SLIDE = (
    '<p:cmLst xmlns:p="urn:p"><p:cm dt="2020-01-02T12:00:00.000"><p:ext timeZoneBias="-120"/></p:cm>'
    '<p:cm dt="2020-01-02T12:00:00.000"/></p:cmLst>'
)
PEOPLE = (
    '<personList xmlns="urn:l"><person displayName="Ada" providerId="AD" userId="S::ada@office.example"/></personList>'
)


def text(body: str = TEXT) -> bytes:
    return office("word", {"word/document.xml": body})


def test_namespaces_of_roots(located: Located) -> None:
    data = text()
    facts, notices = parsed(data)
    assert notices == []
    assert values(facts, "namespaces") == ["word/document.xml word/2010/wordml word/2012/wordml"]
    assert presence(facts) & DocumentHas.MARKS and presence(facts) & DocumentHas.VERSIONS
    located(data, facts)


def test_a_large_part_and_many_parts_are_not_looked_through_and_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.document._ooxml_marks.PART_BYTES", 200)
    facts, notices = parsed(text())
    assert values(facts, "namespaces") == values(facts, "font_used") == []
    assert [one.text for one in notices] == [
        f"part word/document.xml of {len((OFFICE + TEXT).encode())} bytes was not looked through, limit 200"
    ]
    monkeypatch.undo()
    monkeypatch.setattr("forensics.parsers.document._ooxml_marks.MOST_PARTS", 1)
    facts, notices = parsed(office("word", {"word/document.xml": TEXT, "word/header1.xml": TEXT}))
    assert values(facts, "font_used") == ["Aptos"]
    assert [one.text for one in notices] == [
        "2 parts of the kind of word/document.xml, limit 1; the rest was not looked through"
    ]


def test_every_font_of_a_known_birth_is_looked_for() -> None:
    assert [name for name in births("font") if FONT.findall(f'"{name}"'.encode()) != [name.encode()]] == []


def test_the_youngest_of_each_kind(located: Located) -> None:
    data = text()
    facts, _ = parsed(data)
    assert values(facts, "font_used") == ["Aptos"]
    (sign,) = [one for one in facts.properties if one.name == "ooxml.character"]
    assert (sign.value, sign.raw) == ("U+20BF", "\u20bf".encode())
    unicorn, _ = parsed(text(TEXT.replace("\u20bf", "")))
    (sign,) = [one for one in unicorn.properties if one.name == "ooxml.character"]
    assert (sign.value, sign.raw) == ("U+1F984", b"&#x1F984;")
    located(data, facts)


def test_marks_of_a_workbook(located: Located) -> None:
    data = office("xl", {"xl/workbook.xml": BOOK, "xl/worksheets/sheet1.xml": SHEET})
    facts, _ = parsed(data)
    found = {name: values(facts, name) for name in ("theme_version", "feature", "function")}
    assert found == {"theme_version": ["166925"], "feature": ["microsoft.com:LET_WF"], "function": ["FILTER"]}
    assert presence(facts) & DocumentHas.BUILD
    located(data, facts)


def test_a_part_that_is_too_large_is_not_looked_through() -> None:
    large = TEXT.replace("Paid", "x" * (1 << 23))
    assert values(parsed(text(large))[0], "font_used") == []


def test_sessions_keep_their_first_and_last_change(located: Located) -> None:
    data = office("word", {"word/document.xml": TEXT, "ppt/changesInfos/changesInfo1.xml": CHANGES})
    facts, _ = parsed(data)
    changes = [one for one in facts.timestamps if one.kind is TimeKind.SESSION_CHANGE]
    assert [one.raw for one in changes] == [b"2019-12-31T10:00:00.5", b"2020-01-02T10:00:00.5"]
    assert all(isinstance(one.instant, int) for one in changes)
    assert values(facts, "session_changes") == ["2"]
    assert presence(facts) & DocumentHas.INNER_UTC
    located(data, facts)


def test_comments_and_who_made_them(located: Located) -> None:
    parts = {
        "xl/threadedComments/threadedComment1.xml": THREAD,
        "ppt/comments/comment1.xml": SLIDE,
        "xl/persons/person.xml": PEOPLE,
    }
    data = office("xl", {"xl/workbook.xml": BOOK, **parts})
    facts, notices = parsed(data)
    assert notices == []
    (thread,) = [one for one in facts.timestamps if one.kind is TimeKind.COMMENT_UTC]
    assert thread.raw == b"2020-01-03T10:00:00.21" and isinstance(thread.instant, int)
    zoned, plain = [one for one in facts.timestamps if one.kind is TimeKind.COMMENT_LOCAL]
    assert zoned.instant == zoned.wall - 2 * 36_000_000_000 and zoned.offset_s == 7200
    assert not isinstance(plain.instant, int) and plain.wall == zoned.wall
    assert values(facts, "person") == ["Ada (AD: S::ada@office.example)"]
    located(data, facts)


def test_paths_and_printers(located: Located) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}/attachedTemplate" Target="file:///C:\\Forms\\a.dotx" '
        'TargetMode="External"/>'
        f'<Relationship Id="r2" Type="{kind}/theme" Target="theme1.xml"/></Relationships>'
    )
    named = "\\\\office\\Printer 2".encode("utf-16-le").ljust(220, b"\0")
    data = office(
        "word",
        {"word/document.xml": TEXT, "word/_rels/settings.xml.rels": rels},
        written={
            "xl/printerSettings/printerSettings1.bin": named,
            "xl/printerSettings/printerSettings2.bin": named,
            "ppt/printerSettings/printerSettings1.bin": b"\2\0\0\0\1\0\0\0<?xml",
        },
    )
    facts, _ = parsed(data)
    assert values(facts, "attached_template") == ["file:///C:\\Forms\\a.dotx"]
    assert values(facts, "printer") == ["\\\\office\\Printer 2"]
    located(data, facts)


@pytest.mark.parametrize(
    ("settings", "told"), [(PRINTER, ["\\\\office\\second floor"]), (b"<?xml version=", []), (bytes(80), [])]
)
def test_printers(settings: bytes, told: list[str]) -> None:
    data = office("word", {}, written={"word/printerSettings/printerSettings1.bin": settings})
    assert values(parsed(data)[0], "printer") == told


def test_comments_beyond_the_limit_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.document._ooxml_clocks.MOST_COMMENTS", 1)
    facts, notices = parsed(office("ppt", {"ppt/comments/comment1.xml": SLIDE}))
    assert len([one for one in facts.timestamps if one.kind is TimeKind.COMMENT_LOCAL]) == 1
    assert [one.text for one in notices] == ["more than 1 comments; times of the rest are not told"]


def test_many_linked_files_hide_no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.document._ooxml_paths.MOST_TOLD", 1)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    linked = "".join(
        [f'<Relationship Id="r{n}" Type="{kind}" Target="{n}.png" TargetMode="External"/>' for n in range(2)]
    )
    parts = {"word/_rels/document.xml.rels": f"<Relationships>{linked}</Relationships>"}
    facts, notices = parsed(office("word", parts, written={"word/printerSettings/printerSettings1.bin": PRINTER}))
    assert (values(facts, "linked_file"), values(facts, "printer")) == (["0.png"], ["\\\\office\\second floor"])
    assert [one.code for one in notices] == ["ooxml.limit"]


@given(st.sampled_from((TEXT, BOOK, SHEET, CHANGES, THREAD, SLIDE, PEOPLE)), st.data())
def test_broken_parts_are_told(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body)))
    cut = body[:start] + data.draw(st.text(max_size=6)) + body[data.draw(st.integers(start, len(body))) :]
    names = ("word/document.xml", "xl/workbook.xml", "ppt/changesInfos/c.xml", "ppt/comments/comment1.xml")
    names += ("xl/threadedComments/t.xml", "xl/persons/p.xml", "xl/worksheets/sheet1.xml")
    parsed(office("word", {}, written=dict.fromkeys(names, cut.encode("utf-8", "replace"))))
