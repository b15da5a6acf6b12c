from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from forensics.errors import CheckError
from forensics.model.codec import encode
from forensics.model.locations import Location
from forensics.model.rows import observations
from forensics.model.rows.observations import ObservationRow
from forensics.model.rules import BenignState, Observation, Role, Rule, State, Subject
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind
from forensics.stages.observed import Observed, from_rows, once_each, outline, with_state

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]


def stored(one: Observed, version: int = 1) -> ObservationRow:
    main = one.observation.subjects[0]
    rule = msgspec.structs.replace(one.rule, version=version)
    return observations.row_of(rule, one.observation, main.sha256, main.location)


def known(observed: Iterable[Observed]) -> list[tuple[Rule, Observation]]:
    return [(one.rule, one.observation) for one in observed]


def moved(one: Observed, where: Location) -> Observed:
    subject = msgspec.structs.replace(one.observation.subjects[0], location=where)
    return msgspec.structs.replace(one, observation=msgspec.structs.replace(one.observation, subjects=(subject,)))


def test_stored_observations_meet_their_rules(make_rule: MakeRule, observe: Observe) -> None:
    one, two = observe(make_rule(), "a"), observe(make_rule(), "b")
    observed, notices = from_rows([stored(one), stored(two)], {"mail.test": one.rule})
    assert known(observed) == known((one, two))
    assert [one.key for one in observed] == [sha256(encode(one.observation)).hexdigest() for one in observed]
    assert notices == ()


def test_a_rule_or_version_that_is_not_in_force_is_told(make_rule: MakeRule, observe: Observe) -> None:
    one, gone = observe(make_rule(), "a"), observe(make_rule("mail.gone"), "a")
    rows = [stored(gone), stored(one, version=2), stored(one, version=2), stored(one)]
    observed, notices = from_rows(rows, {"mail.test": one.rule})
    assert known(observed) == known((one,))
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


SKEW = BenignState(
    cause="clock_skew",
    state=State.EXPLAINS,
    note=says("test.test_observed", one="Its host runs ten minutes ahead.")(),
)


def test_what_a_rule_settled_itself_stands(make_rule: MakeRule, observe: Observe) -> None:
    own = BenignState(cause="clock_skew", state=State.EXCLUDED)
    one = with_state(observe(make_rule(), "a", benign=[own]).observation, SKEW)
    assert one.benign == (own,)


def test_an_outline_has_what_explainers_ask_and_no_bytes(make_rule: MakeRule, observe: Observe) -> None:
    one = observe(make_rule(), "a", benign=[BenignState(cause="clock_skew", state=State.EXCLUDED)])
    fact = msgspec.structs.replace(one.observation.evidence[0], kind=TimeKind.DATE, instant=7, wall=9, sha256="b")
    one = msgspec.structs.replace(one, observation=msgspec.structs.replace(one.observation, evidence=(fact,)))
    short = outline(one)
    assert (short.rule, short.items, short.main.role, short.outlined) == (one.rule, one.items, Role.SUSPECT, True)
    seen, whole = short.observation, one.observation
    assert (seen.bin, seen.suspect, seen.keys, seen.benign) == (whole.bin, whole.suspect, whole.keys, whole.benign)
    (kept,) = seen.evidence
    assert (kept.kind, kept.instant, kept.wall, kept.sha256, kept.role) == (TimeKind.DATE, 7, 9, "b", fact.role)
    assert (kept.raw, kept.value, seen.subjects[0].location.text) == (b"", "", "")
    member = msgspec.structs.replace(one, observation=msgspec.structs.replace(whole, cluster="eve"))
    assert outline(member) is member
