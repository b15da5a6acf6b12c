"""Tables ``archives`` and ``archive_members``."""

from functools import lru_cache

import msgspec

from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.presence.archive import presence
from forensics.model.rows import properties, times
from forensics.model.rows.numbers import Unsigned
from forensics.model.rows.properties import PropertyRow
from forensics.model.rows.times import TimeRow


class _Member(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an archive says of a member."""

    index: int
    name: str
    size: Unsigned
    stored_size: Unsigned
    method: int | None
    flags: int | None
    made_by: int | None
    crc32: int | None
    encrypted: bool
    header_start: Unsigned
    times: list[TimeRow]
    conflicts: list[PropertyRow]
    said: list[PropertyRow] = []
    needed: int | None = None
    extras: list[int] = []
    local_extras: list[int] = []
    listed_at: int | None = None


class MemberRow(_Member, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One member of an archive: a row of its own, since an archive may have a quarter of a million."""

    sha256: str
    """Of the archive."""


class ArchiveRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One archive (a content)."""

    sha256: str
    format: str
    mask: int
    members: list[_Member] = []
    """As cases hold them that were made before members had a table; else empty."""
    properties: list[PropertyRow] = []
    times: list[TimeRow] = []


def row_of(sha256: str, archive: ArchiveFacts) -> ArchiveRow:
    """Make the row of an archive without its members."""
    return ArchiveRow(
        sha256=sha256,
        format=archive.format,
        mask=presence(archive),
        properties=properties.rows_of(archive.properties),
        times=[times.row_of(stamp) for stamp in archive.timestamps],
    )


def member_row(sha256: str, member: ArchiveMember) -> MemberRow:
    """Make the row of a member.

    Args:
        sha256: of the archive.
        member: what it says of the member.
    """
    return MemberRow(
        sha256=sha256,
        index=member.index,
        name=member.name,
        size=Unsigned(member.size),
        stored_size=Unsigned(member.stored_size),
        method=member.method,
        flags=member.flags,
        made_by=member.made_by,
        crc32=member.crc32,
        encrypted=member.encrypted,
        header_start=Unsigned(member.header_start),
        times=[times.row_of(stamp) for stamp in member.times],
        conflicts=properties.rows_of(member.conflicts),
        said=properties.rows_of(member.said),
        needed=member.needed,
        extras=_shared(member.extras),
        local_extras=_shared(member.local_extras),
        listed_at=member.listed_at,
    )


@lru_cache(256)
def _shared(ids: tuple[int, ...]) -> list[int]:
    """Return ids as a list, one for all members that have the same: a list of its own for each costs half the row."""
    return list(ids)
