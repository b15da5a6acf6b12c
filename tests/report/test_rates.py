"""How often genuine items show the same, said for people."""

import pytest

from forensics.knowledge.wording import Wording
from forensics.model.findings import Reference
from forensics.model.rules import Subject
from forensics.report.rates import resting_on, seen


def said(**counted: object) -> str:
    values: dict[str, object] = {"hits": 40, "n": 60_000, "corpus": "C", "routes": ("list",)}
    return "; ".join(seen(Reference(**{**values, **counted}), "message", Wording("en")))


@pytest.mark.parametrize("route", ["", "list"])
def test_the_kind_of_mail_that_was_counted_is_named(route):
    assert said(route=route, route_n=60_000) == "seen in 40 of 60,000 genuine mails; counted on public list mail"


def test_a_kind_that_was_never_counted_is_said():
    assert said(route="exported") == "seen in 40 of 60,000 genuine mails; counted on public list mail only"


def test_counts_of_the_items_own_kind_stand_beside():
    assert said(route="direct", route_hits=16, route_n=800).endswith(
        "counted on public list mail only; among mail received directly, 16 of 800"
    )
    mixed = said(route="direct", routes=("direct", "list"), route_hits=16, route_n=800)
    assert "counted on mail received directly and public list mail; among mail received directly, 16 of 800" in mixed


def test_one_senders_habit_is_told_from_forty_senders():
    assert "; all of them from 1 sender;" in said(series=1)
    assert "; from at most 12 senders;" in said(series=12)
    assert "sender" not in said(series=40)


def test_documents_and_what_nobody_counted():
    assert said(routes=("any",)) == "seen in 40 of 60,000 genuine mails"
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
