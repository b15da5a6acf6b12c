import io
import random
import struct
import zipfile
import zlib
from typing import Any

import pytest

from forensics.errors import WrongFormat
from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision
from forensics.model.items import ParseContext
from forensics.model.locations import StepKind, unquote
from forensics.model.presence.archive import ArchiveHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.archive import zip as archive_zip


def test_members_come_in_directory_order_with_complete_steps(zips: Any) -> None:
    data = zips.build(
        [zips.Member(b"a/one.txt", b"one" * 50), zips.Member(b"a/", method=0), zips.Member(b"two", b"2", method=0)]
    )
    facts, children, notices = zips.read(data)
    assert [member.name for member in facts.members] == ["a/one.txt", "a/", "two"]
    assert facts.gaps == () and notices == []
    assert [child.content for child in children] == [b"one" * 50, b"2"]
    first = children[0].step
    assert (first.kind, first.name, first.index, first.decoder) == (StepKind.ZIP_MEMBER, "a/one.txt", 0, "deflate/1")
    assert children[0].name == b"one.txt"
    assert children[1].step.index == 2 and children[1].step.decoder == "copy/1"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_method_of_the_standard_library(zips: Any, method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("x", bytes(range(256)) * 3000)
    _, (child,), notices = zips.read(file.getvalue())
    assert child.content == bytes(range(256)) * 3000
    assert zips.codes(child) == [] and notices == []


def test_written_to_a_pipe_with_descriptors(zips: Any) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, block: bytes) -> int:  # type: ignore[override]
            self.data += bytes(block)
            return len(block)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        archive.writestr("x", b"x" * 1000)
        with archive.open("big", "w", force_zip64=True) as member:
            member.write(b"y" * 1000)
    facts, children, notices = zips.read(pipe.data)
    assert [child.content for child in children] == [b"x" * 1000, b"y" * 1000]
    assert facts.gaps == () and notices == []
    assert [member.conflicts for member in facts.members] == [(), ()]


def test_zip64_end_record_and_extra_fields(zips: Any) -> None:
    full = 0xFFFFFFFF
    member = zips.Member(b"x", b"data", size=full, stored_size=full, local_size=full, local_stored_size=full)
    member.local_extra = struct.pack("<HH2Q", 1, 16, 4, len(member.stored))
    member.central_extra = struct.pack("<HH2Q", 1, 16, 4, len(member.stored))
    data = zips.build([member])
    at = data.index(b"PK\5\6")
    start = data.index(b"PK\1\2")
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, at - start, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, full, full, 0)
    facts, (child,), notices = zips.read(data[:at] + record + locator + end)
    assert child.content == b"data" and zips.codes(child) == []
    assert (facts.members[0].size, facts.members[0].stored_size) == (4, len(member.stored))
    assert notices == [] and facts.gaps == ()


def test_disagreeing_headers_are_conflicts_with_both_places(zips: Any) -> None:
    liar = zips.Member(b"name", b"data", local_size=5, local_crc32=7, local_date=0x21, local_method=0, local_flags=2)
    liar.local_name = b"eman"
    data = zips.build([liar])
    facts, (child,), _ = zips.read(data)
    conflicts = {fact.name: fact for fact in facts.members[0].conflicts}
    assert sorted(conflicts) == [
        "zip.member.crc32", "zip.member.date", "zip.member.flags", "zip.member.method", "zip.member.name",
        "zip.member.size",
    ]  # fmt: skip
    size = conflicts["zip.member.size"]
    assert size.value == "local 5, central 4"
    assert size.raw == b"\5\0\0\0\4\0\0\0"
    assert [data[start:end] for start, end in size.locator.ranges] == [b"\5\0\0\0", b"\4\0\0\0"]
    assert conflicts["zip.member.name"].value == "local eman, central name"
    assert child.content == b"data"


def test_descriptor_that_disagrees(zips: Any) -> None:
    member = zips.Member(b"x", b"data", flags=8, local_crc32=0, local_size=0, local_stored_size=0)
    member.descriptor = struct.pack("<4s3L", b"PK\7\x08", 1, len(member.stored), 4)
    facts, _, notices = zips.read(zips.build([member]))
    assert [fact.value for fact in facts.members[0].conflicts] == [f"descriptor 1, central {zlib.crc32(b'data')}"]
    assert facts.gaps == () and notices == []


