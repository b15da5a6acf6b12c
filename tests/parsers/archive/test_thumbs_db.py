"""Thumbnails of a folder by Windows: names and times of the catalog, thumbnails without one, and damage."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import Limits, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import Yielded
from forensics.parsers.archive import thumbs_db
from forensics.parsers.identify import identify
from tests.parsers.compound_files import Tree, compound

TIME = 132_000_000_000_000_000


def entry(number: int, name: str) -> bytes:
    text = name.encode("utf-16-le") + bytes(4)
    return struct.pack("<IIQ", 16 + len(text), number, TIME) + text


def catalog(*entries: bytes, stated: int | None = None) -> bytes:
    return struct.pack("<HHIII", 16, 7, len(entries) if stated is None else stated, 96, 96) + b"".join(entries)


ENTRIES = (entry(1, "Fax é.pdf"), entry(12, "gone.jpg"))
GOOD = compound({"Catalog": catalog(*ENTRIES), "1": b"\x0c" * 50, "21": b"\x0c" * 50, "256_5a6b4a11dfc7be06": b"x"})


def read(data: bytes) -> list[Yielded]:
    where = Location((Step(kind=StepKind.FILE, name="x", start=0, end=len(data), source="s"),))
    return list(thumbs_db.parse(MemoryBytes(data), where, ParseContext(limits=Limits())))


def facts(data: bytes) -> DocumentFacts:
    (found,) = [one for one in read(data) if isinstance(one, DocumentFacts)]
    for said in (*found.properties, *found.timestamps):
        pieces = [data[start:end] for start, end in said.locator.ranges]
        assert b"".join(pieces) == said.raw, "bytes are those at their place"
    return found


def notices(data: bytes) -> dict[str, int]:
    return {one.code: one.unread for one in read(data) if isinstance(one, Notice)}


def test_a_catalog_tells_names_and_times() -> None:
    assert identify(GOOD[:4096], MemoryBytes(GOOD), b"Thumbs.db") == "archive.thumbs_db"
    found = facts(GOOD)
    assert [(one.name, one.value) for one in found.properties] == [
        ("thumbs_db.name", "Fax é.pdf"),
        ("thumbs_db.name", "gone.jpg"),
        ("thumbs_db.unnamed", "1"),
    ]
    assert [(one.instant, one.index) for one in found.timestamps] == [
        (TIME - 116_444_736_000_000_000, 0),
        (TIME - 116_444_736_000_000_000, 1),
    ]
    assert notices(GOOD) == {"thumbs_db.thumbnails": 101}


def test_thumbnails_without_a_catalog_are_counted() -> None:
    data = compound({"256_5a6b4a11dfc7be06": b"x", "96_1": b"y"})
    assert identify(data[:4096], MemoryBytes(data), b"Thumbs.db") == "archive.thumbs_db"
    assert [(one.name, one.value) for one in facts(data).properties] == [("thumbs_db.unnamed", "2")]


@pytest.mark.parametrize(
    "held",
    [
        catalog(*ENTRIES)[:-3],
        catalog(*ENTRIES, stated=3),
        catalog(ENTRIES[0], bytes(60), stated=2),
        b"\x20" + catalog(*ENTRIES)[1:],
        b"",
    ],
)
def test_a_broken_catalog_is_told(held: bytes) -> None:
    assert "thumbs_db.catalog_damaged" in notices(compound({"Catalog": held, "1": b"x"}))


@pytest.mark.parametrize("tree", [{"12x": b"x"}, {"WordDocument": b"x", "Catalog": catalog()}, {"notes": b"x"}])
def test_what_is_no_store_of_thumbnails(tree: Tree) -> None:
    data = compound(tree)
    assert not thumbs_db.sniff(data[:4096], MemoryBytes(data))
    with pytest.raises(ParseError):
        read(data)


@given(st.binary(max_size=120), st.integers(0, len(GOOD)))
def test_any_change_is_read_or_refused(noise: bytes, at: int) -> None:
    for data in (noise, GOOD[:at] + noise + GOOD[at + len(noise) :], GOOD[:at]):
        with contextlib.suppress(ParseError):
            facts(data)


@given(st.binary(max_size=120))
def test_any_catalog_is_read(noise: bytes) -> None:
    facts(compound({"Catalog": catalog(*ENTRIES)[:16] + noise, "1": b"x"}))
