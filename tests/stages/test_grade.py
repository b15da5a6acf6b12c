from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import msgspec
import pytest

from forensics.errors import CheckError
from forensics.examples.times import ticks
from forensics.knowledge.rates import RateRow
from forensics.model.findings import EvidenceAggregate, Ranked, SetAside, StoredFinding
from forensics.model.items import Notice
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.message import MessageHas
from forensics.model.rows import observations as rows
from forensics.model.rules import BenignState, Proposition, Rule, State, Subject
from forensics.model.sentences import Sentence, says
from forensics.stages import grade as stage
from forensics.stages.grading.strength import ReferenceRates
from forensics.stages.observed import Observed, Rows, from_rows, in_order, outline
from forensics.stages.outlines import spooled
from tests.stages.settling import settle

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]
MakeRates = Callable[..., ReferenceRates]

DAY = 86_400 * 10_000_000
START = ticks("2016-01-01T00:00:00+00:00")


class Grading(msgspec.Struct, frozen=True):
    """All that grading makes, findings by id."""

    findings: tuple[StoredFinding, ...]
    ranking: tuple[Ranked, ...]
    set_aside: tuple[SetAside, ...]
    notices: tuple[Notice, ...]


def grade(observed: Sequence[Observed], rows: Rows, rates: ReferenceRates | None = None) -> Grading:
    made: list[StoredFinding] = []
    done = stage.grade(observed, rows, rates, take=made.append)
    findings = tuple(sorted(made, key=lambda stored: stored.finding.id))
    return Grading(findings, done.ranking, done.set_aside, done.notices)


SKEW = BenignState(cause="clock_skew", state=State.EXPLAINS, note=says("test.test_grade", one="Ten minutes ahead.")())


@pytest.fixture
def small_case(archive: Any, make_rule: MakeRule, observe: Observe, make_rates: MakeRates) -> Callable[..., Grading]:
    """Sixty mails of one sender among 260, nine touched spreadsheets among twelve, and what rules saw on them."""
    for at in range(60):
        archive.add(
            "messages",
            sha256=f"m{at:02}",
            mask=int(MessageHas.DATE),
            from_address="ann@x.example",
            arrived=START + at * DAY,
        )
        archive.add("signatures", sha256=f"m{at:02}", signed_fields=["from"])
    for at in range(200):
        archive.add("messages", sha256=f"x{at:03}", mask=int(MessageHas.DATE), from_address="bo@y.example")
    for at in range(12):
        archive.add("documents", sha256=f"d{at:02}", format="ooxml.excel", mask=int(DocumentHas.CREATED))
    back = make_rule("mail.back", benign=("clock_skew", "wrong_zone"), compare_with="sender")
    usual = make_rule("mail.usual", compare_with="sender")
    rare = make_rule("mail.rare", group="server", proposition=Proposition.FORGED)
    touch = make_rule("case.touch", subject=Subject.DOCUMENT, proposition=Proposition.ALTERED_CONTENT)
    observed = [
        observe(back, "m01"),
        observe(back, "m02"),
        *[observe(usual, f"m{at:02}") for at in range(20, 60)],
        observe(rare, "m01", suspect="header:Message-ID[0]"),
        observe(make_rule("mail.unmeasured"), "m03"),
        *[observe(touch, f"d{at:02}", cluster="eve 10:01", bin="9") for at in range(9)],
    ]
    rates = make_rates(
        {
            ("mail.back", "off"): (2, 116_902),
            ("mail.usual", "off"): (0, 50_000),
            ("mail.rare", "off"): (5, 20_000),
            ("case.touch", "9"): (0, 4_000),
        }
    )

    def run(seed: int | None = None) -> Grading:
        order = list(observed)
        if seed is not None:
            Random(seed).shuffle(order)
        ordered = in_order(order)
        skewed = [(at, SKEW) for at, one in enumerate(ordered) if one.rule is back and one.main.sha256 == "m02"]
        return grade(settle(ordered, skewed), archive.rows, rates)

    return run


