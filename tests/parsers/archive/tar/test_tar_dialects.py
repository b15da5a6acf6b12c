"""Every dialect of tar: names, numbers, times, links, sparse members, what two headers say otherwise."""

from typing import Any

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Precision
from forensics.model.time_kinds import TimeKind
from forensics.parsers.identify import identify

Tars = Any
"""Of the fixture of that name: it builds archives."""
LONG = b"folder/" * 30 + b"name.txt"


def sniffed(data: bytes) -> bool:
    return identify(data[:4096], MemoryBytes(data), b"") == "archive.tar"


@pytest.mark.parametrize(
    ("fields", "dialect"),
    [
        ({"magic": b""}, "v7"),
        ({}, "ustar"),
        ({"magic": b"ustar  \0"}, "gnu"),
        ({"star_magic": b"tar\0"}, "star"),
        ({"star_atime": b"12737060542 ", "star_ctime": b"12737060543 "}, "star"),
    ],
)
def test_what_a_header_says(tars: Tars, fields: dict[str, bytes], dialect: str) -> None:
    data = tars.joined([tars.member(b"a.txt", b"text", uname=b"ann", gname=b"staff", **fields)])
    assert sniffed(data)
    found = tars.read(data)
    assert found.contents == [b"text"] and found.children[0].step.name == "a.txt" and not found.notices
    assert found.said() == {
        "tar.typeflag": "file",
        "tar.mode": "0644",
        "tar.uid": "1000",
        "tar.gid": "100",
        "tar.uname": "ann",
        "tar.gname": "staff",
        "tar.dialect": dialect,
    }
    stamp = found.children[0].times[0]
    assert (stamp.instant, stamp.clock, stamp.precision) == (
        tars.MTIME * TICKS_PER_SECOND,
        ClockKind.FILE_SYSTEM,
        Precision.SECOND,
    )
    assert [fact.value for fact in found.facts.properties] == [f"{dialect}: 1"]


def test_prefix_and_name_are_one(tars: Tars) -> None:
    found = tars.read(tars.joined([tars.member(b"b.txt", b"1", prefix=b"some/folder")]))
    assert found.facts.members[0].name == "some/folder/b.txt" and found.children[0].name == b"b.txt"
    old = tars.member(b"b.txt", b"1", magic=tars.GNU, atime=tars.octal(5, 12), ctime=tars.octal(6, 12))
    found = tars.read(tars.joined([old]))
    assert found.facts.members[0].name == "b.txt"
    assert [(stamp.kind, stamp.instant) for stamp in found.children[0].times] == [
        (TimeKind.TAR_MODIFIED, tars.MTIME * TICKS_PER_SECOND),
        (TimeKind.TAR_ACCESSED, 5 * TICKS_PER_SECOND),
        (TimeKind.TAR_CHANGED, 6 * TICKS_PER_SECOND),
    ]


def test_names_of_gnu_go_before_the_header(tars: Tars) -> None:
    long = tars.member(b"././@LongLink", LONG + b"\0", b"L", magic=tars.GNU)
    link = tars.member(b"././@LongLink", LONG[::-1] + b"\0", b"K", magic=tars.GNU)
    found = tars.read(tars.joined([link, long, tars.header(LONG, 0, b"2", linkname=LONG[::-1][:100], magic=tars.GNU)]))
    (member,) = found.facts.members
    assert member.name == LONG.decode() and found.said()["tar.linkname"] == LONG[::-1].decode()
    assert not found.children and not member.conflicts
    found = tars.read(tars.joined([long, tars.member(b"other.txt", b"1", magic=tars.GNU)]))
    assert [fact.name for fact in found.facts.members[0].conflicts] == ["tar.member.name"]
    assert found.said()["tar.dialect"] == "gnu"


