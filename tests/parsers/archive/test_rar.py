"""RAR archives: headers of both forms, files stored and packed, and groups that are unpacked once."""

import random
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from forensics.errors import NotInstalled
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import Absence, ClockKind, Description, Precision
from forensics.model.items import ChildItem, Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Step, StepKind, unquote
from forensics.model.presence.archive import ArchiveHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers import decoders
from forensics.parsers.archive import _rar_contents, rar
from forensics.parsers.archive._rar_blake import Blake2sp
from forensics.parsers.archive._rar_blocks import read_blocks
from forensics.parsers.identify import identify
from forensics.replay.decoders import decode_range
from forensics.replay.walk import walk
from tests.parsers.archive import rars as made
from tests.parsers.archive.rars import ONE, PACKED4, PACKED5, SOLID4, SOLID5, THREE, TWO, WHERE, read, said
from tests.parsers.archive.replays import bytes_of, codes


@pytest.mark.parametrize("data", [PACKED4, PACKED5])
def test_stored_and_packed_files(data: bytes) -> None:
    facts, children, notices = read(data)
    assert not notices and [bytes_of(child) for child in children] == [ONE, TWO]
    assert [child.step.decoder.partition(":")[0] for child in children] == ["rar/1", "copy/1"]
    assert [unquote(member.name) for member in facts.members] == [b"one.txt", b"two", b"dir"]
    assert facts.members[0].crc32 == zlib.crc32(ONE) and facts.members[0].size == len(ONE)
    assert [said(facts, place)["method"] for place in (0, 1)] == ["normal", "stored"]
    assert said(facts)["host"] == "Unix" and said(facts, 2)["attributes"].endswith("drwxr-xr-x")


def test_times_of_old_archives_are_the_packers() -> None:
    more = (0xF800).to_bytes(2, "little") + b"\x80\x96\x98" + made.DOS
    facts, (child,), _ = read(made.archive4(made.file4(b"a", b"x", flags=0x1000, more=more)))
    dos, local, created = facts.members[0].times
    wall = 14677184020000000
    assert (dos.kind, dos.wall, dos.precision) == (TimeKind.RAR_DOS, wall, Precision.TWO_SECONDS)
    assert (local.kind, local.wall, local.precision) == (TimeKind.RAR_LOCAL, wall + 20_000_000, Precision.TICK)
    assert (created.description, created.wall) == (Description.CREATION, wall)
    assert {stamp.clock for stamp in child.times} == {ClockKind.PACKER}
    assert all(
        stamp.instant is Absence.NOT_AVAILABLE and stamp.offset_s is Absence.NOT_PRESENT for stamp in child.times
    )
    assert presence(facts) == ArchiveHas.NOTHING
    unset = made.file4(b"a", b"x").replace(made.DOS, bytes(4))
    assert read(made.archive4(unset))[0].members[0].times[0].wall is Absence.NOT_PRESENT


def test_times_of_new_archives_are_utc() -> None:
    filetime = (131121920020000001).to_bytes(8, "little")
    fine = made.UNIX + made.UNIX + (123456789).to_bytes(4, "little") + (999999999).to_bytes(4, "little")
    data = made.archive5(
        made.file5(b"a", b"x", extra=made.record(3, b"\x06" + filetime * 2)),
        made.file5(b"b", b"x", extra=made.record(3, b"\x1b" + fine)),
        extra=made.record(2, b"\x03" + made.vint(5) + b"o.rar" + filetime),
    )
    facts, _, _ = read(data)
    first, second = [member.times for member in facts.members]
    at = 14677184020000000
    assert [(stamp.kind, stamp.description, stamp.instant) for stamp in first] == [
        (TimeKind.RAR_UNIX, Description.MODIFICATION, at),
        (TimeKind.RAR_FILETIME, Description.MODIFICATION, 14677184020000001),
        (TimeKind.RAR_FILETIME, Description.CREATION, 14677184020000001),
    ]
    assert [stamp.instant for stamp in second[1:]] == [at + 1234567, at + 9999999]
    assert second[2].description is Description.LAST_ACCESS
    assert [stamp.kind for stamp in facts.timestamps] == [TimeKind.RAR_ORIGINAL]
    assert {stamp.clock for stamp in (*first, *second)} == {ClockKind.FILE_SYSTEM}
    assert "o.rar" in [fact.value for fact in facts.properties]


