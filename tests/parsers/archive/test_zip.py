import contextlib
import hashlib
import io
import random
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError, WrongFormat
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision
from forensics.model.items import ByteSource, ChildItem, Limits, MemoryBytes, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind, unquote
from forensics.model.rules import Has
from forensics.parsers.archive import zip as archive_zip
from forensics.parsers.archive._zipcrypto import decrypt, keys
from forensics.parsers.decoders import decode_range

WHERE = Location((Step(kind=StepKind.FILE, name="a.zip", start=0, end=0, source="s"),))
DATE, TIME = 0x48E5, 0x5C2B  # 2016-07-05 11:33:22


def deflated(data: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush()


class Member:
    """A member to be written, each header field open to lies."""

    def __init__(self, name: bytes, data: bytes = b"", *, method: int = 8, stored: bytes | None = None, **lies: int):
        self.name = name
        self.stored = stored if stored is not None else deflated(data) if method == 8 else data
        self.fields = {
            "needed": 20, "flags": 0, "method": method, "time": TIME, "date": DATE,
            "crc32": zlib.crc32(data), "stored_size": len(self.stored), "size": len(data),
        }  # fmt: skip
        self.local = {**self.fields, **{k[6:]: v for k, v in lies.items() if k.startswith("local_")}}
        self.central = {**self.fields, **{k: v for k, v in lies.items() if not k.startswith("local_")}}
        for common in ("flags",):
            if common in lies:
                self.local[common] = lies[common]
        self.made_by = lies.get("made_by", 20)
        self.external = lies.get("external", 0)
        self.at = lies.get("at", -1)
        self.local_name = name
        self.local_extra = self.central_extra = self.descriptor = b""


def build(members: Iterable[Member], comment: bytes = b"", prefix: bytes = b"") -> bytes:
    out, directory, count = bytearray(prefix), bytearray(), 0
    for member in members:
        at = len(out) if member.at < 0 else member.at
        if member.at < 0:
            lengths = (len(member.local_name), len(member.local_extra))
            out += struct.pack("<4s5H3L2H", b"PK\3\4", *member.local.values(), *lengths)
            out += member.local_name + member.local_extra + member.stored + member.descriptor
        fields = {k: member.central[k] for k in member.fields}
        lengths = (len(member.name), len(member.central_extra), 0, 0, 0)
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", member.made_by, *fields.values(), *lengths, member.external, at
        )
        directory += member.name + member.central_extra
        count += 1
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(out), len(comment))
    return bytes(out + directory + end + comment)


def read(data: bytes, **context: object) -> tuple[ArchiveFacts, list[ChildItem], list[Notice]]:
    found = list(archive_zip.parse(MemoryBytes(data), WHERE, ParseContext(**context)))  # type: ignore[arg-type]
    assert isinstance(found[0], ArchiveFacts)
    notices = [item for item in found if isinstance(item, Notice)]
    children = [item for item in found if isinstance(item, ChildItem)]
    replay(data, children, context.get("passwords", ()))  # type: ignore[arg-type]
    for member in found[0].members:
        for stamp in member.times:
            (start, end), *_ = stamp.locator.ranges
            assert data[start:end] == stamp.raw
    return found[0], children, notices


def replay(data: bytes, children: Iterable[ChildItem], passwords: tuple[bytes, ...] = ()) -> None:
    """Every content comes again from the range and the decoder that its step names."""
    for child in children:
        step, content = child.step, child.content
        if content is None:
            assert step.sha256 == ""
            continue
        whole = content if isinstance(content, bytes) else content.read(0, content.size)
        decoded = b"".join(decode_range(step.decoder, MemoryBytes(data), step.start, step.end, passwords))
        assert decoded == whole
        assert hashlib.sha256(decoded).hexdigest() == step.sha256


def codes(child: ChildItem) -> list[str]:
    return [notice.code for notice in child.notices]


