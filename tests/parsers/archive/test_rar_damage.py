"""RAR archives that are damaged, cut off, lie, go on in another volume, or grow without bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.items import Limits
from tests.parsers.archive import rars as made
from tests.parsers.archive.rars import ONE, PACKED4, PACKED5, SOLID4, SOLID5, TWO, read, said
from tests.parsers.archive.replays import bytes_of, codes


def test_a_wrong_checksum_is_said_and_the_bytes_are_kept() -> None:
    for data in (made.archive4(made.file4(b"a", TWO, crc=7)), made.archive5(made.file5(b"a", TWO, crc=7))):
        _, (child,), _ = read(data)
        assert codes(child) == ["rar.crc"] and bytes_of(child) == TWO
    wrong = made.archive5(made.file5(b"a", ONE, stored=made.packed5(ONE), method=3, crc=7))
    _, (child,), _ = read(wrong)
    assert codes(child) == ["rar.crc"] and bytes_of(child) == ONE


def test_volumes_are_named_and_what_goes_on_elsewhere_is_unread() -> None:
    old = made.archive4(made.file4(b"a", ONE, flags=1), made.file4(b"b", TWO), made.file4(b"c", ONE, flags=2), flags=1)
    new = made.archive5(made.file5(b"a", ONE, flags=8), made.file5(b"b", TWO), made.file5(b"c", ONE, flags=16), flags=1)
    for data in (old, new):
        _, children, (notice,) = read(data)
        assert notice.code == "rar.volume"
        assert [codes(child) for child in children] == [["rar.volume"], [], ["rar.volume"]]
        assert bytes_of(children[1]) == TWO and children[0].notices[0].unread == len(ONE)
    _, children, _ = read(made.archive5(made.file5(b"b", TWO, stored=TWO, method=3, solid=True), flags=5))
    assert codes(children[0]) == ["rar.volume"]


@pytest.mark.parametrize("data", [PACKED4, PACKED5, SOLID5])
def test_a_truncated_archive_says_what_is_lost(data: bytes) -> None:
    for size in range(0, len(data) - 1):
        try:
            _, children, notices = read(data[:size])
        except ParseError:
            assert size < 8
            continue
        lost = [notice.code for notice in notices] + [code for child in children for code in codes(child)]
        headers = data is PACKED4 and size in _BOUNDARIES4
        assert headers or "rar.truncated" in lost, size
        told = [*notices, *[notice for child in children for notice in child.notices]]
        assert sum([notice.unread for notice in told]) <= size


_BOUNDARIES4 = {7, 20, len(PACKED4) - 7, *[len(PACKED4) - 7 - 35, len(PACKED4) - 7 - 35 - 49]}
"""Between two blocks: archives before version 3 have no end block."""


@pytest.mark.parametrize("data", [PACKED4, PACKED5])
def test_every_byte_may_be_wrong(data: bytes) -> None:
    for place in range(8, len(data), 2):
        broken = bytearray(data)
        broken[place] ^= 0x5A
        read(bytes(broken))


def test_limits_have_names() -> None:
    _, children, (notice,) = read(PACKED5, limits=Limits(members=1))
    assert len(children) == 1 and notice.code == "rar.members_limit" and notice.unread
    _, children, _ = read(PACKED5, limits=Limits(expansion=len(ONE) - 1, expansion_ratio=0))
    assert codes(children[0]) == ["rar.expansion_limit"]
    huge = made.archive5(made.file5(b"a", ONE, stored=made.packed5(ONE), method=3, dictionary=15))
    _, (child,), _ = read(huge)
    assert codes(child) == ["rar.dictionary_limit"]
    lies = made.archive5(made.file5(b"a", TWO * 9, stored=made.packed5(TWO), method=3))
    _, (child,), _ = read(lies)
    assert codes(child)[0] == "rar.damaged"
    cycles = made.record(1, b"\0\0\x3f" + bytes(32))
    _, (child,), _ = read(made.archive5(made.file5(b"a", bytes(16), extra=cycles)), passwords=(b"x",))
    assert codes(child) == ["rar.cycles_limit"]


def test_an_encryption_header_whose_data_the_file_does_not_have() -> None:
    data = made.archive5(made.block5(4, b"\1\0\x0f" + bytes(16), bytes(5000)), end=False)[:-4000]
    _, _, notices = read(data)
    assert [(one.code, one.unread) for one in notices] == [("rar.encrypted", 0), ("rar.truncated", 0)]
    assert all(end <= len(data) for one in notices if one.locator for _, end in one.locator.ranges)


def test_headers_that_end_before_what_they_say_they_hold() -> None:
    commented = made.file4(b"a", b"x", flags=8, more=bytes(2) + b"\x75" + bytes(8))
    owned = bytearray(made.file4(b"UOW", b"")[7:])
    owned[19:21] = b"\xc8\0"
    facts, _, _ = read(made.archive4(commented, made.block4(0x7A, 0x8000, bytes(owned))))
    assert said(facts)["file_comment"] == "a packed comment, not read" and said(facts)["owner"] == ""


def test_records_of_a_header_are_read_up_to_a_limit() -> None:
    facts, (child,), (notice,) = read(made.archive5(made.file5(b"a", b"x", extra=made.record(9, b"") * 3000)))
    assert bytes_of(child) == b"x" and notice.code == "rar.header" and "MOST_RECORDS=1000" in notice.text
    assert 1000 <= len(facts.members[0].said) < 1010


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_bytes_end(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from([PACKED4, PACKED5, SOLID4, SOLID5])))
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(8, len(body) - 1))] = data.draw(st.integers(0, 255))
    read(bytes(body))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_any_blocks_end(blocks: bytes, new: bool) -> None:
    read((made.MARK5 if new else made.MARK4) + blocks)
