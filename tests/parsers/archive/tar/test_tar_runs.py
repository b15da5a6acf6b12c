"""Large tar archives are cut into runs of members by their headers alone."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.items import ChildItem, Limits, ParseContext
from forensics.parsers import Yielded
from forensics.parsers.archive import _tar_runs as tar_runs
from forensics.parsers.archive import tar

Tars = Any
"""Of the fixture of that name: it builds archives."""


def plain(tars: Tars) -> bytes:
    return tars.joined([tars.member(b"%d.eml" % number, b"text %d" % number * number) for number in range(10)])


def commented(tars: Tars) -> bytes:
    return tars.pax((b"comment", b"c0ffee"), (b"mtime", b"5.5"), typeflag=b"g") + plain(tars)


def damaged(tars: Tars) -> bytes:
    parts = [tars.member(b"%d.eml" % number, b"text %d" % number) for number in range(6)]
    return tars.joined([*parts, b"garbage".ljust(700, b"!"), *parts, tars.header(b"big", 8**10)]) + b"%PDF-1.4 end"


def twice(tars: Tars) -> bytes:
    return plain(tars) + bytes(4096) + plain(tars)


def named(tars: Tars) -> bytes:
    parts = [tars.pax((b"path", b"%d/" % number * 80)) + tars.member(b"x", b"1") for number in range(10)]
    return tars.joined([*parts, tars.header(b"d/", 0, b"5"), tars.header(b"l", 0, b"2", linkname=b"x")])


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar_runs, "CUT_BYTES", 100)
    monkeypatch.setattr(tar_runs, "RUN_MEMBERS", 4)


@pytest.mark.parametrize("made", [plain, commented, damaged, twice, named])
def test_runs_and_rest_give_what_the_whole_gives(made: Callable[[Tars], bytes], tars: Tars) -> None:
    data = made(tars)
    source, context = MemoryBytes(data), ParseContext()
    ranges = tar.cut(source, Limits())
    assert len(ranges) > 1
    assert [part.start for part in ranges] == [0, *[part.end for part in ranges[:-1]]]
    assert ranges[-1].end == len(data)
    runs: list[Yielded] = [one for part in ranges for one in tar.parse_range(source, part, tars.WHERE, context)]
    rest = list(tar.parse_rest(source, tars.WHERE, context))
    assert all(isinstance(one, ChildItem) for one in runs)
    assert not any(isinstance(one, ChildItem) for one in rest)
    assert [*rest, *runs] == list(tar.parse(source, tars.WHERE, context))


def test_a_run_ends_at_a_number_of_members_or_of_bytes(tars: Tars, monkeypatch: pytest.MonkeyPatch) -> None:
    source = MemoryBytes(plain(tars))
    assert [part.ordinal for part in tar.cut(source, Limits())] == [0, 4, 8]
    monkeypatch.setattr(tar_runs, "RUN_BYTES", 1024)
    assert len(tar.cut(source, Limits())) == 10


def test_what_runs_could_not_know_keeps_an_archive_whole(tars: Tars, monkeypatch: pytest.MonkeyPatch) -> None:
    late = plain(tars)[:512] + tars.pax((b"uname", b"ann"), typeflag=b"g") + plain(tars)
    assert not tar.cut(MemoryBytes(late), Limits())
    assert not tar.cut(MemoryBytes(plain(tars)), Limits(members=5))
    assert not tar.cut(MemoryBytes(plain(tars)), Limits(items=1, item_bytes=5_000))
    holes = tars.header(b"s", 0, b"S", magic=tars.GNU, realsize=tars.octal(1 << 30, 12))
    assert not tar.cut(MemoryBytes(holes + plain(tars)), Limits())
    monkeypatch.setattr(tar_runs, "CUT_BYTES", 1 << 20)
    assert not tar.cut(MemoryBytes(plain(tars)), Limits())


def test_headers_alone_are_read(tars: Tars) -> None:
    """An archive of large members is cut without reading what is in them."""

    class Counted(MemoryBytes):
        read_bytes = 0

        def read(self, start: int, end: int) -> bytes:
            found = super().read(start, end)
            self.read_bytes += len(found)
            return found

    data = tars.joined([tars.member(b"%d" % number, bytes(1 << 20)) for number in range(12)])
    source = Counted(data)
    assert len(tar.cut(source, Limits())) == 3
    assert source.read_bytes < len(data) // 20


def test_what_is_said_of_all_is_said_again_whatever_member_is_asked_for(tars: Tars) -> None:
    parts = []
    for number in range(9):
        if number % 3 == 0:
            parts.append(tars.pax((b"uname", b"ann%d" % number), (b"mtime", b"%d.5" % number), typeflag=b"g"))
        parts.append(tars.member(b"%d" % number, b"x"))
    members = tars.read(tars.joined(parts)).facts.members
    listed = list(members)
    assert [member.times[0].raw for member in listed] == [b"%d.5" % (number // 3 * 3) for number in range(9)]
    assert [members[place] for place in (8, 0, 4, 3, 5, 2, 2)] == [listed[place] for place in (8, 0, 4, 3, 5, 2, 2)]
    assert members[-3:] == tuple(listed[-3:])


def test_what_headers_say_is_not_held(tars: Tars) -> None:
    data = tars.joined([tars.member(b"%d" % number, b"text") for number in range(4_000)])
    tracemalloc.start()
    try:
        found = iter(tar.parse(MemoryBytes(data), tars.WHERE, ParseContext()))
        facts = next(found)
        assert isinstance(facts, ArchiveFacts)
        assert sum([len(member.said) for member in facts.members]) > 4_000
        assert sum([isinstance(one, ChildItem) for one in found]) == 4_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_500_000