def test_members_come_in_directory_order_with_complete_steps() -> None:
    data = build([Member(b"a/one.txt", b"one" * 50), Member(b"a/", method=0), Member(b"two", b"2", method=0)])
    facts, children, notices = read(data)
    assert [member.name for member in facts.members] == ["a/one.txt", "a/", "two"]
    assert facts.gaps == () and notices == []
    assert [child.content for child in children] == [b"one" * 50, b"2"]
    first = children[0].step
    assert (first.kind, first.name, first.index, first.decoder) == (StepKind.ZIP_MEMBER, "a/one.txt", 0, "deflate/1")
    assert children[0].name == b"one.txt"
    assert children[1].step.index == 2 and children[1].step.decoder == "copy/1"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_method_of_the_standard_library(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("x", bytes(range(256)) * 3000)
    _, (child,), notices = read(file.getvalue())
    assert child.content == bytes(range(256)) * 3000
    assert codes(child) == [] and notices == []


def test_written_to_a_pipe_with_descriptors() -> None:
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
    facts, children, notices = read(pipe.data)
    assert [child.content for child in children] == [b"x" * 1000, b"y" * 1000]
    assert facts.gaps == () and notices == []
    assert [member.conflicts for member in facts.members] == [(), ()]


def test_zip64_end_record_and_extra_fields() -> None:
    full = 0xFFFFFFFF
    member = Member(b"x", b"data", size=full, stored_size=full, local_size=full, local_stored_size=full)
    member.local_extra = struct.pack("<HH2Q", 1, 16, 4, len(member.stored))
    member.central_extra = struct.pack("<HH2Q", 1, 16, 4, len(member.stored))
    data = build([member])
    at = data.index(b"PK\5\6")
    start = data.index(b"PK\1\2")
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, at - start, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, full, full, 0)
    facts, (child,), notices = read(data[:at] + record + locator + end)
    assert child.content == b"data" and codes(child) == []
    assert (facts.members[0].size, facts.members[0].stored_size) == (4, len(member.stored))
    assert notices == [] and facts.gaps == ()


def test_disagreeing_headers_are_conflicts_with_both_places() -> None:
    liar = Member(b"name", b"data", local_size=5, local_crc32=7, local_date=0x21, local_method=0, local_flags=2)
    liar.local_name = b"eman"
    data = build([liar])
    facts, (child,), _ = read(data)
    conflicts = {fact.name: fact for fact in facts.members[0].conflicts}
    assert sorted(conflicts) == [
        "zip.member.crc32", "zip.member.date", "zip.member.flags", "zip.member.method", "zip.member.name",
        "zip.member.size",
    ]  # fmt: skip
    size = conflicts["zip.member.size"]
    assert size.value == "local 5, central 4"
    assert size.raw == b"\5\0\0\0"
    assert [data[start:end] for start, end in size.locator.ranges] == [b"\5\0\0\0", b"\4\0\0\0"]
    assert conflicts["zip.member.name"].value == "local eman, central name"
    assert child.content == b"data"


def test_descriptor_that_disagrees() -> None:
    member = Member(b"x", b"data", flags=8, local_crc32=0, local_size=0, local_stored_size=0)
    member.descriptor = struct.pack("<4s3L", b"PK\7\x08", 1, len(member.stored), 4)
    facts, _, notices = read(build([member]))
    assert [fact.value for fact in facts.members[0].conflicts] == [f"descriptor 1, central {zlib.crc32(b'data')}"]
    assert facts.gaps == () and notices == []


def test_times_of_every_clock() -> None:
    member = Member(b"x", b"data")
    seconds = struct.pack("<3l", 1_467_718_402, 1_467_718_403, -5)
    member.local_extra = struct.pack("<HHB", 0x5455, 13, 7) + seconds
    ticks = 131_121_920_022_222_222
    filetimes = struct.pack("<4xHH3Q", 1, 24, ticks, 0, ticks + 1)
    member.central_extra = struct.pack("<HHB", 0x5455, 5, 7) + seconds[:4] + struct.pack("<HH", 10, 32) + filetimes
    facts, (child,), _ = read(build([member]))
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
    assert facts.mask == Has.MEMBER_TIME | Has.MEMBER_UTC


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
def test_dos_times_are_never_tidied(date: int, clock: int, wall: object) -> None:
    member = Member(b"x", b"", date=date, time=clock, local_date=date, local_time=clock)
    facts, _, _ = read(build([member]))
    assert facts.members[0].times[0].wall == wall
    assert bool(facts.mask & Has.MEMBER_TIME) is isinstance(wall, int)


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
def test_names_are_kept_raw_and_noted(name: bytes, expected: list[str]) -> None:
    _, (child,), _ = read(build([Member(name, b"x", flags=0x800)]))
    assert unquote(child.step.name) == name
    assert child.step.name.isascii() and child.step.name.isprintable()
    assert codes(child) == expected


