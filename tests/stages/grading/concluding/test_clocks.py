from collections.abc import Callable

import pytest

from forensics.model.facts import ClockKind
from forensics.model.rows.times import TimeRow
from forensics.model.rules import Proposition, Role, Strength
from forensics.model.time_kinds import TimeKind
from forensics.stages.grading.concluding import clocks
from forensics.stages.grading.concluding.told import Cited

Stamp = Callable[..., TimeRow]
BACK = Proposition.BACKDATED
DATE = "2016-11-14T09:00:00+00:00"
SENDER = {"owner": "", "clock": ClockKind.SENDER, "kind": TimeKind.MESSAGE_ID}


@pytest.fixture
def conclude(make_told, make_entry, make_mail, make_facts, say):
    """The conclusion on a mail of 14 November 2016 with these clocks."""

    def of(*times: TimeRow, date: str | None = DATE, cited=(), others=(), rule="mail.date_weekday", **changes):
        subjects = {"a": Role.SUSPECT} | dict.fromkeys(others, Role.WITNESS)
        told = make_told(rule, proposition=BACK, cited=cited, **subjects, **changes)
        return say(clocks.conclude(make_entry(told), make_facts(make_mail(date=date), times=times)))

    return of


def march(stamp: Stamp) -> list[TimeRow]:
    return [
        stamp("2017-03-14T09:00:00+00:00", **SENDER),
        stamp("2017-03-14T09:00:02+00:00", "mx.one.example"),
        stamp("2017-03-14T09:00:03+00:00", "relay.one.example"),
        stamp("2017-03-14T09:00:04+00:00", "mx.two.test"),
    ]


def test_clocks_of_several_owners_contradict_the_date(conclude, stamp: Stamp) -> None:
    assert conclude(*march(stamp)) == [
        "The mail claims 2016-11-14 09:00:00 UTC; 4 clocks of 3 owners, within 4 seconds of each other, say "
        "2017-03-14 09:00:02 UTC: 120 days later."
    ]


def test_the_other_direction(conclude, stamp: Stamp) -> None:
    (said,) = conclude(*march(stamp), date="2018-03-14T09:00:00+00:00")
    assert said.endswith("say 2017-03-14 09:00:02 UTC: 365 days earlier.")


def test_clocks_that_side_with_the_claim_are_said_and_what_says_neither(conclude, stamp: Stamp) -> None:
    with_claim, neither = (
        stamp("2016-11-14T09:00:05+00:00", "mx.three.test"),
        stamp("2015-01-01T00:00:00+00:00", "x.f.test"),
    )
    _, *said = conclude(*march(stamp), with_claim, neither)
    assert said == [
        "1 clock in the mail agrees with the claimed date, within 5 seconds.",
        "1 further clock says neither.",
    ]


def test_one_owner_is_said_to_be_one(conclude, stamp: Stamp) -> None:
    (said,) = conclude(*march(stamp)[1:3])
    assert said == (
        "The mail claims 2016-11-14 09:00:00 UTC; 2 clocks, all of one.example and within 1 second of each other, say "
        "2017-03-14 09:00:02 UTC: 120 days later. No clock of another known owner agrees."
    )
    (said,) = conclude(march(stamp)[0])
    assert "; 1 clock, of the sender's computer, says 2017-03-14 09:00:00 UTC: 120 days later." in said


def test_names_of_one_operator_are_one_owner(conclude, stamp: Stamp) -> None:
    names = ["smtp.gmail.com", "mail-a.google.com", "smtp.googlemail.com", "mx.one.example", "mx.one.test"]
    (said,) = conclude(*[stamp("2017-03-14T09:00:02+00:00", name) for name in names])
    assert "; 5 clocks of 2 owners, within" in said, "Google, and who has one.example and one.test"


def test_servers_without_a_name_are_no_owners_beside_named_ones(conclude, stamp: Stamp) -> None:
    nameless = [
        stamp("2017-03-14T09:00:05+00:00", name) for name in ("", "10.0.0.1", "localhost", "mail.local", "[::1]")
    ]
    assert "; 4 clocks of 3 owners, within 4 seconds" in conclude(*march(stamp), *nameless)[0]
    (said,) = conclude(*nameless)
    assert "; 5 clocks, all of a server that is not named and" in said