def test_times_of_every_clock(zips: Any) -> None:
    member = zips.Member(b"x", b"data")
    seconds = struct.pack("<3l", 1_467_718_402, 1_467_718_403, -5)
    member.local_extra = struct.pack("<HHB", 0x5455, 13, 7) + seconds
    ticks = 131_121_920_022_222_222
    filetimes = struct.pack("<4xHH3Q", 1, 24, ticks, 0, ticks + 1)
    member.central_extra = struct.pack("<HHB", 0x5455, 5, 7) + seconds[:4] + struct.pack("<HH", 10, 32) + filetimes
    facts, (child,), _ = zips.read(zips.build([member]))
    found = {stamp.locator.path: stamp for stamp in child.times}
    assert list(found) == [
        "zip:central[0].dos",
        "zip:central[0].0x5455.mtime",
        "zip:central[0].0x000a.mtime",
        "zip:central[0].0x000a.atime",
        "zip:central[0].0x000a.ctime",
        "zip:local[0].0x5455.atime",
        "zip:local[0].0x5455.ctime",
    ]
    assert [stamp.kind for stamp in child.times] == [
        TimeKind.CENTRAL_DOS,
        TimeKind.CENTRAL_UNIVERSAL,
        *[TimeKind.CENTRAL_NTFS] * 3,
        *[TimeKind.LOCAL_UNIVERSAL] * 2,
    ]
    dos = found["zip:central[0].dos"]
    assert dos.instant is Absence.NOT_AVAILABLE and dos.offset_s is Absence.NOT_PRESENT
    assert dos.wall == 1_467_718_402 * TICKS_PER_SECOND  # 2016-07-05 11:33:22
    assert (dos.precision, dos.clock, dos.description) == (
        Precision.TWO_SECONDS,
        ClockKind.PACKER,
        Description.MODIFICATION,
    )
    assert found["zip:central[0].0x5455.mtime"].instant == 1_467_718_402 * TICKS_PER_SECOND
    assert found["zip:local[0].0x5455.ctime"].instant == -5 * TICKS_PER_SECOND
    assert found["zip:local[0].0x5455.ctime"].description is Description.CREATION
    assert found["zip:central[0].0x000a.mtime"].instant == ticks - 116_444_736_000_000_000
    assert found["zip:central[0].0x000a.atime"].instant is Absence.NOT_PRESENT
    assert found["zip:central[0].0x000a.mtime"].clock is ClockKind.FILE_SYSTEM
    assert ArchiveHas(presence(facts)) == (
        ArchiveHas.MEMBER_TIME | ArchiveHas.MEMBER_UTC | ArchiveHas.TWICE_DATED | ArchiveHas.LISTED
    )


def test_a_repeated_extra_field_of_the_local_header_is_held_against_its_own_central_one(zips: Any) -> None:
    first, second, other = [struct.pack("<HHBl", 0x5455, 5, 1, seconds) for seconds in (10, 20, 30)]
    member = zips.Member(b"x", b"data")
    member.central_extra, member.local_extra = first + second, first + other
    facts, _, _ = zips.read(zips.build([member]))
    extra = [stamp for stamp in facts.members[0].times if stamp.clock is ClockKind.FILE_SYSTEM]
    assert [(stamp.kind, stamp.index) for stamp in extra] == [
        (TimeKind.CENTRAL_UNIVERSAL, 0),
        (TimeKind.CENTRAL_UNIVERSAL, 1),
        (TimeKind.LOCAL_UNIVERSAL, 1),
    ]


def test_marks_of_the_writer_stand_with_the_place_of_their_header(zips: Any) -> None:
    first, second = zips.Member(b"x", b"data", made_by=0x031E, needed=45, local_needed=20), zips.Member(b"y", b"2")
    first.local_extra = struct.pack("<HHBl", 0x5455, 5, 1, 10) + struct.pack("<HH", 0x7875, 0)
    first.central_extra = struct.pack("<HHBl", 0x5455, 5, 1, 10)
    data = zips.build([first, second])
    members = zips.read(data)[0].members
    assert [(one.made_by, one.needed) for one in members] == [(0x031E, 45), (20, 20)]
    assert [(one.extras, one.local_extras) for one in members] == [((0x5455,), (0x5455, 0x7875)), ((), ())]
    places = [one.listed_at for one in members]
    assert [data[place : place + 8] for place in places] == [b"PK\1\2\x1e\3\x2d\0", b"PK\1\2\x14\0\x14\0"]
    cut = zips.read(data[: data.index(b"PK\1\2")])[0].members
    assert [(one.listed_at, one.needed, one.extras) for one in cut] == [(None, 20, ()), (None, 20, ())]


