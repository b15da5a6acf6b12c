"""What an archive shows of what rules may need."""

from enum import IntFlag

from forensics.model.documents import ArchiveFacts
from forensics.model.facts import ClockKind
from forensics.model.time_kinds import TimeKind


class ArchiveHas(IntFlag):
    """Presence bits of an archive; their numbers stand in cases and never change."""

    NOTHING = 0
    MEMBER_TIME = 1 << 0
    """A member that may have two headers carries the packer's time."""
    MEMBER_UTC = 1 << 1
    """A member carries a UTC time beside its local one."""


_ALONE = frozenset((TimeKind.GZIP_MODIFIED,))
"""Times of what has one header by its format: nothing else of it can say otherwise."""
_TIME, _BOTH = ArchiveHas.MEMBER_TIME.value, (ArchiveHas.MEMBER_TIME | ArchiveHas.MEMBER_UTC).value


def presence(archive: ArchiveFacts) -> int:
    """Return the `ArchiveHas` bits of an archive."""
    mask = 0
    for member in archive.members:
        packed = [stamp for stamp in member.times if stamp.clock is ClockKind.PACKER and stamp.kind not in _ALONE]
        if any(isinstance(stamp.wall, int) for stamp in packed):
            if any(isinstance(stamp.instant, int) for stamp in member.times):
                return _BOTH
            mask = _TIME
    return mask
