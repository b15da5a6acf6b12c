"""What tells copies of a document's text: made of texts that were read to their end, and of no larger ones."""

import pytest

from forensics.engine.reading import wording
from forensics.engine.reading.wording import worded
from forensics.errors import Malformed, NoText
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import NO_TEXT, DocumentFacts, DocumentText
from forensics.model.items import ParseContext
from forensics.model.locations import Locator
from forensics.model.texts import TextPart
from forensics.parsers import Parser, load
from forensics.parsers.text_digest import text_digest
from tests.stages.letters import TEXT, letter

FACTS = DocumentFacts(format="x")
SOURCE = MemoryBytes(b"0123456789")


def parser(*texts: tuple[str, bool], most: int = 100, fault: Exception | None = None) -> Parser:
    def text_parts(*_: object) -> tuple[TextPart, ...]:
        if fault is not None:
            raise fault
        return tuple(
            [
                TextPart(text=text, media_type="text/plain", charset="utf-8", locator=Locator(), whole=whole)
                for text, whole in texts
            ]
        )

    real = load("document.ooxml")
    return Parser(
        name="x",
        FORMAT=real.FORMAT,
        sniff=real.sniff,
        parse=real.parse,
        text_parts=text_parts,
        SKETCHED_BYTES=most,
    )


def text_of(made: Parser) -> DocumentText:
    return worded(FACTS, made, SOURCE, ParseContext()).text


def test_the_parts_are_one_text() -> None:
    found = text_of(parser((TEXT[:500], True), (TEXT[500:], True)))
    assert found.words == len(f"{TEXT[:500]}\n{TEXT[500:]}".split()) and found.sketch and found.letters_sha256
    assert found == text_digest(f"{TEXT[:500]}\n{TEXT[500:]}")


@pytest.mark.parametrize(
    "made",
    [
        parser((TEXT, True), (TEXT, False)),
        parser((TEXT, True), most=9),
        parser(fault=Malformed("broken", 0)),
        parser(fault=NoText("binary parts")),
    ],
    ids=["read in part", "larger", "broken", "no text is read of it"],
)
def test_what_is_not_read_whole_has_none(made: Parser) -> None:
    assert text_of(made) == NO_TEXT


def test_few_words_are_counted_only() -> None:
    assert text_of(parser(("a b c", True))) == DocumentText(words=3)


def test_half_surrogate_pairs_are_no_fault() -> None:
    assert text_digest(f"\ud800 {TEXT}").words == len(TEXT.split()) + 1


def test_looks_and_wrap() -> None:
    plain, wrapped = text_digest(TEXT), text_digest(TEXT.replace(" ", "\n"))
    assert plain == wrapped
    alike = text_digest(TEXT.replace("a", "\u0430", 1))
    assert (alike.letters_sha256, alike.sketch) == (plain.letters_sha256, plain.sketch)
    assert alike.words_sha256 != plain.words_sha256


def test_a_document_of_large_parts_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    data = letter()
    assert worded(FACTS, load("document.ooxml"), MemoryBytes(data), ParseContext()).text.words == len(TEXT.split())
    monkeypatch.setattr(wording, "TEXT_BYTES", 500)
    assert worded(FACTS, load("document.ooxml"), MemoryBytes(data), ParseContext()).text == NO_TEXT