@pytest.mark.parametrize(
    ("date", "clock", "wall"),
    [
        (0, 0, Absence.NOT_PRESENT),
        (0, 1, Absence.UNPARSABLE),
        (0x0021, 0, 315_532_800 * TICKS_PER_SECOND),
        (0x005E, 0, Absence.UNPARSABLE),  # 30 February
        (0x0021, 0xC000, Absence.UNPARSABLE),  # 24:00
    ],
)
def test_dos_times_are_never_tidied(zips: Any, date: int, clock: int, wall: object) -> None:
    member = zips.Member(b"x", b"", date=date, time=clock, local_date=date, local_time=clock)
    facts, _, _ = zips.read(zips.build([member]))
    assert facts.members[0].times[0].wall == wall
    assert bool(presence(facts) & ArchiveHas.MEMBER_TIME) is isinstance(wall, int)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (b"../../etc/passwd", ["zip.name_path"]),
        (b"..\\..\\x", ["zip.name_path"]),
        (b"/etc/passwd", ["zip.name_path"]),
        (b"C:\\x", ["zip.name_path"]),
        (b"a\0.txt", ["zip.name_control"]),
        (b"\x1b[2J", ["zip.name_control"]),
        ("a\u202etxt.exe".encode(), ["zip.name_hidden"]),
        (b"\xff\xfe", ["zip.name_utf8"]),
        (b"", ["zip.name_empty"]),
        (b"a..b", []),
    ],
)
def test_names_are_kept_raw_and_noted(zips: Any, name: bytes, expected: list[str]) -> None:
    _, (child,), _ = zips.read(zips.build([zips.Member(name, b"x", flags=0x800)]))
    assert unquote(child.step.name) == name
    assert child.step.name.isascii() and child.step.name.isprintable()
    assert zips.codes(child) == expected


def test_symbolic_link_is_noted(zips: Any) -> None:
    _, (child,), _ = zips.read(
        zips.build([zips.Member(b"link", b"/etc/passwd", made_by=0x031E, external=0xA1FF << 16)])
    )
    assert zips.codes(child) == ["zip.symlink"] and child.content == b"/etc/passwd"


def test_duplicate_names_and_bytes_of_nobody(zips: Any) -> None:
    data = (
        zips.build([zips.Member(b"x", b"1"), zips.Member(b"x", b"2")], prefix=b"#!/bin/sh\n", comment=b"hello")
        + b"tail"
    )
    facts, children, notices = zips.read(data)
    assert [child.content for child in children] == [b"1", b"2"]
    assert facts.comment == b"hello"
    assert facts.gaps == ((0, 10), (len(data) - 4, len(data)))
    assert [notice.code for notice in notices] == ["zip.gap", "zip.gap", "zip.duplicate_name"]
    assert [notice.unread for notice in notices] == [10, 4, 0]


def test_every_byte_of_many_gaps_is_counted(zips: Any) -> None:
    members = [zips.Member(b"%d" % number, b"x") for number in range(20)]
    for member in members:
        member.stored += b"gap"
        member.central["stored_size"] = member.local["stored_size"] = len(member.stored) - 3
    facts, _, notices = zips.read(zips.build(members))
    assert len(facts.gaps) == 20
    assert [notice.unread for notice in notices] == [3] * 8 + [36]


def test_bytes_put_before_the_archive_shift_every_offset(zips: Any) -> None:
    facts, children, notices = zips.read(b"MZ stub" + zips.build([zips.Member(b"x", b"1"), zips.Member(b"y", b"2")]))
    assert [child.content for child in children] == [b"1", b"2", b"MZ stub"]
    assert facts.gaps == ((0, 7),)
    assert [notice.code for notice in notices] == ["zip.shifted", "zip.gap"]


