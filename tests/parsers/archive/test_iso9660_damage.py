"""Discs that lie, are cut off, run in circles, or grow without bounds."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError, WrongFormat
from tests.parsers.archive.iso_builder import (
    GOOD,
    SECTOR,
    TERMINATOR,
    Found,
    ce,
    descriptor,
    disc,
    folder,
    plain,
    record,
    rock,
)


def test_continuations_in_a_circle_and_beyond_the_disc_end() -> None:
    found = Found(rock(ce(24, 0, 28), ce(4_000_000, 0, 28), b"PX\xff\x01", more={24: ce(24, 0, 28)}))
    assert found.codes == ["iso.system_use"] and len(found.children) == 3


def test_folders_that_run_in_a_circle_are_read_once() -> None:
    root = folder(20, record(b"SUB", 21, SECTOR, 2), record(b"SELF", 20, SECTOR, 2))
    sub = folder(21, record(b"UP", 20, SECTOR, 2), record(b"A.;1", 22, 5))
    found = Found(disc({20: root, 21: sub, 22: b"hello"}, descriptor(1, (20, SECTOR), 40), TERMINATOR))
    assert list(found.named) == ["SUB/A.;1"] and found.codes == ["iso.loop"]


def test_numbers_that_are_written_in_two_ways() -> None:
    data = bytearray(plain())
    at = bytes(data).find(record(b"A.TXT;1", 22, 5)) + 2
    data[at + 4 : at + 8] = (23).to_bytes(4, "big")
    found = Found(bytes(data))
    assert found.codes == ["iso.both_endian"] and found.named["A.TXT;1"] == b"hello"
    assert [one.value for one in found.facts.members[0].conflicts] == ["little-endian 22, big-endian 23"]


def test_a_disc_that_was_cut_off() -> None:
    data = plain()[: 23 * SECTOR + 100]
    found = Found(data)
    assert found.codes == ["iso.size"]
    assert found.named["SUB/B.DAT;1"] == b"x" * 100
    assert [(one.code, one.unread) for one in found.children[1].notices] == [("iso.truncated", 0)]
    found = Found(plain()[: 22 * SECTOR])
    assert found.named == {"A.TXT;1": None, "SUB/B.DAT;1": None}
    assert {one.notices[0].code for one in found.children} == {"iso.truncated"}
    assert Found(plain()[: 20 * SECTOR]).codes == ["iso.size", "iso.truncated"]
    assert Found(plain()[: 17 * SECTOR]).codes == ["iso.size", "iso.descriptors", "iso.truncated"]


def test_files_that_overlap_are_bounded() -> None:
    records = [record(b"F%03d.;1" % number, 22, 10 * SECTOR - number) for number in range(200)]
    root = b"".join(records)
    per = (SECTOR - 100) // len(records[0])
    rows = [records[at : at + per] for at in range(0, len(records), per)]
    sectors = {20: folder(20, *rows[0])}
    for number, row in enumerate(rows[1:], 21):
        sectors[number + 30] = b"".join(row).ljust(SECTOR, b"\0")
    folder_bytes = sectors.pop(20) + b"".join(sectors.values())
    data = disc({50: folder_bytes}, descriptor(1, (50, len(folder_bytes)), 80), TERMINATOR, size=80)
    found = Found(data)
    unread = [child for child in found.children if child.content is None]
    assert len(found.children) == 200 and len(unread) == 200 - 64
    assert {child.notices[0].code for child in unread} == {"iso.overlap"}
    assert len(root) > SECTOR


def test_limits() -> None:
    found = Found(plain(), members=4)
    assert "iso.members_limit" in found.codes
    with pytest.raises(WrongFormat):
        Found(b"\0" * 40_000)


def test_records_that_do_not_fit() -> None:
    data = bytearray(plain())
    at = bytes(data).find(record(b"A.TXT;1", 22, 5))
    data[at + 32] = 200
    found = Found(bytes(data))
    assert found.codes[0] == "iso.record" and found.notices[0].unread
    assert found.children == []


def test_a_real_disc_that_was_cut_off(corpora: Path) -> None:
    found = Found((corpora / "image/exiftool/t/images/ISO.iso").read_bytes())
    assert found.codes.count("iso.size") == 2 and found.facts.timestamps
    assert re.search("MBR", found.notices[-1].text)


def test_folders_that_share_sectors_or_lie_behind_the_end() -> None:
    shared = [record(b"D%d" % number, 21, SECTOR * number, 2) for number in range(1, 4)] + [record(b"E", 22, SECTOR, 2)]
    sectors = {20: folder(20, *shared, record(b"F", 99, SECTOR, 2)), 21: b"\x05" * SECTOR, 22: b"\x05" * SECTOR}
    data = disc(sectors, descriptor(1, (20, SECTOR), 40), TERMINATOR)
    found = Found(data)
    for notice in found.notices:
        assert 0 <= notice.unread <= 2 * SECTOR + len(data) * (notice.code != "iso.record")
        if notice.locator is not None:
            assert all(start <= end <= len(data) for start, end in notice.locator.ranges)
    assert {"iso.record", "iso.truncated"} <= set(found.codes)


@settings(deadline=None)
@given(
    st.sampled_from(GOOD), st.lists(st.tuples(st.integers(16 * SECTOR, 22 * SECTOR), st.integers(0, 255)), max_size=8)
)
def test_any_change_gives_items_or_an_error(good: bytes, changes: list[tuple[int, int]]) -> None:
    data = bytearray(good)
    for at, value in changes:
        data[at] = value
    try:
        found = Found(bytes(data))
    except ParseError:
        return
    for child in found.children:
        assert (child.content is None) == (child.step.sha256 == "")
        assert child.content is not None or child.notices


@settings(deadline=None)
@given(st.sampled_from(GOOD), st.integers(0, 40 * SECTOR))
def test_any_cut_gives_items_or_an_error(good: bytes, size: int) -> None:
    try:
        Found(good[:size])
    except ParseError:
        return
