"""What macOS keeps beside a file: who took it from where, and when."""

import contextlib
import plistlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, Timestamp
from forensics.model.items import Limits, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import Yielded
from forensics.parsers.document import apple_double
from forensics.parsers.identify import identify

META = "com.apple.metadata:"
BLANK_FORK = b"This resource fork intentionally left blank".ljust(200, b" ")


def side_file(attributes: dict[str, bytes], codes: bytes = bytes(8), fork: bytes = BLANK_FORK) -> bytes:
    """Return a side file as macOS writes it: the Finder's entry with the attributes, then a resource fork."""
    table = b""
    values_at = 120 + sum((11 + len(name.encode()) + 1 + 3) & ~3 for name in attributes)
    values = b""
    for name, value in attributes.items():
        letters = name.encode() + b"\0"
        entry = (values_at + len(values)).to_bytes(4, "big") + len(value).to_bytes(4, "big") + b"\0\0"
        table += (entry + bytes([len(letters)]) + letters).ljust((11 + len(letters) + 3) & ~3, b"\0")
        values += value
    end = values_at + len(values)
    sizes = [end.to_bytes(4, "big"), values_at.to_bytes(4, "big"), len(values).to_bytes(4, "big")]
    block = b"ATTR" + bytes(4) + b"".join(sizes) + bytes(14) + len(attributes).to_bytes(2, "big")
    finder = codes.ljust(34, b"\0") + block + table + values
    head = apple_double.MAGIC + b"Mac OS X        " + b"\0\2"
    entries = b"".join(part.to_bytes(4, "big") for part in (9, 50, len(finder), 2, 50 + len(finder), len(fork)))
    return head + entries + finder + fork


def read(data: bytes) -> list[Yielded]:
    where = Location((Step(kind=StepKind.FILE, name="x", start=0, end=len(data), source="s"),))
    return list(apple_double.parse(MemoryBytes(data), where, ParseContext(limits=Limits())))


def facts(data: bytes) -> DocumentFacts:
    (found,) = [one for one in read(data) if isinstance(one, DocumentFacts)]
    for one in (*found.properties, *found.timestamps):
        for start, end in one.locator.ranges:
            assert data[start:end] == one.raw, "the bytes of a value are those at its place"
    return found


def said(data: bytes) -> list[tuple[str, str]]:
    return [(one.name, one.value) for one in facts(data).properties if one.name != "mac.attribute"]


def times(data: bytes) -> dict[str, Timestamp]:
    return {one.kind.value: one for one in facts(data).timestamps}


def codes(data: bytes) -> list[str]:
    return [one.code for one in read(data) if isinstance(one, Notice)]


def test_a_quarantine_says_when_which_program_took_the_file() -> None:
    data = side_file({"com.apple.quarantine": b"q/0083;5dc7c81f;Example\\x20Mail;0A1B"})
    assert identify(data[:4096], MemoryBytes(data), b"._report.docx") == "document.apple_double"
    assert said(data) == [("mac.quarantined_by", "Example Mail"), ("mac.download", "0A1B")]
    taken = times(data)["mac_quarantined"]
    assert (taken.instant, taken.raw, taken.owner) == (0x5DC7C81F * 10_000_000, b"5dc7c81f", "Example Mail")
    assert codes(data) == []


def test_every_attribute_is_named() -> None:
    found = facts(side_file({"com.apple.macl": b"\5", "com.example.note": b"x"}))
    assert [one.value for one in found.properties] == ["com.apple.macl", "com.example.note"]


def test_addresses_and_dates_in_property_lists() -> None:
    places = plistlib.dumps(["https://a.example/f.docx", ""], fmt=plistlib.FMT_BINARY)
    taken = plistlib.dumps([datetime(2017, 3, 6, 10, 15, 0, 500_000)], fmt=plistlib.FMT_BINARY)  # noqa: DTZ001
    received = plistlib.dumps(datetime(2017, 3, 5), fmt=plistlib.FMT_BINARY)  # noqa: DTZ001
    data = side_file(
        {
            f"{META}kMDItemWhereFroms": places,
            f"{META}kMDItemDownloadedDate": taken,
            f"{META}com_apple_mail_dateReceived": received,
        }
    )
    assert said(data) == [("mac.where_from", "https://a.example/f.docx")]
    assert times(data)["mac_downloaded"].instant == 14_887_953_005_000_000
    assert times(data)["mac_mail_received"].instant == 14_886_720_000_000_000


