"""Zip packages byte by byte: one member exchanged or added, every other header and stored byte as it was.

Source: PKWARE APPNOTE 4.3, 4.4; Info-ZIP extra fields 5455 and 7875.
"""

import calendar
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from samples.planting.mime import Unfit

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LARGE = 0xFFFFFFFF
_STREAMED, _ENCRYPTED = 0x8, 0x1
_STORED, _DEFLATED = 0, 8
_UNIX_FILE = 0o100644 << 16
MOST_BYTES = 100_000_000
"""Of one member's content."""


class Marks(StrEnum):
    """What the headers of a member say of the program that wrote it."""

    OWN = "own"
    """As they were: the same program, or one that imitates it."""
    UNIX = "unix"
    """As Info-ZIP writes them on Unix: dated, with times and owner in extra fields."""


@dataclass(frozen=True)
class Member:
    """One member: its entry in the directory, its header, and all bytes up to the next header."""

    central: bytes
    local: bytes
    stored: bytes

    @property
    def name(self) -> str:
        """Return the name as written."""
        length = _CENTRAL.unpack_from(self.central)[10]
        return self.central[46 : 46 + length].decode("utf-8", "surrogateescape")

    @property
    def content(self) -> bytes:
        """Return what it holds.

        Raises:
            Unfit: encrypted, damaged, too large, or of another method than deflate.
        """
        _, _, _, flags, method, _, _, checksum, size, whole, *_ = _CENTRAL.unpack_from(self.central)
        data = self.stored[:size]
        if flags & _ENCRYPTED or whole > MOST_BYTES or method not in (_STORED, _DEFLATED):
            raise Unfit("a member that is not read")
        if method == _DEFLATED:
            try:
                data = zlib.decompressobj(-15).decompress(data, whole + 1)
            except zlib.error as error:
                raise Unfit(str(error)) from error
        if len(data) != whole or zlib.crc32(data) != checksum:
            raise Unfit("a member that is damaged")
        return data

    def holding(self, content: bytes, marks: Marks = Marks.OWN, at: datetime | None = None) -> "Member":
        """Return it with other content, written anew with these marks."""
        central, local = list(_CENTRAL.unpack_from(self.central)), list(_LOCAL.unpack_from(self.local))
        name = self.central[46 : 46 + central[10]]
        behind, before = self.central[46 + central[10] :], self.local[30 + local[9] :]
        if marks is Marks.UNIX:
            moment = at or datetime(1980, 1, 1)  # noqa: DTZ001
            central[1], central[2], central[3], central[4] = 3 << 8 | 30, 20, 0, _DEFLATED
            local[1], local[2], local[3] = 20, 0, _DEFLATED
            central[5:7] = local[4:6] = _dos(moment)
            behind, before = _unix_extras(moment)
            central[11], central[12], central[15], local[10] = len(behind), 0, _UNIX_FILE, len(before)
        else:
            central[3], local[2] = central[3] & ~_STREAMED, local[2] & ~_STREAMED
        stored = _deflated(content) if central[4] == _DEFLATED else content
        central[7:10] = local[6:9] = [zlib.crc32(content), len(stored), len(content)]
        return Member(_CENTRAL.pack(*central) + name + behind, _LOCAL.pack(*local) + name + before, stored)

    def streaming(self, content: bytes) -> "Member":
        """Return it with other content, written as it is: where its sizes stand behind it, they do again."""
        new = self.holding(content)
        if not _LOCAL.unpack_from(self.local)[2] & _STREAMED:
            return new
        central, local = list(_CENTRAL.unpack_from(new.central)), list(_LOCAL.unpack_from(new.local))
        behind = struct.pack("<4s3I", b"PK\7\10", *central[7:10])
        central[3], local[2] = central[3] | _STREAMED, local[2] | _STREAMED
        local[6:9] = [0, 0, 0]
        return Member(
            _CENTRAL.pack(*central) + new.central[_CENTRAL.size :],
            _LOCAL.pack(*local) + new.local[_LOCAL.size :],
            new.stored + behind,
        )

    def dated(self, change: Callable[[datetime], datetime]) -> "Member":
        """Return it with its DOS time changed in both headers; extra fields stay."""
        central, local = list(_CENTRAL.unpack_from(self.central)), list(_LOCAL.unpack_from(self.local))
        central[5:7] = local[4:6] = _dos(change(_moment(central[5], central[6])))
        return replace(
            self,
            central=_CENTRAL.pack(*central) + self.central[_CENTRAL.size :],
            local=_LOCAL.pack(*local) + self.local[_LOCAL.size :],
        )


