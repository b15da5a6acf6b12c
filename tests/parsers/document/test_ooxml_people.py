"""Who a package names, and what of it is hidden."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from forensics.model.documents import DocumentFacts
from forensics.parsers.document._ooxml_text_part import TextPart
from tests.parsers.document.office_packages import S, W, office, parsed, values, workbook

_W15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
_W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_TC = 'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"'


def test_people_of_a_presentation(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    authors = (
        f'<p:cmAuthorLst {_P}><p:cmAuthor id="0" name="Ada Lind" initials="AL" lastIdx="5"><p:extLst><p:ext>'
        '<p15:presenceInfo xmlns:p15="x" userId="S-1-5-21" providerId="AD"/></p:ext></p:extLst></p:cmAuthor>'
        '<p:cmAuthor id="1" name="Cem Oz" lastIdx="1"/></p:cmAuthorLst>'
    )
    data = office("ppt", {"ppt/commentAuthors.xml": authors})
    facts, notices = parsed(data)
    assert notices == []
    assert values(facts, "person") == ["Ada Lind (AD: S-1-5-21)", "Cem Oz"]
    assert values(facts, "comments_made") == ["5", "1"]
    located(data, facts)


def test_what_a_workbook_names(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    people = f'<personList {_TC}><person displayName="Ada Lind" userId="a@b.example" providerId="AD"/></personList>'
    notes = f"<comments {S}><authors><author>Cem Oz</author><author>tc={{1}}</author></authors></comments>"
    data = workbook(more={"xl/persons/person.xml": people, "xl/comments1.xml": notes})
    facts, _ = parsed(data)
    assert values(facts, "person") == ["Ada Lind (AD: a@b.example)"]
    assert values(facts, "comment_author") == ["Cem Oz"]
    located(data, facts)


def test_sheets_that_are_not_shown() -> None:
    data = workbook()
    assert values(parsed(data)[0], "hidden_sheet") == []
    relations = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    sheet = '<sheet name="Budget" sheetId="1" state="veryHidden" r:id="rId1"/>'
    book = f"<workbook {S} {relations}><sheets>{sheet}</sheets></workbook>"
    assert values(parsed(workbook(more={"xl/workbook.xml": book}))[0], "hidden_sheet") == ["Budget: veryHidden"]


def test_what_is_left_of_comments_and_changes() -> None:
    people = (
        f'<w15:people {_W15}><w15:person w15:author="Ada Lind"><w15:presenceInfo w15:providerId="AD" w15:userId="a"/>'
        '</w15:person><w15:person w15:author="Cem Oz"/></w15:people>'
    )
    threads = (
        f'<w15:commentsEx {_W15}><w15:commentEx w15:paraId="0A"/><w15:commentEx w15:paraId="0B"/></w15:commentsEx>'
    )
    comments = (
        f'<w:comments {W} {_W14}><w:comment w:id="0" w:author="Cem Oz" w:date="2019-03-04T15:20:00Z">'
        '<w:p w14:paraId="0B"><w:r><w:t>why?</w:t></w:r></w:p></w:comment></w:comments>'
    )
    parts = {"word/people.xml": people, "word/commentsExtended.xml": threads, "word/comments.xml": comments}
    facts, _ = parsed(office("word", parts))
    assert values(facts, "comments_gone") == ["1"]
    assert values(facts, "person_idle") == ["Ada Lind (AD: a)"]
    broken, notices = parsed(office("word", parts | {"word/document.xml": f"<w:document {W}><w:body>"}))
    assert "ooxml.text_partial" in [one.code for one in notices]
    assert values(broken, "person_idle") == []


def test_text_that_is_not_shown(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    body = (
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>not for Ada</w:t></w:r><w:r><w:t>shown</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown too</w:t></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>nor this</w:t></w:r>"
    )
    data = office("word", {"word/document.xml": f"<w:document {W}><w:body><w:p>{body}</w:p></w:body></w:document>"})
    facts, _ = parsed(data)
    assert values(facts, "hidden_text") == ["2: not for Ada"]
    was = '<w:r><w:rPr><w:rPrChange w:author="Ada"><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>now</w:t></w:r>'
    before = office("word", {"word/document.xml": f"<w:document {W}><w:body><w:p>{was}</w:p></w:body></w:document>"})
    assert values(parsed(before)[0], "hidden_text") == []
    located(data, facts)


@given(st.text(alphabet="<>/rtvanish", max_size=120))
def test_no_text_breaks_the_search_for_hidden_runs(text: str) -> None:
    TextPart().read(f"<x><vanish/>{text}</x>".encode())
