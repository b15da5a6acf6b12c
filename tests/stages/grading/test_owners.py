"""Moderate findings of independent owners add up; nothing else does."""

from collections.abc import Callable, Sequence

import msgspec
import pytest

from forensics.knowledge.combined import Pooled
from forensics.model.findings import Combined, Habit, Ranked, Reference, StoredFinding
from forensics.model.rules import BenignState, Role, Rule, State, Strength
from forensics.model.sentences import says
from forensics.stages.grading import owners
from forensics.stages.grading.clusters import Clustered
from forensics.stages.grading.findings import make_finding
from forensics.stages.grading.origin import Origin
from forensics.stages.grading.owners import Combining, Reads
from forensics.stages.grading.rank import rank, without_evidence
from forensics.stages.grading.strength import Graded, Measured
from forensics.stages.observed import Observed

Find = Callable[..., StoredFinding]
LISTS = {"a": Origin(route="list"), "b": Origin(route="list")}
SAID = says("test.owners", one="x")
COUNTS = Pooled(hits=0, n=30_000, series=0, corpora=("linux-mips sample",), routes=("list",), worst=0.0)


@pytest.fixture
def find(make_rule: Callable[..., Rule], observe: Callable[..., Observed]) -> Find:
    """A moderate finding of a rule that accuses a field of its own and reads it alone."""
    places: dict[str, int] = {}

    def make(
        rule: str,
        *items: str,
        strength: Strength = Strength.MODERATE,
        corpus: str | None = "linux-mips sample",
        causes: Sequence[str] = (),
        habit: Habit | None = None,
        **observation: object,
    ) -> StoredFinding:
        made = make_rule(f"mail.{rule}", benign=tuple(causes))
        start = places.setdefault(rule, 100 * len(places))
        seen = {"suspect": f"header:X-{rule}[0]", "start": start, **observation}
        one = observe(made, *(items or ("a",)), **seen)
        reference = Reference(hits=1, n=10_000, corpus=corpus) if corpus else None
        measured = Measured(rate=5e-4, reference=reference) if reference else None
        graded = Graded(strength=strength, rate=5e-4 if corpus else None, capped="", measured=measured, habit=habit)
        return make_finding(Clustered(observed=one), graded)

    return make


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What was counted on genuine mail: the same for every number of owners."""

    def say(together: Sequence[tuple[str, str]] = (), **changes: object) -> None:
        made = msgspec.structs.replace(COUNTS, **changes)
        monkeypatch.setattr(owners, "pooled", lambda number, route, left_out: made)
        monkeypatch.setattr(owners, "together", lambda left_out: frozenset(together))

    say()
    return say


def ranked(found: Sequence[StoredFinding], combining: Combining | None = None) -> tuple[Ranked, ...]:
    """Rank findings as grading does: what they read is remembered, their evidence given up."""
    reads = Reads()
    for stored in found:
        reads.take(stored)
    combining = combining or Combining(LISTS, reads)
    return rank([without_evidence(stored) for stored in found], combining.of)


def number(found: Sequence[StoredFinding], combining: Combining | None = None) -> int:
    """Return how many owners make the first line strong; 0 where it is not."""
    line = ranked(found, combining)[0]
    assert (line.strength == "strong") == (line.combined is not None)
    return line.combined.owners if line.combined else 0


pytestmark = pytest.mark.usefixtures("counts")


def test_two_three_and_four_owners(find: Find) -> None:
    found = [find(name) for name in "pqrs"]
    assert [number(found[:k]) for k in (1, 2, 3, 4)] == [0, 2, 3, 4]
    line = ranked(found[:3])[0]
    assert line.combined == Combined(
        owners=3,
        findings=line.findings,
        hits=0,
        n=30_000,
        series=0,
        corpus="linux-mips sample",
        routes=("list",),
        bound=9.98528e-05,
    )
    assert line.reasons == tuple(stored.finding.statement for stored in sorted(found[:3], key=lambda s: s.finding.id))


def test_three_owners_are_counted_as_three_or_more(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def pooled(number: int, route: str, left_out: tuple[str, ...]) -> Pooled:
        asked.append(number)
        return COUNTS

    monkeypatch.setattr(owners, "pooled", pooled)
    assert number([find(name) for name in "pqrs"]) == 4
    assert asked[-1] == 3


def test_one_suspect_fact_is_one_owner(find: Find) -> None:
    assert number([find("p", suspect="header:Date[0]"), find("q", suspect="header:Date[0]")]) == 0


def test_one_field_that_both_read_is_one_owner(find: Find) -> None:
    assert number([find("p", start=40), find("q", start=41)]) == 0
    assert number([find("p", start=40), find("q", start=42)]) == 2


def test_a_shared_open_cause_is_one_owner_an_excluded_one_is_not(find: Find) -> None:
    shared = [find("p", causes=["resaved"]), find("q", causes=["clock_skew", "resaved"])]
    assert number(shared) == 0
    excluded = BenignState(cause="resaved", state=State.EXCLUDED, note=SAID())
    assert number([find("p", causes=["resaved"], benign=[excluded]), shared[1]]) == 2


def test_a_third_finding_between_two_takes_nothing_away(find: Find) -> None:
    between = find("r", suspect="header:X-p[0]", causes=["resaved"])
    assert number([find("p"), find("q", causes=["resaved"]), between]) == 2


def test_two_findings_of_one_rule_are_one_owner(find: Find) -> None:
    assert number([find("p"), find("p", suspect="header:Y[0]", start=900)]) == 0


def test_rules_that_met_three_times_are_one_owner(find: Find, counts: Callable[..., None]) -> None:
    counts(together=[("mail.p", "mail.q")])
    assert number([find("p"), find("q")]) == 0
    assert number([find("p"), find("q"), find("r")]) == 2


def test_what_a_cause_explains_or_a_habit_weighs_does_not_count(find: Find) -> None:
    assert number([find("p"), find("q", strength=Strength.WEAK)]) == 0
    assert number([find("p"), find("q", habit=Habit(hits=9, n=20, group="x"))]) == 0
    explains = BenignState(cause="resaved", state=State.EXPLAINS, note=SAID())
    assert number([find("p"), find("q", causes=["resaved"], benign=[explains])]) == 0
    assert number([find("p"), find("q", strength=Strength.CONTEXT, causes=["resaved"], benign=[explains])]) == 0
    assert number([find("p"), find("q", strength=Strength.CONTEXT)]) == 0


def test_one_of_two_items_bears_nothing_together(find: Find) -> None:
    either = find("q", "a", "b", role=Role.EITHER)
    assert [line.combined for line in ranked([find("p", strength=Strength.WEAK), either])] == [None, None]
    found = [find("p", "a", "b", role=Role.EITHER), either]
    assert [line.combined for line in ranked(found)] == [None, None]


def test_where_one_of_the_two_is_suspect_itself_it_bears_what_accuses_either(find: Find) -> None:
    (line,) = ranked([find("p"), find("q", "a", "b", role=Role.EITHER)])
    assert line.item is not None and line.item.sha256 == "a"
    assert line.combined is not None and line.combined.owners == 2


def test_findings_on_two_items_do_not_meet(find: Find) -> None:
    assert [line.combined for line in ranked([find("p"), find("q", "b")])] == [None, None]


def test_a_strong_finding_is_enough(find: Find) -> None:
    line = ranked([find("p"), find("q", strength=Strength.STRONG)])[0]
    assert (line.strength, line.combined) == ("strong", None)


def test_too_often_on_genuine_mail_or_over_the_alarm_budget(find: Find, counts: Callable[..., None]) -> None:
    found = [find("p"), find("q")]
    counts(n=5_000)  # 0 of 5,000: at most 6.0e-4
    assert number(found) == 0
    counts(n=6_000)  # at most 5.0e-4
    assert number(found) == 2
    counts(hits=9, n=30_000)  # at most 5.2e-4
    assert number(found) == 0
    counts(worst=0.0011)
    assert number(found) == 0
    counts(worst=0.001)
    assert number(found) == 2


def test_without_counts_there_is_no_exception(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "pooled", lambda number, route, left_out: None)
    assert number([find("p"), find("q")]) == 0


def test_everything_left_out_leaves_no_exception(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    lists = ("linux-hyperv", "linux-mips", "linux-nvdimm", "linux-sctp", "openbmc", "direct-ham-2002", "exported-enron")
    found = [find("p"), find("q")]
    assert number(found, Combining(LISTS, Reads(), left_out=[f"{name} sample" for name in lists])) == 0
    assert number(found, Combining(LISTS, Reads())) == 2


def test_a_rule_that_was_not_counted_with_the_others_adds_nothing(find: Find) -> None:
    assert number([find("p"), find("plugin", corpus=None, strength=Strength.CONTEXT)]) == 0
    assert number([find("p"), find("plugin", corpus=None)]) == 0
    assert number([find("p"), find("q", corpus="POI test files")]) == 0
    assert number([find("p"), find("q", corpus="L1 linux-mips+L2 usrp-users")]) == 2  # the list of the sample


def test_spam_has_no_counts(find: Find) -> None:
    assert number([find("p"), find("q")], Combining(LISTS, Reads(), unsolicited={"a"})) == 0


def test_what_is_no_mail_is_compared_with_files_alone(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    files = msgspec.structs.replace(COUNTS, corpora=("public files",), routes=("any",))
    monkeypatch.setattr(owners, "pooled", lambda number, route, left_out: files if route == "any" else COUNTS)
    of_mail, of_files = [find("p"), find("q")], [find("p", corpus="public files"), find("q", corpus="public files")]
    for origins in ({"a": Origin()}, {}):
        assert number(of_mail, Combining(origins, Reads())) == 0
        assert number(of_files, Combining(origins, Reads())) == 2
    assert number(of_files, Combining(LISTS, Reads())) == 0
    monkeypatch.setattr(owners, "pooled", lambda number, route, left_out: None if route == "any" else COUNTS)
    assert number(of_files, Combining({}, Reads())) == 0


def test_a_finding_without_a_suspect_fact_is_no_owner(find: Find) -> None:
    assert number([find("p"), find("q", suspect="")]) == 0


def test_what_is_strong_together_stands_above_what_is_moderate(find: Find) -> None:
    lines = ranked([find("p", "b"), find("q"), find("r")])
    assert [(line.item.sha256, line.strength) for line in lines if line.item] == [("a", "strong"), ("b", "moderate")]
