"""Files that Office and LibreOffice leave beside a document that is open."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence
from forensics.model.items import Limits, Notice, ParseContext, Status
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import Yielded
from forensics.parsers.document import office_lock, office_owner
from forensics.parsers.identify import identify
from forensics.parsers.unparsed import unparsed

LOCK = b"Anna M,anna,host\\,1,06.03.2017 10:15,file:///home/anna/.config/libreoffice/4;"


def owner(user: str, size: int = 162, left: str = "") -> bytes:
    half, old = size // 3, left.ljust(size // 3)
    narrow = bytes([len(user)]) + user.encode("latin-1") + old[len(user) :].encode("latin-1")
    wide = len(user).to_bytes(2, "little") + (user + old[len(user) :]).encode("utf-16-le")
    return narrow[:half] + wide[: size - half]


def read(parser: object, data: bytes) -> list[Yielded]:
    where = Location((Step(kind=StepKind.FILE, name="x", start=0, end=len(data), source="s"),))
    return list(parser.parse(MemoryBytes(data), where, ParseContext(limits=Limits())))  # type: ignore[attr-defined]


def facts(parser: object, data: bytes) -> DocumentFacts:
    (found,) = [one for one in read(parser, data) if isinstance(one, DocumentFacts)]
    for fact in found.properties:
        ((start, end),) = fact.locator.ranges
        assert data[start:end] == fact.raw, "a fact's bytes are those at its place"
    return found


@pytest.mark.parametrize("size", office_owner.SIZES)
def test_an_owner_file_names_its_user_twice(size: int) -> None:
    data = owner("Anna Müller", size)
    assert identify(data, MemoryBytes(data), b"~$report.docx") == "document.office_owner"
    said = [(one.name, one.value) for one in facts(office_owner, data).properties]
    assert said == [("owner.user_narrow", "Anna Müller"), ("owner.user", "Anna Müller")]


def test_what_an_earlier_name_left_behind_is_told() -> None:
    said = [(one.name, one.value.strip()) for one in facts(office_owner, owner("Ada", left="Roman Miller")).properties]
    assert said[2:] == [("owner.left_behind", "an Miller"), ("owner.left_behind", "an Miller")]


@pytest.mark.parametrize(
    "data",
    [owner("Anna")[:-1], bytes(162), owner("Anna").replace(b"Anna", b"Ada "), b"\x05hello" + b" " * 156, owner("A\n")],
)
def test_what_is_no_owner_file(data: bytes) -> None:
    assert not office_owner.sniff(data, MemoryBytes(data))
    with pytest.raises(ParseError):
        read(office_owner, data)


def test_a_lock_file_says_who_where_and_since_when() -> None:
    assert identify(LOCK, MemoryBytes(LOCK), b".~lock.report.odt#") == "document.office_lock"
    found = facts(office_lock, LOCK)
    assert {one.name: one.value for one in found.properties} == {
        "lock.user": "Anna M",
        "lock.account": "anna",
        "lock.computer": "host,1",
        "lock.settings": "file:///home/anna/.config/libreoffice/4",
    }
    (opened,) = found.timestamps
    assert (opened.raw, opened.instant) == (b"06.03.2017 10:15", Absence.NOT_PRESENT)
    assert opened.wall == 14_887_953_000_000_000


def test_a_day_that_no_calendar_has_is_told() -> None:
    data = LOCK.replace(b"06.03.", b"31.02.")
    assert [one.code for one in read(office_lock, data) if isinstance(one, Notice)] == ["lock.date_unparsable"]


@pytest.mark.parametrize("data", [b"", b"a,b,c;", LOCK + b"\nmore", LOCK.replace(b"10:15", b"10:1x"), LOCK * 100])
def test_what_is_no_lock_file(data: bytes) -> None:
    assert not office_lock.sniff(data[:4096], MemoryBytes(data))
    with pytest.raises(ParseError):
        read(office_lock, data)


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b"CMMM" + bytes(100), b"thumbcache_96.db", "application/x-ms-thumbnail-cache"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"Thumbs.db", "application/x-ms-thumbs-db"),
    ],
)
def test_side_files_that_are_not_read_are_named(data: bytes, name: bytes, media_type: str) -> None:
    assert unparsed(data, name, len(data))[:2] == (media_type, Status.UNREAD)


@given(st.binary(max_size=170))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for parser in (office_owner, office_lock):
        with contextlib.suppress(ParseError):
            read(parser, data)


@given(st.integers(0, 161), st.integers(0, 255))
def test_any_change_of_a_good_file_is_read_or_refused(at: int, byte: int) -> None:
    for parser, good in ((office_owner, owner("Anna", left="Roman Miller")), (office_lock, LOCK)):
        data = bytearray(good)
        data[at % len(good)] = byte
        with contextlib.suppress(ParseError):
            facts(parser, bytes(data))
