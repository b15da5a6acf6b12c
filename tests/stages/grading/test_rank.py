from collections.abc import Callable, Iterable, Sequence
from random import Random

import pytest

from forensics.model.findings import Habit, Reference, SetAside, StoredFinding
from forensics.model.rules import BenignState, Proposition, Role, Rule, State, Strength
from forensics.stages.grading.clusters import Clustered
from forensics.stages.grading.findings import make_finding
from forensics.stages.grading.rank import Aside, Weighted, counts, independent_groups, rank, without_evidence
from forensics.stages.grading.strength import Graded, Measured, from_rate
from forensics.stages.observed import Observed

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]
Find = Callable[..., StoredFinding]


@pytest.fixture
def find(make_rule: MakeRule, observe: Observe) -> Find:
    """A finding on some items with a given rate."""

    def make(
        *items: str,
        rate: float | None = 1e-4,
        rule: str = "mail.test",
        group: str = "date",
        proposition: Proposition = Proposition.BACKDATED,
        capped: str = "",
        habit: Habit | None = None,
        causes: Sequence[str] = (),
        **observation: object,
    ) -> StoredFinding:
        made = make_rule(rule, group=group, proposition=proposition, benign=tuple(causes))
        one = observe(made, *items, **{"says": rule, **observation})
        strength = Strength.CONTEXT if rate is None or capped in ("explained", "habit") else from_rate(rate)
        measured = None
        if rate is not None:
            measured = Measured(rate=rate, reference=Reference(hits=1, n=10_000, corpus="C"))
        graded = Graded(strength=strength, rate=rate, capped=capped, measured=measured, habit=habit)
        return make_finding(Clustered(observed=one), graded)

    return make


def says(rule: str) -> str:
    return f"items of format {rule} in this group"


def test_one_finding_counts_its_rate(find: Find) -> None:
    (line,) = rank([find("a", rate=5.38543e-5)])
    assert (line.rank, line.score, line.strength) == (1, 4.0, "strong")  # -log10 is 4.269: at most 4
    (line,) = rank([find("a", rate=2e-4)])
    assert (line.score, line.strength) == (3.699, "moderate")
    assert line.item is not None
    assert line.item.sha256 == "a"
    assert line.cluster is None
    assert line.reasons == (says("mail.test"),)
    assert line.supported_by == ()
    assert line.clean_score is None


def test_context_alone_is_not_ranked(find: Find) -> None:
    assert rank([find("a", rate=0.02), find("b", rate=None, capped="no rate")]) == ()


def test_one_suspect_fact_is_one_group(find: Find) -> None:
    found = [find("a", rate=1e-3, rule="mail.a"), find("a", rate=1e-2, rule="mail.b")]
    (line,) = rank(found)
    assert line.score == 3.0  # both accuse the Date, both by the same clock: the better one counts
    assert line.reasons == (says("mail.a"),)
    assert line.findings == (found[0].finding.id, found[1].finding.id)


def test_another_clock_that_agrees_adds_a_half(find: Find) -> None:
    groups = ["date", "route", "server", "author", "packer", "camera"]
    found = [find("a", rate=1e-3, rule=f"mail.{name}", group=name) for name in groups]
    assert [rank(found[:number])[0].score for number in range(1, 7)] == [3.0, 3.5, 4.0, 4.5, 4.5, 4.5]


def test_different_suspects_without_a_shared_cause_add_up(find: Find) -> None:
    found = [
        find("a", rate=1e-2, rule="mail.a", suspect="header:Date[0]"),
        find("a", rate=1e-3, rule="mail.b", suspect="header:Received[0]"),
    ]
    (line,) = rank(found)
    assert line.score == 5.0
    assert line.reasons == (says("mail.b"), says("mail.a"))
    assert line.findings == (found[1].finding.id, found[0].finding.id)


@pytest.mark.parametrize(("state", "score"), [(State.OPEN, 3.0), (State.EXCLUDED, 5.0), (State.UNTESTABLE, 5.0)])
def test_a_shared_open_cause_makes_one_group(find: Find, state: State, score: float) -> None:
    settled = [BenignState(cause="clock_skew", state=state)]
    found = [
        find("a", rate=1e-2, rule="mail.a", suspect="x", causes=["clock_skew"], benign=settled),
        find("a", rate=1e-3, rule="mail.b", suspect="y", causes=["clock_skew"], benign=settled),
    ]
    assert rank(found)[0].score == score


