"""How often genuine items show the same, said for people."""

import msgspec
import pytest

from forensics.knowledge.wording import Wording
from forensics.model.findings import Combined, Finding, Habit, Reference
from forensics.model.rules import Subject
from forensics.model.summary import CaseSummary
from forensics.report.rates import bound_of, how_rare, met_briefly, resting_on, seen, together


def counted(**changes: object) -> Reference:
    values: dict[str, object] = {"hits": 40, "n": 60_000, "corpus": "C", "routes": ("list",)}
    return Reference(**{**values, **changes})


def said(**changes: object) -> str:
    return "; ".join(seen(counted(**changes), "message", Wording("en")))


def graded(finding: Finding, rate: float | None, reference: Reference | None, habit: Habit | None = None) -> Finding:
    return msgspec.structs.replace(finding, rate=rate, reference=reference, habit=habit)


@pytest.fixture
def one(summary: CaseSummary) -> Finding:
    return next(iter(summary.findings.values())).finding


def test_rarity_is_an_upper_bound_with_what_was_counted():
    assert seen(counted(hits=2, n=116_902), "message", Wording("en"), 5.39e-5) == [
        "rarer than 1 in 18,000 genuine mails (seen in 2 of 116,902)",
        "counted on public list mail",
        "corpus: C",
    ]


@pytest.mark.parametrize(("rate", "said"), [(0.01, "1 in 100 "), (1e-4, "1 in 10,000 "), (1.19e-4, "1 in 8,400 ")])
def test_a_bound_is_never_rounded_to_what_is_rarer(rate, said):
    assert said in seen(counted(), "message", Wording("en"), rate)[0]


@pytest.mark.parametrize("rate", [None, 0.0, 0.02, 1.0])
def test_what_is_common_or_has_no_bound_is_said_as_a_count(rate):
    assert seen(counted(), "message", Wording("en"), rate)[0] == "seen in 40 of 60,000 genuine mails"


def test_one_clause_for_an_entry(one):
    finding = graded(one, 1e-3, counted(corpus="A+B+C+D", route="exported"))
    assert how_rare(finding, "message", Wording("en")) == (
        "rarer than 1 in 1,000 genuine mails (seen in 40 of 60,000); counted on public list mail only; "
        "corpora: A, B and 2 others"
    )
    assert how_rare(graded(one, None, None), "message", Wording("en")) == "no count of genuine items yet"


def test_a_habits_share_is_no_bound_for_genuine_mail(one):
    habit = Habit(hits=9, n=20, group="mx.example")
    assert bound_of(graded(one, 1e-3, counted(), habit)) is None
    assert bound_of(graded(one, 1e-3, counted())) == 1e-3


@pytest.mark.parametrize(
    ("hits", "met"),
    [
        (0, "met on none of 33,687 genuine mails (A and B)"),
        (1, "met on 1 of 33,687 genuine mails (A and B)"),
        (7, "met on 7 of 33,687 genuine mails, from at most 3 senders (A and B)"),
    ],
)
@pytest.mark.parametrize("owners", [2, 3, 5])
def test_what_is_strong_together(hits, met, owners):
    both = Combined(
        owners=owners, findings=(), hits=hits, n=33_687, series=3, corpus="A+B", routes=("list",), bound=4.9e-4
    )
    first, limit = together(both, Wording("en"))
    assert first == (
        f"{owners} independent kinds of evidence, each moderate alone; {min(owners, 3)} or more such {met}: "
        "rarer than 1 in 2,000."
    )
    assert "if at most 1 in 2,000 genuine mails shows as many; this is the one exception to the limit" in limit
    assert limit.endswith("for a single finding, 1 in 10,000.")


@pytest.mark.parametrize(
    ("hits", "met", "briefly"),
    [
        (0, "met in none of 7,000 genuine files (A)", "met in none of 7,000 genuine files"),
        (1, "met in 1 of 7,000 genuine files (A)", "met in 1 of 7,000 genuine files"),
        (2, "met in 2 of 7,000 genuine files, all of them of 1 owner (A)", "met in 2 of 7,000 genuine files"),
    ],
)
def test_what_is_strong_together_in_a_file(hits, met, briefly):
    both = Combined(owners=2, findings=(), hits=hits, n=7_000, series=1, corpus="A", routes=("any",), bound=4.2e-4)
    first, limit = together(both, Wording("en"))
    assert first.endswith(f"2 or more such {met}: rarer than 1 in 2,300.")
    assert "if at most 1 in 2,000 genuine files shows as many" in limit
    assert met_briefly(both, Wording("en")).endswith(briefly)


@pytest.mark.parametrize("route", ["", "list"])
def test_the_kind_of_mail_that_was_counted_is_named(route):
    expected = "seen in 40 of 60,000 genuine mails; counted on public list mail; corpus: C"
    assert said(route=route, route_n=60_000) == expected


def test_a_kind_that_was_never_counted_is_said():
    expected = "seen in 40 of 60,000 genuine mails; counted on public list mail only; corpus: C"
    assert said(route="exported") == expected


def test_counts_of_the_items_own_kind_stand_beside():
    assert said(route="direct", route_hits=16, route_n=800).endswith(
        "counted on public list mail only; among mail received directly, 16 of 800; corpus: C"
    )
    mixed = said(route="direct", routes=("direct", "list"), route_hits=16, route_n=800)
    assert "counted on mail received directly and public list mail; among mail received directly, 16 of 800" in mixed


def test_one_senders_habit_is_told_from_forty_senders():
    assert "; all of them from 1 sender;" in said(series=1)
    assert "; from at most 12 senders;" in said(series=12)
    assert "sender" not in said(series=40)


def test_documents_and_what_nobody_counted():
    assert said(routes=("any",)) == "seen in 40 of 60,000 genuine mails; corpus: C"
    assert seen(None, "message", Wording("en")) == ["no count of genuine items yet"]


def test_the_archives_kinds_of_mail_stand_beside_the_counted_kinds():
    here, counted = {"exported": 15_000, "list": 3}, {"list": 60_000, "direct": 900}
    assert resting_on(here, counted, Wording("en")) == [
        "Mails here: 15,000 (mail without trace fields) and 3 (public list mail).",
        "Genuine mails that the rates are based on, at most (each finding gives its own number): 60,000 (public "
        "list mail) and 900 (mail received directly).",
        "No genuine mail without trace fields was counted: how rare a finding is was measured on other kinds.",
    ]
    assert len(resting_on({"list": 3}, counted, Wording("en"))) == 2
    assert resting_on({}, counted, Wording("en")) == []


@pytest.mark.parametrize("kind", [*[subject.value for subject in Subject], "cluster"])
def test_every_kind_of_item_has_its_sentence(kind):
    reference = Reference(hits=1, n=1_000, corpus="a")
    assert seen(reference, kind, Wording("en"))[0].startswith("seen in 1 of 1,000 ")