def test_records_go_before_the_header(tars: Tars) -> None:
    told = (
        (b"path", LONG), (b"mtime", b"1467711202.123456789"), (b"atime", b"-1.5"), (b"ctime", b"1467711203"),
        (b"LIBARCHIVE.creationtime", b"1467711000.25"), (b"uid", b"3000000"), (b"uname", "Zoë".encode()),
        (b"comment", b"a note"), (b"SCHILY.fflags", b"hidden"), (b"hdrcharset", b"BINARY"),
    )  # fmt: skip
    found = tars.read(tars.joined([tars.pax(*told), tars.member(b"a.txt", b"12345")]))
    (member,) = found.facts.members
    assert member.name == LONG.decode() and found.contents == [b"12345"]
    said = found.said()
    assert (said["tar.uid"], said["tar.uname"], said["tar.dialect"]) == ("3000000", "Zo%C3%AB", "pax")
    assert said["tar.record.comment"] == "a note" and said["tar.record.SCHILY.fflags"] == "hidden"
    times = [(stamp.kind, stamp.instant, stamp.precision) for stamp in member.times]
    assert times == [
        (TimeKind.TAR_MODIFIED, 14677112021234567, Precision.TICK),
        (TimeKind.TAR_ACCESSED, -15000000, Precision.MILLISECOND),
        (TimeKind.TAR_CHANGED, 1467711203 * TICKS_PER_SECOND, Precision.SECOND),
        (TimeKind.TAR_CREATED, 14677110002500000, Precision.MILLISECOND),
    ]


def test_two_headers_that_contradict_are_told(tars: Tars) -> None:
    told = ((b"path", b"b.txt"), (b"size", b"3"), (b"mtime", b"1000000000.5"), (b"uid", b"7"), (b"uname", b"bob"))
    found = tars.read(tars.joined([tars.pax(*told), tars.header(b"a.txt", 5, uname=b"ann") + tars.padded(b"abc")]))
    (member,) = found.facts.members
    assert {fact.name: fact.value for fact in member.conflicts} == {
        "tar.member.size": "header 5, before it 3",
        "tar.member.uid": "header 1000, before it 7",
        "tar.member.uname": "header ann, before it bob",
        "tar.member.mtime": "header 1467711202, before it 1000000000.5",
        "tar.member.name": "header a.txt, before it b.txt",
    }
    assert found.contents == [b"abc"]
    assert [(stamp.kind, stamp.index) for stamp in member.times] == [
        (TimeKind.TAR_MODIFIED, 0),
        (TimeKind.TAR_MODIFIED, 1),
    ]


@pytest.mark.parametrize("mtime", [b"1467711202.99", b"1467711201.2", b"1467711202"])
def test_a_fraction_cut_off_or_rounded_is_no_conflict(tars: Tars, mtime: bytes) -> None:
    found = tars.read(tars.joined([tars.pax((b"mtime", mtime)), tars.member()]))
    assert not found.facts.members[0].conflicts and len(found.facts.members[0].times) == 1


def test_records_of_all_hold_until_a_member_says_otherwise(tars: Tars) -> None:
    parts = [
        tars.pax((b"comment", b"c0ffee"), (b"uname", b"root"), typeflag=b"g"),
        tars.member(b"a"),
        tars.pax((b"uname", b"ann")) + tars.member(b"b"),
        tars.pax((b"uname", b"")) + tars.member(b"c", uname=b"old"),
        tars.member(b"d"),
    ]
    found = tars.read(tars.joined(parts))
    assert [found.said(index).get("tar.uname") for index in range(4)] == ["root", "ann", "old", "root"]
    assert [(fact.name, fact.value) for fact in found.facts.properties if "record" in fact.name] == [
        ("tar.record.comment", "c0ffee"),
        ("tar.record.uname", "root"),
    ]


