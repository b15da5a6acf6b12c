"""Quoted lines are told by where they stand: in the original, beyond it, in other words, or nowhere."""

import time

import pytest

from forensics.parsers.mail.quoted_lines import page_lines
from forensics.relations.quotes.matching import MOST_FOUND, Comparer, Comparison
from forensics.relations.quotes.shown import Shown

ONE = "The committee met on Tuesday in the small hall."
TWO = "The bank returned the whole sum of it to us yesterday."


def compared(reply: str, *originals: str) -> Comparison:
    nearest, *further = [Shown(text) for text in originals]
    return Comparer(Shown(reply), nearest, further).run()


def test_each_line_is_counted_once() -> None:
    reply = (
        f"Hello,\n\n> {ONE}\n> ok\n> > What the first mail of all said about it.\n"
        "> see <http://b.example> the page of it\n"
        "> On 7 March 2017 Anna wrote:\n> Nothing of this kind was ever said by anybody.\n"
    )
    result = compared(reply, f"{ONE}\nsee the page of it\n", "What the first mail of all said about it.")
    assert (result.lines, result.same, result.short, result.further) == (6, 1, 1, 1)
    assert (result.rewritten, result.formal, result.other, result.differing) == (1, 1, 1, 0)


def test_a_block_is_found_at_once_whatever_its_wrap_and_marks() -> None:
    result = compared(
        f">> {ONE} The\n>> bank returned\n>> the whole sum of it to us yesterday.\n", f"> {ONE}\n> {TWO}\n"
    )
    assert (result.lines, result.same) == (3, 3)


def test_own_words_are_no_quote() -> None:
    assert compared(f"{TWO}\n", ONE).lines == 0


@pytest.mark.parametrize(
    "header",
    [
        "From: Anna Alt\nSent: Tuesday, March 7, 2017 10:00 AM\nTo: Ben\nSubject: The sum\n",
        "Von: Anna Alt\nGesendet: Dienstag, 7. M\u00e4rz 2017 10:00\nAn: Ben\nBetreff: Die Summe\n",
        "\u53d1\u4ef6\u4eba: Anna\n\u53d1\u9001\u65f6\u95f4: 2017-03-07 10:00\n\u6536\u4ef6\u4eba: Ben\n",
        "*From:* Anna Alt\n*Sent:* Tuesday, March 7, 2017 10:00 AM\n*To:* Ben\n",
    ],
)
def test_all_below_a_header_is_quoted(header: str) -> None:
    result = compared(f"Yes.\n\n{header}\n{ONE}\n{TWO.replace('returned', 'kept')}\n{ONE}\n", f"{ONE}\n{TWO}\n{ONE}\n")
    (found,) = result.found
    assert (found.difference.kind, found.depth, found.matched) == ("word", 0, 2)


def test_a_patch_begins_with_its_author() -> None:
    assert compared(f"From: Anna <anna@one.example>\n\n{TWO}\n", ONE).lines == 0


def test_a_page_that_quotes() -> None:
    quoted = f"<blockquote><p>{ONE}<p>{TWO.replace('returned', 'kept')}<p>{ONE}</blockquote>"
    text, lines = page_lines([f"<p>Yes.{quoted}<p>{TWO}"])
    result = Comparer(Shown(text, lines), Shown(f"{ONE}\n{TWO}\n{ONE}")).run()
    (found,) = result.found
    assert (found.difference.kind, found.depth, found.matched, result.lines) == ("word", 1, 2, 3)
    assert text[found.start : found.end] == TWO.replace("returned", "kept")


def test_few_differences_are_kept() -> None:
    lines = [f"Line {number} says that the bank returned the sum to number{number}x of us." for number in range(50)]
    reply = "".join([f"> {line.replace('returned', 'kept')}\n" for line in lines])
    result = compared(reply, "\n".join(lines))
    assert (len(result.found), result.differing) == (MOST_FOUND, 50)


@pytest.mark.parametrize(
    ("reply", "original"),
    [
        (">" * 1_000_000, "x" * 1_000_000),
        ("> a\n" * 250_000, "a b " * 250_000),
        ("> " + "x" * 1_000_000, "x" * 999_999),
        ("> " + "w " * 500_000, "w " * 400_000 + "v"),
        ("> aaaaaaaaaab\n" * 80_000, "a" * 1_000_000),
        ("> a b c d e f g h i j\n" * 45_000, "a b c d e f g h i k\n" * 50_000),
        ("From: a 10:00\n" * 70_000, "x"),
        ("> [" * 300_000, "<" * 1_000_000),
        ("> " + "word@" * 200_000, "word at " * 120_000),
    ],
)
def test_hostile_texts_cost_little(reply: str, original: str) -> None:
    begun = time.process_time()
    compared(reply, original, original)
    assert time.process_time() - begun < 20
