"""Words of another document's editing session, and marks that no other document of an author has, from files."""

from collections.abc import Callable, Iterable
from typing import Any

from tests.parsers.document.word_files import core, paragraph, word

OWN, OTHER = [f"00AA000{n}" for n in range(3)], [f"00BB000{n}" for n in range(3)]
Archive = Callable[[Iterable[tuple[str, bytes]]], Any]
PASTED = paragraph("It was not paid.", OTHER[1], "5A651743")
LETTER = word(OTHER, PASTED, paragraph("Yours.", OTHER[0]))


def minutes(*pasted: str, sessions: Iterable[str] = ()) -> bytes:
    return word([*OWN, *sessions], paragraph("The grant.", OWN[0], "11111111"), *pasted)


def test_a_paragraph_of_another_document(archive: Archive) -> None:
    (seen,) = archive([("minutes.docx", minutes(PASTED)), ("letter.docx", LETTER)]).of("case.pasted_passage")
    assert seen.bin == "same_paragraph"
    assert [one.location.text for one in seen.subjects] == ["minutes.docx", "letter.docx"]
    values = seen.sentence.values
    assert values["words"] == "It was not paid." and values["donor"] == "letter.docx" and values["session"] == OTHER[1]
    assert seen.evidence[0].raw == PASTED[: PASTED.index(">") + 1].encode()


def test_words_of_two_sessions_without_identifiers(archive: Archive) -> None:
    pasted = paragraph("It was not paid.", OTHER[1]), paragraph("Nor ever.", OTHER[2])
    (seen,) = archive([("minutes.docx", minutes(*pasted)), ("letter.docx", LETTER)]).of("case.pasted_passage")
    assert seen.bin == "several" and len(seen.evidence) == 2


def test_words_that_a_version_of_the_document_lists(archive: Archive) -> None:
    version = minutes(sessions=[OTHER[1]])
    files = ("minutes.docx", minutes(PASTED)), ("letter.docx", LETTER), ("version.docx", version)
    (seen,) = archive(files).of("case.pasted_passage")
    assert (seen.bin, seen.subjects[1].location.text) == ("related", "version.docx")


def test_words_that_many_documents_have_are_a_text_block(archive: Archive) -> None:
    many = [(f"{n}.docx", word([f"00CC{n:04}", OTHER[1]], paragraph("Block.", OTHER[1]))) for n in range(4)]
    assert archive([("minutes.docx", minutes(PASTED)), *many]).of("case.pasted_passage") == []


def test_own_sessions_are_nobody_elses(archive: Archive) -> None:
    assert archive([("minutes.docx", minutes()), ("letter.docx", LETTER)]).of("case.pasted_passage") == []


def saved(number: int, *, language: str = "fr-FR", paper: str = '11906" w:h="16838', saver: str = "Ada") -> bytes:
    section = f'<w:sectPr><w:pgSz w:w="{paper}"/></w:sectPr>'
    text = paragraph("The grant.", OWN[0]), section
    properties = core(saver=saver, created=f"2017-03-{number + 1:02}T10:00")
    return word([f"00DD{number:04}"], *text, properties=properties, more=f'<w:themeFontLang w:val="{language}"/>')


def test_marks_that_no_other_document_of_an_author_has(archive: Archive) -> None:
    others = [(f"{n}.docx", saved(n)) for n in range(8)]
    (seen,) = archive([*others, ("odd.docx", saved(9, language="ru-RU", paper='12240" w:h="15840'))]).of(
        "case.author_habits"
    )
    assert seen.bin == "two" and seen.subjects[0].location.text == "odd.docx"
    assert [dict(mark.values) for mark in seen.sentence.values["marks"]] == [
        {"value": "ru-RU", "usual": "fr-FR"},
        {"value": "12250x15850", "usual": "11900x16850"},
    ]
    assert seen.evidence[0].locator.path == "xml:docProps/core.xml#cp:lastModifiedBy"


def test_who_has_no_habit_breaks_none(archive: Archive) -> None:
    """Nine documents in three languages, and each on its own paper."""
    languages = ("fr-FR", "de-DE", "it-IT", "ru-RU")
    many = [
        (f"{n}.docx", saved(n, language=languages[n // 3], paper=f'{9000 + 100 * n}" w:h="15840')) for n in range(10)
    ]
    assert archive(many).of("case.author_habits") == []


def test_one_mark_or_few_other_documents_say_nothing(archive: Archive) -> None:
    others = [(f"{n}.docx", saved(n)) for n in range(8)]
    few = [(f"b{n}.docx", saved(n, saver="Ben")) for n in range(7)]
    strange = saved(9, language="ru-RU", paper='12240" w:h="15840', saver="Ben")
    odd = ("odd.docx", saved(9, language="ru-RU")), ("b.docx", strange)
    assert archive([*others, *few, *odd]).of("case.author_habits") == []
