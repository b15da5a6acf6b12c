"""7z archives that are damaged, cut off, lie, or grow without bounds."""

import random
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.intake.windows import RangeBytes
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import Limits
from tests.parsers.archive import sevenzips as made
from tests.parsers.archive.replays import bytes_of, codes
from tests.parsers.archive.sevenzips import NAMES, SOLID, TEXTS, Folder, Named, read


def test_damage_in_a_folder_leaves_what_comes_before() -> None:
    texts = [random.Random(place).randbytes(50_000) for place in range(4)]
    data = bytearray(made.archive([made.solid(texts)], [Named(f"{place}") for place in range(4)]))
    packed = len(made.lzma2(b"".join(texts)))
    data[32 + 3 * packed // 4 : 32 + packed - 10] = b"\xff" * (packed - 10 - 3 * packed // 4)
    _, children, _ = read(bytes(data))
    assert [bytes_of(child) for child in children[:2]] == texts[:2]
    assert codes(children[3]) == ["7z.damaged"] and children[3].notices[0].unread
    assert 0 < len(bytes_of(children[3]) or b"") < 50_000


def test_a_wrong_checksum_is_said_and_the_bytes_are_kept() -> None:
    data = bytearray(made.archive([Folder([b"abcdef"])], [Named("a")]))
    data[33] ^= 1
    _, (child,), _ = read(bytes(data))
    assert codes(child) == ["7z.crc"] and bytes_of(child) == b"accdef"


@pytest.mark.parametrize("size", range(0, len(SOLID), 7))
def test_a_truncated_archive_says_what_is_lost(size: int) -> None:
    if size < len(made.SIGNATURE) - 2:
        with pytest.raises(ParseError):
            read(SOLID[:size])
        return
    _, children, notices = read(SOLID[:size])
    assert not children and "7z.truncated" in [notice.code for notice in notices]
    assert sum(notice.unread for notice in notices) == max(0, size - 32)


def test_a_split_archive_is_told() -> None:
    _, _, (notice,) = read(SOLID[:-5])
    assert "a part of one that was split" in notice.text


@pytest.mark.parametrize("place", range(len(SOLID)))
def test_every_byte_may_be_wrong(place: int) -> None:
    data = bytearray(SOLID)
    data[place] ^= 0x5A
    if place >= 6:
        read(bytes(data))


def test_lies_about_counts_and_sizes() -> None:
    good = b"\x01\x04" + made.streams([Folder([b"abc"])])[1] + made.listed([Named("a")]) + b"\0"
    many = b"\x01\x05" + made.number(1 << 40) + b"\0\0"
    cases = [
        b"\x01\x04\x06" + made.number(1 << 60) + made.number(1 << 60) + b"\x09",
        b"\x01\x04\x07\x0b" + made.number(1 << 30) + b"\0",
        many,
        good.replace(b"\x09\x03\0", b"\x09\xbf\xff\0", 1),
        b"\x01" + b"\x07" * 40,
        good[:-40],
    ]
    for header in cases:
        facts, _, notices = read(made.closed(b"abc", header))
        assert notices, header
        assert len(facts.members) <= 1
    _, _, (*_, notice) = read(made.closed(b"", many))
    assert notice.code == "7z.header" and 0 < notice.unread < len(many)


def test_coders_that_feed_each_other_in_a_circle() -> None:
    circle = made.number(3) + made.COPY * 3 + bytes((0, 1, 1, 0))
    folder = Folder([b"abc"], circle, [b"abc"], [3, 3, 3])
    _, (child,), _ = read(made.archive([folder], [Named("a")]))
    assert codes(child) == ["7z.header"] and "circle" in child.notices[0].text


def test_what_does_not_fit_the_budget_is_left_and_the_files_before_it_are_read() -> None:
    texts = [bytes((place,)) * 400 for place in range(5)]
    data = made.archive([made.solid(texts)], [Named(f"{place}") for place in range(5)], encode=False)
    _, children, _ = read(data, limits=Limits(expansion=1000, expansion_ratio=1))
    assert [bytes_of(child) for child in children[:2]] == texts[:2]
    assert [codes(child) for child in children] == [[], [], *[["7z.expansion_limit"]] * 3]


def test_limits_have_names() -> None:
    data = made.archive([made.solid([bytes(3_000_000)])], [Named("bomb")])
    _, (child,), _ = read(data, limits=Limits(memory_bytes=1_000_000))
    assert codes(child) == ["7z.ratio_limit"]
    _, (child,), _ = read(made.archive([Folder([bytes(2_000)])], [Named("x")]), limits=Limits(memory_bytes=1_000))
    assert codes(child) == ["7z.memory_limit"]
    _, children, (notice,) = read(SOLID, limits=Limits(members=1))
    assert len(children) == 1 and notice.code == "7z.members_limit"
    lzma = made.number(1) + b"\x23\x03\x01\x01\x05\x5d\xff\xff\xff\x7f"
    _, (child,), _ = read(made.archive([Folder([b"x"], lzma, [b"x"], [1 << 29])], [Named("x")], encode=False))
    assert codes(child)[0] in ("7z.dictionary_limit", "7z.expansion_limit")
    aes = made.number(1) + b"\x24\x06\xf1\x07\x01\x01\x20"
    _, (child,), _ = read(made.archive([Folder([bytes(16)], aes)], [Named("x")]), passwords=(b"a",))
    assert codes(child) == ["7z.cycles_limit"]
    odd = made.number(1) + b"\x02\x77\x01"
    _, (child,), _ = read(made.archive([Folder([b"abc"], odd)], [Named("x")]))
    assert codes(child) == ["7z.method"] and child.notices[0].unread == 3


def test_members_are_made_when_they_are_asked_for() -> None:
    facts, children, notices = read(made.archive([made.solid(TEXTS)], NAMES, encode=False))
    assert notices == [] and len(facts.members) == len(children) == len(NAMES)
    assert [member.index for member in facts.members] == list(range(len(NAMES)))
    assert {(len(member.said), len(member.times)) for member in facts.members} == {(2, 1)}
    assert list(facts.members[1:]) == [facts.members[place] for place in range(1, len(NAMES))]
    assert facts.members[-1].name == NAMES[-1].name and facts.members[-1] is not facts.members[-1]
    with pytest.raises(IndexError):
        facts.members[len(NAMES)]


def test_a_large_folder_is_spooled_and_its_files_are_windows() -> None:
    kept: list[bytes] = []

    def spool(chunks: Iterable[bytes]) -> ByteSource:
        kept.append(b"".join(chunks))
        return MemoryBytes(kept[-1])

    texts = [random.Random(place).randbytes(40_000) for place in range(3)]
    data = made.archive([made.solid(texts)], [Named(f"{place}") for place in range(3)])
    _, children, _ = read(data, limits=Limits(memory_bytes=100_000), spool=spool)
    assert kept == [b"".join(texts)]
    assert all(isinstance(child.content, RangeBytes) for child in children)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_bytes_end(data: st.DataObject) -> None:
    body = bytearray(SOLID if data.draw(st.booleans()) else made.archive([made.solid(TEXTS)], NAMES, encode=False))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(12, len(body) - 1))
        body[place] = data.draw(st.integers(0, 255))
    start = bytes(body[12:32])
    body[8:12] = zlib.crc32(start).to_bytes(4, "little")
    read(bytes(body))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_header_ends(header: bytes) -> None:
    read(made.closed(b"packed bytes", b"\x01" + header))