def test_groups_join_through_a_third_finding(find: Find) -> None:
    found = [
        find("a", rate=1e-2, rule="mail.a", suspect="x"),
        find("a", rate=1e-3, rule="mail.b", suspect="y", causes=["skew"]),
        find("a", rate=1e-2, rule="mail.c", suspect="x", causes=["skew"]),
        find("a", rate=1e-2, rule="mail.d", suspect="z"),
    ]
    groups = independent_groups([Weighted(stored=stored, weight=1.0) for stored in found])
    assert [group[0].stored.finding.rule for group in groups] == ["mail.b", "mail.d"]
    assert [len(group) for group in groups] == [3, 1]
    assert rank(found)[0].score == 5.0


def test_either_counts_for_the_one_that_is_suspect_by_itself(find: Find) -> None:
    pair = find("a", "b", rate=5e-4, rule="case.pair", group="route", role=Role.EITHER)
    lines = rank([pair, find("a", rate=1e-4)])
    assert [line.item.sha256 for line in lines if line.item] == ["a"]
    weaker = find("a", rate=5e-3)
    assert {line.item.sha256 for line in rank([pair, weaker]) if line.item} == {"a", "b"}, "too weak to decide"
    both = rank([pair, find("a", rate=1e-4), find("b", rate=1e-4, rule="mail.other")])
    assert {line.item.sha256 for line in both if line.item} == {"a", "b"}


def test_either_gives_both_items_half(find: Find) -> None:
    lines = rank([find("a", "b", rate=1e-3, role=Role.EITHER)])
    assert [(line.item.sha256, line.score) for line in lines if line.item] == [("a", 1.5), ("b", 1.5)]


def test_copies_of_which_one_was_changed_are_one_entry(find: Find) -> None:
    pair = find("a", "b", rate=1e-3, rule="case.pair", group="copies", role=Role.EITHER)
    (line,) = rank([pair])
    assert [ref.sha256 for ref in line.items] == ["a", "b"] and line.score == 1.5
    own = find("b", rate=1e-2, rule="mail.own", suspect="other")
    (line,) = rank([pair, own])
    assert line.item is not None and line.item.sha256 == "b", "there is most on it"
    assert [ref.sha256 for ref in line.partners] == ["a"]
    assert (line.score, line.findings) == (3.5, (pair.finding.id, own.finding.id))
    of_partner = find("a", rate=1e-2, rule="mail.partner", causes=["skew"])
    (line,) = rank([pair, own, of_partner])
    assert line.item is not None and line.item.sha256 == "b"
    assert line.findings == (pair.finding.id, own.finding.id, of_partner.finding.id), "nothing is lost"


def test_a_third_copy_joins_two(find: Find) -> None:
    found = [
        find(*pair, rate=1e-3, rule=f"case.{number}", group="copies", role=Role.EITHER)
        for number, pair in enumerate(["bc", "ab", "xy"])
    ]
    lines = rank([*found, find("z", rate=1e-3)])
    assert [[ref.sha256 for ref in line.items] for line in lines] == [["z"], ["a", "b", "c"], ["x", "y"]]


def test_a_copy_that_is_suspect_by_itself_has_no_partner(find: Find) -> None:
    pair = find("a", "b", rate=1e-3, rule="case.pair", group="copies", role=Role.EITHER)
    (line,) = rank([pair, find("a", rate=1e-4)])
    assert line.item is not None and (line.item.sha256, line.partners) == ("a", ())


def test_a_mail_and_its_quote_are_one_entry_where_nothing_stronger_is_said_of_either(find: Find) -> None:
    quote = find("a", "b", rate=1e-3, rule="case.quote", group="quotes", role=Role.EITHER)
    (line,) = rank([quote])
    assert [ref.sha256 for ref in line.items] == ["a", "b"]
    (line,) = rank([quote, find("b", rate=1e-2, rule="mail.own", suspect="other")])
    assert [ref.sha256 for ref in line.items] == ["b", "a"], "what is weaker does not part them"
    stronger = find("b", "c", rate=1e-4, rule="mail.pair", role=Role.EITHER)
    assert [[ref.sha256 for ref in line.items] for line in rank([quote, stronger])] == [["b"], ["c"], ["a"]]


def test_an_either_that_agrees_adds_half_as_much(find: Find) -> None:
    found = [
        find("a", rate=1e-3, rule="mail.a"),
        find("a", "b", rate=1e-3, rule="case.b", group="route", role=Role.EITHER),
    ]
    assert [line.score for line in rank(found)] == [3.25], "b is not suspect by itself, a is"


