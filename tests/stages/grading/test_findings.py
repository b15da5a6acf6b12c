import base64
import hashlib
from collections.abc import Callable

import msgspec
import pytest

from forensics.checks import settle
from forensics.errors import KnowledgeError
from forensics.model.codec import encode
from forensics.model.findings import EvidenceAggregate, EvidenceBytes, Habit, Reference
from forensics.model.locations import Location, Locator
from forensics.model.rules import Aggregate, BenignState, Evidence, Role, Rule, State, Strength
from forensics.model.sentences import Sentence, says
from forensics.stages.grading.clusters import Clustered, Coverage
from forensics.stages.grading.findings import (
    EVIDENCE_LIMIT,
    benign_states,
    finding_id,
    make_finding,
    raw_of,
)
from forensics.stages.grading.strength import Graded, Measured
from forensics.stages.observed import Observed, with_state

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]

GRADED = Graded(
    strength=Strength.STRONG,
    rate=5.38543e-05,
    capped="",
    measured=Measured(rate=5.38543e-05, reference=Reference(hits=2, n=116_902, corpus="L1+L2+L3")),
    habit=Habit(hits=5, n=20, group="g"),
)


def changed(one: Observed, **changes: object) -> Observed:
    return msgspec.structs.replace(one, observation=msgspec.structs.replace(one.observation, **changes))


def test_raw_shows_printable_ascii_and_escapes_the_rest() -> None:
    raw = raw_of(b"Date: \xc3\xa9\t\r\n~\x7f\\x")
    assert raw.text == r"Date: \xc3\xa9\x09\x0d\x0a~\x7f\x"
    assert raw.b64 == b"Date: \xc3\xa9\t\r\n~\x7f\\x"
    assert base64.b64decode(msgspec.json.decode(encode(raw))["b64"]) == raw.b64


def test_a_finding_holds_all_that_the_contract_names(make_rule: MakeRule, observe: Observe) -> None:
    rule = make_rule(benign=("clock_skew", "wrong_zone"), contradiction=True)
    settled = BenignState(
        cause="wrong_zone",
        state=State.EXCLUDED,
        note=says("test.test_findings", one="The zone is the right one.")(),
    )
    one = observe(rule, "a" * 64, benign=[settled], says="x", start=6)
    stored = make_finding(Clustered(observed=one), GRADED)
    finding = stored.finding
    assert finding.schema == "forensics/findings/1"
    assert (finding.rule, finding.rule_version, finding.group) == ("mail.test", 1, "date")
    assert (finding.strength, finding.rate, finding.contradiction) == ("strong", 5.38543e-05, True)
    assert finding.reference == Reference(hits=2, n=116_902, corpus="L1+L2+L3")
    assert finding.habit == Habit(hits=5, n=20, group="g")
    assert finding.statement == "items of format x in this group"
    assert finding.settle == settle.RELAYS.one
    assert finding.references == ("RFC 5322 3.3",)
    assert [(one.cause, one.state, one.note) for one in finding.benign] == [
        ("clock_skew", State.OPEN, ""),
        ("wrong_zone", State.EXCLUDED, "The zone is the right one."),
    ]
    assert stored.notes == (None, settled.note)
    assert finding.item.sha256 == "a" * 64
    (evidence,) = finding.evidence
    assert isinstance(evidence, EvidenceBytes)
    assert evidence.item == finding.item
    assert evidence.raw == raw_of(b"x\xe9")
    assert evidence.locator.ranges == ((6, 8),)
    assert (stored.suspect, stored.cluster, stored.capped) == ("header:Date[0]", "", "")


def test_context_and_place_of_evidence_are_kept(
    make_rule: MakeRule, observe: Observe, place: Callable[..., Location]
) -> None:
    one = observe(make_rule(), "a" * 64)
    other = Evidence(
        role=Role.WITNESS,
        label="created",
        value="2017",
        raw=b"2017",
        locator=Locator(ranges=((40, 44),), path="x"),
        sha256="b" * 64,
        location=place("b" * 64),
        context=b"<created>2017</created>",
        context_start=31,
    )
    stored = make_finding(Clustered(observed=changed(one, evidence=(other,))), GRADED)
    (evidence,) = stored.finding.evidence
    assert isinstance(evidence, EvidenceBytes)
    assert evidence.item.sha256 == "b" * 64
    assert (evidence.context.text, evidence.context_start) == ("<created>2017</created>", 31)


