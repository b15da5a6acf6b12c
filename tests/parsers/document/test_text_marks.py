"""Characters of a document's texts that are not seen or look like others."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.checks.document import hidden_characters
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.rules import Context
from forensics.parsers.document._text_marks import MOST_MARKS, SUSPECT, marks
from tests.parsers.document.office_packages import STRINGS, W, office, parsed, workbook


def document(*paragraphs: str) -> bytes:
    body = "".join([f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in paragraphs])
    return office("word", {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"})


def said(data: bytes, name: str) -> list[str]:
    return [one.value for one in parsed(data)[0].properties if one.name == f"text.{name}"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("send the em\u0430il", [("mixed_scripts", "em\\u0430il", "cyrillic")]),
        ("\u0440ermission", [("mixed_scripts", "\\u0440ermission", "cyrillic")]),
        ("gro\u03bfup", [("mixed_scripts", "gro\\u03bfup", "greek")]),
        ("P\u0430\u0441\u0447\u0451\u0442", [("mixed_scripts", "P\\u0430\\u0441\\u0447\\u0451\\u0442", "latin")]),
        ("sin\u03b1 and \u03b2k, \u03c4measured, 5 \u03bcm, \u039cg", []),
        ("\u0412\u0435\u0431-API, 3\u0430, a\u0431\u0432, z\u0431\u0432\u0433\u0434", []),
        ("em\u0430il and em\u0430il", [("mixed_scripts", "em\\u0430il", "cyrillic")]),
        ("the can\u200bary sings", [("zero_width", "can\\u200bary", "")]),
        ("ln\u2061x and a\u2062b", []),
        ("invoice\u202efdp.exe", [("bidi", "invoice\\u202efdp", "")]),
        ("\u0645\u0639\u200c\u0646\u06cc", []),
    ],
)
def test_marks_of_a_text(text: str, found: list[tuple[str, str, str]]) -> None:
    assert [(one.kind, one.shown, one.script) for one in marks(text)] == found


def test_a_word_in_a_document(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = document("Please answer by em\u0430il.", "an in\u200bvoice")
    facts, notices = parsed(data)
    assert notices == []
    assert said(data, "mixed_cyrillic") == ["em\\u0430il"] and said(data, "zero_width") == ["in\\u200bvoice"]
    assert said(data, "beyond_ascii") == ["1"] and said(data, "written_script") == []
    assert presence(facts) & DocumentHas.BEYOND_ASCII
    (mixed,) = [one for one in facts.properties if one.name == "text.mixed_cyrillic"]
    assert mixed.raw == "em\u0430il".encode() and mixed.locator.ranges
    located(data, facts)


def test_a_word_that_is_parted_has_no_place_of_its_own() -> None:
    parted = document("em</w:t></w:r><w:r><w:t>\u0430il")
    (mixed,) = [one for one in parsed(parted)[0].properties if one.name == "text.mixed_cyrillic"]
    assert (mixed.value, mixed.raw, mixed.locator.ranges) == ("em\\u0430il", b"", ())


def test_a_letter_that_is_written_as_a_number() -> None:
    assert said(document("em&#x430;il"), "mixed_cyrillic") == ["em\\u0430il"]


def test_a_document_in_two_scripts() -> None:
    assert said(document("em\u0430il", "\u043f\u043e\u0447\u0442\u0430"), "written_script") == ["cyrillic"]


@pytest.mark.parametrize(
    ("beside", "elsewhere"),
    [
        ({}, []),
        ({"docProps/core.xml": "<lastModifiedBy>\u0418\u0432\u0430\u043d</lastModifiedBy>"}, ["cyrillic"]),
        ({"word/styles.xml": f'<w:styles {W}><w:lang w:val="bg-BG"/></w:styles>'}, ["cyrillic"]),
        ({"word/fontTable.xml": f'<w:fonts {W}><w:charset w:val="CC"/></w:fonts>'}, ["cyrillic"]),
        ({"word/fontTable.xml": f'<w:fonts {W}><w:charset w:val="A1"/></w:fonts>'}, []),
        ({"word/header1.xml": f"<w:hdr {W}><w:p><w:r><w:t>em\u0430il</w:t></w:r></w:p></w:hdr>"}, []),
        ({"xl/charts/chart1.xml": "<c name='\u0416'/>"}, ["cyrillic"]),
        ({"word/styles.xml": f'<w:styles {W}><w:lang w:val="de-DE"/></w:styles>'}, []),
    ],
)
def test_what_else_is_of_the_script(beside: dict[str, str], elsewhere: list[str]) -> None:
    body = f"<w:document {W}><w:body><w:p><w:r><w:t>an em\u0430il</w:t></w:r></w:p></w:body></w:document>"
    data = office("word", {"word/document.xml": body, **beside})
    assert said(data, "mixed_cyrillic") and said(data, "script_elsewhere") == elsewhere
    (seen,) = hidden_characters.check(parsed(data)[0], Context(as_of=0))
    assert seen.bin == ("mixed_scripts" if elsewhere else "foreign_script")


def test_another_word_of_the_script_is_another_letter() -> None:
    assert said(document("an em\u0430il", "\u0416 1"), "script_elsewhere") == ["cyrillic"]


def test_texts_of_cells() -> None:
    data = workbook(strings=STRINGS.replace("rent", "r\u0435nt"))
    assert said(data, "mixed_cyrillic") == ["r\\u0435nt"]


def test_ascii_alone_has_nothing_to_be_judged() -> None:
    facts, _ = parsed(document("plain words"))
    assert said(document("plain words"), "beyond_ascii") == []
    assert not presence(facts) & DocumentHas.BEYOND_ASCII


def test_words_beyond_those_told_are_counted() -> None:
    words = [f"em\u0430il{chr(97 + n)}" for n in range(25)]
    facts, notices = parsed(document(*words))
    assert notices == []
    assert len(said(document(*words), "mixed_cyrillic")) == MOST_MARKS
    (found,) = hidden_characters.check(facts, Context(as_of=0))
    assert found.sentence.n == 25


def test_a_text_of_which_not_all_is_looked_at_says_so_and_counts_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    data = document("em\u0430il", "p\u0430per")
    assert presence(parsed(data)[0]) & DocumentHas.BEYOND_ASCII
    monkeypatch.setattr("forensics.parsers.document._text_marks.MOST_MEETINGS", 1)
    facts, notices = parsed(data)
    assert [one.code for one in notices] == ["ooxml.characters_partial"]
    assert not presence(facts) & DocumentHas.BEYOND_ASCII


@given(st.text(max_size=60))
def test_what_has_marks_is_suspect_before_it_is_read(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert SUSPECT.search(data) is not None or not list(marks(text))


@given(st.text(alphabet="ab\u0430\u03bf\u200b\u202e \n", max_size=60))
def test_every_marked_word_stands_in_the_text(text: str) -> None:
    for one in marks(text):
        assert one.word in text
