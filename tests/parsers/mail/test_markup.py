"""HTML in pieces: nothing is left out, and no piece costs more than it may."""

import re
import time
from collections.abc import Iterator
from itertools import count

import pytest
from selectolax.lexbor import LexborHTMLParser

from forensics.parsers.mail import markup
from forensics.parsers.mail.markup import pieces, sheets

LARGE = 250_000


def made(unit: str, size: int) -> str:
    """Return a unit again and again, each with another number where it has a place for one."""
    numbers = count()
    found: list[str] = []
    length = 0
    while length < size:
        found.append(unit.format(next(numbers)))
        length += len(found[-1])
    return "".join(found)


def trees(html: str) -> Iterator[LexborHTMLParser]:
    return (LexborHTMLParser(sheet) for sheet in sheets(html))


def words(html: str) -> list[str]:
    return " ".join([tree.body.text(separator=" ") for tree in trees(html) if tree.body is not None]).split()


def test_an_ordinary_page_is_one_piece() -> None:
    page = "<html><body>" + "<p>a <b>word</b></p>" * 240 + "</body></html>"
    assert list(pieces(page)) == [page]


@pytest.mark.parametrize("block", ["<p>w{} and <b>x</b></p>\n", "<i>w{}</i> ", "w{} ", "w{}<br>\n", "<TD> w{}"])
def test_all_of_a_large_page_is_read(block: str) -> None:
    page = made(block, 300_000)
    assert len(list(pieces(page))) > 3 and "".join(pieces(page)) == page
    assert set(words(page)) == {*re.findall(r"w\d+", page), *(["and", "x"] if "and" in block else [])}


@pytest.mark.parametrize(
    ("opening", "closing"), [("<!--", "-->"), ("<style>", "</style>"), ("<SCRIPT >", "</script>"), ("<!--", "--!>")]
)
@pytest.mark.parametrize("before", ["", "<p>seen</p>" * 3_000])
def test_what_is_no_text_stays_none(opening: str, closing: str, before: str) -> None:
    page = before + opening + "<p>unseen</p> " * 6_000 + closing + "<p>seen</p>" * 3_000
    assert "".join(pieces(page)) == page
    tags = list(trees(page))
    for tree in tags:
        tree.strip_tags(["style", "script"])
    assert {word for tree in tags for word in tree.body.text(separator=" ").split()} == {"seen"}  # type: ignore[union-attr]


def test_a_picture_inside_the_page_is_one_tag() -> None:
    page = (
        f'<p>before <a href="http://h.example/"><img src="data:image/png;base64,{"Ab+/" * 60_000}" alt="x"></a> after'
    )
    assert words(page) == ["before", "after"]
    assert [image.attributes["alt"] for tree in trees(page) for image in tree.css("img")] == ["x"]


def test_a_tag_with_too_many_attributes_is_read_to_the_limit() -> None:
    page = f"<a href=http://h.example/ {made('a{}=1 ', 200_000)}>text</a>"
    (link,) = [link for tree in trees(page) for link in tree.css("a")]
    assert link.attributes["href"] == "http://h.example/" and len(link.attributes) == markup.ATTRIBUTES
    assert words(page)[-1].endswith("text")


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<ul><li>",
        "<dl><dd>",
        "<p><b id={}>",
        "<b x={}><div></b>",
        "<table><tr><td>",
        "<span></i>",
        "<li><dd>",
        "<svg><td>",
        "<optgroup>",
        "<body a{}=1>",
        "<a href=x><table><td>",
        "<!--",
        "<style>",
        "<font color={}>x",
    ],
)
def test_no_nesting_is_dear(unit: str) -> None:
    page = made(unit, LARGE)
    began = time.process_time()
    assert sum([len(tree.css("*")) for tree in trees(page)]) < LARGE
    assert time.process_time() - began < 2


@pytest.mark.parametrize("unit", ["a{}=1 ", "a{} ", "/a{}", 'a{}="1"', "a{}='<' "])
def test_no_list_of_attributes_is_dear(unit: str) -> None:
    page = f"<p {made(unit, LARGE)}>"
    began = time.process_time()
    assert list(trees(page))
    assert time.process_time() - began < 2
