"""Tar archives that lie, end early, go on after their end, or grow without bounds."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError, WrongFormat
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ChildItem, Limits, Notice, Padding, ParseContext
from forensics.parsers.archive import _tar_survey as survey
from forensics.parsers.archive import tar

Tars = Any
"""Of the fixture of that name: it builds archives."""
GARBAGE = random.Random(7).randbytes(3 * 512)


def codes(child: ChildItem) -> list[str]:
    return [notice.code for notice in child.notices]


def test_a_header_that_was_changed_is_read_and_told(tars: Tars) -> None:
    block = bytearray(tars.header(b"a.txt", 3))
    block[0:1] = b"b"
    found = tars.read(tars.joined([bytes(block) + tars.padded(b"abc"), tars.member(b"y", b"1")]))
    assert found.contents == [b"abc", b"1"] and codes(found.children[0]) == ["tar.checksum"]
    assert found.children[0].notices[0].locator.ranges == ((148, 156),)


def test_a_broken_header_costs_what_stands_before_the_next(tars: Tars) -> None:
    data = tars.joined([tars.member(b"x", b"0"), GARBAGE, tars.member(b"y", b"1")])
    found = tars.read(data)
    assert found.contents == [b"0", b"1"] and found.facts.gaps == ((1024, 1024 + len(GARBAGE)),)
    (gap,) = found.notices
    assert (gap.code, gap.unread, gap.locator.ranges) == ("tar.gap", len(GARBAGE), ((1024, 2560),))


def test_a_size_that_is_too_large_ends_at_the_next_header(tars: Tars) -> None:
    found = tars.read(tars.joined([tars.header(b"x", 8**10) + tars.padded(b"0"), tars.member(b"y", b"1")]))
    assert found.contents == [tars.padded(b"0"), b"1"] and codes(found.children[0]) == ["tar.size"]


def test_a_size_that_is_too_small_leaves_a_gap(tars: Tars) -> None:
    found = tars.read(tars.joined([tars.header(b"x", 1) + b"z" * 1024, tars.member(b"y", b"1")]))
    assert found.contents == [b"z", b"1"] and {"tar.gap", "tar.slack"} == set(found.codes)


@pytest.mark.parametrize("raw", [b"\xff" * 12, b"many"])
def test_a_size_that_is_none_is_told(tars: Tars, raw: bytes) -> None:
    found = tars.read(tars.joined([tars.header(b"x", raw), tars.member(b"y", b"1")]))
    assert found.contents == [b"", b"1"] and codes(found.children[0]) == ["tar.number"]
    found = tars.read(tars.joined([tars.pax((b"size", b"-5")) + tars.member(b"x", b"abc"), tars.member(b"y", b"1")]))
    assert found.contents == [b"abc", b"1"] and codes(found.children[0]) == ["tar.number"]


def test_an_archive_that_is_cut_off_gives_what_is_there(tars: Tars) -> None:
    data = tars.member(b"x", b"0" * 700) + tars.member(b"y", b"1" * 700)
    for end in range(len(data)):
        if end < 512:
            continue
        found = tars.read(data[:end])
        assert found.contents[0] == b"0" * min(700, end - 512)
        assert ("tar.truncated" in codes(found.children[0])) == (end < 1212)
        if end >= 1536 + 512:
            assert found.contents[1] == b"1" * min(700, end - 2048)


def test_a_missing_end_is_told(tars: Tars) -> None:
    assert tars.read(tars.member(b"x", b"0")).codes == ["tar.no_end"]
    assert not tars.read(tars.member(b"x", b"0") + tars.END).codes


def test_what_follows_the_end_is_read(tars: Tars) -> None:
    one, other = tars.joined([tars.member(b"x", b"0")]), tars.joined([tars.member(b"x", b"1")])
    found = tars.read(one + bytes(9 * 512) + other)
    assert found.contents == [b"0", b"1"] and found.codes == ["tar.concatenated", "tar.duplicate_name"]
    found = tars.read(one + GARBAGE + b"end")
    (gap,) = found.notices
    assert gap.code == "tar.gap" and gap.unread == len(GARBAGE) + 3
    found = tars.read(one + b"%PDF-1.4 and more")
    assert found.contents == [b"0", b"%PDF-1.4 and more"] and found.notices[0].unread == 0


def test_records_without_a_member_are_told(tars: Tars) -> None:
    for rest in (tars.END, b"", GARBAGE):
        found = tars.read(tars.member(b"a", b"1") + tars.pax((b"path", b"x")) + rest)
        assert "tar.no_member" in found.codes and found.contents == [b"1"]


@pytest.mark.parametrize("broken", [b"99 path=x\n", b"5 pat", b"path=x\n", b"0 a=b\n", b"9 path=x\x00", b"7 pathx\n"])
def test_what_is_no_record_is_told(tars: Tars, broken: bytes) -> None:
    good = tars.records((b"uname", b"ann"))
    data = tars.joined([tars.member(b"p", good + broken, b"x"), tars.member(b"a.txt", b"1")])
    found = tars.read(data)
    assert found.contents == [b"1"] and found.said()["tar.uname"] == "ann"
    (notice,) = found.children[0].notices
    assert (notice.code, notice.unread) == ("tar.record", len(broken))


def test_a_header_of_records_whose_size_lies_costs_itself(tars: Tars) -> None:
    lying = tars.header(b"p", 8**10, b"x") + tars.padded(tars.records((b"uname", b"ann")))
    found = tars.read(tars.joined([lying, tars.member(b"a.txt", b"1")]))
    assert found.contents == [b"1"] and "tar.extension" in codes(found.children[0])
    assert found.said()["tar.uname"] == "ann"


def test_records_are_read_up_to_a_limit(tars: Tars) -> None:
    huge = tars.pax((b"comment", b"x" * (2 << 20)))
    found = tars.read(tars.joined([huge, tars.member(b"a.txt", b"1")]))
    assert found.contents == [b"1"] and "tar.extension_limit" in codes(found.children[0])


@pytest.mark.parametrize(
    "told",
    [
        {"sparse": b"00000001000\000000000003\000000000001\000000000003\0"},
        {"sparse": b"00000001000\077777777777\0"},
        {"sparse": b"x" * 24},
        {"sparse": b"00000000000\000000000006\0", "realsize": b"junk"},
        {"extended": b"\1"},
    ],
)
def test_a_map_that_cannot_be_followed_leaves_the_stored_bytes(tars: Tars, told: dict[str, bytes]) -> None:
    fields = {"realsize": tars.octal(1600, 12), "magic": tars.GNU, **told}
    found = tars.read(
        tars.joined([tars.header(b"s", 6, b"S", **fields) + tars.padded(b"onetwo"), tars.member(b"y", b"1")])
    )
    assert found.contents == [b"onetwo", b"1"] and "tar.sparse" in codes(found.children[0])


def test_a_sparse_bomb_stops_at_the_limits(tars: Tars) -> None:
    told = {"sparse": tars.octal(0, 12) + tars.octal(1, 12), "realsize": b"\x80" + b"\0" * 3 + b"\x7f" * 8}
    data = tars.joined([tars.header(b"s", 1, b"S", magic=tars.GNU, **told) + tars.padded(b"1")])
    for limits, code in (
        (Limits(memory_bytes=1 << 20, ratio=1 << 40), "tar.memory_limit"),
        (Limits(memory_bytes=4 << 20, ratio=1), "tar.ratio_limit"),
        (Limits(expansion=1 << 20, expansion_ratio=1), "tar.expansion_limit"),
    ):
        found = tars.read(data, limits=limits)
        assert found.contents == [None] and codes(found.children[0]) == [code]
        assert found.children[0].notices[0].unread == 1


def test_members_are_read_up_to_a_limit(tars: Tars) -> None:
    data = tars.joined([tars.member(b"%d" % number, b"1") for number in range(9)])
    found = tars.read(data, limits=Limits(members=4))
    assert len(found.children) == len(found.facts.members) == 4
    assert found.notices[0].code == "tar.members_limit" and found.notices[0].unread == len(data) - 4 * 1024


def test_what_headers_say_is_kept_up_to_a_limit(tars: Tars, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tars.joined([tars.member(b"%d" % number, b"1", uname=b"ann") for number in range(9)])
    monkeypatch.setattr(survey, "FACTS", 14)
    found = tars.read(data)
    assert [len(member.said) for member in found.facts.members] == [6, 6, 6, 0, 0, 0, 0, 0, 0]
    monkeypatch.setattr(survey, "ROW_BYTES", 4_000)
    found = tars.read(data)
    assert len(found.facts.members) < 9 and len(found.children) == 9 and "tar.facts_limit" in found.codes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (b"/etc/passwd", "tar.name_path"),
        (b"a/../../b", "tar.name_path"),
        (b"C:\\x", "tar.name_path"),
        (b"a\nb", "tar.name_control"),
        ("a\u202eb".encode(), "tar.name_hidden"),
        (b"", "tar.name_empty"),
    ],
)
def test_names_that_could_mislead_are_told(tars: Tars, name: bytes, code: str) -> None:
    found = tars.read(tars.joined([tars.member(name, b"1")]))
    assert codes(found.children[0]) == [code]
    folder = tars.read(tars.joined([tars.header(name, 0, b"5")]))
    assert folder.codes == [code]


def test_a_long_name_is_cut_and_told(tars: Tars) -> None:
    name = tars.member(b"././@LongLink", b"n" * 40_000, b"L", magic=tars.GNU)
    found = tars.read(tars.joined([name, tars.member(b"n" * 100, b"1", magic=tars.GNU)]))
    assert codes(found.children[0]) == ["tar.name_long"] and len(found.children[0].step.name) == 32_768


def test_every_byte_is_accounted_for(tars: Tars) -> None:
    data = tars.joined([tars.member(b"x", b"0" * 700), GARBAGE, tars.member(b"y", b"1")])
    found = tars.read(data)
    members = sum(len(content) for content in found.contents)
    assert members + found.padding + sum(one.unread for one in found.notices) + 2 * 512 == len(data)


def test_zeros_alone_are_an_archive_of_nothing_by_their_name(tars: Tars) -> None:
    assert not tar.sniff(tars.END, MemoryBytes(tars.END)) and tar.sniff_named(tars.END, MemoryBytes(tars.END))
    found = tars.read(tars.END)
    assert not found.facts.members and found.padding == 1024 and not found.notices


def test_what_is_no_archive_is_refused(tars: Tars) -> None:
    for data in (b"", b"text\n" * 300, GARBAGE):
        source = MemoryBytes(data)
        assert not tar.sniff(data[:4096], source) and not tar.sniff_inside(data[:4096], source)
        with pytest.raises(WrongFormat):
            list(tar.parse(MemoryBytes(data), tars.WHERE, ParseContext()))


def total(data: bytes, tars: Tars) -> None:
    """Whatever the bytes are, reading ends, and accounts for no more than there is."""
    try:
        found = list(tar.parse(MemoryBytes(data), tars.WHERE, ParseContext(limits=Limits(memory_bytes=1 << 16))))
    except ParseError:
        return
    for one in found:
        if isinstance(one, ChildItem):
            assert 0 <= one.step.start <= one.step.end <= len(data)
        elif isinstance(one, Padding):
            assert 0 < one.size <= len(data)
        elif isinstance(one, Notice):
            assert 0 <= one.unread <= len(data)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_change_of_an_archive_is_read_to_its_end(data: st.DataObject) -> None:
    (tars,) = BUILDER
    parts = [
        tars.pax((b"path", b"long"), (b"mtime", b"1.5"), (b"GNU.sparse.map", b"0,1"), (b"GNU.sparse.size", b"9")),
        tars.member(b"a", b"1"),
        tars.member(b"././@LongLink", b"name\0", b"L", magic=tars.GNU),
        tars.header(b"s", 6, b"S", magic=tars.GNU, sparse=tars.octal(4, 12) + tars.octal(6, 12), extended=b"\1"),
        bytes(512) + tars.padded(b"onetwo"),
        tars.header(b"l", 600, b"1"),
    ]
    whole = bytearray(tars.joined(parts))
    for _ in range(data.draw(st.integers(0, 12))):
        at = data.draw(st.integers(0, len(whole) - 1))
        new = data.draw(st.sampled_from([b"\xff", b"\x80", b"7", b"0", b" ", b"\0", b"x", b"S", b"L"]))
        whole[at : at + 1] = new
    start, end = data.draw(st.integers(0, 600)), data.draw(st.integers(0, len(whole)))
    total(bytes(whole[start if start > 500 else 0 : end]), tars)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_are_read_to_their_end(data: bytes) -> None:
    total(data, BUILDER[0])
    total(data[:257].ljust(257, b"\0") + b"ustar\0" + data[257:], BUILDER[0])


BUILDER: list[Any] = []


@pytest.fixture(autouse=True)
def builder(tars: Tars) -> None:
    BUILDER[:] = [tars]
