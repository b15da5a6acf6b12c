import msgspec

from forensics.knowledge.wording import Wording
from forensics.model.facts import Absence
from forensics.model.instants import claimed
from forensics.report.clocks import DRAWN_MAX, ROWS_MAX, clock_rows, picture

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
    assert len(picture(times, claimed(times), SAY).dots) == len(first.timestamps)


def test_many_clocks_are_cut_but_the_claim_is_drawn(first):
    early = first.timestamps[1]
    many = [
        msgspec.structs.replace(early, instant=early.instant - 10**12 - n * 10**9, wall=early.wall - 10**13)
        for n in range(60)
    ]
    times = (*many[:30], first.timestamps[0], *many[30:])
    assert len(rows(times)) == ROWS_MAX
    few = (*many[:20], first.timestamps[0])
    drawn = picture(few, claimed(few), SAY)
    assert len(drawn.dots) == DRAWN_MAX
    assert drawn.claimed is not None


def test_what_one_clock_says_within_a_minute_is_one_row(first):
    claim, early = first.timestamps[:2]
    again = [msgspec.structs.replace(early, instant=early.instant + n * 10**8) for n in (0, 1, 5, 9)]
    drawn = picture((claim, *again), claim, SAY)
    assert [dot.label for dot in drawn.dots][1:] == [
        "mail server mx.campaign.example \N{MULTIPLICATION SIGN}3",
        "mail server mx.campaign.example",
    ]