def test_order(find: Find) -> None:
    found = [
        find("1", rate=1e-3, rule="mail.weaker", proposition=Proposition.FORGED),
        find("2", rate=1e-4, proposition=Proposition.REPACKAGED),
        find("3", rate=1e-4, proposition=Proposition.BACKDATED),
        find("4", rate=1e-4, proposition=Proposition.BACKDATED),
        find("4", rate=1e-2, rule="mail.more", suspect="other"),
        find("5", rate=1e-4, proposition=Proposition.TRANSPLANTED),
        find("6", rate=1e-4, proposition=Proposition.ALTERED_CONTENT),
        find("7", rate=1e-4, proposition=Proposition.SPOOFED_IDENTITY),
    ]
    lines = rank(found)
    assert [line.item.sha256 for line in lines if line.item] == ["5", "6", "4", "3", "7", "2", "1"]
    assert [line.rank for line in lines] == [1, 2, 3, 4, 5, 6, 7]


def test_a_weak_finding_does_not_move_a_strong_one_to_another_class(find: Find) -> None:
    found = [
        find("a", rate=1e-4, rule="mail.a"),
        find("a", rate=1e-2, rule="mail.b", proposition=Proposition.FORGED),
        find("0", rate=1e-4, rule="mail.a"),
    ]
    lines = rank(found)
    assert [line.item.sha256 for line in lines if line.item] == ["0", "a"]
    assert lines[1].propositions == (Proposition.FORGED, Proposition.BACKDATED)


def test_a_cluster_is_one_line(find: Find) -> None:
    nine = [f"{at}" for at in range(9)]
    found = [
        find(*nine, rate=1e-4, rule="case.batch", cluster="eve", proposition=Proposition.ALTERED_CONTENT),
        find("3", rate=1e-2, rule="document.own"),
    ]
    cluster, item = rank(found)
    assert cluster.item is None
    assert cluster.cluster is not None
    assert (cluster.cluster.rule, cluster.cluster.value) == ("case.batch", "eve")
    assert [member.sha256 for member in cluster.cluster.members] == nine
    assert (cluster.score, cluster.findings) == (4.0, (found[0].finding.id,))
    assert item.item is not None
    assert (item.item.sha256, item.score) == ("3", 2.0)


def test_what_supports_an_item_stands_beside_it_and_is_not_counted(find: Find) -> None:
    found = [
        find("a", rate=1e-3),
        find("a", rate=1e-4, rule="mail.signed", proposition=Proposition.AUTHENTICATED),
        find("b", rate=1e-4, rule="mail.signed", proposition=Proposition.AUTHENTICATED),
    ]
    (line,) = rank(found)
    assert line.score == 3.0
    assert line.supported_by == (says("mail.signed"),)


def set_aside(found: Iterable[StoredFinding]) -> tuple[SetAside, ...]:
    aside = Aside()
    for one in found:
        aside.add(one)
    return aside.lines()


def test_order_of_arrival_does_not_matter(find: Find) -> None:
    found = [
        find(f"{at % 7}", rate=10.0 ** -(2 + at % 3), rule=f"mail.r{at}", suspect=f"s{at % 4}", group=f"g{at % 2}")
        for at in range(60)
    ]
    found.append(find("1", "2", "3", rule="case.c", cluster="eve"))
    wanted, aside = rank(found), set_aside(found)
    for seed in range(5):
        Random(seed).shuffle(found)
        assert rank(found) == wanted
        assert set_aside(found) == aside
    assert rank([without_evidence(one) for one in found if counts(one.finding)]) == wanted


def test_set_aside_groups_by_rule_reason_and_group(find: Find) -> None:
    skew = [BenignState(cause="clock_skew", state=State.EXPLAINS)]
    spam = [BenignState(cause="unsolicited", state=State.EXPLAINS)]
    causes = ["unsolicited", "clock_skew"]
    habit = Habit(hits=9, n=20, group="ann@x.example")
    found = [
        *[find(f"{at}", capped="explained", causes=causes, benign=skew) for at in range(9)],
        find("s", capped="explained", causes=causes, benign=[*skew, *spam]),
        find("h", capped="habit", rate=0.3, habit=habit),
        find("i", capped="habit", rate=0.3, habit=habit),
        find("n", rate=None, capped="no rate", rule="mail.unmeasured"),
        find("c", rate=0.03, capped="calibration"),
        find("r", rate=0.03),
        find("w", rate=1e-3, capped="ceiling"),
    ]
    lines = set_aside(found)
    assert [(line.rule, line.reason, line.group, line.count) for line in lines] == [
        ("mail.test", "calibration", "", 1),
        ("mail.test", "clock_skew", "", 9),
        ("mail.test", "habit", "ann@x.example", 2),
        ("mail.test", "unsolicited", "", 1),
        ("mail.unmeasured", "no rate", "", 1),
    ]
    assert [item.sha256 for item in lines[1].sample] == ["0", "1", "2", "3", "4"]
