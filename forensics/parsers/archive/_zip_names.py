"""Names of zip members that could mislead: recorded, never used as a path."""

import stat
from collections.abc import Iterator

from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.parsers.archive import _zip_records as records
from forensics.parsers.archive._member_names import odd_names
from forensics.parsers.archive._zip_member import Member

_UNIX_HOSTS = frozenset({3, 19})


def name_notices(member: Member) -> Iterator[Notice]:
    """Yield what is odd about a member's name, and whether it is a link rather than a file."""
    for code, text in odd_names(member.name, "zip"):
        yield _notice(member, code, text)
    if member.flags & records.UTF8 and not _is_utf8(member.name):
        yield _notice(member, "zip.name_utf8", "its name is marked as UTF-8 and is none")
    central = member.central
    if central and central.made_by >> 8 in _UNIX_HOSTS and stat.S_ISLNK(central.external >> 16):
        yield _notice(member, "zip.symlink", "a symbolic link; its content is the target's path, which is not followed")


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _notice(member: Member, code: str, text: str) -> Notice:
    header = member.central or member.local
    return Notice(code=code, text=text, locator=Locator(ranges=(header.range("name"),) if header else ()))
