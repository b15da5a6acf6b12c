"""Large archives are cut into runs of members, if nothing about them is odd."""

import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ChildItem, Limits, ParseContext
from forensics.parsers import Yielded
from forensics.parsers.archive import _zip_runs as zip_runs
from forensics.parsers.archive import zip as archive_zip

Zips = Any
"""Of the fixture of that name: it builds archives."""
DATA = b"From: a@a.example\n\n%d\n"
MORE = b"x" * 400


def plain(zips: Zips, count: int = 10) -> list[Any]:
    return [zips.Member(b"%d.eml" % number, DATA % number * (number % 3 + 1)) for number in range(count)]


def described(zips: Zips) -> list[Any]:
    """Members whose sizes and CRC stand in a descriptor after their data, as writers of streams do it."""
    members = plain(zips)
    for member in members:
        member.local["flags"] = member.central["flags"] = 8
        fields = [member.local[field] for field in ("crc32", "stored_size", "size")]
        member.local |= {"crc32": 0, "stored_size": 0, "size": 0}
        member.descriptor = struct.pack("<4s3L", b"PK\7\x08", *fields)
    return members


def doubled(zips: Zips) -> list[Any]:
    return [*plain(zips, 9), zips.Member(b"0.eml", MORE), zips.Member(b"folder/")]


def damaged(zips: Zips) -> list[Any]:
    wrong = zips.Member(b"wrong.eml", MORE, crc32=1, local_crc32=1)
    return [*plain(zips, 5), wrong, zips.Member(b"cut.eml", MORE, stored=zlib.compress(MORE)[2:-9])]


def unknown(zips: Zips) -> list[Any]:
    return [*plain(zips, 5), zips.Member(b"odd", MORE, method=77)]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_runs, "CUT_BYTES", 100)
    monkeypatch.setattr(zip_runs, "RUN_MEMBERS", 4)


def pieces(zips: Zips, data: bytes) -> list[Yielded]:
    source, context = MemoryBytes(data), ParseContext()
    ranges = archive_zip.cut(source, Limits())
    assert len(ranges) > 1
    assert [part.start for part in ranges] == [0, *[part.end for part in ranges[:-1]]]
    assert ranges[-1].end == len(data)
    runs = [item for part in ranges for item in archive_zip.parse_range(source, part, zips.WHERE, context)]
    rest = list(archive_zip.parse_rest(source, zips.WHERE, context))
    assert all(isinstance(item, ChildItem) for item in runs)
    assert not any(isinstance(item, ChildItem) for item in rest)
    return [*rest, *runs]


@pytest.mark.parametrize("members", [plain, described, doubled, damaged, unknown])
def test_runs_and_rest_give_what_the_whole_gives(members: Callable[[Zips], list[Any]], zips: Zips) -> None:
    data = zips.build(members(zips), comment=b"a comment")
    whole = list(archive_zip.parse(MemoryBytes(data), zips.WHERE, ParseContext()))
    assert pieces(zips, data) == whole


def test_a_run_ends_at_a_number_of_members_or_of_bytes(zips: Zips, monkeypatch: pytest.MonkeyPatch) -> None:
    source = MemoryBytes(zips.build(plain(zips)))
    assert [part.ordinal for part in zip_runs.runs(source, Limits())] == [0, 4, 8]
    monkeypatch.setattr(zip_runs, "RUN_BYTES", 150)
    assert len(zip_runs.runs(source, Limits())) > 3
    monkeypatch.setattr(zip_runs, "RUN_BYTES", 1)
    assert [part.ordinal for part in zip_runs.runs(source, Limits())] == list(range(10))


def another_order(zips: Zips) -> bytes:
    data = zips.build(plain(zips))
    at = data.index(b"PK\1\2")
    size = (data.rindex(b"PK\5\6") - at) // 10
    return data[:at] + data[at + size : at + 2 * size] + data[at : at + size] + data[at + 2 * size :]


def uncounted(zips: Zips) -> bytes:
    data = zips.build(plain(zips))
    at = data.rindex(b"PK\5\6")
    return data[: at + 8] + struct.pack("<2H", 11, 11) + data[at + 12 :]


def with_a_gap(zips: Zips) -> bytes:
    members = plain(zips)
    members[3].descriptor = b"between"
    return zips.build(members)


ODD: dict[str, Callable[[Zips], bytes]] = {
    "encrypted": lambda zips: zips.build([*plain(zips), zips.encrypted(b"secret", MORE, b"p")]),
    "overlapping": lambda zips: zips.build([*plain(zips), zips.Member(b"again", DATA % 0, at=0)]),
    "member that is not there": lambda zips: zips.build([*plain(zips), zips.Member(b"gone", MORE, at=7)]),
    "another order": another_order,
    "wrong count": uncounted,
    "gap": with_a_gap,
    "prefix": lambda zips: zips.build(plain(zips), prefix=b"#!/bin/sh\n" * 9),
    "suffix": lambda zips: zips.build(plain(zips)) + b"more",
    "cut off": lambda zips: zips.build(plain(zips))[:-30],
    "no zip": lambda _: bytes(200),
    "no members": lambda zips: zips.build([], comment=bytes(200)),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_archive_with_anything_odd_is_read_whole(odd: str, zips: Zips) -> None:
    assert len(zip_runs.runs(MemoryBytes(ODD[odd](zips)), Limits())) < 2


def test_an_archive_that_may_reach_a_limit_is_read_whole(zips: Zips, monkeypatch: pytest.MonkeyPatch) -> None:
    source = MemoryBytes(zips.build([*plain(zips), zips.Member(b"zeros", bytes(100_000))]))
    enough = Limits(expansion=10_000_000, expansion_ratio=1)
    assert len(zip_runs.runs(source, enough)) == 3
    # All together would fit, but not the run with the largest member into its share.
    assert not zip_runs.runs(source, Limits(expansion=150_000, expansion_ratio=1))
    assert not zip_runs.runs(source, Limits(members=5))
    assert not zip_runs.runs(source, Limits(items=5, item_bytes=1_000))
    monkeypatch.setattr(zip_runs, "CUT_BYTES", source.size)
    assert not zip_runs.runs(source, enough)