def test_symbolic_link_is_noted() -> None:
    _, (child,), _ = read(build([Member(b"link", b"/etc/passwd", made_by=0x031E, external=0xA1FF << 16)]))
    assert codes(child) == ["zip.symlink"] and child.content == b"/etc/passwd"


def test_duplicate_names_and_bytes_of_nobody() -> None:
    data = build([Member(b"x", b"1"), Member(b"x", b"2")], prefix=b"#!/bin/sh\n", comment=b"hello") + b"tail"
    facts, children, notices = read(data)
    assert [child.content for child in children] == [b"1", b"2"]
    assert facts.comment == b"hello"
    assert facts.gaps == ((0, 10), (len(data) - 4, len(data)))
    assert [notice.code for notice in notices] == ["zip.gap", "zip.gap", "zip.duplicate_name"]
    assert [notice.unread for notice in notices] == [10, 4, 0]


def test_every_byte_of_many_gaps_is_counted() -> None:
    members = [Member(b"%d" % number, b"x") for number in range(20)]
    for member in members:
        member.stored += b"gap"
        member.central["stored_size"] = member.local["stored_size"] = len(member.stored) - 3
    facts, _, notices = read(build(members))
    assert len(facts.gaps) == 20
    assert [notice.unread for notice in notices] == [3] * 8 + [36]


def test_bytes_put_before_the_archive_shift_every_offset() -> None:
    facts, children, notices = read(b"MZ stub" + build([Member(b"x", b"1"), Member(b"y", b"2")]))
    assert [child.content for child in children] == [b"1", b"2", b"MZ stub"]
    assert facts.gaps == ((0, 7),)
    assert [notice.code for notice in notices] == ["zip.shifted", "zip.gap"]


def test_members_that_the_directory_does_not_list() -> None:
    hidden = build([Member(b"old", b"was here")])
    hidden = hidden[: hidden.index(b"PK\1\2")]
    facts, children, notices = read(build([Member(b"new", b"is here")], prefix=hidden))
    assert [(member.name, member.index) for member in facts.members] == [("new", 0), ("old", 1)]
    assert [child.content for child in children] == [b"is here", b"was here"]
    assert [notice.code for notice in notices] == ["zip.unlisted"]
    assert facts.gaps == ()


def test_a_member_whose_stated_place_is_wrong_is_found() -> None:
    data = build([Member(b"x", b"1" * 40), Member(b"y", b"2" * 40)])
    moved = data.replace(struct.pack("<L", 0) + b"x", struct.pack("<L", 5) + b"x")
    assert moved != data
    _, children, notices = read(moved)
    assert [child.content for child in children] == [b"1" * 40, b"2" * 40]
    assert [notice.code for notice in notices] == ["zip.misplaced"]


def test_cut_archive_gives_its_members_by_local_headers() -> None:
    noise = random.Random(1).randbytes(1000)
    data = build([Member(b"x", b"1" * 40), Member(b"y", noise, method=0)])
    facts, children, notices = read(data[: data.index(noise) + 300])
    assert [member.name for member in facts.members] == ["x", "y"]
    assert children[0].content == b"1" * 40 and children[1].content == noise[:300]
    assert codes(children[1]) == ["zip.truncated", "zip.size"]
    assert [notice.code for notice in notices] == ["zip.no_directory"]


