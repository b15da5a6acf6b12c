from forensics.model.facts import TICKS_PER_SECOND
from forensics.report.pictures.members import WIDTH, strip

HOUR = 3600 * TICKS_PER_SECOND


def test_a_strip_has_round_ticks_and_stacks_what_would_touch():
    start = 1_490_622_064 * TICKS_PER_SECOND
    made = strip([(n + 1, start + (n // 3) * 60 * TICKS_PER_SECOND) for n in range(9)])
    assert sorted(made.levels) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert made.ticks[0].label == "13:41:00"
    one = strip([(1, start)])
    assert 30 <= one.dots[0].x <= WIDTH - 30
    assert strip([]) is None


def test_a_strip_over_years_has_few_ticks():
    made = strip([(1, 0), (2, 20 * 365 * 24 * HOUR)])
    assert len(made.ticks) <= 12
