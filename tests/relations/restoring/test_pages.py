"""Edits of a text, found in the source of a page that says the same."""

import pytest

from forensics.parsers.mail.quoted_lines import text_lines
from forensics.relations.quotes.shown import Shown
from forensics.relations.restoring.candidates import candidates
from forensics.relations.restoring.edits import edits_of
from forensics.relations.restoring.pages import Page
from forensics.relations.restoring.wordings import wording_of_other, wording_of_text

TEXT = "Dear all,\nthe sum was returned to us & spent\non Monday.\nAnna\n"
PAGE = (
    "<p>Dear&nbsp;all,</p>\n<div>the <b>sum</b> was returned to us &amp; spent<br>on Monday.</div><p>Anna</p>\n"
    "<blockquote>the sum is gone</blockquote>"
)


def pages(page: str, text: str, other: str) -> list[str]:
    """Return the pages in which some edits are undone that make one text of the other."""
    edits = edits_of(wording_of_text(text, text_lines(text), "copy"), wording_of_other(Shown(other), "copy"))
    made, looked = [], Page(page, text)
    for chosen in candidates(edits or []):
        for places in looked.places(chosen):
            source = page
            for start, end, said in sorted(places, reverse=True):
                source = source[:start] + said + source[end:]
            made.append(source)
    return made


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("kept from us", "returned to us"),
        ("not returned", "returned"),
        ("was to us", "was returned to us"),
        ("loan", "sum"),
        ("Friday.", "Monday."),
        ("lost", "spent"),
    ],
)
def test_an_edit_of_both(here: str, there: str) -> None:
    text, page = TEXT.replace(there, here), PAGE.replace(there, here, 1)
    assert text != TEXT and page != PAGE
    assert PAGE in pages(page, text, TEXT)


def test_several_edits() -> None:
    text, page = (one.replace("returned", "kept").replace("Monday", "Friday") for one in (TEXT, PAGE))
    assert PAGE in pages(page, text, TEXT)


def test_signs_are_written_as_in_a_page() -> None:
    text, page = TEXT.replace("us & spent", "us, spent"), PAGE.replace("us &amp; spent", "us, spent")
    assert PAGE in pages(page, text, TEXT)


def test_words_that_do_not_stand_there_once() -> None:
    changed = TEXT.replace("returned", "kept")
    assert pages(PAGE, changed, TEXT) == []
    page = PAGE.replace("returned", "kept")
    assert pages(page + page, changed, TEXT) == []
