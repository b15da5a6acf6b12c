import contextlib
import struct
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import NoText, ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Locator
from forensics.parsers.document import ole2
from forensics.parsers.document._doc_texts import shown
from forensics.parsers.document._xls_strings import shared_strings
from tests.parsers.compound_files import compound
from tests.parsers.document.ole2_files import atom, bof, cell, old, record, shared, slides, word, workbook

Quoted = Callable[[bytes, Locator], bytes]


def read(data: bytes) -> dict[str, str]:
    return {part.locator.path: part.text for part in ole2.text_parts(MemoryBytes(data), ParseContext())}


@pytest.mark.parametrize("table", ["0Table", "1Table"])
def test_a_text_is_put_together_of_its_pieces(quoted: Quoted, table: str) -> None:
    data = old(word("Dear Sir,\r", "\u0416\u0443\u043a\r", table_name=table), scattered=True)
    (part,) = ole2.text_parts(MemoryBytes(data), ParseContext())
    assert part.text == "Dear Sir,\n\u0416\u0443\u043a" and part.whole
    assert quoted(data, part.locator) == b"Dear Sir,\r" + "\u0416\u0443\u043a\r".encode("utf-16-le")


def test_parts_of_a_document_follow_each_other() -> None:
    tree = dict(word("Body\r", "note\r"))
    raw = tree["WordDocument"]
    assert isinstance(raw, bytes)
    changed = bytearray(raw)
    # The counts of characters: five in the body, five in the notes.
    struct.pack_into("<II", changed, 64 + 12, 5, 5)
    tree["WordDocument"] = bytes(changed)
    assert read(old(tree)) == {"ole:WordDocument#text": "Body", "ole:WordDocument#footnotes": "note"}


def test_pieces_that_the_stream_lacks_are_told() -> None:
    tree = dict(word())
    raw = tree["WordDocument"]
    assert isinstance(raw, bytes)
    tree["WordDocument"] = raw[: 1024 + 512 + 2]
    (part,) = ole2.text_parts(MemoryBytes(old(tree)), ParseContext())
    assert part.text == "Dear Sir,\n\u0416" and not part.whole


def test_fields_show_their_results() -> None:
    link = '\x13 HYPERLINK "http://x.example" \x14here\x15'
    assert (
        shown(f"Click {link}.\rAnd \x13 IF {link} \x14 so \x15\x07b\x0bc\x1ed\x01") == "Click here.\nAnd  so \tb\nc-d"
    )
    assert shown("\x14a\x15b\x13hidden") == "ab"


def test_document_of_word_95() -> None:
    head = struct.pack("<HH", 0xA5DC, 0x68).ljust(24, b"\0") + struct.pack("<II", 256, 266)
    data = old({"WordDocument": head.ljust(256, b"\0") + b"Caf\xe9 \x93a\x94\r\r and more"})
    assert read(data) == {"ole:WordDocument#text": "Café “a”"}


def test_cells_of_a_sheet() -> None:
    rk_integer, rk_cents, rk_double = 7 << 2 | 2, 1234 << 2 | 3, struct.unpack("<I", struct.pack("<d", 1.5)[4:])[0]
    cells = cell(0xFD, 0, 0, struct.pack("<I", 1)) + cell(0xFD, 0, 1, struct.pack("<I", 9))
    cells += cell(0x203, 1, 0, struct.pack("<d", -2.25)) + cell(0x27E, 1, 1, struct.pack("<I", rk_integer))
    both = struct.pack("<IHI", rk_cents, 0, rk_double) + struct.pack("<H", 2)
    cells += cell(0xBD, 2, 1, both)
    cells += cell(0x06, 3, 0, struct.pack("<d", 3.0) + bytes(8)) + cell(0x06, 3, 1, b"\0" * 6 + b"\xff\xff" + bytes(8))
    cells += record(0x207, struct.pack("<HB", 4, 0) + b"said") + cell(
        0x204, 4, 0, struct.pack("<HB", 2, 1) + "йц".encode("utf-16-le")
    )
    cells += record(0x1B6, bytes(18)) + record(0x3C, b"\0a note") + record(0x3C, b"runs")
    strings = record(0xFC, shared("zero", "\u0416 one"))
    data = old({"Workbook": workbook(cells=cells, strings=strings)})
    assert read(data) == {"ole:Workbook#sheet[1]": "\u0416 one\n-2.25\t7\n12.34\t1.5\n3\tsaid\nйц\na note"}


