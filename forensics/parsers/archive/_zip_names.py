"""Names of zip members that could mislead: recorded, never used as a path."""

import re
import stat
from collections.abc import Iterator

from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.parsers.archive import _zip_records as records
from forensics.parsers.archive._zip_member import Member

_DRIVE = re.compile(rb"[A-Za-z]:")
_HIDDEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_UNIX_HOSTS = frozenset({3, 19})


def name_notices(member: Member) -> Iterator[Notice]:
    """Yield what is odd about a member's name, and whether it is a link rather than a file."""
    name = member.name
    if b".." in name.replace(b"\\", b"/").split(b"/") or name.startswith((b"/", b"\\")) or _DRIVE.match(name):
        yield _notice(member, "zip.name_path", "its name leads out of the folder it would be unpacked to")
    if any(byte < 0x20 or byte == 0x7F for byte in name):
        yield _notice(member, "zip.name_control", "its name holds control characters")
    try:
        if _HIDDEN.search(name.decode("utf-8")):
            yield _notice(member, "zip.name_hidden", "its name holds characters without a shape, or that turn writing")
    except UnicodeDecodeError:
        if member.flags & records.UTF8:
            yield _notice(member, "zip.name_utf8", "its name is marked as UTF-8 and is none")
    if not name:
        yield _notice(member, "zip.name_empty", "it has no name")
    central = member.central
    if central and central.made_by >> 8 in _UNIX_HOSTS and stat.S_ISLNK(central.external >> 16):
        yield _notice(member, "zip.symlink", "a symbolic link; its content is the target's path, which is not followed")


def _notice(member: Member, code: str, text: str) -> Notice:
    header = member.central or member.local
    return Notice(code=code, text=text, locator=Locator(ranges=(header.range("name"),) if header else ()))
