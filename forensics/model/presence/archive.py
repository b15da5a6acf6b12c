"""What an archive shows of what rules may need."""

from enum import IntFlag

from forensics.model.documents import EXACT_TIMES, ArchiveFacts, ArchiveMember
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
    EXACT_TIMES = 1 << 6
    """At least a dozen times of last change that could be exact to 100 ns, equal ones too."""
    CODED_NAME = 1 << 7
    """A listed member of a zip has a name outside ASCII that is not marked as UTF-8."""
    SECOND_TIMES = 1 << 8
    """At least a dozen times of last change that could be exact to a second, and none that could be exact to 100 ns."""
    TIMED_FILES = 1 << 9
    """At least a dozen files that are not empty, with times of last change that could be exact to a second."""


_TIME, _UTC = ArchiveHas.MEMBER_TIME.value, ArchiveHas.MEMBER_UTC.value


def presence(archive: ArchiveFacts) -> int:
    """Return the `ArchiveHas` bits of an archive."""
    mask, listed, dated, exact, fine, timed, coded = 0, 0, 0, 0, 0, 0, False
    for member in archive.members:
        listed += member.listed_at is not None
        coded = coded or member.coded_name
        if (exact < EXACT_TIMES or timed < EXACT_TIMES) and member.times:
            exact += len(member.exact_times)
            found = len(member.fine_times)
            fine, timed = fine + found, timed + (found > 0 and member.size > 0)
        if len(member.times) > 1:
            if dated < _TWO and member.twice_dated:
                dated += 1
            if not mask & _UTC and _has_local(member) and any(isinstance(one.instant, int) for one in member.times):
                mask |= _TIME | _UTC
        if not mask and _has_local(member):
            mask = _TIME
    for bit, holds in (
        (ArchiveHas.TWICE_DATED, dated),
        (ArchiveHas.TWO_TWICE_DATED, dated == _TWO),
        (ArchiveHas.TWO_LISTED, listed >= _TWO),
        (ArchiveHas.LISTED, listed),
        (ArchiveHas.EXACT_TIMES, exact >= EXACT_TIMES),
        (ArchiveHas.CODED_NAME, coded),
        (ArchiveHas.SECOND_TIMES, fine >= EXACT_TIMES and not exact),
        (ArchiveHas.TIMED_FILES, timed >= EXACT_TIMES),
    ):
        mask |= bit.value if holds else 0
    return mask


def _has_local(member: ArchiveMember) -> bool:
    return any(stamp.kind in ZIP_LOCAL and isinstance(stamp.wall, int) for stamp in member.times)
