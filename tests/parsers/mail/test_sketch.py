"""Sketches of texts: what one changed word, a wrap and a quote do to them."""

import random
from zlib import crc32

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers.mail import rfc5322
from forensics.parsers.mail.sketch import LEAST_CHUNKS, SIZE, sketch, without_quotes

ENGLISH = "we have sent invoices to every customer who asked for work on the river bank since last week and before"
CYRILLIC = "мы отправили счета всем клиентам которые просили о работах на берегу реки с прошлой недели и раньше"


def text(number: int, words: str = ENGLISH, count: int = 400) -> list[str]:
    chosen = random.Random(number)
    return [chosen.choice(words.split()) + str(chosen.randrange(30)) for _ in range(count)]


def read(body: str, kind: str = "text/plain; charset=utf-8") -> tuple[int, ...]:
    raw = f"From: a@a.example\r\nContent-Type: {kind}\r\n\r\n{body}\r\n".encode()
    found = rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext())
    (message,) = [one for one in found if isinstance(one, Message)]
    return message.sketch


def shared(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    least = sorted({*first, *second})[:SIZE]
    return len({*least} & {*first} & {*second}) / len(least)


@pytest.mark.parametrize("words", [ENGLISH, CYRILLIC])
def test_one_word_changes_little_and_another_text_all(words: str) -> None:
    before, other = text(1, words), text(2, words)
    first = sketch("".join(before).encode())
    assert len(first) == SIZE and list(first) == sorted(first)
    for place in (0, 199, 399):
        after = [*before[:place], "seven", *before[place + 1 :]]
        assert shared(first, sketch("".join(after).encode())) >= 0.9
    assert shared(first, sketch("".join(other).encode())) < 0.3


def test_wrap_case_and_encoding_change_nothing() -> None:
    words = text(3)
    plain = read(" ".join(words))
    assert plain and plain == read("\r\n".join(words)) == read(" ".join(words).upper())
    assert plain == read("<p>" + " ".join(words), "text/html; charset=utf-8")


def test_quoted_lines_do_not_count() -> None:
    own = "\r\n".join(text(4))
    quoted = "\r\n> ".join(["", *text(5)])
    assert read(f"{own}{quoted}") == read(own) == read(f"> a line\r\n{own}{quoted}\r\n>> and one")
    assert read(f"They wrote:{quoted}") == ()


def test_a_sketch_is_the_least_of_the_hashes() -> None:
    chunks = [f"abc{number}".encode() for number in range(LEAST_CHUNKS)]
    assert sketch(b"v".join(chunks)) == tuple(sorted(map(crc32, chunks)))
    assert sketch(b"v".join(chunks[1:])) == ()


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (b"a\n>b\n> c\nd", [b"a", b"d"]),
        (b">a\n>b", []),
        (b"a\n > b", [b"a", b">", b"b"]),
        (b"a > b\n>", [b"a", b">", b"b"]),
        (b"a\r\n>b\r\n", [b"a"]),
        (b"", []),
    ],
)
def test_lines_that_quote(written: bytes, left: list[bytes]) -> None:
    assert without_quotes(written).split() == left