def test_solaris_writes_records_under_another_letter(tars: Tars) -> None:
    found = tars.read(tars.joined([tars.pax((b"path", LONG), typeflag=b"X"), tars.member()]))
    assert found.facts.members[0].name == LONG.decode() and found.said()["tar.dialect"] == "solaris"


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        (b"12737060542 ", 0o12737060542),
        (b"  12737060542"[:12], 0o1273706054),
        (b"\0\0 17 \0", 15),
        (b"\x80" + bytes(7) + b"\x7f\xff\xff\xff", 0x7FFFFFFF),
        (b"\xff" * 11 + b"\xfe", -2),
        (b"-1 ", -1),
    ],
)
def test_numbers_in_every_form(tars: Tars, raw: bytes, seconds: int) -> None:
    found = tars.read(tars.joined([tars.member(mtime=raw)]))
    assert found.facts.members[0].times[0].instant == seconds * TICKS_PER_SECOND


@pytest.mark.parametrize(
    ("raw", "absent"),
    [(b"", Absence.NOT_PRESENT), (b"yesterday", Absence.UNPARSABLE), (b"\x8f" + b"\xff" * 11, Absence.UNPARSABLE)],
)
def test_a_time_that_is_none_is_absent(tars: Tars, raw: bytes, absent: Absence) -> None:
    stamp = tars.read(tars.joined([tars.member(mtime=raw)])).facts.members[0].times[0]
    assert (stamp.instant, stamp.raw.rstrip(b"\0")) == (absent, raw)


def test_a_size_in_base_256_is_a_size(tars: Tars) -> None:
    big = tars.header(b"a", b"\x80" + bytes(10) + b"\5", magic=tars.GNU)
    assert tars.read(tars.joined([big + tars.padded(b"12345")])).contents == [b"12345"]


def test_a_checksum_of_signed_bytes_holds(tars: Tars) -> None:
    block = bytearray(tars.header("Zoë".encode(), magic=b""))
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(byte - 256 * (byte > 127) for byte in block)
    found = tars.read(tars.joined([bytes(block)]))
    assert found.said()["tar.checksum"] == "of bytes as signed numbers"
    assert not found.children[0].notices or "tar.checksum" not in [one.code for one in found.children[0].notices]


@pytest.mark.parametrize(
    ("typeflag", "kind"),
    [
        (b"1", "hard link"),
        (b"2", "symbolic link"),
        (b"3", "character device"),
        (b"4", "block device"),
        (b"5", "folder"),
        (b"6", "pipe"),
    ],
)
def test_what_is_no_file_is_a_fact(tars: Tars, typeflag: bytes, kind: str) -> None:
    devices = {"devmajor": tars.octal(8, 8), "devminor": tars.octal(1, 8)} if typeflag in b"34" else {}
    data = tars.joined(
        [tars.header(b"x", 0, typeflag, linkname=b"../../etc/passwd", **devices), tars.member(b"y", b"1")]
    )
    found = tars.read(data)
    said = found.said()
    assert said["tar.typeflag"] == kind and said["tar.linkname"] == "../../etc/passwd"
    assert [child.step.name for child in found.children] == ["y"] and found.children[0].step.index == 1
    assert (said.get("tar.devmajor"), said.get("tar.devminor")) == (("8", "1") if devices else (None, None))


def test_a_folder_of_the_oldest_form_ends_in_a_slash(tars: Tars) -> None:
    found = tars.read(tars.joined([tars.header(b"folder/", 0, b"\0", magic=b""), tars.member(b"folder/x", b"1")]))
    assert found.said()["tar.typeflag"] == "folder" and len(found.children) == 1


@pytest.mark.parametrize("typeflag", [b"1", b"5"])
def test_a_link_that_states_a_size_has_what_follows(tars: Tars, typeflag: bytes) -> None:
    bare = tars.read(tars.joined([tars.header(b"x", 600, typeflag), tars.member(b"y", b"1")]))
    assert [child.step.name for child in bare.children] == ["y"]
    full = tars.read(tars.joined([tars.header(b"x", 600, typeflag) + tars.padded(b"z" * 600), tars.member(b"y", b"1")]))
    assert full.contents == [b"z" * 600, b"1"]
    assert "tar.link_size" in [notice.code for notice in full.children[0].notices]


