"""Archives that readers see differently: every reading is kept, and told."""

import struct
import zlib
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.items import ChildItem, Limits, Notice, ParseContext
from forensics.parsers.archive import _zip_runs as zip_runs
from forensics.parsers.archive import zip as archive_zip
from forensics.parsers.archive._zip_end import OTHERS
from forensics.parsers.archive.zip_structure import read_directory
from forensics.parsers.identify import identify


def contents(children: Sequence[ChildItem]) -> list[Any]:
    return [child.content for child in children]


def told(notices: Sequence[Notice]) -> list[str]:
    return [notice.code for notice in notices]


def test_a_method_that_only_the_local_header_states(zips: Any) -> None:
    packed = zips.deflated(b"what is packed")
    member = zips.Member(b"x", packed, method=0, local_method=8)
    member.local |= {"crc32": zlib.crc32(b"what is packed"), "size": 14}
    _, (first, second), _ = zips.read(zips.build([member]))
    assert contents((first, second)) == [packed, b"what is packed"]
    assert zips.codes(first) == [] and zips.codes(second) == ["zip.two_contents"]
    assert second.notices[0].text.endswith("method 8, not 0, size 14, not 16")
    assert (first.step.decoder, second.step.decoder) == ("copy/1", "deflate/1")


def test_a_size_that_only_the_local_header_states(zips: Any) -> None:
    stored = b"for all to seefor some"
    member = zips.Member(
        b"x", stored[:14], method=0, stored=stored, local_size=22, local_stored_size=22, stored_size=14
    )
    member.local["crc32"] = zlib.crc32(stored)
    _, children, _ = zips.read(zips.build([member]))
    assert contents(children) == [b"for all to see", stored]


def test_a_deflate_stream_that_the_directory_cuts(zips: Any) -> None:
    data = bytes(range(256)) * 9
    member = zips.Member(b"x", data, flags=8, local_crc32=0, local_size=0, local_stored_size=0)
    whole = len(member.stored)
    member.descriptor = struct.pack("<4s3L", b"PK\7\10", zlib.crc32(data), whole, len(data))
    member.central |= {"stored_size": 100, "size": 50, "crc32": 1}
    _, (first, second), _ = zips.read(zips.build([member]))
    assert first.content != data and data.startswith(first.content)
    assert second.content == data and second.step.end - second.step.start == whole


def test_a_local_header_that_is_only_broken_gives_nothing_more(zips: Any) -> None:
    member = zips.Member(b"x", b"text " * 30, local_method=0, local_size=7, local_crc32=9)
    facts, (child,), _ = zips.read(zips.build([member]))
    assert child.content == b"text " * 30 and zips.codes(child) == []
    assert {fact.name for fact in facts.members[0].conflicts} >= {"zip.member.method", "zip.member.size"}


@pytest.mark.parametrize(("name", "words"), [(b"y.exe", "names it y.exe:"), (b"", "names it nothing:")])
def test_two_names_are_told(zips: Any, name: bytes, words: str) -> None:
    member = zips.Member(b"x.txt", b"data")
    member.local_name = name
    _, (child,), _ = zips.read(zips.build([member]))
    assert zips.codes(child) == ["zip.two_names"] and words in child.notices[0].text


def test_an_archive_in_the_comment(zips: Any) -> None:
    inner = zips.build([zips.Member(b"inner", b"for one reader", method=0)])
    outer = zips.build([zips.Member(b"outer", b"for another", method=0)], comment=inner)
    facts, children, notices = zips.read(outer)
    assert sorted(contents(children)) == [b"for another", b"for one reader"]
    assert "zip.other_directory" in told(notices) and "zip.end_ambiguous" in told(notices)
    assert facts.gaps == ()


def test_archives_behind_each_other(zips: Any) -> None:
    first = zips.build([zips.Member(b"a", b"first"), zips.Member(b"b", b"both")])
    second = zips.build([zips.Member(b"b", b"changed")])
    facts, children, notices = zips.read(first + second)
    assert contents(children) == [b"changed", b"first", b"both"]
    assert told(notices) == ["zip.shifted", "zip.other_directory", "zip.duplicate_name"]
    assert "lists 2 members: 2 otherwise" in notices[1].text and "whose 1 it lacks 1" in notices[1].text
    assert facts.gaps == () and all(member.times for member in facts.members)


def test_an_older_directory_that_was_left_behind(zips: Any) -> None:
    """As a program leaves it that appends members and a new directory, and removes nothing."""
    data = zips.build([zips.Member(b"kept", b"kept"), zips.Member(b"dropped", b"dropped")])
    new = zips.Member(b"new", b"new")
    kept = zips.Member(b"kept", b"kept", at=0)
    late = zips.build([kept, new], prefix=data)
    facts, children, notices = zips.read(late)
    assert contents(children) == [b"kept", b"new", b"dropped"]
    assert told(notices) == ["zip.other_directory"]
    assert "1 otherwise" in notices[0].text and "lacks 1" in notices[0].text
    assert facts.gaps == ()


def test_numbers_of_both_end_records_are_read(zips: Any) -> None:
    """Readers that need no zip64 record go by the older one, whatever the other says."""
    shown = zips.build([zips.Member(b"x", b"by the old record")])
    at = shown.index(b"PK\5\6")
    size, start = struct.unpack("<LL", shown[at + 12 : at + 20])
    local = zips.Member(b"y", b"by the new one")
    other = zips.build([local], prefix=shown[:start])
    begin = other.index(b"PK\1\2")
    directory = other[begin : other.index(b"PK\5\6")]
    body = other[:begin] + directory
    old = shown[start : start + size]
    record_at = len(body)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(directory), begin)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, record_at, 1)
    # The old directory stands before the record of the new one, in an area that the record states as its own.
    record = record[:4] + struct.pack("<Q", 44 + len(old)) + record[12:] + old
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(old), record_at + 56, 0)
    _, children, notices = zips.read(body + record + locator + end)
    assert contents(children) == [b"by the new one", b"by the old record"]
    assert told(notices) == ["zip.other_directory"]


