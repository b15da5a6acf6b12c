"""One edit in a quoted line is found with both wordings; what others cause is none."""

import pytest

from forensics.relations.quotes.matching import Comparer
from forensics.relations.quotes.shown import Shown
from forensics.relations.quotes.words import kind_of

ABOVE = "The committee met on Tuesday in the small hall."
LINE = "The bank returned the whole sum of 2,500 to us yesterday."
BELOW = "Everybody was content with what it had heard there."


def found(quoted: str, original: str = LINE) -> list[tuple[str, str, str]]:
    reply = "".join([f"> {line}\n" for line in (ABOVE, *quoted.split("\n"), BELOW)])
    result = Comparer(Shown(reply), Shown(f"{ABOVE}\n{original}\n{BELOW}\n")).run()
    return [(one.difference.kind, one.difference.quoted, one.difference.original) for one in result.found]


@pytest.mark.parametrize(
    ("quoted", "kind", "word", "other"),
    [
        (LINE.replace("returned", "kept"), "word", "kept", "returned"),
        (LINE.replace("The bank", "Your bank"), "word", "Your", "The"),
        (LINE.replace("yesterday", "personally"), "word", "personally.", "yesterday."),
        (LINE.replace("2,500", "7,500"), "number", "7,500", "2,500"),
        (LINE.replace("returned", "never returned"), "negation", "never", ""),
        (LINE.replace("the whole sum", "the sum"), "deleted", "", "whole"),
        (LINE.replace("to us", "to us and to nobody"), "inserted", "and to nobody", ""),
        (LINE.replace("yesterday", "yesterdya"), "typo", "yesterdya.", "yesterday."),
        (LINE.replace("whole sum", "large gift"), "two_words", "large gift", "whole sum"),
        (f"{LINE}\nNobody else has been told of this so far.", "line", "Nobody else has been told of this so far.", ""),
    ],
)
def test_an_edit_has_its_kind(quoted: str, kind: str, word: str, other: str) -> None:
    assert found(quoted) == [(kind, word, other)]


def test_a_word_that_lacks_at_the_end_of_a_line() -> None:
    original = f"{LINE[:-1]}\nnot before the end of this month, as was said."
    quoted = original.replace("\nnot before", "\nbefore")
    assert found(quoted, original) == [("negation", "", "not")]


def test_another_address_in_a_trailer() -> None:
    trailer = "Signed-off-by: Anna Alt <anna@{}.example>"
    edit = ("address", "<anna@two.example>", "<anna@one.example>")
    assert found(trailer.format("two"), trailer.format("one")) == [edit]
    assert found("From: Anna Alt <anna@two.example>", "From: Anna Alt <anna@one.example>") == []


@pytest.mark.parametrize(
    "quoted",
    [
        LINE.upper(),
        LINE.replace("whole sum", "whole\n> sum"),
        LINE.replace("the whole", "the *whole*"),
        LINE.replace("the bank", "the \u201cbank\u201d"),
        "2. " + LINE,
        LINE.replace("bank", "bank<https://bank.example/>"),
        LINE.replace("bank", "bank [1]"),
        LINE.replace("the whole sum", "..."),
        LINE.replace("sum", "sum [which one? B.]"),
        "[snip]",
        "On Tue, 7 Mar 2017 10:00:00 +0100, Anna wrote:",
        "From: Anna <anna@one.example> Sent: 7 March 2017",
        "Reviewed-by: Ben <ben@two.example>",
        "@@ -1,3 +1,4 @@ static int one(void) of two files here",
        "0000000 abc4 ef4e 11f2 b928 2538 fd9c 9f7a 2e00",
        "Quite another thing was said there by the others, as far as we know of it.",
        "",
    ],
)
def test_what_others_cause_is_no_edit(quoted: str) -> None:
    assert found(quoted) == []


def test_a_paragraph_that_the_quoter_put_between_is_one_of_its_own() -> None:
    assert found(f"{LINE}\n\nThis is what I think of all that you say.\n") == [
        ("passage", "This is what I think of all that you say.", "")
    ]


def test_whole_lines_that_lack_are_left_out_by_quoters() -> None:
    assert found(LINE, f"{LINE}\nThis was left out.") == []


@pytest.mark.parametrize(
    ("quoted", "original"),
    [(["Z\ufffdrich"], ["Z\u00fcrich"]), (["anna-x1@mask.example"], ["anna@one.example"]), (["J"], []), (["Re:"], [])],
)
def test_damage_and_masks_are_no_edits(quoted: list[str], original: list[str]) -> None:
    assert kind_of(quoted, original, at_start=False) == ""


@pytest.mark.parametrize(
    ("quoted", "original"), [(["443"], ["+static"]), (["2."], ["1."]), (["(a)"], []), ([], ["3)"])]
)
def test_numbers_that_begin_a_line(quoted: list[str], original: list[str]) -> None:
    assert kind_of(quoted, original, at_start=True) == ""
