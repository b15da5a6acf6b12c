"""Zip archives byte by byte, with the header habits of a named writer.

Members are deflated into stored blocks: valid for every reader, and the same bytes whatever zlib is installed.
"""

import struct
import zlib
from dataclasses import dataclass
from datetime import datetime

from forensics._demo.leak.clock import microseconds, wall

OFFICE_EPOCH = datetime.fromisoformat("1980-01-01T00:00:00+00:00")
_BLOCK = 65_535
_BEHIND = 1 << 3
"""Flag of a member whose sizes stand behind it."""


@dataclass(frozen=True)
class Member:
    """One entry and how its writer describes it."""

    name: str
    data: bytes
    wall: datetime
    """Local time of the DOS field, as if it were UTC."""
    made_by: int
    """Host system in the high byte, version in the low one."""
    needed: int = 20
    flags: int = 0
    method: int = 8
    local_extra: bytes = b""
    central_extra: bytes = b""
    attributes: int = 0


def office(name: str, data: bytes) -> Member:
    """Describe a part as desktop Office does: host 0, version 45/20, flags 6, 1980, growth hint in the local header."""
    hint = struct.pack("<HHHH", 0xA220, 20, 0xA028, 0) + bytes(16)
    return Member(name, data, OFFICE_EPOCH, made_by=45, flags=6, local_extra=hint)


def infozip(name: str, data: bytes, modified: datetime, offset: int) -> Member:
    """Describe a file as Info-ZIP on Unix does: local DOS time, and UTC seconds in field 0x5455."""
    seconds = microseconds(modified) // 1_000_000
    even = modified.replace(second=modified.second // 2 * 2, microsecond=0)
    utf8 = 0 if name.isascii() else 0x800
    return Member(
        name,
        data,
        wall(even, offset),
        made_by=3 << 8 | 30,
        flags=utf8,
        local_extra=struct.pack("<HHBII", 0x5455, 9, 3, seconds, seconds),
        central_extra=struct.pack("<HHBI", 0x5455, 5, 3, seconds),
        attributes=0o100644 << 16,
    )


def deflate_stored(data: bytes) -> bytes:
    """Write a deflate stream of stored blocks (RFC 1951 3.2.4)."""
    blocks = [data[start : start + _BLOCK] for start in range(0, len(data), _BLOCK)] or [b""]
    out = bytearray()
    for index, block in enumerate(blocks):
        out += struct.pack("<BHH", index == len(blocks) - 1, len(block), len(block) ^ 0xFFFF) + block
    return bytes(out)


def _dos(local: datetime) -> tuple[int, int]:
    time = local.hour << 11 | local.minute << 5 | local.second // 2
    return time, (local.year - 1980) << 9 | local.month << 5 | local.day


def pack(members: list[Member]) -> bytes:
    """Write local headers, central directory and end record."""
    body, directory = bytearray(), bytearray()
    for member in members:
        stored = deflate_stored(member.data) if member.method else member.data
        name = member.name.encode("utf-8")
        time, date = _dos(member.wall)
        sizes = (time, date, zlib.crc32(member.data), len(stored), len(member.data), len(name))
        common = struct.pack("<HHHHHIIIH", member.needed, member.flags, member.method, *sizes)
        behind = sizes[2:5] if member.flags & _BEHIND else None
        known = (time, date, *((0, 0, 0) if behind else sizes[2:5]), len(name))
        local = struct.pack("<HHHHHIIIH", member.needed, member.flags, member.method, *known)
        start = len(body)
        body += b"PK\x03\x04" + local + struct.pack("<H", len(member.local_extra)) + name + member.local_extra + stored
        body += b"PK\x07\x08" + struct.pack("<III", *behind) if behind else b""
        tail = struct.pack("<HHHHII", len(member.central_extra), 0, 0, 0, member.attributes, start)
        directory += b"PK\x01\x02" + struct.pack("<H", member.made_by) + common + tail + name + member.central_extra
    count = len(members)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory) + b"PK\x05\x06" + end
