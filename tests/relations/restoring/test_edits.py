"""What may have stood in a place of a text, as another text has it."""

import pytest

from forensics.parsers.mail.quoted_lines import text_lines
from forensics.relations.quotes.shown import Shown
from forensics.relations.restoring.candidates import TOGETHER, candidates, is_of_form
from forensics.relations.restoring.edits import MOST_EDITS, Edit, edits_of
from forensics.relations.restoring.wordings import wording_of_other, wording_of_text

TEXT = "Dear all,\n\nthe sum was returned\nto us on Monday,  and all\nof it was spent.\n\nAnna\n"


def made(changed: str, other: str, part: str) -> list[str]:
    """Return every text that undoes one edit, or some."""
    edits = edits_of(wording_of_text(changed, text_lines(changed), part), wording_of_other(Shown(other), part))
    texts = []
    for chosen in candidates(edits or []):
        text = changed
        for edit, way in sorted(chosen, key=lambda one: one[0].start, reverse=True):
            text = text[: edit.start] + way + text[edit.end :]
        texts.append(text)
    return texts


def quoted(text: str, marks: str = "> ") -> str:
    return "".join([f"{marks}{line}".rstrip() + "\n" for line in text.splitlines()]) + "\nThank you.\n"


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("returned", "kept"),
        TEXT.replace("was returned\nto us", "was never\ngiven"),
        TEXT.replace("returned", "not returned"),
        TEXT.replace("to us on Monday,  and all\n", ""),
        TEXT.replace("to us on Monday,", "to us"),
        TEXT.replace("spent.\n", "spent.\nTell nobody.\n"),
        TEXT.replace("spent.\n\n", "spent.\n\nTell nobody.\n\n"),
        TEXT.replace("sum", "loan").replace("spent", "lost"),
    ],
)
@pytest.mark.parametrize("part", ["answer", "copy"])
def test_the_text_is_among_what_is_made(changed: str, part: str) -> None:
    assert TEXT in made(changed, quoted(TEXT) if part == "answer" else TEXT, part)


def test_a_rewrapped_quote_restores_a_word_with_the_wrap_of_the_text() -> None:
    changed = TEXT.replace("returned\nto us on", "given\nto them on")
    assert TEXT in made(changed, quoted(" ".join(TEXT.split())), "answer")


def test_a_rewrapped_quote_restores_a_line_between_blank_ones() -> None:
    text = TEXT.replace("to us", "\nto us").replace("and all\n", "and all\n\n")
    changed = text.replace("to us on Monday,  and all\n", "")
    other = quoted(text.replace("  and all", "\nand all"))
    assert text.replace(",  and", ", and") in made(changed, other, "answer")


def test_a_trimmed_quote_restores_what_it_has() -> None:
    changed = TEXT.replace("to us on Monday,  and all\n", "")
    kept = TEXT[TEXT.index("the sum") : TEXT.index("of it")]
    assert TEXT in made(changed, quoted(kept), "answer")


@pytest.mark.parametrize("marks", ["> ", ">", "| "])
def test_an_edited_quote_gets_the_words_of_its_original(marks: str) -> None:
    reply = quoted(TEXT, marks)
    for changed in (
        reply.replace("returned", "kept"),
        reply.replace(f"{marks}to us on Monday,  and all\n", ""),
        reply.replace("spent.\n", f"spent.\n{marks}Tell nobody.\n"),
    ):
        assert reply in made(changed, TEXT, "quoted")


def test_line_ends_are_those_of_the_text() -> None:
    whole = TEXT.replace("\n", "\r\n")
    assert whole in made(whole.replace("to us on Monday,  and all\r\n", ""), quoted(TEXT), "answer")


def test_words_and_lines_of_an_edit() -> None:
    changed = TEXT.replace("returned", "kept")
    (edit,) = (
        edits_of(
            wording_of_text(changed, text_lines(changed), "answer"), wording_of_other(Shown(quoted(TEXT)), "answer")
        )
        or []
    )
    assert (edit.archived, edit.restored) == ("kept", "returned")
    assert changed[slice(*edit.line)] == "the sum was kept"
    assert quoted(TEXT)[slice(*edit.other_line)] == "the sum was returned"


def test_signs_come_after_words() -> None:
    changed = TEXT.replace("all,", "all;").replace("spent", "lost")
    edits = edits_of(wording_of_text(changed, text_lines(changed), "copy"), wording_of_other(Shown(TEXT), "copy"))
    assert edits is not None and [is_of_form(edit) for edit in edits] == [True, False]
    ((first, _),) = next(candidates(edits))
    assert first.archived == "lost."


def test_few_are_tried() -> None:
    changed = "".join([f"word {number} stays\n" for number in range(200)])
    edits = edits_of(
        wording_of_text(changed, text_lines(changed), "copy"),
        wording_of_other(Shown(changed.replace("word", "term")), "copy"),
    )
    assert edits is not None and len(edits) == MOST_EDITS
    one = Edit(0, 0, "a", "b", (0, 0), (0, 0), ("x",))
    apart = [one._replace(start=number, end=number + 1) for number in range(TOGETHER + 2)]
    tried = list(candidates(apart))
    assert len(tried) == len(apart) + 1 + 2**TOGETHER - 1 - TOGETHER
    assert [len(chosen) for chosen in tried][len(apart)] == len(apart)


def test_edits_in_one_place_are_not_undone_together() -> None:
    one = Edit(0, 5, "a", "b", (0, 0), (0, 0), ("x",))
    assert len(list(candidates([one, one._replace(start=3, end=8)]))) == 2
