"""What old documents show of their age, and of their earlier texts."""

import struct
from collections.abc import Callable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import Notice, ParseContext
from forensics.model.locations import Location
from forensics.parsers.document import _doc_remnants, ole2
from tests.parsers.compound_files import Tree
from tests.parsers.document.ole2_files import atom, old, record, slides, word, workbook

Located = Callable[[bytes, DocumentFacts], tuple[int, int]]
EARLIER = "The committee has refused the grant, and nothing was paid"
_PAIRS = 154
"""Where the pairs of offset and length begin in a document of `word`."""


def parse(data: bytes, where: Location) -> tuple[DocumentFacts, list[str]]:
    found = list(ole2.parse(MemoryBytes(data), where, ParseContext()))
    (facts,) = [entry for entry in found if isinstance(entry, DocumentFacts)]
    return facts, [entry.code for entry in found if isinstance(entry, Notice)]


def values(facts: DocumentFacts, name: str) -> list[str]:
    return [one.value for one in facts.properties if one.name == name]


def document(*, fast: bool = True, earlier: bytes = EARLIER.encode("cp1252"), fonts: bytes = b"") -> Tree:
    tree = dict(word())
    body, table = bytearray(bytes(tree["WordDocument"])), bytes(tree["1Table"])  # type: ignore[arg-type]
    if fast:
        body[10] |= 4
    body[1100 : 1100 + len(earlier)] = earlier
    struct.pack_into("<II", body, _PAIRS + 8 * 15, len(table), len(fonts))
    return {"WordDocument": bytes(body), "1Table": table + fonts}


@pytest.mark.parametrize("coding", ["cp1252", "utf-16-le"])
def test_text_that_no_piece_shows(where: Location, located: Located, coding: str) -> None:
    data = old(document(earlier=EARLIER.encode(coding)))
    facts, _ = parse(data, where)
    assert values(facts, "doc.remnant") == [EARLIER]
    located(data, facts)


def test_a_document_that_was_saved_whole_has_no_remnants(where: Location) -> None:
    assert values(parse(old(document(fast=False)), where)[0], "doc.remnant") == []


def test_structures_are_no_text(where: Location) -> None:
    facts, _ = parse(old(document(earlier=b"\xe5\xe4" * 40 + b"\0" + b"abc" * 30)), where)
    assert values(facts, "doc.remnant") == []


def test_more_remnants_than_are_told(where: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_doc_remnants, "MOST_REMNANTS", 1)
    facts, codes = parse(old(document(earlier=EARLIER.encode() + b"\0" + EARLIER.encode())), where)
    assert values(facts, "doc.remnant") == [EARLIER] and "ole2.doc_remnants" in codes


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\0\0"


def test_the_youngest_font(where: Location, located: Located) -> None:
    font = bytes(14) + struct.pack("<BB", 7, 0) + b"Calibri"
    trees: tuple[Tree, ...] = (
        document(fonts=b"\x01\0\0\0" + _wide("Arial") + _wide("Calibri") + _wide("Aptos Corner")),
        workbook_of(record(0x31, font)),
        presentation(atom(0x0FB7, _wide("Calibri").ljust(68, b"\0"))),
    )
    for tree in trees:
        data = old(tree)
        facts, _ = parse(data, where)
        assert values(facts, "ole2.font") == ["Calibri"]
        located(data, facts)


def test_a_font_in_the_words_of_a_presentation_is_none(where: Location) -> None:
    assert values(parse(old(slides("Set it in Calibri")), where)[0], "ole2.font") == []


def workbook_of(font: bytes) -> Tree:
    made = workbook()
    at = made.index(struct.pack("<H", 0x5C))
    return {"Workbook": made[:at] + font + made[at:]}


def presentation(more: bytes) -> Tree:
    tree = dict(slides("Notes"))
    return {**tree, "PowerPoint Document": bytes(tree["PowerPoint Document"]) + more}  # type: ignore[arg-type,dict-item]