def test_labels_and_parts_of_files_are_told(tars: Tars) -> None:
    parts = [
        tars.header(b"Backup 7", 0, b"V", magic=tars.GNU),
        tars.member(b"big", b"rest", b"M", magic=tars.GNU, offset=tars.octal(4096, 12)),
        tars.member(b"dir/", b"Ya.txt\0\0", b"D", magic=tars.GNU),
        tars.member(b"odd", b"1", b"Q"),
    ]
    found = tars.read(tars.joined(parts))
    assert ("tar.label", "Backup 7") in [(fact.name, fact.value) for fact in found.facts.properties]
    assert found.contents == [b"rest", b"Ya.txt\0\0", b"1"]
    assert found.said(1)["tar.offset"] == "4096"
    assert "tar.continued" in [notice.code for notice in found.children[0].notices]
    assert found.said(3)["tar.typeflag"] == "file of an unknown kind"


WHOLE = b"\0" * 1000 + b"one" + b"\0" * 500 + b"two" + b"\0" * 94


def pieces(tars: Tars) -> bytes:
    return b"".join(tars.octal(number, 12) for number in (1000, 3, 1503, 3, 1600, 0))


def sparse_old(tars: Tars) -> bytes:
    told = {"sparse": pieces(tars), "realsize": tars.octal(1600, 12), "magic": tars.GNU}
    return tars.header(b"s", 6, b"S", **told) + tars.padded(b"onetwo")


def sparse_extended(tars: Tars) -> bytes:
    first = tars.octal(1000, 12) + tars.octal(3, 12)
    told = {"sparse": first, "extended": b"\1", "realsize": tars.octal(1600, 12), "magic": tars.GNU}
    more = (tars.octal(1503, 12) + tars.octal(3, 12)).ljust(512, b"\0")
    return tars.header(b"s", 6, b"S", **told) + more + tars.padded(b"onetwo")


def sparse_star(tars: Tars) -> bytes:
    told = {"star_sparse": pieces(tars), "star_realsize": tars.octal(1600, 12), "star_magic": b"tar\0"}
    return tars.header(b"s", 6, b"S", **told) + tars.padded(b"onetwo")


def sparse_00(tars: Tars) -> bytes:
    told = [(b"GNU.sparse.size", b"1600"), (b"GNU.sparse.numblocks", b"2")]
    for at, size in ((b"1000", b"3"), (b"1503", b"3")):
        told += [(b"GNU.sparse.offset", at), (b"GNU.sparse.numbytes", size)]
    return tars.pax(*told) + tars.member(b"s", b"onetwo")


def sparse_01(tars: Tars) -> bytes:
    told = ((b"GNU.sparse.size", b"1600"), (b"GNU.sparse.map", b"1000,3,1503,3"), (b"GNU.sparse.name", b"s"))
    return tars.pax(*told) + tars.member(b"GNUSparseFile.1/s", b"onetwo")


def sparse_10(tars: Tars) -> bytes:
    told = (
        (b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"), (b"GNU.sparse.name", b"s"),
        (b"GNU.sparse.realsize", b"1600"),
    )  # fmt: skip
    lines = tars.padded(b"2\n1000\n3\n1503\n3\n")
    return tars.pax(*told) + tars.member(b"GNUSparseFile.1/s", lines + b"onetwo")


SPARSE = [sparse_old, sparse_extended, sparse_star, sparse_00, sparse_01, sparse_10]


@pytest.mark.parametrize("made", SPARSE)
def test_a_sparse_member_has_its_holes(tars: Tars, made: Any) -> None:
    found = tars.read(tars.joined([made(tars), tars.member(b"y", b"1")]))
    child = found.children[0]
    assert found.contents[0] == WHOLE[:1506] + bytes(94) and found.contents[1] == b"1"
    assert child.step.decoder == "tar-sparse/1:1600/1000+3/500+3" and child.step.name == "s"
    assert not child.notices and not found.notices
    assert found.said()["tar.sparse"].endswith("of a file of 1600 bytes") and found.facts.members[0].size == 1600