def test_members_that_the_directory_does_not_list(zips: Any) -> None:
    hidden = zips.build([zips.Member(b"old", b"was here")])
    hidden = hidden[: hidden.index(b"PK\1\2")]
    facts, children, notices = zips.read(zips.build([zips.Member(b"new", b"is here")], prefix=hidden))
    assert [(member.name, member.index) for member in facts.members] == [("new", 0), ("old", 1)]
    assert [child.content for child in children] == [b"is here", b"was here"]
    assert [notice.code for notice in notices] == ["zip.unlisted"]
    assert facts.gaps == ()


def test_a_member_whose_stated_place_is_wrong_is_found(zips: Any) -> None:
    data = zips.build([zips.Member(b"x", b"1" * 40), zips.Member(b"y", b"2" * 40)])
    moved = data.replace(struct.pack("<L", 0) + b"x", struct.pack("<L", 5) + b"x")
    assert moved != data
    _, children, notices = zips.read(moved)
    assert [child.content for child in children] == [b"1" * 40, b"2" * 40]
    assert [notice.code for notice in notices] == ["zip.misplaced"]


def test_cut_archive_gives_its_members_by_local_headers(zips: Any) -> None:
    noise = random.Random(1).randbytes(1000)
    data = zips.build([zips.Member(b"x", b"1" * 40), zips.Member(b"y", noise, method=0)])
    facts, children, notices = zips.read(data[: data.index(noise) + 300])
    assert [member.name for member in facts.members] == ["x", "y"]
    assert children[0].content == b"1" * 40 and children[1].content == noise[:300]
    assert zips.codes(children[1]) == ["zip.truncated", "zip.size"]
    assert children[1].notices[0].unread == 0  # all that is there was read
    assert [notice.code for notice in notices] == ["zip.no_directory"]


def test_cut_archive_with_descriptors_finds_where_data_end(zips: Any) -> None:
    members = []
    for name, method in ((b"x", 8), (b"y", 0)):
        member = zips.Member(
            name, b"data of it", method=method, flags=8, local_crc32=0, local_size=0, local_stored_size=0
        )
        member.descriptor = struct.pack("<4s3L", b"PK\7\x08", member.fields["crc32"], len(member.stored), 10)
        members.append(member)
    data = zips.build(members)
    facts, children, _ = zips.read(data[: data.index(b"PK\1\2")])
    assert [child.content for child in children] == [b"data of it"] * 2
    assert facts.gaps == ()


def test_damage_keeps_what_came_before_it(zips: Any) -> None:
    data = zips.build([zips.Member(b"x", random.Random(2).randbytes(50_000).hex().encode())])
    place = data.index(b"PK\1\2") // 2
    broken = data[:place] + b"\xff" * 40 + data[place + 40 :]
    _, (child,), _ = zips.read(broken)
    assert isinstance(child.content, bytes) and len(child.content) > 10_000
    assert set(zips.codes(child)) & {"zip.damaged", "zip.crc", "zip.size"}


def test_bytes_after_the_end_of_a_deflate_stream_are_noted(zips: Any) -> None:
    stored = zips.deflated(b"seen") + b"hidden"
    _, (child,), _ = zips.read(zips.build([zips.Member(b"x", b"seen", stored=stored)]))
    assert child.content == b"seen"
    assert [(notice.code, notice.unread) for notice in child.notices] == [("zip.slack", 6)]


def test_encrypted_members_open_with_a_password_or_are_noted(zips: Any) -> None:
    data = zips.build([zips.encrypted(b"x", b"secret text", b"pass")])
    for passwords in ((), (b"wrong", b"other")):
        facts, (child,), _ = zips.read(data, passwords=passwords)
        assert child.content is None
        assert zips.codes(child) == ["zip.wrong_password" if passwords else "zip.encrypted"]
        assert facts.members[0].encrypted
    _, (child,), _ = zips.read(data, passwords=(b"wrong", b"pass"))
    assert child.content == b"secret text"
    assert child.step.decoder == f"zipcrypto+deflate/1:{zlib.crc32(b'secret text'):08x}"


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\3\4", b"hello" * 100])
def test_what_is_no_zip(zips: Any, data: bytes) -> None:
    with pytest.raises(WrongFormat):
        list(archive_zip.parse(MemoryBytes(data), zips.WHERE, ParseContext()))


def test_empty_archive(zips: Any) -> None:
    facts, children, notices = zips.read(zips.build([]))
    assert facts.members == () and children == [] and notices == []
