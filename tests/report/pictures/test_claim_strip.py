import itertools

from forensics.model.facts import TICKS_PER_SECOND
from forensics.report.pictures.claim_strip import WIDTH, claim_strip
from forensics.report.pictures.clock_plot import Reading

DAY = 86_400 * TICKS_PER_SECOND


def reading(days, **more):
    return Reading(number=1, label="", ticks=int(days * DAY), **more)


def test_claim_and_clocks_are_labelled():
    made = claim_strip([reading(0, claimed=True), reading(120), reading(120.1)], said=120 * DAY)
    assert (made.claimed.day, made.said.day) == ("1970-01-01", "1970-05-01")
    assert made.claimed.x < made.said.x and len(made.dots) == 2


def test_nothing_to_see():
    assert claim_strip([reading(1)]) is None
    assert claim_strip([reading(1, claimed=True)]) is None
    assert claim_strip([reading(1, claimed=True), reading(1)]) is None
    assert claim_strip([reading(1, claimed=True), reading(9, apart=True)]) is None


def test_a_local_time_is_an_interval():
    made = claim_strip([reading(0, claimed=True), reading(2, local=True), reading(4)])
    assert len(made.dots) == 1 and made.spans[0][0] < made.spans[0][1]


def test_labels_stay_in_the_picture_and_do_not_meet():
    days = (-1_000_000, -400, -1, 1, 2, 30, 400, 1_000_000)
    for others in [*itertools.combinations(days, 1), *itertools.combinations(days, 3)]:
        for said in days:
            made = claim_strip([reading(0, claimed=True), *[reading(n) for n in others]], said=said * DAY)
            for one in (made.claimed, made.said):
                assert 31 <= one.label_x <= WIDTH - 31 and 0 <= one.x <= WIDTH
            assert abs(made.claimed.label_x - made.said.label_x) >= 61.9
