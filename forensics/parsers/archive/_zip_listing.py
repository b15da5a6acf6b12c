"""The members of a zip as its directories list them, and those that none lists.

Source: PKWARE APPNOTE.TXT 6.3.10.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from forensics.intake.windows import Window
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Limits, Notice
from forensics.model.locations import Locator
from forensics.parsers.archive import _zip_end as zip_end
from forensics.parsers.archive import _zip_records as records
from forensics.parsers.archive._zip_member import Member
from forensics.parsers.archive._zip_recover import Search, recover

_SPLIT = (records.DESCRIPTOR, b"PK00")
"""Markers before the first member of an archive that was split, and of one that turned out to need one part."""


def listed(
    source: ByteSource,
    end: zip_end.End,
    limits: Limits,
    members: list[Member],
    claimed: list[tuple[int, int]],
    notices: list[Notice],
) -> None:
    """Read the directory's entries and what they point to."""
    directory, near = Window(source, 1 << 18), Window(source, 1 << 12)
    at = end.directory_start
    while len(members) < limits.members:
        header = records.read_central(directory, at, end.directory_limit)
        if header is None:
            break
        member = member_at(near, len(members), header, end)
        members.append(member)
        claimed.append((header.start, header.end))
        if member.local is not None:
            claimed.append((member.header_start, member.end))
        at = header.end
    if len(members) == limits.members and records.read_central(directory, at, end.directory_limit):
        text = f"more members than the limit members={limits.members}"
        left = end.directory_limit - at
        notices.append(Notice(code="zip.members_limit", text=text, locator=_at(at, end.directory_limit), unread=left))
        claimed.append((at, end.directory_limit))
    elif len(members) & 0xFFFF != end.count & 0xFFFF:
        text = f"the directory has {len(members)} entries, its end record states {end.count}"
        notices.append(Notice(code="zip.count", text=text, locator=_at(*end.ranges[0])))
    if end.disk:
        elsewhere = sum(member.disk >= 0 for member in members)
        text = (
            f"part {end.disk + 1} of a split archive, the last: {elsewhere} of {len(members)} members begin in others"
        )
        notices.append(Notice(code="zip.split", text=text, locator=_at(*end.ranges[0])))
    signature = directory.read(at, at + 6)
    if signature.startswith(records.SIGNATURE) and len(signature) == 6:
        claimed.append((at, min(at + 6 + int.from_bytes(signature[4:], "little"), end.directory_limit)))


def others(
    source: ByteSource,
    ends: Sequence[zip_end.End],
    limits: Limits,
    members: list[Member],
    claimed: list[tuple[int, int]],
    notices: list[Notice],
) -> None:
    """Read what further directories list otherwise than the one that is taken: readers differ on which they take."""
    taken = list(members)
    known = {_listing(member) for member in taken}
    near = Window(source, 1 << 12)
    left = limits.members
    for number, end in enumerate(ends[1:], 1):
        record = end.ranges[0][0]
        if any(member.data_start <= record < member.data_end for member in taken):
            continue  # of an archive that is a member
        found: list[Member] = []
        directory, at = Window(source, 1 << 16), end.directory_start
        while left > 0 and (header := records.read_central(directory, at, end.directory_limit)):
            found.append(msgspec.structs.replace(member_at(near, 0, header, end), reading=number))
            claimed.append((header.start, header.end))
            at, left = header.end, left - 1
        claimed += end.ranges
        mine = {_listing(member) for member in found}
        fresh = [member for member in found if member.local is not None and _listing(member) not in known]
        fresh = fresh[: max(0, limits.members - len(members))]
        lacking = sum(_listing(member) not in mine for member in taken)
        if fresh or lacking:
            text = (
                f"another directory at {end.directory_start} lists {len(found)} members: {len(fresh)} otherwise than "
                f"the one that is taken, of whose {len(taken)} it lacks {lacking}; readers differ on which they show"
            )
            notices.append(Notice(code="zip.other_directory", text=text, locator=_at(end.directory_start, at)))
        for member in fresh:
            members.append(msgspec.structs.replace(member, index=len(members)))
            claimed.append((member.header_start, member.end))
        known |= mine


def _listing(member: Member) -> tuple[object, ...]:
    return member.header_start, member.name, member.method, member.flags, member.stored_size, member.size, member.crc32


