"""Lines with the depth of their quotes, of plain, flowed and HTML texts, and where each stands in its text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.items import Limits
from forensics.parsers.mail.bodies import Bodies
from forensics.parsers.mail.markup import sheets
from forensics.parsers.mail.mime import Reader
from forensics.parsers.mail.quoted_lines import FIXED, Flow, TextLine, lines_of, page_lines, text_lines


def _shown(lines: list[TextLine]) -> list[tuple[int, str]]:
    return [(line.depth, line.text) for line in lines]


def _text(text: str, flow: Flow = FIXED) -> list[tuple[int, str]]:
    return _shown(list(text_lines(text, flow)))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("own\n> one\n> > two\n>> two\n>three\n", [(0, "own"), (1, "one"), (2, "two"), (2, "two"), (1, "three")]),
        ("> a\r\n>\r\n> b", [(1, "a"), (1, ""), (1, "b")]),
        (">  two spaces\n>\ttab", [(1, " two spaces"), (1, "tab")]),
        ("| bar\n| > both\n|| no mark", [(1, "bar"), (2, "both"), (0, "|| no mark")]),
        ("| a | b |\n> | a | b |", [(0, "| a | b |"), (1, "| a | b |")]),
        (">From here\n> text\n>From there", [(0, "From here"), (1, "text"), (1, "From there")]),
        ("a -> b\n    > indented code", [(0, "a -> b"), (0, "    > indented code")]),
        ("a\n\nb", [(0, "a"), (0, ""), (0, "b")]),
        ("", []),
        (">", [(1, "")]),
    ],
)
def test_depth_of_plain_lines(text: str, lines: list[tuple[int, str]]) -> None:
    assert _text(text) == lines


@pytest.mark.parametrize("text", ["own\r\n> one\r\n>> two\r\n", "a\n\n > b", ">From x\n| y\n"])
def test_each_line_stands_where_it_says(text: str) -> None:
    lines = list(text_lines(text))
    assert lines
    assert all(text[line.start : line.end] == line.text for line in lines)


def test_flowed_lines_are_joined_at_one_depth() -> None:
    text = "own words \ngo on\n> quoted \n> words\n>> deeper \n> not\n-- \nname \nhere"
    assert _text(text, Flow(flowed=True)) == [
        (0, "own words go on"),
        (1, "quoted words"),
        (2, "deeper "),
        (1, "not"),
        (0, "-- "),
        (0, "name here"),
    ]


def test_stuffed_and_dropped_spaces() -> None:
    assert _text(" >no quote\n From x", Flow(flowed=True)) == [(0, ">no quote"), (0, "From x")]
    assert _text("wo \nrd", Flow(flowed=True, drops_space=True)) == [(0, "word")]
    first = next(text_lines("> a \n> b\n", Flow(flowed=True)))
    assert (first.start, first.end) == (2, 8)


def test_a_row_of_a_table_is_no_quote_in_flowed_text() -> None:
    assert _text("| a | b |\n> | c | d |", Flow(flowed=True)) == [(0, "| a | b |"), (1, "| c | d |")]


@given(st.text(alphabet=" >|ax\n", max_size=30))
def test_any_marks_are_read(text: str) -> None:
    for flow in (FIXED, Flow(flowed=True), Flow(flowed=True, drops_space=True)):
        _text(text, flow)


def test_a_page_has_the_depth_of_its_elements() -> None:
    page = "<p>own</p><blockquote type=cite>one<BLOCKQUOTE><div>two</div></blockquote>&gt; one more</blockquote><p>own"
    text, lines = page_lines(list(sheets(page)))
    assert text == "own\none\ntwo\n> one more\nown"
    assert _shown(lines) == [(0, "own"), (1, "one"), (2, "two"), (2, "one more"), (0, "own")]
    assert all(text[line.start : line.end] == line.text for line in lines)


def test_a_page_that_closes_what_it_never_opened() -> None:
    assert _shown(page_lines(["</blockquote>a\ufdd0<blockquote>b"])[1]) == [(0, "a"), (1, "b")]


def test_what_the_part_says_of_its_lines_counts() -> None:
    data = b"Content-Type: text/plain; format=flowed\n\n> one \n> line\n"
    root = Reader(data, b"\n", Limits()).message(len(data))
    (body,) = Bodies(root, data).shown
    text, lines = lines_of(body)
    assert text == "> one \n> line\n"
    assert _shown(lines) == [(1, "one line")]


@pytest.mark.parametrize("unit", [">", "> ", "| ", ">\n", "\r", "> a \n", "x"])
def test_hostile_texts_cost_little(unit: str) -> None:
    text = unit * (4_000_000 // len(unit))
    begun = time.process_time()
    lines = list(text_lines(text, Flow(flowed=True)))
    assert time.process_time() - begun < 20
    assert lines


def test_hostile_pages_cost_little() -> None:
    begun = time.process_time()
    for html in ("<blockquote>" * 50_000, "<blockquote " * 50_000, "</blockquote>x" * 50_000):
        page_lines(list(sheets(html)))
    assert time.process_time() - begun < 20
