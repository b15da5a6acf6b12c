"""RAR archives: headers of both forms, files stored and packed, groups unpacked once, and every kind of damage."""

import hashlib
import random
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import NotInstalled, ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import Absence, ClockKind, Description, Precision
from forensics.model.items import ChildItem, Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind, unquote
from forensics.model.presence.archive import ArchiveHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers import decoders
from forensics.parsers.archive import _rar_contents, rar
from forensics.parsers.archive._rar_blake import Blake2sp
from forensics.parsers.identify import identify
from forensics.replay.decoders import decode_range
from forensics.replay.walk import walk
from tests.parsers.archive import rars as made

WHERE = Location((Step(kind=StepKind.FILE, name="a.rar", start=0, end=0, source="s"),))
ONE, TWO, THREE = b"first text " * 20, b"the second one", b"third " * 9


def replayed(data: bytes, steps: Iterable[Step], passwords: tuple[bytes, ...] = ()) -> bytes:
    for step in steps:
        source = MemoryBytes(data)
        data = b"".join(decode_range(decoders(), step.decoder, source, step.start, step.end, passwords))
        assert hashlib.sha256(data).hexdigest() == step.sha256
    return data


def quoted(data: bytes, locator: Locator, passwords: tuple[bytes, ...] = ()) -> bytes:
    layer = replayed(data, locator.steps, passwords)
    return b"".join([layer[start:end] for start, end in locator.ranges])


def bytes_of(child: ChildItem) -> bytes | None:
    content = child.content
    return content if content is None or isinstance(content, bytes) else content.read(0, content.size)


def read(data: bytes, **context: object) -> tuple[ArchiveFacts, list[ChildItem], list[Notice]]:
    """Parse, replay every child, and find every fact at its place, each with a path of its own."""
    found = list(rar.parse(MemoryBytes(data), WHERE, ParseContext(**context)))  # type: ignore[arg-type]
    facts = next(one for one in found if isinstance(one, ArchiveFacts))
    children = [one for one in found if isinstance(one, ChildItem)]
    passwords: tuple[bytes, ...] = context.get("passwords", ())  # type: ignore[assignment]
    for child in children:
        content = bytes_of(child)
        assert (content is None) == (child.step.sha256 == "")
        if content is not None:
            assert replayed(data, (*child.outer, child.step), passwords) == content
    everything = [*facts.properties, *facts.timestamps]
    everything += [fact for member in facts.members for fact in (*member.times, *member.said)]
    for fact in everything:
        assert quoted(data, fact.locator, passwords) == fact.raw
    paths = [fact.locator.path for fact in everything]
    assert len(set(paths)) == len(paths)
    return facts, children, [one for one in found if isinstance(one, Notice)]


def codes(child: ChildItem) -> list[str]:
    return [notice.code for notice in child.notices]


def said(facts: ArchiveFacts, index: int = 0) -> dict[str, str]:
    return {fact.name.removeprefix("rar.member."): fact.value for fact in facts.members[index].said}


PACKED4 = made.archive4(
    made.file4(b"one.txt", ONE, stored=made.packed4(ONE), method=0x33),
    made.file4(b"two", TWO),
    made.file4(b"dir", b"", flags=0xE0, attributes=0o040755),
)
PACKED5 = made.archive5(
    made.file5(b"one.txt", ONE, stored=made.packed5(ONE), method=3),
    made.file5(b"two", TWO),
    made.file5(b"dir", b"", directory=True, attributes=0o040755),
)
SOLID4 = made.archive4(
    made.file4(b"one.txt", ONE, stored=made.packed4(ONE), method=0x33),
    # The table of the first file holds for the second.
    made.file4(b"two", TWO, stored=TWO, method=0x33, flags=0x10),
    made.file4(b"three", THREE, flags=0x10),
    flags=8,
)
SOLID5 = made.archive5(
    made.file5(b"one.txt", ONE, stored=made.packed5(ONE), method=3),
    made.file5(b"two", TWO, stored=made.packed5(TWO), method=3, solid=True),
    made.file5(b"three", THREE, solid=True),
    flags=4,
)


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


def test_filling_behind_the_end_is_padding() -> None:
    for archive in (PACKED4, PACKED5):
        found = list(rar.parse(MemoryBytes(archive + bytes(9)), WHERE, ParseContext()))
        (notice,) = [one for one in found if isinstance(one, Notice)]
        assert (notice.code, notice.unread) == ("rar.gap", 0)
        assert [one.size for one in found if isinstance(one, Padding)] == [9]


_BOUNDARIES4 = {7, 20, len(PACKED4) - 7, *[len(PACKED4) - 7 - 35, len(PACKED4) - 7 - 35 - 49]}
"""Between two blocks: archives before version 3 have no end block."""


@pytest.mark.parametrize("data", [PACKED4, PACKED5])
def test_every_byte_may_be_wrong(data: bytes) -> None:
    for place in range(8, len(data), 2):
        broken = bytearray(data)
        broken[place] ^= 0x5A
        read(bytes(broken))


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


def test_headers_that_say_their_times_twice() -> None:
    filetime = (131121920020000001).to_bytes(8, "little")
    times, original = made.record(3, b"\x06" + filetime * 2), made.record(2, b"\2" + filetime)
    facts, _, _ = read(made.archive5(made.file5(b"a", b"x", extra=times * 2), extra=original * 2))
    assert len(facts.members[0].times) == 5 and len(facts.timestamps) == 2
    assert len({stamp.locator.path for stamp in (*facts.members[0].times, *facts.timestamps)}) == 7


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


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("rar3-comment-hpsw.rar", b"password"),
        ("rar5-hpsw.rar", b"password"),
        ("rar5-psw.rar", b"password"),
        ("rar5-psw-blake.rar", b"password"),
        ("rar202-comment-psw.rar", b"password"),
    ],
)
def test_passwords_open_real_archives(name: str, password: bytes, corpora: Path) -> None:
    data = next((corpora / "archive").rglob(name)).read_bytes()
    _, children, notices = read(data, passwords=(b"wrong", password))
    assert len(children) == 2 and all(child.content is not None for child in children)
    assert "rar.encrypted" not in [notice.code for notice in notices]
    facts, children, notices = read(data, passwords=(b"wrong",))
    lost = [*notices, *[notice for child in children for notice in child.notices]]
    if any(member.size for member in facts.members) or not facts.members:
        assert {notice.code for notice in lost} == {"rar.encrypted"} and sum(notice.unread for notice in lost)


def test_real_archives_agree_with_a_second_reader(corpora: Path) -> None:
    library = pytest.importorskip("unrar.cffi")
    compared = 0
    for path in sorted((corpora / "archive").rglob("*.rar")):
        facts, children, _ = read(path.read_bytes())
        try:
            listed = library.RarFile(str(path)).infolist()
        except library.RarFileError:
            continue
        by_name = {unquote(member.name).decode("utf-8", "replace"): member for member in facts.members}
        contents = {child.step.index: bytes_of(child) for child in children}
        for info in listed:
            member = by_name.get(info.filename.partition(";")[0] if ";" in info.filename else info.filename)
            if member is None or ";" in info.filename:
                continue  # the library does not keep names in other charsets, and numbers versions in names
            assert (info.file_size, info.compress_size) == (member.size, member.stored_size)
            if member.crc32:
                assert member.crc32 == info.CRC
            content = contents.get(member.index)
            if content is not None and member.crc32:
                assert zlib.crc32(content) == info.CRC
                compared += 1
    assert compared > 50
