import msgspec
import pytest

from forensics.knowledge.wording import Wording
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.instants import claimed
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.report.clocks import DRAWN_MAX, ROWS_MAX, clock_rows, picture, summary

SAY = Wording("en")


def rows(times):
    return clock_rows(times, claimed(times), SAY)


def test_rows_stand_in_order_of_time_with_their_difference_to_the_claim(first):
    made = rows(first.timestamps)
    assert [row.difference for row in made] == [
        "",
        "+2 d 05:50:27",
        "+2 d 05:50:38",
        "+2 d 05:50:41",
        "+11 d 11:58:33 ±14 h",
    ]
    assert [row.claimed for row in made] == [True, False, False, False, False]
    assert made[0].raw == "Tue, 24 Apr 2017 10:12:31 +0200"
    assert (made[0].utc, made[-1].utc) == ("2017-04-24 08:12:31", "2017-05-05 20:11:04 local")
    assert made[-1].raw == "\\x98\\xa1\\xa5J"


def test_two_local_readings_of_one_clock_differ_exactly(first):
    local = msgspec.structs.replace(first.timestamps[0], instant=Absence.NOT_PRESENT)
    path = msgspec.structs.replace(local.locator, path="other")
    later = msgspec.structs.replace(local, wall=local.wall + 600_000_000, locator=path)
    assert rows((local, later))[1].difference == "+00:01:00"
    other = msgspec.structs.replace(later, owner="another")
    assert rows((local, other))[1].difference == "+00:01:00 ±14 h"


def test_a_time_without_a_date_stands_last_and_is_not_drawn(first):
    none = msgspec.structs.replace(first.timestamps[0], instant=Absence.UNPARSABLE, wall=Absence.UNPARSABLE)
    times = (none, *first.timestamps)
    made = rows(times)
    assert made[-1].utc == "not a date"
    assert made[-1].difference == ""
    assert len(picture(times, claimed(times)).dots) == len(first.timestamps)


def test_many_clocks_are_cut_but_the_claim_is_drawn(first):
    early = first.timestamps[1]
    many = [
        msgspec.structs.replace(early, instant=early.instant - 10**12 - n, wall=early.wall - 10**13) for n in range(60)
    ]
    times = (*many[:30], first.timestamps[0], *many[30:])
    assert len(rows(times)) == ROWS_MAX
    few = (*many[:20], first.timestamps[0])
    drawn = picture(few, claimed(few))
    assert len(drawn.dots) == DRAWN_MAX
    assert drawn.claimed_x is not None


DATE = Timestamp(
    instant=1_000_000 * TICKS_PER_SECOND,
    wall=1_000_000 * TICKS_PER_SECOND,
    offset_s=0,
    precision=Precision.SECOND,
    description=Description.SENT,
    clock=ClockKind.SENDER,
    owner="",
    raw=b"",
    locator=Locator(),
    kind=TimeKind.DATE,
)


def after(seconds, **changes):
    given = {"clock": ClockKind.SERVER, "description": Description.RECORDED, "kind": TimeKind.HOP, **changes}
    instant = DATE.instant + seconds * TICKS_PER_SECOND
    return msgspec.structs.replace(DATE, **{"instant": instant, "wall": instant, **given})


LOCAL = {"instant": Absence.NOT_PRESENT}
WROTE = "other times that programs and servers wrote are within 3 s of Date"


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([0, 3, -3], f"3 of 3 {WROTE}"),
        ([0, 4], f"1 of 2 {WROTE}; the other differs by +00:00:04"),
        ([-90_000, 0, 60], f"1 of 3 {WROTE}; the others differ by −1 d 01:00:00 to +00:01:00"),
        ([-60, 4], f"0 of 2 {WROTE}; the others differ by −00:01:00 to +00:00:04"),
        ([2], "1 of 1 other time that a program or server wrote is within 3 s of Date"),
        ([], "no other clock was found to compare Date with"),
    ],
)
def test_the_summary_says_how_many_agree(others, said):
    assert summary((DATE, *map(after, others)), SAY) == said


def test_what_cannot_be_compared_is_counted_apart():
    local, coarse = after(0, **LOCAL), after(20, precision=Precision.MINUTE)
    assert summary((DATE, after(0), after(1), local), SAY).endswith("Date; 1 more cannot be compared to the second")
    assert summary((DATE, local, coarse), SAY) == "2 more cannot be compared to the second"
    undated = after(0, instant=Absence.UNPARSABLE, wall=Absence.UNPARSABLE)
    assert summary((DATE, undated), SAY) == "1 more cannot be compared to the second"


def test_when_a_copy_was_stored_and_when_a_signature_expires_is_not_counted():
    others = [
        after(10**6, clock=ClockKind.FILE_SYSTEM),
        after(10**6, clock=ClockKind.PACKER),
        after(10**6, description=Description.EXPIRATION),
    ]
    assert summary((DATE, after(0), *others), SAY).startswith("1 of 1 other time")
    assert summary((DATE, *others), SAY) == "no other clock was found to compare Date with"


def test_an_item_without_a_claim_or_with_one_that_no_clock_can_meet():
    assert summary((), SAY) == "it claims no date, and no time that a program or server wrote was found"
    assert summary((after(0),), SAY) == "it claims no date; 1 time that a program or server wrote was found"
    assert summary((after(0), after(9)), SAY).startswith("it claims no date; 2 times")
    local = msgspec.structs.replace(DATE, **LOCAL)
    assert summary((local, after(0)), SAY) == "Date cannot be compared with other clocks to the second"
    made = after(0, description=Description.CREATION, clock=ClockKind.APPLICATION, kind=TimeKind.MESSAGE_ID)
    assert summary((made,), SAY) == "no other clock was found to compare the date that it claims with"
