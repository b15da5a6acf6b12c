"""What the blocks of RAR 1.5 to 4 say: of the archive, of its files, of services.

Source: technote.txt of WinRAR 3; nested comments as UnRAR's sources describe them.
"""

import stat
from collections.abc import Iterator

from forensics.intake.windows import Window
from forensics.model.facts import Fact
from forensics.model.locations import Locator
from forensics.parsers.archive._rar_model import METHODS, Archive, Block, Member
from forensics.parsers.archive._rar_times import dos_time, extended_times
from forensics.parsers.archive._rar_v4 import COMMENT, FIXED, HAS_COMMENT, LARGE, SERVICE, name_end_of
from forensics.parsers.archive._rar_v4_names import name_of

_OLDER = {0x76: "authenticity information", 0x77: "subblock", 0x78: "recovery record", 0x79: "signature"}
_SUBBLOCK, _UNIX_OWNER = 0x77, b"\x01\x01"
_VOLUME, _LOCK, _SOLID, _AUTHENTIC, _PROTECTED, _LOCKED = 1, 4, 8, 0x20, 0x40, 0x80
_BEFORE, _AFTER, _PASSWORD, _FILE_COMMENT, _FILE_SOLID = 1, 2, 4, 8, 0x10
_UNICODE, _SALT, _VERSION, _TIMES = 0x200, 0x400, 0x800, 0x1000
_WINDOW = 0xE0
_HOSTS = ("MS-DOS", "OS/2", "Windows", "Unix", "Mac OS", "BeOS")
_ARCHIVE_FLAGS = (
    (_VOLUME, "volume"),
    (HAS_COMMENT, "comment"),
    (_LOCK, "locked"),
    (_SOLID, "solid"),
    (0x10, "new names of volumes"),
    (_AUTHENTIC, "authenticity information"),
    (_PROTECTED, "recovery record"),
    (_LOCKED, "encrypted headers"),
    (0x100, "first volume"),
)


def main_block(archive: Archive, block: Block) -> None:
    """Take what the main header says of the archive."""
    flags = block.flags
    archive.volume, archive.solid = bool(flags & _VOLUME), bool(flags & _SOLID)
    archive.locked = bool(flags & _LOCKED)
    words = ", ".join([word for bit, word in _ARCHIVE_FLAGS if flags & bit]) or "none"
    archive.properties.append(block.fact("archive.archive_flags", f"{flags:#06x}: {words}", 3, 5, "rar:main"))
    if flags & HAS_COMMENT and block.data[15:16] == bytes((COMMENT,)):
        archive.comments.append((block, *_old_comment(block, 13)))


def _old_comment(block: Block, at: int) -> tuple[int, int]:
    """Return the range of a nested comment that is stored; 0 and 0 where it is packed."""
    size = int.from_bytes(block.data[at + 5 : at + 7], "little")
    if block.data[at + 10 : at + 11] == b"\x30" and not block.steps:
        return block.at + at + 13, block.at + min(at + size, len(block.data))
    return 0, 0


def file_block(archive: Archive, block: Block, index: int) -> Member | None:
    """Return the file that a block describes; ``None``: it is too short for one."""
    data, flags = block.data, block.flags
    name_at = FIXED + (8 if flags & LARGE else 0)
    if len(data) < name_at:
        archive.notice("rar.header", "the header of a file is too short", block.start, block.data_start)
        return None
    size = int.from_bytes(data[11:15], "little")
    if flags & LARGE:
        size |= int.from_bytes(data[36:40], "little") << 32
    name_end = min(name_end_of(data), len(data))
    raw_name = data[name_at:name_end]
    host, attributes = data[15], int.from_bytes(data[28:32], "little")
    unix = host in (3, 5)
    link = unix and stat.S_ISLNK(attributes & 0xFFFF)
    path = f"rar:file[{index}]"
    window = flags & _WINDOW
    member = Member(
        index=index,
        block=block,
        name=name_of(raw_name, bool(flags & _UNICODE)).replace(b"\\", b"/"),
        name_range=(name_at, name_end),
        size=size,
        method=max(0, data[25] - 0x30) if 0x30 <= data[25] <= 0x35 else data[25],
        window=0x10000 << (window >> 5) if window != _WINDOW else 0,
        crc32=int.from_bytes(data[16:20], "little"),
        directory=(window == _WINDOW and data[24] >= 20) or (unix and stat.S_ISDIR(attributes & 0xFFFF)),
        encrypted=bool(flags & _PASSWORD),
        solid=bool(flags & _FILE_SOLID) if data[24] >= 20 else archive.solid and index > 0,
        before=bool(flags & _BEFORE),
        after=bool(flags & _AFTER),
        link="symbolic link" if link else "",
    )
    member.times = [dos_time(block, 20, path)]
    extra = name_end + (8 if flags & _SALT else 0)
    if flags & _TIMES:
        member.times += extended_times(block, 20, extra, path)
    member.said = list(_said(block, path, host, attributes, unix, raw_name, name_at, name_end))
    return member


