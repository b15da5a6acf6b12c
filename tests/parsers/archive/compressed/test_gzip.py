"""Headers of gzip's members: every field, located."""

import struct
import zlib
from typing import Any

import pytest

from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind
from forensics.model.time_kinds import TimeKind

Packed = Any
"""Of the fixture of that name: it packs and reads."""
DATA = b"some text"


def made(flags: int = 0, fields: bytes = b"", mtime: int = 1467711202, level: int = 0, system: int = 3) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = engine.compress(DATA) + engine.flush()
    head = struct.pack("<3sBLBB", b"\x1f\x8b\x08", flags, mtime, level, system)
    return head + fields + body + struct.pack("<LL", zlib.crc32(DATA), len(DATA))


ALL = b"\4\0BC\0\0" + b"folder/n\xe4me.txt\0" + b"a comment\0" + b"\0\0"


def test_every_field_is_a_fact(packed: Packed) -> None:
    read = packed.read("gzip", made(0x1F, ALL, level=2))
    assert read.content == DATA and read.child.name == b"n\xe4me.txt"
    assert read.said == {
        "gzip.system": "Unix",
        "gzip.level": "slowest",
        "gzip.text": "yes",
        "gzip.extra": "BC%00%00",
        "gzip.name": "folder/n%E4me.txt",
        "gzip.comment": "a comment",
    }
    (member,) = read.facts.members
    assert member.crc32 == zlib.crc32(DATA) and member.name == "folder/n%E4me.txt"
    (stamp,) = read.child.times
    assert (stamp.instant, stamp.clock, stamp.kind) == (
        1467711202 * TICKS_PER_SECOND,
        ClockKind.PACKER,
        TimeKind.GZIP_MODIFIED,
    )


def test_no_time_is_no_time(packed: Packed) -> None:
    assert packed.read("gzip", made(mtime=0)).child.times[0].instant is Absence.NOT_PRESENT


@pytest.mark.parametrize(("system", "said"), [(0, "FAT"), (11, "NTFS"), (255, "not said"), (77, "unknown")])
def test_systems(packed: Packed, system: int, said: str) -> None:
    assert packed.read("gzip", made(system=system)).said["gzip.system"] == said


def test_members_keep_what_each_says(packed: Packed) -> None:
    data = made(8, b"one\0", mtime=1) + made(8, b"two\0", mtime=2)
    read = packed.read("gzip", data)
    assert read.content == DATA * 2 and read.child.name == b"one"
    assert [member.name for member in read.facts.members] == ["one", "two"]
    assert len({stamp.locator.path for stamp in read.child.times}) == 2


def test_a_header_may_end_anywhere(packed: Packed) -> None:
    data = made(0x1F, ALL)
    for end in range(len(data)):
        read = packed.read("gzip", data[:end])
        if end < 3:
            assert read.content == b""
        else:
            assert "gzip.damaged" in read.codes and DATA.startswith(read.content or b"")


def test_a_name_without_an_end_is_damage(packed: Packed) -> None:
    read = packed.read("gzip", made(8, b"n" * (2 << 20)))
    assert read.content is None and read.of_child == ["gzip.damaged"]