def test_an_archive_that_is_a_member_is_no_other_reading(zips: Any) -> None:
    inner = zips.build([zips.Member(b"inner", b"deep", method=0)])
    _, children, notices = zips.read(zips.build([zips.Member(b"a.zip", inner, method=0)]))
    assert contents(children) == [inner] and notices == []


def test_a_package_part_is_that_of_the_directory_that_is_taken(zips: Any) -> None:
    first = zips.build([zips.Member(b"part", b"old")])
    data = first + zips.build([zips.Member(b"part", b"new")])
    found = read_directory(MemoryBytes(data)).find(b"part")
    assert found is not None and found.reading == 0 and found.header_start == len(first)


def test_many_directories_are_read_up_to_a_number(zips: Any) -> None:
    data = b"".join([zips.build([zips.Member(b"%d" % number, b"%d" % number, method=0)]) for number in range(40)])
    _, children, notices = zips.read(data)
    assert sorted(contents(children)) == sorted([b"%d" % number for number in range(40)])
    assert told(notices).count("zip.other_directory") == OTHERS


def test_directories_share_the_limit_of_members(zips: Any) -> None:
    one = zips.build([zips.Member(b"%d" % number, b"x", method=0) for number in range(6)])
    data = one + zips.build([zips.Member(b"y%d" % number, b"x", method=0) for number in range(6)])
    found = read_directory(MemoryBytes(data), Limits(members=8))
    assert len(found.members) == 8


@pytest.mark.parametrize("field", ["local_method", "local_size", "local_stored_size", "comment"])
def test_what_has_two_readings_is_not_cut(zips: Any, monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    monkeypatch.setattr(zip_runs, "CUT_BYTES", 100)
    monkeypatch.setattr(zip_runs, "RUN_MEMBERS", 2)
    plain = [zips.Member(b"%d" % number, b"data %d" % number, method=0) for number in range(6)]
    whole = zips.build(plain)
    assert len(zip_runs.runs(MemoryBytes(whole), Limits())) == 3
    if field == "comment":
        odd = zips.build(plain, comment=zips.build([zips.Member(b"z", b"z")]) + b"after it")
    else:
        odd = zips.build([*plain[:3], zips.Member(b"z", b"zz", method=0, **{field: 5}), *plain[3:]])
    assert len(zip_runs.runs(MemoryBytes(odd), Limits())) < 2


def split(zips: Any, cut: int) -> tuple[bytes, bytes, int]:
    """An archive of two parts of *cut* bytes and the rest, and where the second member began."""
    data = b"PK\7\10" + zips.build([zips.Member(b"a", b"1" * 60, method=0), zips.Member(b"b", b"2" * 60, method=0)])
    return data[:cut], data[cut:], data.index(b"PK\3\4", 10)


def test_the_first_part_of_a_split_archive(zips: Any) -> None:
    part, _, second = split(zips, 150)
    facts, children, notices = zips.read(part)
    assert contents(children)[0] == b"1" * 60
    assert children[1].content == b"2" * (150 - second - 31)
    (notice,) = children[1].notices[:1]
    assert (notice.code, notice.unread) == ("zip.split", 0)  # the rest is no part of this file
    assert "another part" in notice.text and facts.gaps == ()
    assert told(notices) == ["zip.split", "zip.no_directory"]


def test_a_middle_part_is_known_by_its_name(zips: Any) -> None:
    _, rest, second = split(zips, 60)
    middle = rest[: second + 31 + 20 - 60]
    source = MemoryBytes(middle)
    assert identify(middle, source, b"leak.z02") == "archive.zip" and identify(middle, source, b"leak.bin") is None
    facts, (child,), notices = zips.read(middle)
    assert child.content == b"2" * 20 and zips.codes(child)[0] == "zip.truncated"
    assert facts.gaps == ((0, second - 60),) and "zip.gap" in told(notices)
    assert identify(b"no zip" * 100, MemoryBytes(b"no zip" * 100), b"leak.z02") is None


def test_a_marker_without_further_parts(zips: Any) -> None:
    data = b"PK00" + zips.build([zips.Member(b"a", b"whole")])
    facts, (child,), notices = zips.read(data)
    assert child.content == b"whole" and facts.gaps == ()
    assert told(notices) == ["zip.shifted"]


@given(
    flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=6),
    cut=st.integers(0, 2000),
    kind=st.integers(0, 3),
)
def test_any_mutation_only_raises_parse_errors(zips: Any, flips: list[tuple[int, int]], cut: int, kind: int) -> None:
    one = zips.build([zips.Member(b"a", b"first" * 9), zips.Member(b"b", b"both", method=0)])
    two = zips.build([zips.Member(b"b", b"changed", local_method=0, method=8), zips.encrypted(b"c", b"x", b"p")])
    data = bytearray([one + two, zips.build([zips.Member(b"o", b"o")], comment=one), b"PK\7\10" + one, two + one][kind])
    for place, change in flips:
        data[place % len(data)] ^= change
    source = MemoryBytes(bytes(data[: len(data) - cut % len(data)]))
    try:
        found = list(archive_zip.parse(source, zips.WHERE, ParseContext(passwords=(b"p",))))
    except ParseError:
        return
    assert isinstance(found[0], ArchiveFacts)
    zips.replay(source.data, [one for one in found if isinstance(one, ChildItem)], (b"p",))
