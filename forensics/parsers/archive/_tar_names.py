"""Names of tar members that could mislead: recorded, never used as a path."""

import re
from collections.abc import Iterator

from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.parsers.archive._tar_walk import Member

NAME_BYTES = 32_768
"""Of a name that are kept; no system takes a longer one."""
_DRIVE = re.compile(rb"[A-Za-z]:[\\/]")
_ODD = re.compile(rb"[\0-\x1f\x7f-\xff]|\.\.")
_CONTROL = re.compile(rb"[\0-\x1f\x7f]")
_HIDDEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def name_notices(member: Member) -> Iterator[Notice]:
    """Yield what is odd about a member's name."""
    name = member.name
    if not name:
        yield _notice(member, "tar.name_empty", "it has no name")
        return
    if len(name) > NAME_BYTES:
        yield _notice(member, "tar.name_long", f"its name has {len(name)} bytes: the first {NAME_BYTES} are kept")
    if name.startswith((b"/", b"\\")) or _DRIVE.match(name):
        yield _notice(member, "tar.name_path", "its name leads out of the folder it would be unpacked to")
    if _ODD.search(name) is None:
        return
    if b".." in name.replace(b"\\", b"/").split(b"/"):
        yield _notice(member, "tar.name_path", "its name leads out of the folder it would be unpacked to")
    if _CONTROL.search(name):
        yield _notice(member, "tar.name_control", "its name holds control characters")
    if _HIDDEN.search(name.decode("utf-8", "replace")):
        yield _notice(member, "tar.name_hidden", "its name holds characters without a shape, or that turn writing")


def name_ranges(member: Member) -> tuple[tuple[int, int], ...]:
    """Return where the name of a member stands."""
    record = member.extensions.get(b"GNU.sparse.name") or member.extensions.get(b"path")
    if record is not None:
        return (record.range,)
    if member.extensions.long_name is not None:
        return (member.extensions.long_name.range,)
    header = member.header
    prefix = "star.prefix" if header.dialect == "star" else "prefix"
    return (
        (header.range(prefix), header.range("name"))
        if header.long_name != header.text("name")
        else (header.range("name"),)
    )


def _notice(member: Member, code: str, text: str) -> Notice:
    return Notice(code=code, text=text, locator=Locator(ranges=name_ranges(member)))
