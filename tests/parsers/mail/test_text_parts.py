"""The texts of a message, and which lines of a page it marks as quoted."""

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.texts import TextPart
from forensics.parsers.mail.markup import sheets
from forensics.parsers.mail.page_text import page_text
from forensics.parsers.mail.rfc5322 import text_parts


def parts(body: bytes, media_type: bytes = b"text/html", charset: bytes = b"utf-8") -> tuple[TextPart, ...]:
    head = b"From: a@x.example\nMIME-Version: 1.0\nContent-Type: %s; charset=%s\n\n" % (media_type, charset)
    return text_parts(MemoryBytes(head + body), ParseContext())


@pytest.mark.parametrize(
    ("page", "quoted"),
    [
        ("<p>own<blockquote><p>one<p>two</blockquote><p>own again", ["one\ntwo"]),
        ("<blockquote>one<blockquote>two</blockquote></blockquote>own<blockquote>three", ["one\ntwo", "three"]),
        ("own<br>&gt; one<br>&gt; two<br>own", ["one\n> two"]),
        ("<p>own", []),
        ("<blockquote></blockquote>", []),
        ("</blockquote>own", []),
    ],
)
def test_quoted_lines_of_a_page(page: str, quoted: list[str]) -> None:
    (part,) = parts(page.encode())
    assert [part.text[start:end] for start, end in part.quoted] == quoted
    assert part.text == page_text(sheets(page)), "marking changes no text"


def test_a_plain_text_has_no_ranges() -> None:
    (part,) = parts(b"own\n> one\n", b"text/plain")
    assert (part.text, part.quoted) == ("own\n> one\n", ())