def test_cut_archive_with_descriptors_finds_where_data_end() -> None:
    members = []
    for name, method in ((b"x", 8), (b"y", 0)):
        member = Member(name, b"data of it", method=method, flags=8, local_crc32=0, local_size=0, local_stored_size=0)
        member.descriptor = struct.pack("<4s3L", b"PK\7\x08", member.fields["crc32"], len(member.stored), 10)
        members.append(member)
    data = build(members)
    facts, children, _ = read(data[: data.index(b"PK\1\2")])
    assert [child.content for child in children] == [b"data of it"] * 2
    assert facts.gaps == ()


def test_damage_keeps_what_came_before_it() -> None:
    data = build([Member(b"x", random.Random(2).randbytes(50_000).hex().encode())])
    place = data.index(b"PK\1\2") // 2
    broken = data[:place] + b"\xff" * 40 + data[place + 40 :]
    _, (child,), _ = read(broken)
    assert isinstance(child.content, bytes) and len(child.content) > 10_000
    assert set(codes(child)) & {"zip.damaged", "zip.crc", "zip.size"}


def test_bytes_after_the_end_of_a_deflate_stream_are_noted() -> None:
    stored = deflated(b"seen") + b"hidden"
    _, (child,), _ = read(build([Member(b"x", b"seen", stored=stored)]))
    assert child.content == b"seen"
    assert [(notice.code, notice.unread) for notice in child.notices] == [("zip.slack", 6)]


def encrypted(name: bytes, data: bytes, password: bytes) -> Member:
    crc = zlib.crc32(data)
    state, out = keys(password), bytearray()
    for plain in b"\0" * 11 + bytes((crc >> 24,)) + deflated(data):
        (key,), _ = decrypt(state, b"\0")
        out.append(plain ^ key)
        _, state = decrypt(state, out[-1:])
    member = Member(name, data, stored=bytes(out), flags=1)
    return member


def test_encrypted_members_open_with_a_password_or_are_noted() -> None:
    data = build([encrypted(b"x", b"secret text", b"pass")])
    for passwords in ((), (b"wrong", b"other")):
        facts, (child,), _ = read(data, passwords=passwords)
        assert child.content is None and codes(child) == ["zip.encrypted"]
        assert facts.members[0].encrypted
    _, (child,), _ = read(data, passwords=(b"wrong", b"pass"))
    assert child.content == b"secret text"
    assert child.step.decoder == f"zipcrypto+deflate/1:{zlib.crc32(b'secret text'):08x}"


def test_members_larger_than_memory_go_to_the_spool() -> None:
    spooled: list[bytes] = []

    def spool(chunks: Iterable[bytes]) -> ByteSource:
        spooled.append(b"".join(chunks))
        return MemoryBytes(spooled[-1])

    data = build([Member(b"x", random.Random(3).randbytes(3_000_000), method=0), Member(b"y", b"1")])
    limits = Limits(memory_bytes=1_000_000)
    _, children, _ = read(data, limits=limits, spool=spool)
    assert len(spooled[0]) == 3_000_000 and children[1].content == b"1"
    _, children, _ = read(data, limits=limits)
    assert children[0].content is None and codes(children[0]) == ["zip.memory_limit"]
    assert children[1].content == b"1"


