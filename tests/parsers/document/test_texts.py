"""What documents say, and that what cannot be read of them is told."""

import io
import zipfile
from collections.abc import Mapping

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import LimitExceeded, Locked, Malformed, NoText, ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Limits, ParseContext
from forensics.model.texts import TextPart
from forensics.parsers.document import odf, ooxml, pdf
from forensics.parsers.document._xml_texts import MAX_CHARACTERS, Shown, words_of

W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BODY = (
    b"<w:document %s><w:body><w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t></w:r></w:p>"
    b"<w:p><w:del><w:r><w:delText>struck</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    b"</w:body></w:document>"
) % W
SHOWN = Shown(texts=("t",), ends={"p": "\n"})


def package(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {"[Content_Types].xml": b"<Types/>", **members}.items():
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def texts(data: bytes, context: ParseContext | None = None) -> tuple[TextPart, ...]:
    return ooxml.text_parts(MemoryBytes(data), context or ParseContext())


def said(data: bytes) -> list[tuple[str, bool]]:
    return [(part.text, part.whole) for part in texts(data)]


def pages(*lines: str) -> bytes:
    made, document = io.BytesIO(), pikepdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for line in lines:
        page = document.add_blank_page()
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        shown = b"BT /F1 12 Tf 72 72 Td (" + line.encode() + b") Tj ET" if line else b""
        page.obj.Contents = document.make_stream(shown)
    document.save(made)
    return made.getvalue()


def test_a_text_has_its_paragraphs_tabs_and_struck_words_and_no_field_codes() -> None:
    data = package({"word/document.xml": BODY, "word/footnotes.xml": BODY.replace(b"One", b"Note")})
    (body, note) = texts(data)
    assert (body.text, note.text) == ("One\ttwo\nstruck", "Note\ttwo\nstruck")
    assert (body.locator.path, body.media_type, body.whole) == ("xml:word/document.xml", "text/plain", True)
    ((start, end),) = body.locator.ranges
    assert 0 < start < end < len(data)


def test_slides_stand_in_the_order_of_their_numbers() -> None:
    slide = b'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:sld>'
    data = package({f"ppt/slides/slide{n}.xml": slide % str(n).encode() for n in (10, 2, 1)})
    assert said(data) == [("1", True), ("2", True), ("10", True)]


def test_cells_are_named_strings_numbers_and_strings_of_their_own() -> None:
    strings = b"<sst %s><si><t>Total</t><rPh><t>aloud</t></rPh></si><si><r><t>a</t></r><r><t>b</t></r></si></sst>" % S
    sheet = (
        b'<worksheet %s><sheetData><row><c t="s"><v>1</v></c><c><f>A1+2</f><v>12.5</v></c></row>'
        b'<row><c t="inlineStr"><is><t>own</t></is></c><c t="s"><v>0</v></c><c t="s"><v>7</v></c></row></sheetData>'
        b"</worksheet>"
    ) % S
    data = package({"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet})
    assert said(data) == [("ab\t12.5\t\nown\tTotal", True)]
    broken = package({"xl/sharedStrings.xml": strings[:-20], "xl/worksheets/sheet1.xml": sheet})
    assert [whole for _, whole in said(broken)] == [False]


def test_what_cannot_be_read_is_not_said_to_be_whole() -> None:
    assert said(package({"word/document.xml": BODY[:-30]})) == [("One\ttwo\nstruck", False)]
    entity = b'<!DOCTYPE d [<!ENTITY e "x">]>' + BODY.replace(b"One", b"&e;")
    assert said(package({"word/document.xml": entity})) == [("", False)]
    tight = ParseContext(limits=Limits(xml_bytes=20))
    assert [(part.text, part.whole) for part in texts(package({"word/document.xml": BODY}), tight)] == [("", False)]
    assert said(package({"word/styles.xml": b"<w/>"})) == []


def test_a_binary_workbook_has_no_text_that_is_read() -> None:
    with pytest.raises(NoText):
        texts(package({"xl/workbook.bin": b"\0"}))


def test_a_part_is_read_up_to_a_number_of_characters_and_of_layers() -> None:
    long = b"<d><p><t>" + b"x" * MAX_CHARACTERS + b"</t></p><p><t>more</t></p></d>"
    assert words_of(long, SHOWN).whole is False
    assert words_of(b"<a>" * 300 + b"</a>" * 300, SHOWN).whole is False
    assert words_of(b"<d><p><t>x</t></p></d>", SHOWN) == ("x", True)


def test_open_document_paragraphs_and_an_encrypted_one() -> None:
    content = (
        b'<office:d xmlns:office="o" xmlns:text="t"><text:h>Head</text:h><text:p>a<text:s/>b<text:tab/>'
        b"<text:span>c</text:span></text:p></office:d>"
    )
    data = package({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content})
    assert [part.text for part in odf.text_parts(MemoryBytes(data), ParseContext())] == ["Head\na b\tc"]
    locked = package({"content.xml": b"\x01\x02", "META-INF/manifest.xml": b"<m><encryption-data/></m>"})
    with pytest.raises(Locked):
        odf.text_parts(MemoryBytes(locked), ParseContext())


def test_pages_have_their_text_and_those_without_are_left_out() -> None:
    parts = pdf.text_parts(MemoryBytes(pages("First page", "", "Third")), ParseContext())
    assert [(part.text, part.locator.path, part.whole) for part in parts] == [
        ("First page", "page:1", True),
        ("Third", "page:3", True),
    ]


def test_a_locked_pdf_opens_by_a_password_that_is_given() -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pages("Secret"))) as document:
        document.save(made, encryption=pikepdf.Encryption(owner="o", user="u"))
    source = MemoryBytes(made.getvalue())
    with pytest.raises(Locked):
        pdf.text_parts(source, ParseContext(passwords=(b"no",)))
    (part,) = pdf.text_parts(source, ParseContext(passwords=(b"no", b"u")))
    assert part.text == "Secret"


def test_a_pdf_that_is_none_or_too_large() -> None:
    with pytest.raises(Malformed):
        pdf.text_parts(MemoryBytes(b"%PDF-1.7 nothing"), ParseContext())
    with pytest.raises(LimitExceeded):
        pdf.text_parts(MemoryBytes(pages("x")), ParseContext(limits=Limits(memory_bytes=10)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2_000), st.binary(max_size=40))
def test_any_change_of_a_document_is_read_or_refused(at: int, put: bytes) -> None:
    whole = package({"word/document.xml": BODY})
    data = whole[: at % len(whole)] + put + whole[at % len(whole) + len(put) :]
    try:
        parts = texts(data)
    except ParseError:
        return
    assert all(isinstance(part.text, str) for part in parts)
