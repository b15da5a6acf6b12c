import itertools
from datetime import UTC, datetime

import pytest

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.summary import Month
from forensics.report.pictures.archive import LANES, WIDTH, Dated, archive

DAY = 86_400 * TICKS_PER_SECOND
Y2016 = 16_801 * DAY
"""2016-01-01."""


def rows(*months, findings=0):
    return [Month(month=month, messages=messages, documents=1, findings=findings) for month, messages in months]


def test_months_stand_side_by_side_and_the_highest_reaches_the_top():
    made = archive(rows(("2016-01", 9), ("2016-02", 99), ("2016-04", 9)), [])
    assert [bar.label for bar in made.bars] == ["2016-01", "2016-02", "2016-04"]
    assert (made.highest, made.months) == (100, 1)
    assert made.bars[1].documents_y == pytest.approx(made.top, abs=1)
    assert made.bars[2].x > made.bars[1].x * 2.9
    assert all(0 <= bar.x < WIDTH for bar in made.bars)


def test_thirty_years_are_drawn_in_bins_that_count_every_month():
    months = [(f"{1990 + n // 12}-{n % 12 + 1:02d}", 10) for n in range(360)]
    made = archive(rows(*months), [])
    assert made.months == 3 and 118 < len(made.bars) <= 120
    assert sum(bar.messages + bar.documents for bar in made.bars) + made.before + made.after == 3960
    assert all(bar.width >= 0.8 for bar in made.bars)
    labels = [tick.x for tick in made.ticks]
    assert min(b - a for a, b in itertools.pairwise(labels)) >= 52


def test_one_wrong_year_does_not_squeeze_the_picture():
    usual = [(f"2016-{n:02d}", 100) for n in range(1, 13)]
    made = archive(rows(("1970-01", 3), *usual, ("2038-01", 1)), [])
    assert made.bars[0].label == "2016-01"
    assert (made.before, made.after) == (4, 2)


def test_far_years_that_many_items_claim_are_drawn():
    made = archive(rows(("1970-01", 500), ("2016-01", 500)), [])
    assert len(made.bars) == 2
    assert (made.before, made.after) == (0, 0)


def test_given_dates_widen_the_axis_only_when_near():
    near = archive(rows(("2016-01", 1)), [("2016-03-15", "captured")])
    assert 0 < near.lines[0].x < WIDTH
    far = archive(rows(("2016-01", 1), ("2016-02", 1)), [("2026-03-15", "captured"), ("no date", "x")])
    assert [line.x for line in far.lines] == [WIDTH]


def test_labels_of_close_dates_stand_below_each_other():
    months = rows(("2015-01", 1), ("2016-12", 1))
    made = archive(months, [("2016-01-20", "captured"), ("2016-01-25", "released"), ("2016-11-01", "as of")])
    assert [(line.label, line.level) for line in made.lines] == [("captured", 0), ("released", 1), ("as of", 0)]


def test_nothing_to_draw():
    assert archive([], []) is None
    assert archive(rows(("soon", 1)), []) is None


def test_an_entry_has_its_number_at_its_claim_and_an_arrow_to_its_clocks():
    entries = [Dated(1, Y2016 + 20 * DAY, Y2016 + 200 * DAY), Dated(2, Y2016 + 40 * DAY, Y2016 + 41 * DAY)]
    made = archive(rows(*[(f"2016-{n:02d}", 5) for n in range(1, 13)]), [], entries)
    first, second = made.marks
    assert first.to > first.x and first.to < WIDTH
    assert second.to is None, "a day is not seen on a year's axis"
    assert first.y != second.y, "the arrow of the first is in the way of the second"


def test_an_arrow_may_lead_beyond_the_months_that_items_claim():
    made = archive(rows(("2016-01", 5)), [], [Dated(1, Y2016 + DAY, Y2016 + 300 * DAY)])
    assert made.marks[0].x < made.marks[0].to <= WIDTH


def test_two_hundred_entries_do_not_overlap_and_none_is_lost():
    months = [Month(month=f"2016-{n:02d}", messages=50, documents=0, findings=20) for n in range(1, 11)]
    entries = [Dated(n + 1, Y2016 + (n % 10 * 30 + n // 10 % 25) * DAY + n) for n in range(200)]
    made = archive(months, [], entries)
    places = {(round(mark.x), mark.y) for mark in made.marks}
    assert len(places) == len(made.marks) <= 200
    assert len({mark.y for mark in made.marks}) <= LANES
    for one in made.marks:
        assert all(abs(one.x - other.x) >= 17 for other in made.marks if other.y == one.y and other is not one)
    drawn = len(made.marks) + sum(tally.items for tally in made.tallies)
    assert drawn == 200 and made.undrawn == 0


def test_entries_without_a_calendar_date_are_counted():
    made = archive(rows(("2016-01", 5)), [], [Dated(1, 10**19), Dated(2, Y2016)])
    assert (len(made.marks), made.undrawn) == (1, 1)


def test_a_month_of_a_ranked_item_is_always_drawn():
    wrong = Month(month="1970-01", messages=1, documents=0, findings=1)
    made = archive([wrong, *rows(("2016-01", 500))], [])
    assert made.tallies[0].items == 1 and made.tallies[0].x < WIDTH / 2


def test_an_entry_on_the_first_day_of_any_bin_is_no_further_item_of_the_bin_before() -> None:
    for months in range(2, 60):
        rows = [
            Month(month=f"{2010 + n // 12}-{n % 12 + 1:02d}", messages=1, documents=0, findings=0)
            for n in range(months)
        ]
        for n in range(months):
            ranked = [*rows[:n], Month(month=rows[n].month, messages=1, documents=0, findings=1), *rows[n + 1 :]]
            first_day = datetime(2010 + n // 12, n % 12 + 1, 1, tzinfo=UTC)
            drawn = archive(ranked, [], [Dated(rank=1, claimed=int(first_day.timestamp()) * TICKS_PER_SECOND)])
            assert drawn is not None and drawn.tallies == (), (months, n)


def test_an_arrow_to_a_date_outside_the_columns_is_not_drawn_elsewhere() -> None:
    rows = [Month(month=f"2015-{n:02d}", messages=1, documents=0, findings=0) for n in range(1, 13)]
    claimed, said = (int(datetime(year, 6, 15, tzinfo=UTC).timestamp()) * TICKS_PER_SECOND for year in (2015, 2005))
    drawn = archive(rows, [], [Dated(rank=1, claimed=claimed, said=said)])
    assert drawn is not None and [mark.to for mark in drawn.marks] == [None]
