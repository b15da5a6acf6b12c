from forensics.model.facts import TICKS_PER_SECOND
from forensics.report.pictures.clock_plot import LABEL_MAX, LEFT, RIGHT, WIDTH, Reading, clock_plot

HOUR = 3600 * TICKS_PER_SECOND


def reading(number, hours, **more):
    return Reading(number=number, label=f"clock {number}", ticks=hours * HOUR, **more)


def test_clocks_share_one_axis_and_local_times_are_intervals():
    made = clock_plot([reading(1, 0, claimed=True), reading(2, 40), reading(3, 20, local=True)])
    claimed, later, local = made.dots
    assert claimed.x == claimed.low == made.claimed.x == LEFT
    assert later.x > local.x > claimed.x
    assert local.high - local.low > 0
    assert (made.first, made.last) == (0, 40 * HOUR)


def test_clocks_of_one_moment_need_no_picture():
    assert clock_plot([reading(1, 5, claimed=True), reading(2, 5)]) is None
    assert clock_plot([reading(1, 5, claimed=True)]) is None
    assert clock_plot([reading(1, 0, claimed=True), reading(2, 9, apart=True)]) is None


def test_times_of_files_do_not_widen_the_axis():
    made = clock_plot([reading(1, 0, claimed=True), reading(2, 40), reading(3, 90_000, apart=True)])
    assert made.last == 40 * HOUR
    assert made.dots[2].x == WIDTH - RIGHT and made.dots[2].outside == "1980-04-08"
    assert [dot.outside for dot in made.dots[:2]] == ["", ""]


def test_the_claim_and_what_the_clocks_say_are_named_on_sides_that_do_not_meet():
    made = clock_plot([reading(1, 0, claimed=True), reading(2, 100), reading(3, 101)], said=100 * HOUR)
    assert (made.claimed.anchor, made.said.anchor) == (
        "start" if made.claimed.x < 64 else "end",
        "end" if made.said.x + 64 > WIDTH else "start",
    )
    close = clock_plot([reading(1, 50, claimed=True), reading(2, 51), reading(3, 0), reading(4, 100)], said=51 * HOUR)
    assert (close.claimed.anchor, close.said.anchor) == ("end", "start")
    assert clock_plot([reading(1, 0, claimed=True), reading(2, 9)], said=0).said is None


def test_a_long_label_is_cut():
    made = clock_plot([Reading(number=1, label="x" * 300, ticks=0), reading(2, 9)])
    assert len(made.dots[0].label) == LABEL_MAX and made.dots[0].label.endswith("…")
    assert made.claimed is None
