"""A page as the words that a reader is shown; nothing of it is run or loaded."""

import time

import pytest

from forensics.parsers.mail.markup import sheets
from forensics.parsers.mail.page_text import page_text, page_words


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one\n  two</p><p>three</p>", "one two\nthree"),
        ("a<br>b<table><tr><td>c</td><td>d</td></tr></table>", "a\nb\nc\nd"),
        ("<head><title>no</title></head><style>p {}</style><script>document.write('no')</script>yes", "yes"),
        ("<img src='http://192.0.2.1/x.png' onerror='no()'>yes&amp;no <b>bold</b>ly", "yes&no boldly"),
        ("", ""),
        ("<p", ""),
        ("\u202eno tag at all", "\u202eno tag at all"),
    ],
)
def test_words_of_a_page(html: str, text: str) -> None:
    assert page_text(sheets(html)) == text


def test_words_stand_apart_in_one_line() -> None:
    assert page_words(["<p>one</p>two"]).split() == ["one", "two"]


def test_hostile_pages_cost_little() -> None:
    begun = time.process_time()
    for html in ("<div>" * 50_000, "<a " + "x=1 " * 100_000, "<b>" * 50_000 + "x", "<!--" * 50_000, " \n" * 500_000):
        page_text(sheets(html))
    assert time.process_time() - begun < 10
