import pytest

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.summary import Month
from forensics.report import axis

HOUR = 3600 * TICKS_PER_SECOND


def rows(*months):
    return [Month(month=month, messages=messages, documents=1, findings=0) for month, messages in months]


def test_months_stand_side_by_side_and_the_highest_reaches_the_top():
    made = axis.months(rows(("2016-01", 9), ("2016-02", 99), ("2016-04", 9)), [])
    assert [bar.month for bar in made.bars] == ["2016-01", "2016-02", "2016-04"]
    assert made.highest == 100
    assert made.bars[1].documents_y == pytest.approx(made.top)
    assert made.bars[2].x > made.bars[1].x * 2.9
    assert all(0 <= bar.x < axis.WIDTH for bar in made.bars)


def test_one_wrong_year_does_not_squeeze_the_picture():
    usual = [(f"2016-{n:02d}", 100) for n in range(1, 13)]
    made = axis.months(rows(("1970-01", 3), *usual, ("2038-01", 1)), [])
    assert made.bars[0].month == "2016-01"
    assert (made.before, made.after) == (4, 2)


def test_far_years_that_many_items_claim_are_drawn():
    made = axis.months(rows(("1970-01", 500), ("2016-01", 500)), [])
    assert len(made.bars) == 2
    assert (made.before, made.after) == (0, 0)


def test_given_dates_widen_the_axis_only_when_near():
    near = axis.months(rows(("2016-01", 1)), [("2016-03-15", "captured")])
    assert 0 < near.lines[0].x < axis.WIDTH
    far = axis.months(rows(("2016-01", 1), ("2016-02", 1)), [("2026-03-15", "captured"), ("no date", "x")])
    assert [line.x for line in far.lines] == [axis.WIDTH]


def test_labels_of_close_dates_stand_on_different_levels():
    made = axis.months(rows(("2016-01", 1)), [("2016-01-20", "captured"), ("2016-01-25", "released")])
    assert [(line.label, line.anchor, line.level) for line in made.lines] == [
        ("captured", "end", 1),
        ("released", "end", 0),
    ]


def test_nothing_to_draw():
    assert axis.months([], []) is None
    assert axis.months(rows(("soon", 1)), []) is None
    assert axis.clocks([(1, 0, True, False)]) is None
    assert axis.strip([]) is None


def test_clocks_share_one_axis_and_local_times_are_intervals():
    made = axis.clocks([(1, 0, True, False), (2, 40 * HOUR, False, False), (3, 20 * HOUR, False, True)])
    claimed, later, local = made.dots
    assert claimed.x == claimed.low == made.claimed_x
    assert later.x > local.x > claimed.x
    assert local.high - local.low > 0
    assert (made.first, made.last) == (0, 40 * HOUR)


def test_clocks_of_one_moment_need_no_picture():
    assert axis.clocks([(1, 5, True, False), (2, 5, False, False)]) is None


def test_a_month_of_a_ranked_item_is_always_drawn():
    wrong = Month(month="1970-01", messages=1, documents=0, findings=1)
    made = axis.months([wrong, *rows(("2016-01", 500))], [])
    assert made.bars[0].findings == 1


def test_a_strip_has_round_ticks_and_stacks_what_would_touch():
    start = 1_490_622_064 * TICKS_PER_SECOND
    made = axis.strip([(n + 1, start + (n // 3) * 60 * TICKS_PER_SECOND) for n in range(9)])
    assert sorted(made.levels) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert made.ticks[0].label == "13:41:00"
    one = axis.strip([(1, start)])
    assert 30 <= one.dots[0].x <= axis.WIDTH - 30


def test_a_strip_over_years_has_few_ticks():
    made = axis.strip([(1, 0), (2, 20 * 365 * 24 * HOUR)])
    assert len(made.ticks) <= 12
