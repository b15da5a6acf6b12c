"""Files that are text: Rich Text by its control words."""

import pytest

from forensics.errors import Malformed
from forensics.model.byte_sources import MemoryBytes
from forensics.parsers.text_file import text_of_file


def rich(inside: bytes) -> bytes:
    return rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\author Ada}}\headery720 " + inside + b"}"


def test_rich_text_is_its_words() -> None:
    part = text_of_file("text/rtf", MemoryBytes(rich(rb"Caf\'e9 \b fort\b0\par \u8364?5")))
    assert (part.text, part.whole) == ("Café fort\n€5", True)


def test_rich_text_with_a_note_is_not_said_to_be_whole() -> None:
    part = text_of_file("text/rtf", MemoryBytes(rich(rb"Body{\footnote hidden}")))
    assert (part.text, part.whole) == ("Body", False)


def test_broken_rich_text_is_refused() -> None:
    with pytest.raises(Malformed):
        text_of_file("text/rtf", MemoryBytes(rb"{\rtf1{\pict\bin}}"))


def test_plain_text_is_as_it_stands() -> None:
    assert text_of_file("text/csv", MemoryBytes(b"a;b\r\n")).text == "a;b\r\n"
