from collections.abc import Callable
from random import Random
from typing import Any

import msgspec

from forensics.model.rules import BenignState, Role, Rule, State
from forensics.stages.grading.clusters import Coverage, cover, form_clusters
from forensics.stages.observed import Observed

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]

NINE = [f"{at:064x}" for at in range(9)]


def test_observations_that_share_a_value_are_one(make_rule: MakeRule, observe: Observe) -> None:
    rule = make_rule("case.batch_touch")
    apart = observe(rule, "f" * 64)
    merged = form_clusters([*[observe(rule, name, cluster="eve 10:01", bin="9") for name in NINE], apart])
    assert merged[0] == apart
    assert len(merged) == 2
    cluster = merged[1].observation
    assert [subject.sha256 for subject in cluster.subjects] == NINE
    assert [fact.sha256 for fact in cluster.evidence] == NINE
    assert all(fact.location is not None for fact in cluster.evidence)
    assert (cluster.bin, cluster.cluster) == ("9", "eve 10:01")


def test_one_observation_that_names_all_members_stays_as_it_is(make_rule: MakeRule, observe: Observe) -> None:
    whole = observe(make_rule("case.batch_touch"), *NINE, cluster="eve")
    assert form_clusters([whole]) == (whole,)


def test_rules_and_values_are_kept_apart(make_rule: MakeRule, observe: Observe) -> None:
    rule, other = make_rule("case.a"), make_rule("case.b")
    merged = form_clusters(
        [
            observe(rule, "1", "2", cluster="eve"),
            observe(rule, "3", "4", cluster="bob"),
            observe(other, "1", "2", cluster="eve"),
        ]
    )
    assert len(merged) == 3


def test_repeated_clusters_of_the_same_members_are_merged(make_rule: MakeRule, observe: Observe) -> None:
    rule = make_rule("case.batch_touch")
    merged = form_clusters([observe(rule, "1", "2", cluster="b"), observe(rule, "2", "1", cluster="a", start=7)])
    assert [one.observation.cluster for one in merged] == ["a"]
    assert merged[0].items == ("1", "2")
    assert len(merged[0].observation.evidence) == 2


def test_a_cluster_of_one_is_a_single_item(make_rule: MakeRule, observe: Observe) -> None:
    merged = form_clusters([observe(make_rule(), "1", cluster="eve")])
    assert [one.observation.cluster for one in merged] == [""]


def test_witnesses_are_no_members(make_rule: MakeRule, observe: Observe) -> None:
    accused = observe(make_rule(), "1", cluster="eve")
    witness = observe(make_rule(), "2", role=Role.WITNESS).observation.subjects
    observation = msgspec.structs.replace(accused.observation, subjects=(*accused.observation.subjects, *witness))
    merged = form_clusters([msgspec.structs.replace(accused, observation=observation)])
    assert [one.observation.cluster for one in merged] == [""]


def test_a_cause_holds_for_a_cluster_when_it_holds_for_all(make_rule: MakeRule, observe: Observe) -> None:
    rule = make_rule(benign=("converter", "clock_skew", "template"))
    explains = BenignState(cause="converter", state=State.EXPLAINS)
    skew = BenignState(cause="clock_skew", state=State.EXPLAINS)
    out = BenignState(cause="template", state=State.EXCLUDED)
    merged = form_clusters(
        [
            observe(rule, "1", cluster="eve", benign=[explains, skew]),
            observe(rule, "2", cluster="eve", benign=[explains, out]),
        ]
    )
    assert {state.cause: state.state for state in merged[0].observation.benign} == {
        "converter": State.EXPLAINS,
        "clock_skew": State.OPEN,
        "template": State.OPEN,
    }


def test_the_commonest_bin_and_a_shared_group(make_rule: MakeRule, observe: Observe) -> None:
    rule = make_rule(compare_with="by-host")
    merged = form_clusters(
        [
            observe(rule, "1", cluster="eve", bin="far", compare="a"),
            observe(rule, "2", cluster="eve", bin="near", compare="a"),
            observe(rule, "3", cluster="eve", bin="near", compare="a"),
        ]
    )
    assert (merged[0].observation.bin, merged[0].observation.compare) == ("near", "a")
    apart = form_clusters(
        [observe(rule, "1", cluster="eve", compare="a"), observe(rule, "2", cluster="eve", compare="b")]
    )
    assert apart[0].observation.compare == ""


def test_order_of_arrival_does_not_matter(make_rule: MakeRule, observe: Observe) -> None:
    rule = make_rule()
    observed = [observe(rule, name, cluster=f"c{at % 3}", start=at, says=name) for at, name in enumerate(NINE)]
    observed.append(observe(rule, "z"))
    wanted = form_clusters(observed)
    for seed in range(5):
        Random(seed).shuffle(observed)
        assert form_clusters(observed) == wanted


def test_coverage_of_the_format(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    for at in range(12):
        archive.add("documents", sha256=f"{at:064x}", format="ooxml.excel")
    archive.add("documents", sha256=NINE[0], format="ooxml.excel")  # once more, from another unit
    archive.add("documents", sha256="f" * 64, format="pdf")
    archive.add("messages", sha256="e" * 64)
    archive.add("contents", sha256="e" * 64, parser="mail.rfc5322/3")
    archive.add("contents", sha256="e" * 64, parser="")  # passed over in another unit
    cluster = observe(make_rule(), *NINE, cluster="eve")
    mixed = observe(make_rule("mail.b"), "e" * 64, "f" * 64, "unknown", cluster="x")
    single = observe(make_rule(), "f" * 64)
    covered = cover(archive.rows, [cluster, mixed, single])
    assert covered[0].coverage == (Coverage(format="ooxml.excel", members=9, total=12),)
    assert covered[1].coverage == (
        Coverage(format="mail.rfc5322", members=1, total=1),
        Coverage(format="pdf", members=1, total=1),
    )
    assert covered[2].coverage == ()
    assert [member.sha256 for member in covered[0].members] == NINE
    assert covered[2].members == ()