def _said(
    block: Block, path: str, host: int, attributes: int, unix: bool, raw_name: bytes, start: int, end: int
) -> Iterator[Fact]:
    data = block.data
    name = _HOSTS[host] if host < len(_HOSTS) else f"host {host}"
    yield block.fact("member.host", name, 15, 16, path)
    yield block.fact("member.unpack_version", f"{data[24] / 10:.1f}", 24, 25, path)
    method = data[25] - 0x30
    yield block.fact(
        "member.method", METHODS[method] if 0 <= method < len(METHODS) else f"method {data[25]:#x}", 25, 26, path
    )
    words = stat.filemode(attributes & 0xFFFF) if unix else ""
    yield block.fact("member.attributes", f"{attributes:#010x}" + (f": {words}" if words else ""), 28, 32, path)
    if block.flags & _VERSION:
        _, _, number = name_of(raw_name, bool(block.flags & _UNICODE)).rpartition(b";")
        yield block.fact("member.file_version", number.decode("ascii", "replace")[:20], start, end, path)
    if block.flags & _FILE_COMMENT and data[end + 2 : end + 3] == bytes((COMMENT,)):
        size = int.from_bytes(data[end + 5 : end + 7], "little")
        stop = min(end + size, len(data))
        packed = data[end + 10 : end + 11] != b"\x30"
        text = "a packed comment, not read" if packed else data[end + 13 : stop].decode("latin-1")[:1000]
        yield block.fact("member.file_comment", text, end + 13, stop, path)


def service_block(archive: Archive, block: Block, window: Window) -> None:
    """Take a block that says something of the archive, or of the file before it."""
    if block.kind == SERVICE:
        name = block.data[FIXED + (8 if block.flags & LARGE else 0) : name_end_of(block.data)]
        words = name.decode("ascii", "replace")[:40]
        if name == b"CMT":
            stored = block.data[25:26] == b"\x30" and not block.flags & _PASSWORD and not archive.locked
            archive.comments.append((block, block.data_start, block.data_end) if stored else (block, 0, 0))
    else:
        words = _OLDER.get(block.kind, f"block {block.kind:#x}")
    place = len(archive.properties)
    text = f"{words}: {block.data_end - block.data_start} bytes"
    archive.properties.append(block.fact("archive.service", text, 2, 7, f"rar:block[{place}]"))
    _owner(archive, block, words, window)


def _owner(archive: Archive, block: Block, kind: str, window: Window) -> None:
    """Take the owner of the file before the block."""
    data = block.data
    if not archive.members:
        return
    if kind == "UOW":
        start, end = name_end_of(data), len(data)
        names = data[start:end].split(b"\0")
    elif block.kind == _SUBBLOCK and data[11:13] == _UNIX_OWNER and not block.steps:
        _older_owner(archive, block, window)
        return
    else:
        return
    text = ", ".join([name.decode("utf-8", "replace")[:100] for name in names if name])
    path = f"rar:file[{len(archive.members) - 1}]"
    archive.members.say(block.fact("member.owner", text, start, end, path))


def _older_owner(archive: Archive, block: Block, window: Window) -> None:
    """Take the owner that RAR 2 writes: names in the block's data, their lengths in its header."""
    size = int.from_bytes(block.data[14:16], "little") + int.from_bytes(block.data[16:18], "little")
    start, end = block.data_start, min(block.data_end, block.data_start + size)
    raw = window.read(start, end)
    user = int.from_bytes(block.data[14:16], "little")
    text = ", ".join([name.decode("utf-8", "replace")[:100] for name in (raw[:user], raw[user:]) if name])
    path = f"rar:file[{len(archive.members) - 1}].owner"
    locator = Locator(ranges=((start, start + len(raw)),), path=path)
    archive.members.say(Fact(name="rar.member.owner", value=text, raw=raw, locator=locator))
