"""What the blocks of RAR 5 say: of the archive, of its files, of services.

Source: technote.txt of RAR 5 ("RAR 5.0 archive format").
"""

import stat
from collections.abc import Iterator
from typing import NamedTuple

from forensics.errors import ParseError, Truncated
from forensics.intake.windows import Window
from forensics.model.facts import Description, Fact
from forensics.model.time_kinds import TimeKind
from forensics.parsers.archive._rar_model import METHODS, Archive, Block, Member
from forensics.parsers.archive._rar_times import filetime, time_record, unix_nanoseconds, unix_time
from forensics.parsers.archive._rar_v5_fields import Fields, body, records

_BEFORE, _AFTER = 8, 0x10
_VOLUME, _NUMBERED, _SOLID = 1, 2, 4
_ARCHIVE_FLAGS = ((1, "volume"), (4, "solid"), (8, "recovery record"), (16, "locked"))
_DIRECTORY, _HAS_TIME, _HAS_CRC, _NO_SIZE = 1, 2, 4, 8
_LINKS = ("", "symbolic link", "symbolic link of Windows", "junction", "hard link", "copy of a file")


def main_block(archive: Archive, block: Block) -> None:
    """Take what the main header says of the archive."""
    try:
        fields = body(block)
        flags = fields.number()
        archive.volume, archive.solid = bool(flags & _VOLUME), bool(flags & _SOLID)
        words = ", ".join([word for bit, word in _ARCHIVE_FLAGS if flags & bit]) or "none"
        archive.properties.append(
            block.fact("archive.archive_flags", f"{flags:#x}: {words}", *fields.range, "rar:main")
        )
        if flags & _NUMBERED:
            number = fields.number()
            archive.properties.append(block.fact("archive.volume", f"volume {number + 1}", *fields.range, "rar:main"))
        for kind, start, end in records(block):
            if kind == 1:
                archive.properties.append(block.fact("archive.locator", f"{end - start} bytes", start, end, "rar:main"))
            elif kind == 2:
                _original(archive, block, Fields(block.data, start, end))
    except ParseError as error:
        text = f"the main header is read in part: {error.args[0]}"
        archive.notice("rar.header", text, block.start, block.data_start)


def _original(archive: Archive, block: Block, fields: Fields) -> None:
    """Take the name and time that the archive was made with."""
    flags = fields.number()
    if flags & 1:
        size = fields.number()
        name = fields.take(size).split(b"\0")[0].decode("utf-8", "replace")[:1000]
        archive.properties.append(block.fact("archive.original_name", name, *fields.range, "rar:main"))
    if flags & 2:
        read = unix_nanoseconds if flags & 12 == 12 else unix_time if flags & 4 else filetime
        at = fields.at
        fields.take(4 if read is unix_time else 8)
        path = "rar:main" if not archive.timestamps else f"rar:main.at{block.start + fields.start}"
        archive.timestamps.append(read(block, at, path, "original", Description.CREATION, TimeKind.RAR_ORIGINAL))


class _Fixed(NamedTuple):
    """The fields that a file and a service begin with; a place is the range of its field in the header."""

    flags: int
    size: int
    attributes: int
    attributes_place: tuple[int, int]
    time_at: int
    """Where the time stands if `_HAS_TIME` says that there is one."""
    crc: bytes
    """Empty: none."""
    crc_place: tuple[int, int]
    packing: int
    packing_place: tuple[int, int]
    host: int
    host_place: tuple[int, int]
    name: bytes
    name_place: tuple[int, int]


def _fixed(block: Block) -> _Fixed:
    fields = body(block)
    flags, size, attributes = fields.number(), fields.number(), fields.number()
    attributes_place = fields.range
    fields.take(4 * bool(flags & _HAS_TIME))
    time_at = fields.start
    crc, crc_place = fields.take(4 * bool(flags & _HAS_CRC)), fields.range
    packing, packing_place = fields.number(), fields.range
    host, host_place = fields.number(), fields.range
    name = fields.take(fields.number())
    return _Fixed(
        flags,
        size,
        attributes,
        attributes_place,
        time_at,
        crc,
        crc_place,
        packing,
        packing_place,
        host,
        host_place,
        name,
        fields.range,
    )