@pytest.mark.parametrize("data", [SOLID4, SOLID5])
def test_a_solid_group_is_unpacked_once(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    unpacked = _rar_contents.unpacked
    monkeypatch.setattr(_rar_contents, "unpacked", lambda *given: runs.append(given[3]) or unpacked(*given))
    _, children, notices = read(data)
    assert not notices and not [code for child in children for code in codes(child)]
    assert [bytes_of(child) for child in children] == [ONE, TWO, THREE]
    assert runs == [f"{4 if data is SOLID4 else 5}s"]
    assert children[0].outer == children[1].outer != ()


def test_a_file_that_is_not_solid_needs_its_own_bytes_alone() -> None:
    _, (child, *_), _ = read(PACKED5)
    piece = PACKED5[child.step.start : child.step.end]
    assert b"".join(decode_range(decoders(), "rar/1:5", MemoryBytes(piece), 0, len(piece))) == ONE


def test_a_location_is_walked(tmp_path: Path) -> None:
    (tmp_path / "a.rar").write_bytes(SOLID5)
    _, children, _ = read(SOLID5)
    top = Step(kind=StepKind.FILE, name="a.rar", start=0, end=len(SOLID5), source="s")
    with walk(Location((top, *children[1].outer, children[1].step)), tmp_path, decoders()) as layer:
        assert layer.read(0, layer.size) == TWO


def test_without_unrar_packed_files_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "unrar.cffi.unrarlib", None)
    _, children, _ = read(PACKED5)
    assert children[0].content is None and bytes_of(children[1]) == TWO
    assert codes(children[0]) == ["rar.no_unrar"]
    assert "pip install 'tainted-leak-forensics[rar]'" in children[0].notices[0].text
    assert children[0].notices[0].unread == len(made.packed5(ONE))
    with pytest.raises(NotInstalled):
        list(decode_range(decoders(), "rar/1:5", MemoryBytes(PACKED5), 0, len(PACKED5)))


def test_links_owners_versions_and_comments() -> None:
    target = made.record(5, b"\x01\0" + made.vint(6) + b"../etc")
    owner = made.record(6, b"\x05" + made.vint(3) + b"ann" + made.vint(1000))
    comment = b"packed by ann\0"
    service = made.vint(4) + made.vint(len(comment)) + b"\0" + bytes(4) + b"\0\0" + made.vint(3) + b"CMT"
    data = made.archive5(
        made.block5(3, service, comment),
        made.file5(b"up", b"", extra=target, attributes=0o120777),
        made.file5(b"v", b"x", extra=owner + made.record(4, b"\0\x07")),
    )
    facts, children, notices = read(data)
    assert not notices and facts.comment == b"packed by ann"
    assert said(facts)["link"] == "symbolic link to ../etc" and codes(children[0]) == ["rar.link"]
    assert said(facts, 1)["owner"] == "user ann, uid 1000" and said(facts, 1)["file_version"] == "7"


def test_blake2sp_is_compared() -> None:
    digest = Blake2sp()
    digest.update(TWO)
    good = made.record(2, b"\0" + digest.digest())
    assert not codes(read(made.archive5(made.file5(b"a", TWO, extra=good)))[1][0])
    _, (child,), _ = read(made.archive5(made.file5(b"a", TWO, extra=made.record(2, b"\0" + bytes(32)))))
    assert codes(child) == ["rar.crc"] and "BLAKE2sp" in child.notices[0].text


def test_blake2sp_of_any_size_is_that_of_the_whole() -> None:
    data = random.Random(3).randbytes(3000)
    whole, pieces = Blake2sp(), Blake2sp()
    whole.update(data)
    for at in range(0, 3000, 77):
        pieces.update(data[at : at + 77])
    assert whole.digest() == pieces.digest()
    # Of no bytes, as BLAKE2's own test vectors have it.
    assert Blake2sp().digest().hex().startswith("dd0e891776933f43")