@dataclass(frozen=True)
class Package:
    """The members in their order, and the comment of the archive."""

    members: tuple[Member, ...]
    comment: bytes = b""

    @classmethod
    def read(cls, data: bytes) -> "Package":
        """Read a zip file.

        Raises:
            Unfit: it is none, is damaged, has ZIP64 records, or its headers stand in another order than its directory.
        """
        end = data.rfind(b"PK\5\6", max(0, len(data) - 65_557))
        if end < 0 or len(data) < end + _END.size:
            raise Unfit("no zip file")
        _, _, _, _, count, _, start, length = _END.unpack_from(data, end)
        entries: list[tuple[bytes, int]] = []
        place = start
        for _ in range(count):
            entry, offset = _entry(data, place)
            entries.append((entry, offset))
            place += len(entry)
        offsets = [offset for _, offset in entries] + [start]
        if offsets != sorted(set(offsets)) or offsets[0] != 0:
            raise Unfit("headers in another order")
        members = [_member(data, entry, *pair) for (entry, _), pair in zip(entries, pairwise(offsets), strict=True)]
        return cls(tuple(members), data[end + _END.size : end + _END.size + length])

    @cached_property
    def by_name(self) -> Mapping[str, Member]:
        """Members by name; the last of equal names."""
        return {member.name: member for member in self.members}

    def content(self, name: str) -> bytes:
        """Return what a member holds.

        Raises:
            Unfit: there is no such member, or it cannot be read.
        """
        if name not in self.by_name:
            raise Unfit(f"no {name}")
        return self.by_name[name].content

    def holding(self, name: str, content: bytes, marks: Marks = Marks.OWN, at: datetime | None = None) -> "Package":
        """Return it with other content of one member; all others stay byte for byte."""
        old = self.by_name[name]
        new = old.holding(content, marks, at)
        return replace(self, members=tuple([new if member is old else member for member in self.members]))

    def streaming(self, name: str, content: bytes) -> "Package":
        """Return it with other content of one member, written as that one is."""
        old = self.by_name[name]
        return replace(self, members=tuple([old.streaming(content) if one is old else one for one in self.members]))

    def added(self, name: str, content: bytes, marks: Marks = Marks.UNIX, at: datetime | None = None) -> "Package":
        """Return it with one more member at its end; with its own marks it is like the first."""
        first, written = self.members[0] if marks is Marks.OWN else _EMPTY, name.encode()
        central, local = list(_CENTRAL.unpack_from(first.central)), list(_LOCAL.unpack_from(first.local))
        central[10:13], local[9:11] = [len(written), 0, 0], [len(written), 0]
        plain = Member(_CENTRAL.pack(*central) + written, _LOCAL.pack(*local) + written, b"")
        return replace(self, members=(*self.members, plain.holding(content, marks, at)))

    def dated(self, change: Callable[[datetime], datetime]) -> "Package":
        """Return it with the DOS time of every member changed."""
        return replace(self, members=tuple([member.dated(change) for member in self.members]))

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        pieces, directory, offset = [], [], 0
        for member in self.members:
            pieces += [member.local, member.stored]
            directory.append(member.central[:42] + offset.to_bytes(4, "little") + member.central[46:])
            offset += len(member.local) + len(member.stored)
        listed, count = b"".join(directory), len(self.members)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(listed), offset, len(self.comment))
        return b"".join([*pieces, listed, end, self.comment])


def by_zipfile(contents: Iterable[tuple[str, bytes]], at: datetime) -> bytes:
    """Return a package that Python's zipfile writes, all members of one time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents:
            file.writestr(_info(name, at), content)
    return out.getvalue()


def appended_by_zipfile(data: bytes, name: str, content: bytes, at: datetime) -> bytes:
    """Return a package to which Python's zipfile appends a member.

    Raises:
        Unfit: zipfile does not read it.
    """
    out = io.BytesIO(data)
    try:
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
            file.writestr(_info(name, at), content)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Unfit(str(error)) from error
    return out.getvalue()


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, at.timetuple()[:6])
    info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
    return info


def _entry(data: bytes, place: int) -> tuple[bytes, int]:
    """Return a directory entry and where its header begins."""
    if data[place : place + 4] != b"PK\1\2" or len(data) < place + _CENTRAL.size:
        raise Unfit("a directory that is damaged")
    fields = _CENTRAL.unpack_from(data, place)
    if _LARGE in (fields[8], fields[9], fields[16]):
        raise Unfit("ZIP64")
    return data[place : place + _CENTRAL.size + sum(fields[10:13])], fields[16]


def _member(data: bytes, entry: bytes, start: int, end: int) -> Member:
    if data[start : start + 4] != b"PK\3\4" or len(data) < start + _LOCAL.size:
        raise Unfit("a header that is damaged")
    fields = _LOCAL.unpack_from(data, start)
    begins = start + _LOCAL.size + fields[9] + fields[10]
    if begins + _CENTRAL.unpack_from(entry)[8] > end:
        raise Unfit("a member that is cut off")
    return Member(entry, data[start:begins], data[begins:end])


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _dos(at: datetime) -> list[int]:
    year = min(max(at.year, 1980), 2107) - 1980
    return [at.hour << 11 | at.minute << 5 | at.second // 2, year << 9 | at.month << 5 | at.day]


def _moment(time: int, date: int) -> datetime:
    try:
        return datetime((date >> 9) + 1980, date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, (time & 31) * 2)  # noqa: DTZ001
    except ValueError as error:
        raise Unfit("no such time") from error


def _unix_extras(at: datetime) -> tuple[bytes, bytes]:
    """Return what Info-ZIP puts into the directory and into the header: times in UTC, owner and group."""
    seconds = calendar.timegm(at.timetuple())
    owner = struct.pack("<HHBBIBI", 0x7875, 11, 1, 4, 1000, 4, 1000)
    return (
        struct.pack("<HHBI", 0x5455, 5, 3, seconds) + owner,
        struct.pack("<HHBII", 0x5455, 9, 3, seconds, seconds) + owner,
    )


_EMPTY = Member(
    _CENTRAL.pack(b"PK\1\2", 0, 20, 0, _DEFLATED, 0, 33, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    _LOCAL.pack(b"PK\3\4", 20, 0, _DEFLATED, 0, 33, 0, 0, 0, 0, 0),
    b"",
)
