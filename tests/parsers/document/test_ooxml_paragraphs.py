"""Which editing session each paragraph of a Word document is of."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from forensics.checks.document import unmarked_paragraph
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.presence.word_sessions import foreign_passages, marked, paragraph_ids, sessions
from forensics.model.rows.documents import row_of
from forensics.model.rules import Context
from forensics.parsers.document._ooxml_paragraphs import MOST_PASSAGES, MOST_WORDS
from forensics.parsers.document._ooxml_text_part import TextPart
from tests.parsers.document.office_packages import W, office, parsed, values
from tests.parsers.document.word_files import paragraph, settings, text, word

OWN, OTHER = "00AA0001", "00FF0000"
Check = Callable[[bytes, DocumentFacts], tuple[int, int]]


def test_words_of_a_session_that_is_not_listed(located: Check) -> None:
    strange = paragraph("It was not paid.", OTHER, "5A651743")
    data = word([OWN], paragraph("The grant.", OWN, "11111111"), strange, paragraph("Nor ever.", OTHER, "22222222"))
    facts, notices = parsed(data)
    assert notices == []
    assert values(facts, "foreign_passage") == [f"{OTHER} in 5A651743: It was not paid. … Nor ever."]
    (passage,) = foreign_passages(facts)
    assert (passage.session, passage.paragraph) == (OTHER, "5A651743")
    assert passage.words.raw == strange[: strange.index(">") + 1].encode()
    assert values(facts, "paragraph_ids") == ["11111111 5A651743 22222222"]
    row = row_of("0" * 64, facts)
    assert row.first_session == OWN and row.sessions == sessions(facts) == [OWN]
    assert row.paragraph_ids == paragraph_ids(facts) and row.passages[0].words.value == "It was not paid. … Nor ever."
    located(data, facts)


def test_a_run_of_another_session_than_its_paragraph() -> None:
    facts, _ = parsed(word([OWN], paragraph("It was not paid.", OWN, run=OTHER), paragraph("So.", OTHER, run=OWN)))
    assert values(facts, "foreign_passage") == [f"{OTHER}: It was not paid."]


def test_a_session_of_zeros_is_none_and_headers_come_with_templates() -> None:
    parts = {
        "word/document.xml": text(paragraph("Words.", "00000000", "1A")),
        "word/header1.xml": text(paragraph("A draft.", OTHER, "1B"), kind="hdr"),
        "word/settings.xml": settings([OWN]),
    }
    facts, _ = parsed(office("word", parts))
    assert values(facts, "foreign_passage") == values(facts, "unmarked_paragraph") == []
    assert marked(facts) == (2, 2)


def test_a_paragraph_without_what_the_others_have(located: Check) -> None:
    many = [paragraph(f"Line {n}.", OWN, f"{n:08X}") for n in range(1, 25)]
    data = word([OWN], *many, "<w:p><w:r><w:t>Put in.</w:t></w:r></w:p>", paragraph("Half.", OWN), "<w:p/>")
    facts, _ = parsed(data)
    assert values(facts, "paragraphs_marked") == ["24 identified, 25 of a session"]
    assert values(facts, "unmarked_paragraph") == ["neither: Put in.", "no identifier: Half."]
    assert presence(facts) & DocumentHas.PARAGRAPHS
    located(data, facts)


def test_a_text_box_stands_in_a_paragraph() -> None:
    inner = paragraph("In the box.", OTHER, "00000002")
    outer = f'<w:p w14:paraId="00000001" w:rsidR="{OWN}"><w:r><w:t>Before </w:t>{inner}<w:t>after.</w:t></w:r></w:p>'
    facts, _ = parsed(word([OWN], outer))
    assert values(facts, "foreign_passage") == [f"{OTHER} in 00000002: In the box."]
    assert values(facts, "paragraph_ids") == ["00000001 00000002"]


def test_what_is_told_is_bounded() -> None:
    many = [paragraph(f"{n}" * 1_000, f"00{n:06X}", f"{n:08X}") for n in range(1, 2_500)]
    facts, notices = parsed(word([OWN], *many, *["<w:p><w:r><w:t>x</w:t></w:r></w:p>"] * 60))
    told = values(facts, "foreign_passage")
    assert len(told) == MOST_PASSAGES and max(map(len, told)) <= MOST_WORDS + 30
    assert len(values(facts, "unmarked_paragraph")) == MOST_PASSAGES
    assert len(values(facts, "paragraph_ids")) == 3 and len(paragraph_ids(facts)) == 2_499
    assert values(facts, "unmarked_paragraphs") == ["60"]
    assert [one.code for one in notices] == ["ooxml.paragraphs", "ooxml.paragraphs", "ooxml.part_limit"]


def test_many_that_lack_what_a_few_have_are_counted_beyond_those_told() -> None:
    few = [paragraph(f"Line {n}.", OWN, f"{n:08X}") for n in range(1, 61)]
    facts, _ = parsed(word([OWN], *few, *[paragraph("Half.")] * 200))
    assert len(values(facts, "unmarked_paragraph")) == MOST_PASSAGES < marked(facts)[0] == 60
    assert list(unmarked_paragraph.check(facts, Context(as_of=0))) == []


def test_a_text_that_breaks_off_does_not_tell_what_all_others_have() -> None:
    many = [paragraph(f"Line {n}.", OWN, f"{n:08X}") for n in range(1, 25)]
    parts = {"word/document.xml": text(*many, paragraph("Put in.")), "word/header1.xml": "<w:hdr>"}
    facts, notices = parsed(office("word", parts))
    assert values(facts, "unmarked_paragraphs") == ["1"] and values(facts, "paragraphs_marked") == []
    assert not presence(facts) & DocumentHas.PARAGRAPHS
    assert "ooxml.text_partial" in [one.code for one in notices]


def test_the_paper_of_each_section() -> None:
    sections = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    facts, _ = parsed(word([OWN], sections, sections, more='<w:themeFontLang w:val="fr-FR"/>'))
    assert values(facts, "page_sizes") == ["11906x16838:2"]
    assert {"page=11900x16850", "language=fr-FR", "program=Microsoft Office Word 16.0300"} <= set(
        row_of("0" * 64, facts).habits
    )
    assert presence(facts) & DocumentHas.HABITS


@given(st.text(alphabet='<>/w:prt="A4 ', max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    part = TextPart()
    part.read(f'<w:x {W}><w:p w:rsidR="{OWN}"><w:r><w:t>{text}</w:t></w:r></w:p></w:x>'.encode())
    assert part.paragraphs.marked <= 1
