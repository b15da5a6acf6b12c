"""Which lines count of either mail, and how deep they are."""

from forensics.parsers.mail.quoted_lines import text_lines
from forensics.relations.quotes.shown import Shown
from forensics.relations.restoring.wordings import wording_of_other, wording_of_text

REPLY = "On Monday Anna wrote:\n> The sum is nine.\n> > Which sum?\nI see.\n"


def test_an_answer_counts_with_what_it_quotes() -> None:
    wording = wording_of_other(Shown(REPLY), "answer")
    assert [line.depth for line in wording.lines] == [0, 1]
    assert [word.said for word in wording.words] == ["The", "sum", "is", "nine.", "Which", "sum?"]


def test_of_a_mail_that_quotes_only_its_quotes_count() -> None:
    wording = wording_of_text(REPLY, text_lines(REPLY), "quoted")
    assert [(line.text, line.depth) for line in wording.lines] == [("The sum is nine.", 1), ("Which sum?", 2)]
    assert [wording.mark(number) for number in (0, 1)] == ["> ", "> > "]
    assert [word.line for word in wording.words] == [0, 0, 0, 0, 1, 1]


def test_what_is_quoted_is_one_deeper_there() -> None:
    assert [line.depth for line in wording_of_other(Shown("The sum is nine.\n> Which?\n"), "quoted").lines] == [1, 2]


def test_a_copy_counts_whole() -> None:
    assert [line.depth for line in wording_of_other(Shown(REPLY), "copy").lines] == [0, 1, 2, 0]


def test_an_answer_without_marks_is_told_by_its_header() -> None:
    header = "From: Anna\nSent: 2 May 2019 10:00\nTo: Ben\nSubject: Sum\n"
    wording = wording_of_other(Shown(f"I see.\n\n{header}\nThe sum is nine.\n"), "answer")
    assert [(line.text, line.depth) for line in wording.lines if line.text] == [("The sum is nine.", 0)]


def test_lines_around_words() -> None:
    wording = wording_of_text("One two\nthree four\nfive\n", text_lines("One two\nthree four\nfive\n"), "copy")
    assert wording.text[slice(*wording.around(1, 3))] == "One two\nthree four"
    assert wording.text[slice(*wording.around(2, 2))] == "One two\nthree four"