def file_block(archive: Archive, block: Block, index: int) -> Member | None:
    """Return the file that a block describes; ``None``: it is too short for one."""
    path = f"rar:file[{index}]"
    try:
        fixed = _fixed(block)
    except Truncated:
        archive.notice("rar.header", "the header of a file ends inside a field", block.start, block.data_start)
        return None
    crc32 = int.from_bytes(fixed.crc, "little") if fixed.crc else None
    member = Member(
        index=index,
        block=block,
        name=fixed.name,
        name_range=fixed.name_place,
        size=None if fixed.flags & _NO_SIZE else fixed.size,
        method=fixed.packing >> 7 & 7,
        window=_window(fixed.packing),
        crc32=crc32,
        directory=bool(fixed.flags & _DIRECTORY),
        solid=bool(fixed.packing >> 6 & 1),
        before=bool(block.flags & _BEFORE),
        after=bool(block.flags & _AFTER),
    )
    if fixed.flags & _HAS_TIME:
        kind = TimeKind.RAR_UNIX
        member.times = [unix_time(block, fixed.time_at, path, "modified", Description.MODIFICATION, kind)]
    if fixed.host == 1 and stat.S_ISLNK(fixed.attributes & 0xFFFF):
        member.link = "symbolic link"
    member.said = _said(block, fixed, path)
    try:
        for kind_of_record, start, end in records(block):
            member.said += _record(member, kind_of_record, start, end)
    except ParseError as error:
        text = f"the facts of file {index} are read in part: {error.args[0]}"
        archive.notice("rar.header", text, block.start, block.data_start)
    if member.tweaked and crc32 is not None:
        text = f"{crc32:08x}, made with the password"
        member.said.append(block.fact("member.checksum", text, *fixed.crc_place, path))
    return member


def _said(block: Block, fixed: _Fixed, path: str) -> list[Fact]:
    """Return what the fixed fields say of a file."""
    host, method = fixed.host, fixed.packing >> 7 & 7
    system = ("Windows", "Unix")[host] if host < 2 else f"host {host}"
    packed = METHODS[method] if method < len(METHODS) else f"method {method}"
    mode = f": {stat.filemode(fixed.attributes & 0xFFFF)}" if host == 1 else ""
    return [
        block.fact("member.host", system, *fixed.host_place, path),
        block.fact("member.unpack_version", str(fixed.packing & 0x3F), *fixed.packing_place, path),
        block.fact("member.method", packed, *fixed.packing_place, path),
        block.fact("member.attributes", f"{fixed.attributes:#010x}{mode}", *fixed.attributes_place, path),
    ]


def _window(packing: int) -> int:
    """Return the size of the dictionary; version 1 has fractions of 32."""
    base = 0x20000 << (packing >> 10 & (0x1F if packing & 0x3F else 0xF))
    return base + (base >> 5) * (packing >> 15 & 0x1F) if packing & 0x3F else base


def _record(member: Member, kind: int, start: int, end: int) -> Iterator[Fact]:
    """Take a record of the extra area of a file."""
    block, path = member.block, f"rar:file[{member.index}]"
    fields = Fields(block.data, start, end)
    if kind == 1:
        member.encrypted = True
        version, flags = fields.number(), fields.number()
        member.cycles = fields.take(1)[0]
        words = ", checksums depend on the password" if flags & 2 else ""
        text = f"AES-256 (version {version}), 2**{member.cycles} rounds{words}"
        if flags & 2:
            member.crc32, member.blake2 = None, b""
            member.tweaked = True
        yield block.fact("member.encryption", text, start, end, path)
    elif kind == 2:
        if fields.number() == 0 and not member.tweaked:
            member.blake2 = fields.take(32)
        yield block.fact("member.hash", block.data[start:end].hex(), start, end, path)
    elif kind == 3:
        member.times += time_record(block, start, end, f"{path}.at{start}" if member.time_records else path)
        member.time_records += 1
    elif kind == 4:
        fields.number()
        yield block.fact("member.file_version", str(fields.number()), *fields.range, path)
    elif kind == 5:
        link, _ = fields.number(), fields.number()
        target = fields.take(fields.number())
        member.link = _LINKS[link] if 0 < link < len(_LINKS) else f"link of kind {link}"
        member.no_data = True
        text = f"{member.link} to {target.decode('utf-8', 'replace')[:1000]}"
        yield block.fact("member.link", text, *fields.range, path)
    elif kind == 6:
        flags = fields.number()
        owner: list[str] = []
        for bit, what in ((1, "user"), (2, "group")):
            if flags & bit:
                name = fields.take(fields.number()).decode("utf-8", "replace")
                owner.append(f"{what} {name[:100]}")
        for bit, what in ((4, "uid"), (8, "gid")):
            if flags & bit:
                owner.append(f"{what} {fields.number()}")
        yield block.fact("member.owner", ", ".join(owner), start, end, path)
    else:
        yield block.fact(f"member.record_{kind:x}"[:20], f"{end - start} bytes", start, end, f"{path}.at{start}")


def service_block(archive: Archive, block: Block, window: Window) -> None:
    """Take a block that says something of the archive, or of the file before it."""
    place = len(archive.properties)
    try:
        fixed = _fixed(block)
    except Truncated:
        archive.notice("rar.header", "a service header ends inside a field", block.start, block.data_start)
        return
    text = f"{fixed.name.decode('utf-8', 'replace')[:40]}: {block.data_end - block.data_start} bytes"
    archive.properties.append(block.fact("archive.service", text, *fixed.name_place, f"rar:block[{place}]"))
    if fixed.name == b"CMT":
        stored = not fixed.packing >> 7 & 7 and not archive.locked
        archive.comments.append((block, block.data_start, block.data_end) if stored else (block, 0, 0))
