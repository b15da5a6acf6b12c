"""Who a package names, and what of it is hidden."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from forensics.model.documents import DocumentFacts
from forensics.parsers.document._ooxml_text_part import TextPart
from tests.parsers.document.office_packages import ROWS, S, W, office, parsed, values, workbook

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
    facts, _ = parsed(workbook(more={"xl/workbook.xml": book}))
    assert values(facts, "hidden_sheet") == ["Budget: veryHidden"]
    assert values(facts, "hidden_cell")[0] == "Budget!A1 (hidden sheet): rent"


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


def test_white_and_tiny_words(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    def run(said: str, given: str) -> str:
        return f"<w:r><w:rPr>{given}</w:rPr><w:t>{said}</w:t></w:r>"

    line, small = '<w:sz w:val="2"/>', '<w:sz w:val="16"/>'
    white, dark = '<w:color w:val="FFFFFF"/>', '<w:shd w:val="clear" w:fill="1F3864"/>'
    body = (
        f"<w:p>{run('not for ', white)}{run('Ada', white)}{run('seen', '')}{run('on black', white + dark)}</w:p>"
        f"<w:p><w:pPr>{dark}<w:rPr>{white}</w:rPr></w:pPr>{run('title', white)}</w:p>"
        f'<w:p><w:pPr><w:pStyle w:val="Banner"/></w:pPr>{run("banner", white)}</w:p>'
        f"<w:tbl><w:tr><w:tc><w:tcPr>{dark}</w:tcPr><w:p>{run('head', white)}</w:p></w:tc></w:tr></w:tbl>"
        f"<w:p>{run('a line', line)}{run('small', small)}</w:p>"
        f"<w:p>{run('was white', f'<w:rPrChange><w:rPr>{white}</w:rPr></w:rPrChange>')}</w:p>"
    )
    styles = (
        f'<w:style w:styleId="Bar"><w:pPr>{dark}</w:pPr></w:style>'
        '<w:style w:styleId="Banner"><w:basedOn w:val="Bar"/></w:style>'
    )
    parts = {
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
    }
    facts, notices = parsed(office("word", parts))
    assert notices == []
    assert values(facts, "unseen_words") == ["white: not for Ada", "tiny: a line"]
    located(office("word", parts), facts)
    page = f'<w:document {W}><w:background w:color="000000"/><w:body>{body}</w:body></w:document>'
    assert values(parsed(office("word", parts | {"word/document.xml": page}))[0], "unseen_words") == ["tiny: a line"]


def test_cells_that_are_not_shown(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    rows = ROWS.replace('<row r="2">', '<row r="2" hidden="1">').replace('<c r="B1">', '<c r="B1" s="1">')
    columns = '<cols><col min="1" max="1" hidden="1"/></cols>'
    sheet = f"<worksheet {S}>{columns}<sheetData>{rows}</sheetData></worksheet>"
    formats = '<numFmts><numFmt numFmtId="170" formatCode=";;;"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs>'
    styles = f"<styleSheet {S}>{formats}</styleSheet>"
    data = workbook(more={"xl/worksheets/sheet1.xml": sheet, "xl/styles.xml": styles})
    facts, _ = parsed(data)
    assert values(facts, "hidden_rows") == ["Budget: 2"]
    assert values(facts, "hidden_columns") == ["Budget: A"]
    assert values(facts, "hidden_cells") == ["4"]
    assert values(facts, "hidden_cell") == [
        "Budget!A1 (hidden column): rent", "Budget!B1 (format that shows nothing): 10",
        "Budget!A2 (hidden row): paper", "Budget!B2 (hidden row): 32.5",
    ]  # fmt: skip
    located(data, facts)
    filtered = sheet.replace("</sheetData>", '</sheetData><autoFilter><filterColumn colId="0"/></autoFilter>')
    facts, _ = parsed(workbook(more={"xl/worksheets/sheet1.xml": filtered}))
    assert values(facts, "hidden_rows") == ["Budget: 2, a filter is set"]


@given(st.text(alphabet="<>/rtvanish", max_size=120))
def test_no_text_breaks_the_search_for_hidden_runs(text: str) -> None:
    TextPart().read(f"<x><vanish/>{text}</x>".encode())