def test_bomb_of_ten_gigabytes_is_left_early() -> None:
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    part = block.compress(bytes(10_000_000)) + block.flush(zlib.Z_FULL_FLUSH)
    stored = part * 1000
    bomb = Member(b"bomb", b"", stored=stored, size=0xFFFFFFFE, local_size=0xFFFFFFFE)
    data = build([bomb, Member(b"y", b"1")])
    sizes: list[int] = []

    def spool(chunks: Iterable[bytes]) -> ByteSource:
        sizes.append(sum(len(chunk) for chunk in chunks))
        return MemoryBytes(b"")

    started = time.process_time()
    tracemalloc.start()
    found = list(archive_zip.parse(MemoryBytes(data), WHERE, ParseContext(spool=spool)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    children = [item for item in found if isinstance(item, ChildItem)]
    assert children[0].content is None and codes(children[0]) == ["zip.ratio_limit"]
    assert children[1].content == b"1"
    assert peak < 150_000_000 and time.process_time() - started < 10


def test_overlapping_members_are_not_all_expanded() -> None:
    kernel = Member(b"kernel", bytes(20_000_000))
    overlaps = []
    for number in range(1000):
        other = Member(b"%d" % number, b"", stored=kernel.stored, at=0, size=20_000_000)
        other.central["crc32"] = kernel.fields["crc32"]
        overlaps.append(other)
    data = build([kernel, *overlaps])
    started = time.process_time()
    found = list(archive_zip.parse(MemoryBytes(data), WHERE, ParseContext()))
    assert time.process_time() - started < 10
    children = [item for item in found if isinstance(item, ChildItem)]
    assert len(children) == 1001
    assert sum(child.content is not None for child in children) == 4
    assert codes(children[-1]) == ["zip.overlap"]


def test_expansion_limit_of_the_whole_archive() -> None:
    data = build([Member(b"%d" % number, bytes(1000)) for number in range(10)])
    _, children, _ = read(data, limits=Limits(expansion=3500, expansion_ratio=1))
    assert [child.content is not None for child in children] == [True] * 3 + [False] * 7
    assert codes(children[3]) == ["zip.expansion_limit"]


def test_member_limit_is_noted() -> None:
    data = build([Member(b"%d" % number, b"1") for number in range(10)])
    facts, children, notices = read(data, limits=Limits(members=4))
    assert len(facts.members) == len(children) == 4
    assert "zip.members_limit" in [notice.code for notice in notices]


def test_hostile_local_headers_take_bounded_time() -> None:
    header = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 8, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    started = time.process_time()
    for unit in (header, header[:8] + b"\x08" + header[9:] + b"\3\0", header + b"PK\7\x08" * 4):
        list(archive_zip.parse(MemoryBytes(unit * 8_000), WHERE, ParseContext()))
    assert time.process_time() - started < 8


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\3\4", b"hello" * 100])
def test_what_is_no_zip(data: bytes) -> None:
    with pytest.raises(WrongFormat):
        list(archive_zip.parse(MemoryBytes(data), WHERE, ParseContext()))


def test_empty_archive() -> None:
    facts, children, notices = read(build([]))
    assert facts.members == () and children == [] and notices == []


SAMPLE = build(
    [Member(b"a/x.txt", b"text " * 300), Member(b"b", bytes(range(256)), method=0), encrypted(b"c", b"12345", b"p")],
    comment=b"note",
)


@settings(max_examples=200, deadline=2000)
@given(st.data())
def test_flipped_and_cut_archives_only_raise_parse_errors(data: st.DataObject) -> None:
    broken = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(0, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    start = data.draw(st.integers(0, len(broken) // 4))
    end = data.draw(st.integers(start, len(broken)))
    with contextlib.suppress(ParseError):
        read(bytes(broken[start:end]), passwords=(b"p",))


@settings(max_examples=200, deadline=2000)
@given(
    st.lists(
        st.sampled_from([b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\7\x08"]) | st.binary(max_size=60)
    )
)
def test_arbitrary_bytes_only_raise_parse_errors(parts: list[bytes]) -> None:
    with contextlib.suppress(ParseError):
        read(b"".join(parts))


def _zips(folder: Path) -> list[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(4096)
            if head.startswith(b"PK") and archive_zip.sniff(head, MemoryBytes(head)):
                found.append(path)
    return found


def test_real_archives_replay_and_agree_with_the_standard_library(corpora: Path, suites: Path) -> None:
    files = equal = only_them = 0
    for path in _zips(corpora) + _zips(suites / "zip-slip"):
        data = path.read_bytes()
        files += 1
        _, children, _ = read(data)
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError):
            continue
        ours = {child.step.index: child for child in children}
        for index, info in enumerate(archive.infolist()):
            try:
                theirs = archive.read(info)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
                continue
            child = ours.get(index)
            if child is None:
                assert info.is_dir()
            elif child.content == theirs:
                equal += 1
            else:
                # Where the stored range is longer than the stated size they cut, we keep and say so.
                assert "zip.size" in codes(child), path
                only_them += 1
        archive.close()
    assert files > 250 and equal > 3500 and only_them <= 2
