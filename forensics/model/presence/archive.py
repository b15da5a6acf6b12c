"""What an archive shows of what rules may need."""

from enum import IntFlag

from forensics.model.documents import ArchiveFacts
from forensics.model.time_kinds import ZIP_LOCAL


class ArchiveHas(IntFlag):
    """Presence bits of an archive; their numbers stand in cases and never change."""

    NOTHING = 0
    MEMBER_TIME = 1 << 0
    """A member of a zip carries the packer's time: other archives have one header for each, not two to compare."""
    MEMBER_UTC = 1 << 1
    """A member carries a UTC time beside its local one."""


_TIME, _BOTH = ArchiveHas.MEMBER_TIME.value, (ArchiveHas.MEMBER_TIME | ArchiveHas.MEMBER_UTC).value


def presence(archive: ArchiveFacts) -> int:
    """Return the `ArchiveHas` bits of an archive."""
    mask = 0
    for member in archive.members:
        if any(stamp.kind in ZIP_LOCAL and isinstance(stamp.wall, int) for stamp in member.times):
            if any(isinstance(stamp.instant, int) for stamp in member.times):
                return _BOTH
            mask = _TIME
    return mask
