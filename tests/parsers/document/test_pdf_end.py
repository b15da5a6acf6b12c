import io
import zipfile
from collections.abc import Callable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Location
from forensics.parsers.document import pdf
from forensics.parsers.document._pdf_end import document_end


def document(lead: bytes = b"", author: bytes = b"Ada") -> bytes:
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R>>",
        b"<</Author(%s)>>" % author,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join([b"%010d 00000 n \n" % place for place in places])
    return lead + out + b"trailer\n<</Size 5/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def updated(data: bytes) -> bytes:
    start = len(data)
    previous = data.rfind(b"xref\n0")
    out = data + b"xref\n0 0\ntrailer\n<</Size 5/Root 1 0 R/Info 4 0 R/Prev %d>>\n" % previous
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def archive(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("a.pdf", content)
    return made.getvalue()


def parse(data: bytes, where: Location) -> tuple[list[Notice], list[ChildItem]]:
    found = list(pdf.parse(MemoryBytes(data), where, ParseContext()))
    (facts,) = [entry for entry in found if isinstance(entry, DocumentFacts)]
    assert facts.author.value == "Ada"
    notices = [entry for entry in found if isinstance(entry, Notice)]
    return notices, [entry for entry in found if isinstance(entry, ChildItem)]


@pytest.mark.parametrize("data", [document(), updated(document()), updated(updated(document()))])
@pytest.mark.parametrize("filling", [b"", b"\n\n", b"\0" * 2000, b"\r\n\x1a"])
def test_an_untouched_document_says_nothing(data: bytes, filling: bytes, where: Location) -> None:
    assert parse(data + filling, where) == ([], [])


@pytest.mark.parametrize("data", [document(), updated(document())])
@pytest.mark.parametrize("inner", [b"secret", document(author=b"Bea"), updated(document(author=b"Bea"))])
def test_an_archive_behind_it_is_an_item(
    data: bytes, inner: bytes, where: Location, replayed_child: Callable[[bytes, ChildItem], bytes]
) -> None:
    whole = data + archive(inner)
    (notice,), (child,) = parse(whole, where)
    assert (notice.code, notice.unread) == ("pdf.trailing", 0)
    assert notice.locator is not None and notice.locator.ranges == ((len(data), len(whole)),)
    assert replayed_child(whole, child) == child.content == archive(inner)


def test_text_behind_it_is_unread(where: Location) -> None:
    (notice,), children = parse(document() + b"and this", where)
    assert (notice.code, notice.unread, children) == ("pdf.trailing", 8, [])


def test_a_second_document_behind_it(where: Location) -> None:
    _, (child,) = parse(document() + document(author=b"Bea"), where)
    assert child.content == document(author=b"Bea")


def test_bytes_before_it(where: Location, replayed_child: Callable[[bytes, ChildItem], bytes]) -> None:
    (notice,), children = parse(document(b"HTTP/1.1 200 OK\r\n\r\n"), where)
    assert (notice.code, notice.unread, children) == ("pdf.leading", 19, [])
    picture = b"GIF89a" + b"x" * 20
    (notice,), (child,) = parse(document(picture), where)
    assert (notice.code, notice.unread) == ("pdf.leading", 0)
    assert replayed_child(document(picture), child) == child.content == picture
    assert parse(document(b"\xef\xbb\xbf"), where) == parse(document(b"\n"), where) == ([], [])


def test_a_file_without_any_section_ends_at_its_last_mark() -> None:
    data = b"%PDF-1.4\nnothing\n%%EOF more %%EOF"
    assert document_end(MemoryBytes(data + b" and more"), 0) == (len(data), False)
    assert document_end(MemoryBytes(b"%PDF-1.4\nnothing"), 0) is None