def test_sheets_are_called_by_their_names() -> None:
    book = bof() + record(0x85, struct.pack("<IHBB", 0, 0, 3, 0) + b"One") + record(0x0A)
    book = book[:24] + struct.pack("<I", len(book)) + book[28:]
    sheet = bof(0x10) + cell(0x203, 0, 0, struct.pack("<d", 5)) + record(0x0A)
    assert read(old({"Workbook": book + sheet})) == {"ole:Workbook#sheet[One]": "5"}


def test_strings_go_on_in_further_records() -> None:
    whole = shared("first", "second one")
    for cut in range(9, len(whole)):
        middle = 11 <= cut < 16 or cut >= 19
        pieces = [whole[:cut], (b"\0" if middle else b"") + whole[cut:]]
        assert shared_strings(pieces, 1000) == (["first", "second one"], True), cut
    wide = [struct.pack("<IIHB", 1, 1, 4, 0) + b"ab", b"\1" + "йц".encode("utf-16-le")]
    assert shared_strings(wide, 1000) == (["abйц"], True)
    rich = struct.pack("<IIHBHI", 2, 2, 1, 12, 1, 3) + b"x" + bytes(7) + struct.pack("<HB", 1, 0) + b"y"
    assert shared_strings([rich], 1000) == (["x", "y"], True)
    assert shared_strings([whole[:-3]], 1000) == (["first"], False)
    assert shared_strings([whole], 7) == (["first"], False)


def test_words_of_a_presentation_and_those_of_earlier_saves() -> None:
    assert read(old(slides("One\rtwo", "\u0416"))) == {"ole:PowerPoint Document#slide[0]": "One\ntwo\n\u0416\nplain"}
    former, current = (
        atom(0x03EE, atom(0x0FA8, b"former"), container=True),
        atom(0x03EE, atom(0x0FA8, b"current"), container=True),
    )
    directory = atom(0x1772, struct.pack("<II", 1 | 1 << 20, len(former)))
    at = len(former) + len(current)
    edit = atom(0x0FF5, struct.pack("<IHBBII", 256, 0, 0, 3, 0, at).ljust(28, b"\0"))
    user = atom(0x0FF6, struct.pack("<III", 20, 0, at + len(directory)).ljust(40, b"\0"))
    data = old({"PowerPoint Document": former + current + directory + edit, "Current User": user})
    assert read(data) == {
        "ole:PowerPoint Document#earlier_slide[0]": "former",
        "ole:PowerPoint Document#slide[0]": "current",
    }


def test_other_programs_have_no_text_that_is_read() -> None:
    with pytest.raises(NoText):
        read(old({"VisioDocument": b"x"}))


SAMPLES = (
    old(),
    old({"Workbook": workbook(cells=cell(0xFD, 0, 0, bytes(4)), strings=record(0xFC, shared("zero", "\u0416")))}),
    old(slides("One", "Two")),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SAMPLES), st.data())
def test_damage_never_breaks_out(quoted: Quoted, sample: bytes, data: st.DataObject) -> None:
    at, raw = data.draw(st.integers(0, len(sample) - 1)), data.draw(st.binary(min_size=1, max_size=8))
    broken = sample[:at] + raw + sample[at + len(raw) :]
    with contextlib.suppress(ParseError, NoText):
        for part in ole2.text_parts(MemoryBytes(broken), ParseContext()):
            quoted(broken, part.locator)


@settings(max_examples=80, deadline=None)
@given(
    st.binary(min_size=1, max_size=600), st.sampled_from([b"\xec\xa5\xc1\0", b"\x09\x08\x10\0\0\6", b"\x0f\0\xee\3"])
)
def test_any_streams(data: bytes, begin: bytes) -> None:
    for name in ("WordDocument", "Workbook", "PowerPoint Document"):
        with contextlib.suppress(ParseError):
            ole2.text_parts(MemoryBytes(compound({name: begin + data, "0Table": data, "1Table": data})), ParseContext())