def test_clocks_that_agree_with_the_claim(conclude, stamp: Stamp) -> None:
    near = [stamp("2016-11-14T09:00:03+00:00", "mx.one.example"), stamp("2016-11-14T09:01:00+00:00", "mx.two.test")]
    agree = (
        "The mail claims 2016-11-14 09:00:00 UTC, and 2 clocks of 2 owners in it agree with that, within 60 seconds."
    )
    assert conclude(*near) == [agree, "No other clock in it counts."]
    far = stamp("2017-03-14T09:00:00+00:00", "mx.three.test")
    assert conclude(*near, far) == [agree, "1 other clock does not."]
    more = [stamp("2017-03-14T09:00:09+00:00", "mx.four.test")]
    assert conclude(*near, *near, far, *more)[1] == (
        "2 clocks of 2 owners, within 9 seconds of each other, say 2017-03-14 09:00:00 UTC instead: 120 days later."
    )


def test_a_clock_that_a_finding_calls_wrong_is_left_out_and_that_is_said(conclude, stamp: Stamp) -> None:
    wrong, near = stamp("2017-03-14T09:00:00+00:00", "mx.three.test"), stamp("2016-11-14T09:00:03+00:00")
    cited = [Cited(Role.SUSPECT, "a", wrong.path, wrong.start)]
    assert conclude(wrong, near, cited=cited)[1:] == [
        "No other clock in it counts.",
        "1 clock is left out, since a finding here calls it wrong.",
    ]
    elsewhere = [Cited(Role.SUSPECT, "b", wrong.path, wrong.start), Cited(Role.WITNESS, "a", wrong.path, wrong.start)]
    assert conclude(wrong, near, cited=elsewhere)[1:] == ["1 other clock does not."]


def test_times_that_no_rule_relies_on_do_not_count(conclude, stamp: Stamp) -> None:
    kinds = [
        TimeKind.FILE_CREATED,
        TimeKind.SEPARATOR,
        TimeKind.FILE_SYSTEM,
        TimeKind.GMAIL_MESSAGE,
        TimeKind.SIGNED_UNTIL,
    ]
    assert conclude(*[stamp("2017-03-14T09:00:00+00:00", kind=kind) for kind in kinds]) == []
    assert conclude(stamp("2017-03-14T09:00:00")) == [], "a local time without an offset is no instant"


def test_nothing_is_said_without_a_claim_or_a_clock(conclude, stamp: Stamp) -> None:
    assert conclude() == []
    assert conclude(*march(stamp), date=None) == []
    assert conclude(*march(stamp), date="2016-11-14T09:00:00") == [], "a local time"


def test_that_the_senders_own_ids_agree_with_its_date_says_nothing(conclude, stamp: Stamp) -> None:
    assert conclude(stamp(DATE, **SENDER)) == []


def test_nothing_is_said_where_the_date_is_not_in_question(
    conclude, make_told, make_entry, make_mail, make_facts, stamp
):
    told = make_told("case.body_hash", a=Role.SUSPECT)
    assert clocks.conclude(make_entry(told), make_facts(make_mail(), times=march(stamp))) == ()
    weak = make_told("mail.date_weekday", proposition=BACK, strength=Strength.WEAK, a=Role.SUSPECT)
    assert clocks.conclude(make_entry(told, weak), make_facts(make_mail(), times=march(stamp))) == ()


def test_a_finding_on_several_mails_counts_for_the_mail_whose_date_it_cites(conclude, stamp: Stamp) -> None:
    assert conclude(*march(stamp), rule="case.quoted_date", others="b") == [], "the date of another"
    cited = [Cited(Role.EITHER, "a", "modified", 0)]
    assert conclude(*march(stamp), rule="case.quoted_date", others="b", cited=cited)[-1] == (
        "1 other mail contradicts its date."
    )


def test_five_thousand_clocks(conclude, stamp: Stamp) -> None:
    many = [stamp(f"2017-03-14T09:{n // 60 % 60:02}:{n % 60:02}+00:00", f"mx.n{n}.test") for n in range(5_000)]
    (said,) = conclude(*many)
    assert "; 5,000 clocks of 5,000 owners, within 60 minutes of each other, say" in said
    both = [stamp(f"2016-11-14T09:{n // 60 % 60:02}:{n % 60:02}+00:00", f"mx.n{n}.test") for n in range(2_500)]
    _, also = conclude(*many, *both)
    assert also.startswith("2,500 clocks of 2,500 owners in the mail agree with the claimed date")


def test_dates_outside_the_calendar(conclude, stamp: Stamp) -> None:
    far = stamp("2017-03-14T09:00:02+00:00")
    beyond = TimeRow(*[2**62 if name == "instant" else getattr(far, name) for name in far.__struct_fields__])
    assert conclude(beyond) == []