def test_aggregates_follow_the_quoted_facts(make_rule: MakeRule, observe: Observe) -> None:
    aggregate = Aggregate(
        role=Role.WITNESS, label="mails", query="mail.test", parameters={"by": "mx"}, n=9, k=8, sample=("a",)
    )
    one = changed(observe(make_rule(), "a" * 64), aggregates=(aggregate,))
    quoted, counted = make_finding(Clustered(observed=one), GRADED).finding.evidence
    assert isinstance(quoted, EvidenceBytes)
    assert counted == EvidenceAggregate(
        role=Role.WITNESS, label="mails", query="mail.test", parameters={"by": "mx"}, n=9, k=8, sample=("a",)
    )


def test_a_clusters_coverage_is_said_and_counted(make_rule: MakeRule, observe: Observe) -> None:
    one = observe(make_rule(), "a" * 64, "b" * 64, cluster="eve", says="x")
    coverage = (Coverage(format="ooxml.excel", members=2, total=12),)
    finding = make_finding(Clustered(observed=one, coverage=coverage), GRADED).finding
    assert finding.statement == (
        "items of format x in this group 2 of the archive's 12 items of format ooxml.excel are in this group."
    )
    assert isinstance(finding.evidence[-1], EvidenceAggregate)
    assert (finding.evidence[-1].k, finding.evidence[-1].n) == (2, 12)
    assert finding.evidence[-1].sample == ("a" * 64, "b" * 64)


def test_a_large_cluster_quotes_the_first_facts_and_counts_the_rest(make_rule: MakeRule, observe: Observe) -> None:
    one = observe(make_rule(), "a" * 64, "b" * 64, cluster="eve")
    (fact,) = one.observation.evidence
    facts = tuple([msgspec.structs.replace(fact, value=str(at)) for at in range(EVIDENCE_LIMIT + 3)])
    evidence = make_finding(Clustered(observed=changed(one, evidence=facts)), GRADED).finding.evidence
    assert len(evidence) == EVIDENCE_LIMIT + 1
    rest = evidence[-1]
    assert isinstance(rest, EvidenceAggregate)
    assert (rest.k, rest.n) == (3, EVIDENCE_LIMIT + 3)


def test_the_id_is_the_digest_of_rule_version_subjects_and_locators(make_rule: MakeRule, observe: Observe) -> None:
    one = observe(make_rule(), "a" * 64)
    subject, (fact,) = one.observation.subjects[0], one.observation.evidence
    parts = ["mail.test", 1, [["suspect", "a" * 64, subject.location]], [["a" * 64, fact.locator]]]
    assert finding_id(one) == hashlib.sha256(encode(parts)).hexdigest()[:16]
    same = changed(one, bin="far", sentence=Sentence("other"), benign=(BenignState(cause="c", state=State.OPEN),))
    assert finding_id(same) == finding_id(one)
    different = {
        finding_id(one),
        finding_id(one, 1),
        finding_id(observe(make_rule(version=2), "a" * 64)),
        finding_id(observe(make_rule("mail.other"), "a" * 64)),
        finding_id(observe(make_rule(), "b" * 64)),
        finding_id(observe(make_rule(), "a" * 64, role=Role.EITHER)),
        finding_id(observe(make_rule(), "a" * 64, start=1)),
    }
    assert len(different) == 7


def test_every_cause_of_the_rule_has_a_state_in_its_order(make_rule: MakeRule) -> None:
    rule = make_rule(benign=("b", "a"))
    settled = [BenignState(cause="z", state=State.EXPLAINS), BenignState(cause="a", state=State.UNTESTABLE)]
    assert [(state.cause, state.state) for state in benign_states(rule, settled)] == [
        ("b", State.OPEN),
        ("a", State.UNTESTABLE),
        ("z", State.EXPLAINS),
    ]


@pytest.mark.parametrize(
    ("own", "result"),
    [
        (None, State.EXPLAINS),
        (State.OPEN, State.EXPLAINS),
        (State.UNTESTABLE, State.EXPLAINS),
        (State.EXCLUDED, State.EXCLUDED),
    ],
)
def test_an_explainer_fills_in_what_the_rule_left_open(
    make_rule: MakeRule, observe: Observe, own: State | None, result: State
) -> None:
    states = [BenignState(cause="clock_skew", state=own)] if own else []
    one = observe(make_rule(benign=("clock_skew",)), "a", benign=states).observation
    found = with_state(one, BenignState(cause="clock_skew", state=State.EXPLAINS)).benign
    assert [state.state for state in found] == [result]


def test_a_missing_sentence_is_an_error(make_rule: MakeRule, observe: Observe) -> None:
    with pytest.raises(KnowledgeError, match=r"no\.such"):
        make_finding(Clustered(observed=changed(observe(make_rule(), "a"), sentence=Sentence("no.such"))), GRADED)
