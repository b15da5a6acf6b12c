import pytest

from forensics.checks._facts import (
    DAY,
    HOUR,
    LOCAL,
    MINUTE,
    bin_of,
    cite_row,
    clock,
    host_named,
    later_by,
    offsets,
    shown,
    span,
    whole_hours,
)
from forensics.checks._subjects import bare_subject
from forensics.checks.mail import date_after_first_trace
from forensics.examples.files import location
from forensics.examples.mails import message
from forensics.examples.times import ticks, time, time_row
from forensics.knowledge.wording import Wording
from forensics.model.facts import ClockKind, Precision
from forensics.model.rules import Context, Role, State

SECOND = MINUTE // 60


def test_later_by_compares_instants_whatever_their_zones() -> None:
    assert later_by(time("2017-03-06T12:00:00+02:00"), time("2017-03-06T09:00:00Z")) == HOUR


def test_later_by_takes_local_times_of_one_clock_as_they_stand() -> None:
    one = {"clock": ClockKind.CAMERA, "owner": "Example X1"}
    assert later_by(time("2017-03-06T12:00:00", **one), time("2017-03-06T11:00:00", **one)) == HOUR


def test_a_day_lasts_until_its_midnight() -> None:
    assert later_by(time("2017-03-07T00:00:00"), time("2017-03-06")) == 0
    assert later_by(time("2017-03-08"), time("2017-03-06")) == DAY
    assert later_by(time("2017-03-06T23:00:00Z"), time("2017-03-06")) == 23 * HOUR - LOCAL - DAY
    assert later_by(time("10:00:20"), time("10:00:00", precision=Precision.MINUTE)) == 20 * SECOND - MINUTE
    assert shown(time("2017-03-06")) == "2017-03-06 (no time of day)"


def test_later_by_doubts_local_times_of_two_clocks() -> None:
    camera, program = time("2017-03-08T12:00:00", clock=ClockKind.CAMERA), time("2017-03-06T12:00:00")
    assert later_by(camera, program) == 2 * DAY - 2 * LOCAL
    assert later_by(camera, time("2017-03-06T12:00:00Z")) == 2 * DAY - LOCAL


@pytest.mark.parametrize(
    ("ticks_late", "expected"),
    [
        (2 * HOUR, True),
        (2 * HOUR - 50 * SECOND, True),
        (2 * HOUR - 2 * MINUTE, False),
        (2 * HOUR + 50 * SECOND, True),
        (2 * HOUR + 2 * MINUTE, False),
        (HOUR // 2 - 10 * SECOND, True),
        (2 * HOUR + 20 * MINUTE, False),
        (10 * MINUTE, False),
        (27 * HOUR, False),
    ],
)
def test_whole_hours(ticks_late: int, expected: bool) -> None:
    assert whole_hours(ticks_late) is expected


def test_bins_are_open_below() -> None:
    bins = ((DAY, "day"), (HOUR, "hour"))
    assert [bin_of(ticks_late, bins) for ticks_late in (HOUR, HOUR + 1, DAY, DAY + 1)] == ["", "hour", "hour", "day"]


def test_times_and_spans_for_people() -> None:
    assert shown(time("2017-03-06T12:00:00-02:30")) == "2017-03-06 12:00:00 -02:30"
    assert shown(time("2017-03-06T12:00:00")) == "2017-03-06 12:00:00 local"
    assert [span(value) for value in (0, 90 * SECOND, 26 * HOUR, -DAY)] == ["0 s", "1 min 30 s", "1 d 2 h", "1 d"]
    assert clock(10**20) == str(10**20)


def test_row_evidence_quotes_the_first_range_only() -> None:
    row = time_row("2017-03-06T12:00:00Z", start=7)
    whole = cite_row("modified", row, Role.SUSPECT, "0" * 64, location())
    assert whole.locator.ranges == ((7, 27),)
    assert whole.raw == b"2017-03-06T12:00:00Z"


def test_no_two_zones_are_27_hours_apart() -> None:
    assert [state.state for state in offsets("wrong_offset", 27 * HOUR)] == [State.EXCLUDED]
    assert offsets("wrong_offset", 3 * HOUR) == ()


@pytest.mark.parametrize(
    "subject", ["Minutes", "Re: Minutes", "RE: [board] Fwd: minutes", "AW: WG:  Minutes", "Re[2]: [a][b] Minutes"]
)
def test_bare_subject(subject: str) -> None:
    assert bare_subject(subject) == "minutes"


def test_example_times() -> None:
    assert ticks("1970-01-01T00:00:01Z") == 10_000_000
    assert ticks("1970-01-01T00:00:01+00:01") == -59 * 10_000_000


def test_a_stamp_without_a_host_is_said_to_have_none() -> None:
    assert host_named("mx.example") == "mx.example"
    assert Wording("en").said(host_named("")) == "a server that names no host"
    trace = [("", "2017-03-06T09:00:00+00:00")]
    (seen,) = date_after_first_trace.check(message("2017-03-06T12:40:00+00:00", hops=trace), Context(as_of=0))
    assert "a server that names no host" in Wording("en").said(seen.sentence)
