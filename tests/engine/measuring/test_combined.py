"""What meets on clean mail."""

from collections.abc import Callable

import msgspec

from forensics.engine.measuring.alarms import alarms
from forensics.engine.measuring.combined import mails_counted, meetings
from forensics.engine.measuring.counts import ItemRow
from forensics.model.findings import Combined, EvidenceBytes, Finding, Ranked, Raw, StoredFinding
from forensics.model.locations import Locator
from forensics.model.measuring import CombinedCount, Meeting
from forensics.model.rules import Role
from forensics.model.sentences import Sentence

Find = Callable[..., Finding]
MAILS = [ItemRow("a", "a", 0, "x"), ItemRow("b", "b", 0, "x"), ItemRow("c", "c", 0, "y")]
ROUTES = {"a": "list", "b": "list", "c": "direct"}


def stored(finding: Find, item: str, rule: str, strength: str = "moderate", start: int = 0) -> StoredFinding:
    made = finding(item, strength)
    raw = Raw(b64=b"x", text="x")
    fact = EvidenceBytes(
        role=Role.SUSPECT,
        label="",
        value="",
        raw=raw,
        item=made.item,
        locator=Locator(ranges=((start, start + 5),)),
        context=raw,
    )
    named = msgspec.structs.replace(made, id=f"{item}{rule}{strength}", rule=rule, evidence=(fact,))
    return StoredFinding(finding=named, sentence=Sentence(""), suspect=rule, cluster="")


def test_mails_are_counted_by_route_with_their_senders_and_what_is_strong_alone(finding: Find) -> None:
    found = [finding("b", "strong"), finding("c", "moderate")]
    rows = {row.route: row for row in mails_counted(MAILS, ROUTES, found, "C")}
    assert set(rows) == {"direct", "list"}
    listed = rows["list"]
    assert listed == CombinedCount(corpus="C", route="list", mails=2, senders=1, strong=1, items=listed.items)
    assert (rows["direct"].mails, rows["direct"].strong) == (1, 0)
    assert mails_counted([], {}, [], "C") == ()


def test_a_row_for_each_mail_on_which_rules_meet(finding: Find) -> None:
    found = [
        *[stored(finding, "b", "mail.q"), stored(finding, "b", "mail.p", start=10)],
        *[stored(finding, "a", "mail.p"), stored(finding, "a", "mail.r", "strong", start=3)],  # the same bytes
        *[stored(finding, "c", "mail.p"), stored(finding, "c", "mail.q", "weak", start=10)],
        *[stored(finding, "no mail", "mail.p"), stored(finding, "no mail", "mail.q", start=10)],
    ]
    assert meetings(MAILS, ROUTES, found, "C") == (
        Meeting(corpus="C", route="list", mail="a", sender=1, met="mail.p mail.r", apart=""),
        Meeting(corpus="C", route="list", mail="b", sender=1, met="mail.p mail.q", apart="mail.p+mail.q"),
    )
    assert meetings(MAILS, ROUTES, [], "C") == ()


def test_what_is_strong_together_counts_for_the_alarm_budget(
    finding: Find, ranked: Callable[[str, float], Ranked]
) -> None:
    both = Combined(owners=2, findings=(), hits=0, n=9, series=0, corpus="C", routes=(), bound=0.1)
    line = msgspec.structs.replace(ranked("a", 7.0), combined=both)
    found = alarms([finding("a", "moderate")], 10, frozenset(), [line, ranked("b", 1.0)])
    assert [one.items for one in found] == [1, 1, 1]
    assert alarms([], 10, frozenset("a"), [line])[0].items == 0