def test_last_use_to_the_nanosecond() -> None:
    raw = (1_488_795_300).to_bytes(8, "little") + (1_500).to_bytes(8, "little")
    assert times(side_file({"com.apple.lastuseddate#PS": raw}))["mac_last_used"].instant == 14_887_953_000_000_015


def test_what_the_finder_knows_the_file_by() -> None:
    assert said(side_file({}, codes=b"W8BNMSWD")) == [("mac.type", "W8BN"), ("mac.creator", "MSWD")]


def test_a_resource_fork_is_said_to_be_unread() -> None:
    (notice,) = [one for one in read(side_file({}, fork=b"\1" * 300)) if isinstance(one, Notice)]
    assert (notice.code, notice.unread) == ("mac.entry_unread", 300)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("com.apple.quarantine", b"soon", "mac.attribute_unread"),
        ("com.apple.lastuseddate#PS", b"\1", "mac.attribute_unread"),
        ("com.apple.lastuseddate#PS", b"\xff" * 16, "mac.date_unparsable"),
        (f"{META}kMDItemWhereFroms", plistlib.dumps([1]), "mac.attribute_unread"),
        (f"{META}kMDItemDownloadedDate", b"bplist00", "mac.date_unparsable"),
        (f"{META}kMDItemWhereFroms", plistlib.dumps(["a"] * 60), "mac.value_limit"),
    ],
)
def test_what_cannot_be_read_is_told(name: str, value: bytes, code: str) -> None:
    assert codes(side_file({name: value})) == [code]


def test_a_quarantine_without_a_time_has_none() -> None:
    assert times(side_file({"com.apple.quarantine": b"0082;00000000;Example"}))["mac_quarantined"].instant is (
        Absence.NOT_PRESENT
    )


def test_a_fork_that_only_says_that_it_is_blank_is_unread() -> None:
    (notice,) = [one for one in read(side_file({}, fork=BLANK_FORK + b"\1" * 300)) if isinstance(one, Notice)]
    assert (notice.code, notice.unread) == ("mac.entry_unread", len(BLANK_FORK) + 300)


def test_what_is_listed_over_and_over_is_read_once() -> None:
    entry = (9).to_bytes(4, "big") + (50).to_bytes(4, "big") + (9_000_000).to_bytes(4, "big")
    data = apple_double.MAGIC + bytes(16) + b"\xff\xff" + entry * 65_535
    assert codes(data).count("mac.value_limit") == 1
    assert len(codes(data)) < 100
    value = b"0083;5dc7c81f;Example;"
    other = side_file({"com.apple.quarantine": value, "com.apple.quarantinf": value})
    twice = other.replace(b"quarantinf", b"quarantine")
    assert len(facts(twice).timestamps) == 1
    assert codes(twice) == ["mac.attribute_unread"]


def test_a_file_that_was_cut_off_is_told() -> None:
    data = side_file({"com.apple.quarantine": b"q/0083;5dc7c81f;Example;"})
    assert "mac.truncated" in codes(data[:-100])
    assert "mac.attribute_damaged" in codes(data[:140])


@pytest.mark.parametrize("data", [b"", apple_double.MAGIC, apple_double.MAGIC + bytes(40), b"\0\5\x16\0" + bytes(90)])
def test_what_is_no_side_file(data: bytes) -> None:
    assert not apple_double.sniff(data, MemoryBytes(data))
    with pytest.raises(ParseError):
        read(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(ParseError):
        facts(apple_double.MAGIC + data)


GOOD = side_file(
    {
        "com.apple.quarantine": b"q/0083;5dc7c81f;Example;1",
        f"{META}kMDItemWhereFroms": plistlib.dumps(["https://a.example"]),
    }
)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_any_change_of_a_good_file_is_read_or_refused(at: int, byte: int) -> None:
    data = bytearray(GOOD)
    data[at] = byte
    with contextlib.suppress(ParseError):
        facts(bytes(data))