def test_from_observations_to_ranking(small_case: Callable[..., Grading]) -> None:
    grading = small_case()
    assert grading.notices == ()
    assert len(grading.findings) == 45
    first, second = grading.ranking
    # m01: 2 of 116,902 -> 5.4e-5 strong, 4 points; 5 of 20,000 -> bound 5.26e-4, 3.279 points, another group
    assert first.item is not None
    assert first.item.sha256 == "m01"
    assert (first.strength, first.score) == ("strong", 7.279)
    assert first.propositions == (Proposition.FORGED, Proposition.BACKDATED)
    # the cluster: 0 of 4,000 -> bound 7.49e-4, 3.126 points
    assert second.cluster is not None
    assert len(second.cluster.members) == 9
    assert (second.strength, second.score) == ("moderate", 3.126)
    assert "9 of the archive's 12 items of format ooxml.excel" in second.reasons[0]


def test_the_cluster_is_one_finding_with_its_coverage(small_case: Callable[..., Grading]) -> None:
    (stored,) = [stored for stored in small_case().findings if stored.finding.rule == "case.touch"]
    assert stored.cluster == "eve 10:01"
    assert len(stored.finding.subjects) == 9
    assert len(stored.finding.evidence) == 10
    assert isinstance(stored.finding.evidence[-1], EvidenceAggregate)


def test_what_is_set_aside(small_case: Callable[..., Grading]) -> None:
    assert [(line.rule, line.reason, line.group, line.count) for line in small_case().set_aside] == [
        ("mail.back", "clock_skew", "", 1),
        ("mail.unmeasured", "no rate", "", 1),
        ("mail.usual", "habit", "ann@x.example", 40),
    ]


def test_what_the_archive_as_a_whole_shows_has_one_line(
    archive: Any, make_rule: MakeRule, observe: Observe, make_rates: MakeRates
) -> None:
    for at in range(30):
        archive.add(
            "messages", sha256=f"m{at:02}", mask=int(MessageHas.DATE), from_address=f"{at}@x.example", timestamps=[]
        )
    often, rare = make_rule("mail.often"), make_rule("mail.rare")
    observed = [observe(often, f"m{at:02}") for at in range(10)] + [observe(rare, "m11")]
    rates = make_rates({("mail.often", "off"): (0, 50_000), ("mail.rare", "off"): (0, 50_000)})
    grading = grade(observed, archive.rows, rates)
    assert [line.item.sha256 for line in grading.ranking if line.item] == ["m11"]
    (line,) = grading.set_aside
    assert (line.rule, line.reason, line.count) == ("mail.often", "whole_archive", 10)
    assert "10 of the 30 mails" in line.statement
    strengths = {(stored.finding.rule, stored.finding.strength) for stored in grading.findings}
    assert strengths == {("mail.often", "context"), ("mail.rare", "strong")}


def test_the_habit_stands_in_the_finding(small_case: Callable[..., Grading]) -> None:
    usual = [stored.finding for stored in small_case().findings if stored.finding.rule == "mail.usual"]
    assert {(one.habit.hits, one.habit.n, one.strength) for one in usual if one.habit} == {(39, 59, "context")}


def test_an_explained_finding_keeps_its_rate_and_all_its_causes(small_case: Callable[..., Grading]) -> None:
    (stored,) = [
        stored
        for stored in small_case().findings
        if stored.finding.rule == "mail.back" and stored.finding.item.sha256 == "m02"
    ]
    assert (stored.finding.strength, stored.finding.rate, stored.capped) == ("context", 5.38543e-05, "explained")
    assert [(state.cause, state.state) for state in stored.finding.benign] == [
        ("clock_skew", State.EXPLAINS),
        ("wrong_zone", State.OPEN),
    ]


def test_order_of_arrival_does_not_matter(small_case: Callable[..., Grading]) -> None:
    wanted = small_case()
    assert all(small_case(seed) == wanted for seed in range(5))


