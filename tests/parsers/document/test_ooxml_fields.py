"""What the fields of a Word document show."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document._ooxml_fields import shown_date
from forensics.parsers.document._ooxml_text_part import TextPart
from tests.parsers.document.office_packages import W, office, parsed, values


def complex_field(instruction: str, shown: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText> {instruction} </w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{shown}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def simple(instruction: str, shown: str) -> str:
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>'


def document(*fields: str) -> bytes:
    text = f"<w:document {W}><w:body><w:p>{''.join(fields)}</w:p></w:body></w:document>"
    return office("word", {"word/document.xml": text})


def test_fields_of_both_forms(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = document(
        complex_field("AUTHOR", "Ada Lind"),
        simple("TITLE", "Costs"),
        complex_field('SAVEDATE \\@ "dd.MM.yyyy"', "19.05.2017"),
        complex_field("PAGE", "3"),
    )
    facts, notices = parsed(data)
    assert notices == []
    assert (values(facts, "field_author"), values(facts, "field_title")) == (["Ada Lind"], ["Costs"])
    (saved,) = [one for one in facts.timestamps if one.kind is TimeKind.FIELD_SAVED]
    assert saved.wall == 17_305 * 864_000_000_000
    assert presence(facts) & DocumentHas.FIELDS
    located(data, facts)


def test_more_fields_than_are_read_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.document._ooxml_fields.MOST_FIELDS", 1)
    facts, notices = parsed(document(simple("TITLE", "Costs"), simple("TITLE", "Plans")))
    assert values(facts, "field_title") == ["Costs"]
    assert [one.code for one in notices] == ["ooxml.fields_partial"]


def test_a_field_inside_another_belongs_to_both() -> None:
    author = complex_field("AUTHOR", "Ada")
    outer = complex_field("TITLE", f"Costs of </w:t></w:r>{author}<w:r><w:t>")
    part = TextPart()
    assert part.read(f"<w:p {W}>{outer}</w:p>".encode())
    assert part.fields is not None
    assert [(one.name, one.text) for one in part.fields.found] == [("author", "Ada"), ("title", "Costs of Ada")]


@pytest.mark.parametrize(
    ("text", "instruction", "day"),
    [
        ("19.05.2017", 'SAVEDATE \\@ "dd.MM.yyyy" \\* MERGEFORMAT', 17_305),
        ("5/19/17 10:05 AM", 'DATE \\@ "M/d/yy h:mm AM/PM"', 17_305),
        ("Friday, 19 May 2017", 'TIME \\@ "dddd, d MMMM yyyy"', 17_305),
        ("19-May-2017", "DATE \\@ dd-MMM-yyyy", 17_305),
        ("1.2.85", 'DATE \\@ "d.M.yy"', 5_510),
        ("5/6/2017", "DATE", None),
        ("31.02.2017", 'DATE \\@ "dd.MM.yyyy"', None),
        ("19 mai 2017", 'DATE \\@ "d MMMM yyyy"', None),
        ("2017", 'SAVEDATE \\@ "yyyy"', None),
        ("00-XXX-0000", 'SAVEDATE \\@ "dd-MMM-yyyy"', None),
        ("1122019", 'SAVEDATE \\@ "dMyyyy"', None),
    ],
)
def test_days_as_pictures_say(text: str, instruction: str, day: int | None) -> None:
    assert shown_date(text, instruction) == (None if day is None else day * 864_000_000_000)


@pytest.mark.parametrize(
    ("picture", "letter"), [("d" * 60, "a"), ("MMMM" * 15, "a"), ("dM" * 30, "1"), ("AM/PM" * 12, "a")]
)
def test_a_picture_of_many_pieces_is_not_tried_in_all_ways(picture: str, letter: str) -> None:
    assert shown_date(letter * 199 + "!", f'DATE \\@ "{picture}"') is None


@given(st.text(max_size=40), st.text(alphabet="dMyHhms/'\"\\@ .-AP", max_size=30))
def test_no_picture_breaks_the_reading(text: str, picture: str) -> None:
    day = shown_date(text, f'DATE \\@ "{picture}"')
    assert day is None or day % 864_000_000_000 == 0


@given(st.text(alphabet='<>/wr:fldChar="begin', max_size=200))
def test_no_text_breaks_the_reading_of_fields(text: str) -> None:
    TextPart().read(f'<x><fldSimple instr="AUTHOR"/>{text}</x>'.encode())
