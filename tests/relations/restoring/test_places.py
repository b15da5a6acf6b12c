"""Where the words of two texts differ."""

import pytest

from forensics.parsers.mail.quoted_lines import text_lines
from forensics.relations.quotes.shown import Shown
from forensics.relations.restoring import places
from forensics.relations.restoring.places import places_of
from forensics.relations.restoring.wordings import wording_of_other, wording_of_text


def found(changed: str, other: str) -> list[tuple[str, str]]:
    """Return the words of either text in each place."""
    one, two = wording_of_text(changed, text_lines(changed), "copy"), wording_of_other(Shown(other), "copy")
    listed = places_of(one, two)
    assert listed is not None
    return [
        (
            " ".join([word.said for word in one.words[place.first : place.last]]),
            " ".join([word.said for word in two.words[place.other_first : place.other_last]]),
        )
        for place in listed
    ]


def test_equal_texts_differ_nowhere() -> None:
    assert found("One two\nthree\n", "One\ntwo three\n") == []


def test_a_word() -> None:
    assert found("The sum was kept today.\n", "The sum was returned today.\n") == [("kept", "returned")]


def test_a_line_that_only_one_text_has_begins_where_the_line_does() -> None:
    lines = "We met on Monday.\nWe ate well.\nWe went home.\n"
    assert found(lines.replace("We ate well.\n", ""), lines) == [("", "We ate well.")]
    assert found(lines, lines.replace("We ate well.\n", "")) == [("We ate well.", "")]


def test_words_that_both_have_by_chance_part_no_place() -> None:
    listed = found("We met at ten. It goes to the bank now. And left.\n", "We met at ten. And left.\n")
    assert listed[0] == ("It goes to the bank now.", "")
    inserted = found("We sent it As agreed it goes to us now to the bank.\n", "We sent it to the bank.\n")
    assert inserted[0] == ("As agreed it goes to us now", "")


def test_what_a_quoter_left_out_beside_a_missing_line() -> None:
    text = "First of all hello.\nThe bank has it.\nMany words that\nnobody quotes\nhere at all.\nThe end of it.\n"
    other = "First of all hello.\nNobody else knows.\nThe end of it.\n"
    listed = found(text, other)
    assert ("", "Nobody else knows.") in listed
    assert ("The bank has", "Nobody else knows.") in listed
    assert ("here at all.", "Nobody else knows.") in listed


def test_long_places_are_left_out() -> None:
    words = " ".join([f"w{number}" for number in range(places.MOST_WORDS + 1)])
    assert found(f"Begin {words} end\n", "Begin end\n") == []
    assert len(found(f"Begin {words.partition(' ')[2]} end\n", "Begin end\n")) == 1


def test_too_much_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (
        wording_of_text("a b\nc d\n", text_lines("a b\nc d\n"), "copy"),
        wording_of_other(Shown("e f\ng h\n"), "copy"),
    )
    monkeypatch.setattr(places, "MOST_COMPARED", 15)
    assert places_of(one, two) is None
    monkeypatch.setattr(places, "MOST_COMPARED", 16)
    assert places_of(one, two) is not None