def test_unsolicited_items_are_compared_with_spam(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    spam = BenignState(cause="unsolicited", state=State.EXPLAINS)
    rows = [
        RateRow("mail.test", 1, "off", "lists", "any", "list", 0, 90_000),
        RateRow("mail.test", 1, "off", "spam", "any", "unsolicited", 62, 5_699),
    ]
    told = observe(make_rule("mail.lure", benign=("unsolicited",)), "a", benign=[spam])
    observed = [told, observe(make_rule(), "a"), observe(make_rule(), "b")]
    grading = grade(observed, archive.rows, ReferenceRates(lambda rule, version: rows))
    corpora = {
        stored.finding.item.sha256: stored.finding.reference.corpus
        for stored in grading.findings
        if stored.finding.rule == "mail.test" and stored.finding.reference
    }
    assert corpora == {"a": "spam", "b": "lists"}


def test_observations_on_the_same_bytes_are_different_findings(
    archive: Any, make_rule: MakeRule, observe: Observe, make_rates: MakeRates
) -> None:
    observed = [observe(make_rule(), "a", bin="near"), observe(make_rule(), "a", bin="far")]
    grading = grade(observed, archive.rows, make_rates({}))
    assert {stored.finding.bin for stored in grading.findings} == {"near", "far"}
    assert len({stored.finding.id for stored in grading.findings}) == 2


def test_a_finding_that_cannot_be_made_is_noted(
    archive: Any, make_rule: MakeRule, observe: Observe, make_rates: MakeRates
) -> None:
    good, bad = observe(make_rule(), "a"), observe(make_rule(), "b")
    bad = msgspec.structs.replace(bad, observation=msgspec.structs.replace(bad.observation, sentence=Sentence("none")))
    grading = grade([good, bad], archive.rows, make_rates({}))
    assert [stored.finding.item.sha256 for stored in grading.findings] == ["a"]
    assert [notice.code for notice in grading.notices] == ["engine.finding_fault"]


def test_nothing_observed_nothing_found(archive: Any) -> None:
    assert grade([], archive.rows) == Grading(findings=(), ranking=(), set_aside=(), notices=())


def test_what_is_outlined_is_graded_as_if_it_were_whole(
    archive: Any, make_rule: MakeRule, observe: Observe, make_rates: MakeRates
) -> None:
    back, touch = make_rule("mail.back", benign=("clock_skew",)), make_rule("case.touch", subject=Subject.DOCUMENT)
    rates = make_rates({("mail.back", "off"): (2, 116_902), ("case.touch", "9"): (0, 4_000)})
    whole = [
        *[observe(back, name, start=start) for name in ("a", "b") for start in (0, 7)],
        *[observe(touch, name, cluster="eve 10:01", bin="9") for name in ("c", "d")],
        observe(touch, "e", cluster="alone", bin="9"),
    ]
    stored = [rows.row_of(one.rule, one.observation, one.main.sha256, one.main.location) for one in in_order(whole)]
    rules = {one.rule.id: one.rule for one in whole}
    explained = [(1, SKEW)]
    wanted = grade(settle(from_rows(stored, rules)[0], explained), archive.rows, rates)
    outlined = spooled(map(outline, from_rows(stored, rules)[0]))
    assert [one.outlined for one in outlined] == [not one.observation.cluster for one in outlined]
    made: list[StoredFinding] = []
    settled, twice = settle(outlined, explained), [*stored, *stored]
    done = stage.grade(settled, archive.rows, rates, take=made.append, stored=lambda: twice, spooled=spooled)
    assert tuple(sorted(made, key=lambda one: one.finding.id)) == wanted.findings
    assert (done.ranking, done.set_aside) == (wanted.ranking, wanted.set_aside)
    with pytest.raises(CheckError, match="1 observations are outlined but not stored"):
        stage.grade(outlined, archive.rows, rates, take=made.append, stored=lambda: stored[:-1])
