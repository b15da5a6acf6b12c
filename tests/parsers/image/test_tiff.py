import struct
from collections.abc import Callable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import Notice, ParseContext
from forensics.model.locations import Location
from forensics.parsers.image import tiff

DATE = b"2017:03:06 11:00:00\0"
XMP = (
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description"
    b" xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:CreatorTool='Example Edit'/></rdf:RDF>"
)


def scan(order: str, *, next_directory: int = 0) -> bytes:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entries = struct.pack(f"{order}HHII", 0x0132, 2, len(DATE), 38)
    entries += struct.pack(f"{order}HHII", 0x02BC, 1, len(XMP), 38 + len(DATE))
    head = mark + struct.pack(f"{order}IH", 8, 2) + entries + struct.pack(f"{order}I", next_directory)
    return head + DATE + XMP


@pytest.mark.parametrize("order", ["<", ">"])
def test_date_and_packet(order: str, where: Location, located: Callable[..., tuple[int, int]]) -> None:
    data = scan(order)
    assert tiff.sniff(data[:4096], MemoryBytes(data))
    (facts,) = tiff.parse(MemoryBytes(data), where, ParseContext())
    assert isinstance(facts, DocumentFacts)
    assert (facts.format, facts.application) == ("image.tiff", "Example Edit")
    assert facts.modified is not None and facts.modified.raw == DATE[:-1]
    assert located(data, facts) == (2, 2)


def test_a_list_of_directories_that_runs_in_circles_ends(where: Location) -> None:
    found = list(tiff.parse(MemoryBytes(scan("<", next_directory=8)), where, ParseContext()))
    assert isinstance(found[-1], DocumentFacts)


def test_a_cut_file_gives_what_it_has(where: Location) -> None:
    found = list(tiff.parse(MemoryBytes(scan("<")[:50]), where, ParseContext()))
    assert [entry.code for entry in found if isinstance(entry, Notice)] == ["tiff.date_unparsable", "xml.malformed"]
