"""What an archive shows of what rules may need."""

from enum import IntFlag

from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.time_kinds import ZIP_LOCAL

_TWO = 2


class ArchiveHas(IntFlag):
    """Presence bits of an archive; their numbers stand in cases and never change."""

    NOTHING = 0
    MEMBER_TIME = 1 << 0
    """A member of a zip carries the packer's time: other archives have one header for each, not two to compare."""
    MEMBER_UTC = 1 << 1
    """A member carries a UTC time beside its local one."""
    TWICE_DATED = 1 << 2
    """A member of a zip carries the time of its last change in the packer's zone and in UTC, neither a constant."""
    TWO_TWICE_DATED = 1 << 3
    """Two members do."""
    TWO_LISTED = 1 << 4
    """A zip whose directory lists two members."""
    LISTED = 1 << 5
    """A zip whose directory lists a member."""


_TIME, _UTC = ArchiveHas.MEMBER_TIME.value, ArchiveHas.MEMBER_UTC.value


def presence(archive: ArchiveFacts) -> int:
    """Return the `ArchiveHas` bits of an archive."""
    mask, listed, dated = 0, 0, 0
    for member in archive.members:
        listed += member.listed_at is not None
        if len(member.times) > 1:
            if dated < _TWO and member.twice_dated:
                dated += 1
            if not mask & _UTC and _has_local(member) and any(isinstance(one.instant, int) for one in member.times):
                mask |= _TIME | _UTC
        if not mask and _has_local(member):
            mask = _TIME
        if mask & _UTC and dated == _TWO and listed >= _TWO:
            break
    for bit, holds in (
        (ArchiveHas.TWICE_DATED, dated),
        (ArchiveHas.TWO_TWICE_DATED, dated == _TWO),
        (ArchiveHas.TWO_LISTED, listed >= _TWO),
        (ArchiveHas.LISTED, listed),
    ):
        mask |= bit.value if holds else 0
    return mask


def _has_local(member: ArchiveMember) -> bool:
    return any(stamp.kind in ZIP_LOCAL and isinstance(stamp.wall, int) for stamp in member.times)
