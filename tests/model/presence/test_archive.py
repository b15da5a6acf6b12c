"""Each presence bit of an archive: the least fact that sets it, and that nothing else sets it."""

import msgspec
import pytest

from forensics.examples.files import archive, member
from forensics.examples.times import time
from forensics.model.documents import EXACT_TIMES, UTF8_NAME, ArchiveMember
from forensics.model.facts import Absence, ClockKind, Description, Precision
from forensics.model.presence.archive import ArchiveHas, presence
from forensics.model.time_kinds import TimeKind

PACKED = time("2017-03-06T10:00:00", clock=ClockKind.PACKER, kind=TimeKind.CENTRAL_DOS)
OTHER = time("2017-03-06T10:00:00", clock=ClockKind.PACKER, kind=TimeKind.RAR_DOS)
UTC = time("2017-03-06T10:00:00+00:00", clock=ClockKind.FILE_SYSTEM)
UNREADABLE = msgspec.structs.replace(PACKED, wall=Absence.UNPARSABLE)
CHANGED = time("2017-03-06T09:00:00+00:00", clock=ClockKind.FILE_SYSTEM, description=Description.MODIFICATION)
FIRST_DAY = time("1980-01-01T00:00:00", clock=ClockKind.PACKER, kind=TimeKind.CENTRAL_DOS)
EPOCH = time("1970-01-01T00:00:00+00:00", clock=ClockKind.FILE_SYSTEM, description=Description.MODIFICATION)
EXACT = msgspec.structs.replace(CHANGED, precision=Precision.TICK)
EMPTY = msgspec.structs.replace(member(times=(EXACT,)), size=0)
BOTH = ArchiveHas.MEMBER_TIME | ArchiveHas.MEMBER_UTC
ONCE = BOTH | ArchiveHas.TWICE_DATED


@pytest.mark.parametrize(
    ("bits", "members"),
    [
        (ArchiveHas.NOTHING, []),
        (ArchiveHas.NOTHING, [member()]),
        (ArchiveHas.NOTHING, [member(times=(UNREADABLE, UTC))]),
        (ArchiveHas.NOTHING, [member(times=(UTC,))]),
        (ArchiveHas.NOTHING, [member(times=(OTHER, UTC))]),
        (ArchiveHas.MEMBER_TIME, [member(times=(PACKED,))]),
        (ArchiveHas.MEMBER_TIME, [member(times=(PACKED,)), member(times=(UTC,))]),
        (ArchiveHas.MEMBER_TIME | ArchiveHas.MEMBER_UTC, [member(), member(times=(PACKED, UTC))]),
        (ONCE, [member(times=(PACKED, UTC)), member(times=(PACKED, CHANGED))]),
        (ONCE | ArchiveHas.TWO_TWICE_DATED, [member(times=(PACKED, CHANGED))] * 3),
        (BOTH, [member(times=(FIRST_DAY, CHANGED))]),
        (BOTH, [member(times=(PACKED, EPOCH))]),
        (ArchiveHas.LISTED, [member(listed_at=0), member()]),
        (ArchiveHas.LISTED | ArchiveHas.CODED_NAME, [member("%8E.txt", listed_at=0)]),
        (ArchiveHas.LISTED, [member("%8E.txt", listed_at=0, flags=UTF8_NAME)]),
        (ArchiveHas.LISTED, [member("50%25.txt", listed_at=0)]),
        (ArchiveHas.NOTHING, [member("%8E.txt")]),
        (ArchiveHas.NOTHING, [member(times=(EXACT,))] * (EXACT_TIMES - 1)),
        (ArchiveHas.EXACT_TIMES | ArchiveHas.TIMED_FILES, [member(times=(EXACT,))] * EXACT_TIMES),
        (ArchiveHas.EXACT_TIMES, [EMPTY] * EXACT_TIMES),
        (ArchiveHas.NOTHING, [member(times=(CHANGED,))] * (EXACT_TIMES - 1)),
        (ArchiveHas.SECOND_TIMES | ArchiveHas.TIMED_FILES, [member(times=(CHANGED,))] * EXACT_TIMES),
        (ArchiveHas.NOTHING, [member(times=(OTHER,))] * EXACT_TIMES),
        (ArchiveHas.TIMED_FILES, [member(times=(EXACT,)), *[member(times=(CHANGED,))] * (EXACT_TIMES - 1)]),
        (ArchiveHas.LISTED | ArchiveHas.TWO_LISTED, [member(listed_at=0), member(listed_at=50)]),
    ],
)
def test_members_set_their_bits_alone(bits: ArchiveHas, members: list[ArchiveMember]) -> None:
    assert ArchiveHas(presence(archive(*members))) == bits