def test_filling_behind_the_end_is_padding() -> None:
    for archive in (PACKED4, PACKED5):
        found = list(rar.parse(MemoryBytes(archive + bytes(9)), WHERE, ParseContext()))
        (notice,) = [one for one in found if isinstance(one, Notice)]
        assert (notice.code, notice.unread) == ("rar.gap", 0)
        assert [one.size for one in found if isinstance(one, Padding)] == [9]


def test_names_that_mislead() -> None:
    names = [b"../x", b"a\nb", "a\u202eb".encode(), b""]
    _, children, _ = read(made.archive5(*[made.file5(name, b"x") for name in names]))
    assert [codes(child) for child in children] == [
        ["rar.name_path"],
        ["rar.name_control"],
        ["rar.name_hidden"],
        ["rar.name_empty"],
    ]
    packed = b"abc\0" + bytes((4, 0b00_01_10_00)) + b"x" + b"\x10" + "\u4e2d".encode("utf-16-le") + b"y"
    facts, _, _ = read(made.archive4(made.file4(packed, b"x", flags=0x200), made.file4(b"d\\e", b"x", host=2)))
    assert [unquote(member.name).decode() for member in facts.members] == ["x\u0410\u4e2dy", "d/e"]


@pytest.mark.parametrize("opening", [b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe"])
def test_an_archive_behind_a_program_and_bytes_behind_an_archive(opening: bytes) -> None:
    program = opening + bytes(900) + rar.SIGNATURE + b"\0" + bytes(60)
    assert identify(program[:4096], MemoryBytes(program), b"a.exe") is None
    for archive in (PACKED4, PACKED5):
        data = program + archive + b"\0" * 30 + b"%PDF-1.4 and more"
        assert identify(data[:4096], MemoryBytes(data), b"a.exe") == "archive.rar"
        _, children, notices = read(data)
        assert [bytes_of(child) for child in children] == [ONE, TWO, b"%PDF-1.4 and more"]
        assert [notice.code for notice in notices] == ["rar.shifted", "rar.gap"]
        assert notices[0].unread == len(program) and not notices[1].unread


def test_headers_that_say_their_times_twice() -> None:
    filetime = (131121920020000001).to_bytes(8, "little")
    times, original = made.record(3, b"\x06" + filetime * 2), made.record(2, b"\2" + filetime)
    facts, _, _ = read(made.archive5(made.file5(b"a", b"x", extra=times * 2), extra=original * 2))
    assert len(facts.members[0].times) == 5 and len(facts.timestamps) == 2
    assert len({stamp.locator.path for stamp in (*facts.members[0].times, *facts.timestamps)}) == 7


@pytest.mark.parametrize(("make", "build"), [(made.file4, made.archive4), (made.file5, made.archive5)])
def test_files_are_not_held(make: Callable[..., bytes], build: Callable[..., bytes]) -> None:
    data = build(*[make(b"%d.txt" % number, b"text %d" % number) for number in range(4_000)])
    count = 0
    tracemalloc.start()
    try:
        for found in rar.parse(MemoryBytes(data), WHERE, ParseContext()):
            if isinstance(found, ArchiveFacts):
                assert [member.name for member in found.members[-2:]] == ["3998.txt", "3999.txt"]
                assert sum([len(member.times) for member in found.members]) == 4_000
            count += isinstance(found, ChildItem)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 4_000
    assert peak < 2_000_000


def test_files_that_are_packed_together() -> None:
    packed = made.file5(b"p", b"x" * 9, method=3, stored=b"y")
    solid = made.file5(b"s", b"x" * 9, method=3, stored=b"y", solid=True)
    folder, stored = made.file5(b"f", b"", directory=True), made.file5(b"t", b"z")
    data = made.archive5(folder, packed, folder, stored, folder, packed, solid, stored)
    groups = read_blocks(MemoryBytes(data), (), Limits()).members.groups()
    together = [groups.of(index) for index in (1, 3, 5, 6, 7)]
    found = [([one.index for one in group], solid) for group, solid in together]
    assert found == [([1, 3], False), ([1, 3], False), ([5, 6, 7], True), ([5, 6, 7], True), ([5, 6, 7], True)]
    assert together[0][0].last.index == 3
    assert [one.index for one in groups.all()] == [1, 3, 5, 6, 7]
