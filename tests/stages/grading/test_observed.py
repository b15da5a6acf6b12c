from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from forensics.errors import CheckError
from forensics.model.codec import encode_text
from forensics.model.locations import Location
from forensics.model.rows.observations import ObservationRow
from forensics.model.rules import Role, Rule, Subject
from forensics.stages.grading.observed import Observed, from_rows, once_each

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]


def stored(one: Observed, version: int = 1) -> ObservationRow:
    main = one.observation.subjects[0]
    return ObservationRow(
        rule=one.rule.id,
        rule_version=version,
        bin=one.observation.bin,
        sha256=main.sha256,
        location=encode_text(main.location),
        cluster="",
        compare="",
        observation=encode_text(one.observation),
    )


def moved(one: Observed, where: Location) -> Observed:
    subject = msgspec.structs.replace(one.observation.subjects[0], location=where)
    return msgspec.structs.replace(one, observation=msgspec.structs.replace(one.observation, subjects=(subject,)))


def test_stored_observations_meet_their_rules(make_rule: MakeRule, observe: Observe) -> None:
    one, two = observe(make_rule(), "a"), observe(make_rule(), "b")
    observed, notices = from_rows([stored(two), stored(one)], {"mail.test": one.rule})
    assert observed == (one, two)
    assert notices == ()


def test_a_rule_or_version_that_is_not_in_force_is_told(make_rule: MakeRule, observe: Observe) -> None:
    one, gone = observe(make_rule(), "a"), observe(make_rule("mail.gone"), "a")
    rows = [stored(one, version=2), stored(one, version=2), stored(gone), stored(one)]
    observed, notices = from_rows(rows, {"mail.test": one.rule})
    assert observed == (one,)
    assert [(notice.code, notice.text) for notice in notices] == [
        ("engine.rule_not_in_force", "1 observations of mail.gone/1 are stored but cannot be graded"),
        ("engine.rule_not_in_force", "2 observations of mail.test/2 are stored but cannot be graded"),
    ]


def test_a_content_met_twice_is_judged_once_at_its_first_place(
    make_rule: MakeRule, observe: Observe, place: Callable[..., Location]
) -> None:
    one = observe(make_rule(), "a")
    copies = [moved(one, place("a", path)) for path in ("leak/c.eml", "leak/b.eml", "leak/d.eml")]
    assert once_each(copies) == (copies[1],)


def test_occurrences_are_judged_wherever_they_stand(
    make_rule: MakeRule, observe: Observe, place: Callable[..., Location]
) -> None:
    one = observe(make_rule(subject=Subject.OCCURRENCE), "a")
    copies = [moved(one, place("a", path)) for path in ("leak/b.eml", "leak/c.eml", "leak/b.eml")]
    assert once_each(copies) == tuple(copies[:2])


def test_the_main_subject_is_the_first_that_is_no_witness(make_rule: MakeRule, observe: Observe) -> None:
    one: Any = observe(make_rule(), "b", "a", "b")
    assert one.main.sha256 == "b"
    assert one.items == ("a", "b")
    with pytest.raises(CheckError):
        _ = observe(make_rule(), "a", role=Role.WITNESS).main
