"""What VBA projects say of themselves, in packages and in old documents."""

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import Limits, Notice, ParseContext
from forensics.model.locations import Location
from forensics.parsers.document import ole2, ooxml
from forensics.parsers.document._vba_facts import unpacked
from tests.parsers.compound_files import compound
from tests.parsers.document.office_packages import office
from tests.parsers.document.ole2_files import word
from tests.parsers.places import Layers, kept

WHERE = Location(())
EXD = r"*\G{E7723000-9AA7-46B8-AC29-9DA0FDB590C6}#2.0#0#C:\Users\anna\AppData\Local\Temp\VBE\MSForms.exd#Forms"


def record(number: int, content: bytes) -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def packed(data: bytes) -> bytes:
    """A container of chunks in which every byte stands as it is."""
    out = b"\1"
    for at in range(0, len(data), 3_000):
        piece = data[at : at + 3_000]
        body = b"".join([b"\0" + piece[one : one + 8] for one in range(0, len(piece), 8)])
        out += struct.pack("<H", 0xB000 | (len(body) - 1)) + body
    return out


def listing(name: str = "Büro", page: int = 1252) -> bytes:
    library = EXD.encode()
    return packed(
        record(0x0001, struct.pack("<I", 3))
        + record(0x0002, struct.pack("<I", 0x0407))
        + record(0x0003, struct.pack("<H", page))
        + record(0x0004, name.encode("cp1252", "replace"))
        + record(0x0005, b"Counts the budget")
        + record(0x0006, rb"C:\help\b.hlp")
        + struct.pack("<HIIH", 0x0009, 4, 1_225_904_174, 5)
        + record(0x002F, struct.pack("<I", len(library)) + library + bytes(6))
        + record(0x0019, b"Module1")
    )


PROJECT = b'ID="{794D56D2-4CF2-42BB-B2A9-35F721495FA8}"\r\nModule=Module1\r\nName="x"\r\n'
TREE = {
    "PROJECT": PROJECT,
    "VBA": {"dir": listing(), "_VBA_PROJECT": b"\xcc\x61\x79\0\0\1\0\0", "Module1": b"Attribute"},
}
SAID = [
    ("system", "Win64"),
    ("language", "0x0407"),
    ("code_page", "1252"),
    ("name", "Büro"),
    ("description", "Counts the budget"),
    ("help_file", r"C:\help\b.hlp"),
    ("version", "1225904174.5"),
    ("reference", EXD),
    ("module", "Module1"),
    ("project_id", "{794D56D2-4CF2-42BB-B2A9-35F721495FA8}"),
    ("cache_version", "0x0079"),
]


def parsed(data: bytes) -> tuple[DocumentFacts, list[Notice]]:
    parser = ooxml if data.startswith(b"PK") else ole2
    found = list(parser.parse(MemoryBytes(data), WHERE, ParseContext(limits=Limits())))
    (facts,) = [one for one in found if isinstance(one, DocumentFacts)]
    return facts, [one for one in found if isinstance(one, Notice)]


def package(project: bytes) -> bytes:
    return office("word", {"word/document.xml": "<w/>"}, written={"word/vbaProject.bin": project})


def said(facts: DocumentFacts) -> list[tuple[str, str]]:
    return [(one.name[4:], one.value) for one in facts.properties if one.name.startswith("vba.")]


@pytest.mark.parametrize("where", ["package", "document"])
def test_a_project_is_read_wherever_it_stands(where: str) -> None:
    if where == "package":
        data = package(compound(TREE))
    else:
        data = compound({"WordDocument": bytes(600), "Macros": TREE})
    facts, _ = parsed(data)
    assert sorted(said(facts)) == sorted(SAID)
    layers = Layers(MemoryBytes(data))
    for value in (*facts.properties, *facts.timestamps):
        for one in kept(value):
            assert layers.quoted(one.locator) == one.raw, one
    assert len({one.locator.path for one in facts.properties}) == len(facts.properties)


def test_a_project_that_cannot_be_opened_is_told() -> None:
    facts, notices = parsed(package(b"none"))
    assert said(facts) == [] and [one.code for one in notices] == ["ooxml.macros_unread"]


def test_names_are_read_in_their_code_page_or_one_that_is_there() -> None:
    tree = {"VBA": {"dir": listing(page=64_000)}}
    facts, _ = parsed(package(compound(tree)))
    assert ("name", "Büro") in said(facts)


@pytest.mark.parametrize(
    ("packed_form", "plain"),
    [  # the examples of [MS-OVBA] 3.2
        ("0119b000616263646566676800696a6b6c6d6e6f700071727374757 62e", "abcdefghijklmnopqrstuv."),
        (
            "012fb00023616161626364658266007061676869 6a0138 08616b6c00306d6e6f7006710270041072737475761077 78797a003c",
            "#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa",
        ),
        ("0103b002614500", "a" * 73),
    ],
)
def test_the_compression(packed_form: str, plain: str) -> None:
    assert unpacked(bytes.fromhex(packed_form.replace(" ", ""))) == plain.encode()


def test_a_chunk_that_is_not_packed_and_what_is_no_container() -> None:
    assert unpacked(b"\1" + struct.pack("<H", 0x3FFF) + b"x" * 4096) == b"x" * 4096
    assert unpacked(b"\2abc") == b"" and unpacked(b"") == b"" and unpacked(b"\1\0") == b""
    assert len(unpacked(b"\1" + b"\x03\xb0\x02\x61\xff\x0f" * 5_000, most=10_000)) < 20_000


@settings(deadline=None)
@given(st.integers(0, len(listing()) - 1), st.binary(max_size=30))
def test_damage_never_breaks_out(at: int, other: bytes) -> None:
    damaged = listing()[:at] + other + listing()[at + len(other) :]
    tree = {**TREE, "VBA": {"dir": damaged, "_VBA_PROJECT": other}}
    facts, _ = parsed(package(compound(tree)))
    assert facts.format == "ooxml.word"
    assert len(unpacked(other)) <= 4_096 * 10


def test_a_document_without_one_says_nothing() -> None:
    assert said(parsed(compound(word()))[0]) == []


@pytest.mark.shared
def test_projects_of_the_corpora(corpora: Path) -> None:
    names = ("62629_target.xlsm", "testNames.xlsm")
    found = [path for name in names for path in sorted(corpora.rglob(name))]
    for path in found:
        facts, _ = parsed(path.read_bytes())
        values = dict(said(facts))
        assert values["name"] == "VBAProject" and values["code_page"] == "1252"
    assert len(found) >= 2
