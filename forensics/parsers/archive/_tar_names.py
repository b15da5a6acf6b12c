"""Names of tar members that could mislead: recorded, never used as a path."""

from collections.abc import Iterator

from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.parsers.archive._member_names import odd_names
from forensics.parsers.archive._tar_events import Member

NAME_BYTES = 32_768
"""Of a name that are kept; no system takes a longer one."""


def name_notices(member: Member) -> Iterator[Notice]:
    """Yield what is odd about a member's name."""
    name = member.name
    if len(name) > NAME_BYTES:
        yield _notice(member, "tar.name_long", f"its name has {len(name)} bytes: the first {NAME_BYTES} are kept")
    for code, text in odd_names(name, "tar"):
        yield _notice(member, code, text)


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