def member_at(near: Window, index: int, header: records.Header, end: zip_end.End) -> Member:
    start = header.offset + end.shift
    elsewhere = header.disk not in (end.disk, records.FULL >> 16)
    here = not elsewhere and 0 <= start < near.source.size
    local = records.read_local(near, start) if here else None
    data_start = local.end if local else min(max(start, 0), near.source.size)
    data_end = min(data_start + header.stored_size, near.source.size) if local else data_start
    descriptor = None
    if local and (header.flags | local.flags) & records.HAS_DESCRIPTOR:
        descriptor = records.read_descriptor(near, data_end, header.stored_size, header.size)
    return Member(
        index=index,
        name=header.name,
        central=header,
        local=local,
        descriptor=descriptor,
        header_start=start,
        data_start=data_start,
        data_end=data_end,
        stored_size=header.stored_size,
        size=header.size,
        crc32=header.crc32,
        method=header.method,
        flags=header.flags,
        disk=header.disk if elsewhere else -1,
    )


class FirstPart(NamedTuple):
    """What the first bytes say of an archive that was split, or was about to be."""

    claimed: tuple[tuple[int, int], ...] = ()
    notices: tuple[Notice, ...] = ()
    """Empty where all of it is there."""


def first_part(source: ByteSource, *, whole: bool) -> FirstPart:
    """Return what the marker before the first member says.

    Args:
        source: the archive.
        whole: whether it has its directory, which stands in the last part.
    """
    head = source.read(0, 8)
    if not head.startswith(_SPLIT) or head[4:] != records.LOCAL:
        return FirstPart()
    text = "the first part of a split archive: its directory stands in the last part, a file of its own"
    notices = () if whole else (Notice(code="zip.split", text=text, locator=_at(0, 4)),)
    return FirstPart(((0, 4),), notices)


def unlisted(
    source: ByteSource, gaps: Iterable[tuple[int, int]], search: Search, listed: Sequence[Member], *, split: bool
) -> list[Member]:
    """Return members whose local headers stand in ranges that the directory leaves out.

    Args:
        source: the archive.
        gaps: these ranges.
        search: what bounds the search.
        listed: members that are known.
        split: whether it is a part of a split archive, and the last member may go on in the next.
    """
    found: list[Member] = []
    for gap in gaps:
        room = search.limits.members - len(listed) - len(found)
        for local, data_end, descriptor in recover(source, *gap, room, search):
            found.append(
                Member(
                    index=len(listed) + len(found),
                    name=local.name,
                    central=None,
                    local=local,
                    descriptor=descriptor,
                    header_start=local.start,
                    data_start=local.end,
                    data_end=data_end,
                    stored_size=descriptor.stored_size if descriptor else local.stored_size,
                    size=descriptor.size if descriptor else local.size,
                    crc32=descriptor.crc32 if descriptor else local.crc32,
                    method=local.method,
                    flags=local.flags,
                    goes_on=split and data_end == source.size,
                )
            )
    return found


def placed(members: list[Member], found: list[Member], notices: list[Notice]) -> list[Member]:
    """Give listed members whose stated place is wrong the header that was found for them; return the others."""
    lost = {_identity(member): place for place, member in enumerate(members) if member.local is None}
    left: list[Member] = []
    moved = 0
    for member in found:
        place = lost.pop(_identity(member), None)
        if place is None:
            left.append(msgspec.structs.replace(member, index=len(members) + len(left)))
        else:
            members[place] = msgspec.structs.replace(member, index=place, central=members[place].central)
            moved += 1
    if moved:
        text = f"{moved} members stand elsewhere than the directory states; taken by name, size and CRC-32"
        notices.append(Notice(code="zip.misplaced", text=text))
    return left


def _identity(member: Member) -> tuple[bytes, int, int]:
    return member.name, member.size, member.crc32


def duplicates(members: Sequence[Member]) -> list[Notice]:
    seen: dict[bytes, Member] = {}
    notices: list[Notice] = []
    for member in members:
        first = seen.setdefault(member.name, member)
        if first is not member and len(notices) < 64:
            text = f"members {first.index} and {member.index} have the same name"
            header = member.central or member.local
            ranges = (header.range("name"),) if header else ()
            notices.append(Notice(code="zip.duplicate_name", text=text, locator=Locator(ranges=ranges)))
    return notices


def _at(start: int, end: int) -> Locator:
    return Locator(ranges=((start, end),))
