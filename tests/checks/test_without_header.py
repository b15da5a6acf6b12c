"""Rules on a message of a store that keeps properties: nothing is asked of bytes that it does not have."""

from contextlib import suppress
from typing import Any

import pytest

from forensics.checks import RULES, load
from forensics.examples.cases import context
from forensics.examples.stored import stored_message
from forensics.knowledge.wording import Wording
from forensics.model.facts import Located
from forensics.model.locations import Locator
from forensics.model.mail import Message
from forensics.model.mail_texts import BodyMark
from forensics.model.presence.message import MessageHas, presence
from forensics.model.rules import Observation

MAIL_RULES = [name for name in RULES if name.startswith("mail.")]
EARLY = "2011-03-06T10:00:00+00:00"
HTML = Locator(path="mapi:0x10130102")


def marked(kind: str, shown: str = "https://x.example/1") -> BodyMark:
    return BodyMark(kind=kind, shown=Located(shown, shown.encode(), HTML), part="html")


def observed(message: Message) -> dict[str, list[Observation]]:
    """What the rules that have power on a message say, as the engine asks them."""
    shown, found = presence(message), {}
    for rule in map(load, MAIL_RULES):
        if shown & rule.RULE.needs == rule.RULE.needs:
            found[rule.RULE.id] = list(rule.check(message, context()))
    return found


def test_rules_on_facts_look_at_a_message_without_a_header() -> None:
    seen = observed(stored_message())
    looks = {"attachment_size", "date_after_as_of", "hidden_text", "lure", "text_html_differ", "thread_topic"}
    assert {f"mail.{name}" for name in looks} <= seen.keys()
    assert not any(seen.values())


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("mail.attachment_size", {"stated_size": 70_224}),
        ("mail.date_after_as_of", {"sent": "2031-03-06T10:00:00+00:00"}),
        ("mail.hidden_text", {"marks": (marked("pixel"),)}),
        ("mail.lure", {"marks": (marked("shortener"),)}),
        ("mail.text_mark_after_date", {"sent": EARLY, "marks": (marked("born_character", "U+1F984"),)}),
        ("mail.text_html_differ", {"changed": ("4000", "40000")}),
        ("mail.text_html_differ", {"only_html": 1}),
        ("mail.thread_topic", {"topic": "Agenda of 5 March"}),
    ],
)
def test_a_rule_on_facts_cites_properties_and_no_bytes(name: str, facts: dict[str, Any]) -> None:
    seen = observed(stored_message(**facts))[name]
    assert seen and not any("{" in Wording("en").said(one.sentence) for one in seen)
    evidence = [fact for one in seen for fact in one.evidence]
    assert evidence
    assert all(fact.locator.path.startswith("mapi:") and not fact.locator.ranges for fact in evidence)
    assert all(fact.label.isprintable() and fact.value.isprintable() and fact.value for fact in evidence)


def test_rules_that_read_header_fields_have_no_power() -> None:
    message = stored_message(message_id="2011.1@mail.gmail.com", sender="anna@@example.org")
    asked = {name for name in MAIL_RULES if MessageHas.HEADER & load(name).RULE.needs}
    assert asked >= {"mail.id_form", "mail.sender_address", "mail.sender_ambiguous", "mail.mark_after_date"}
    assert not asked & observed(message).keys()


class Unread(Exception):
    """Raised where header fields are asked for."""


@pytest.mark.parametrize("name", MAIL_RULES)
def test_a_rule_that_reads_header_fields_needs_them(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = load(name)
    cases = list(rule.cases())
    asked = []

    def headers(message: Message) -> tuple[()]:
        asked.append(message)
        raise Unread

    monkeypatch.setattr(Message, "headers", property(headers))
    for case in cases:
        with suppress(Unread):
            list(rule.check(case.subject, case.context))
    assert not asked or MessageHas.HEADER & rule.RULE.needs, name
