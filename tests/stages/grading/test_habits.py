from collections.abc import Callable, Sequence
from enum import IntFlag
from typing import Any

import pytest

from forensics.checks import RULES, load
from forensics.examples.times import ticks
from forensics.model.findings import Habit
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.message import MessageHas
from forensics.model.presence.occurrence import OccurrenceHas
from forensics.model.rules import Rule, Subject
from forensics.stages.grading.habits import GROUPS, GroupCount, Peers, habits
from forensics.stages.grading.origin import Origin
from forensics.stages.observed import Observed

DAY = 86_400 * 10_000_000
START = ticks("2016-01-01T00:00:00+00:00")
SENDER = "Ann@office.example"

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]


def mails(archive: Any, number: int, *, start: int = 0, **values: object) -> list[str]:
    names = [f"{at:064x}" for at in range(start, start + number)]
    for name in names:
        archive.add("messages", sha256=name, **{"mask": int(MessageHas.DATE), "from_address": SENDER, **values})
    return names


def days(items: Sequence[str], last: float) -> dict[str, Origin]:
    """Server times from day 0, one an item, the last on day *last*."""
    step = last * DAY / (len(items) - 1)
    return {item: Origin(arrived=START + round(step * at)) for at, item in enumerate(items)}


@pytest.fixture
def judge(archive: Any, make_rule: MakeRule, observe: Observe) -> Callable[..., Habit | None]:
    """The habit that the last of *hits* showing items follows, of *n* powered ones."""

    def answer(hits: int, n: int, *, last: float = 365, clusters: Sequence[Sequence[str]] = ()) -> Habit | None:
        names = mails(archive, n)
        showing = names[:hits]
        # The item judged stands in the middle, so that the first and last hit are others.
        judged = showing[len(showing) // 2]
        rule = make_rule(compare_with="sender")
        observed = [observe(rule, name, compare=SENDER) for name in showing]
        counted = habits(archive.rows, observed, clusters, days(showing, last))
        return counted.of(observed[showing.index(judged)])

    return answer


def test_established_leaving_out_the_item(judge: Callable[..., Habit | None]) -> None:
    assert judge(6, 21) == Habit(hits=5, n=20, group="ann@office.example")


def test_five_hits_besides_the_item(judge: Callable[..., Habit | None]) -> None:
    assert judge(5, 21) is None


def test_twenty_items_besides_the_item(judge: Callable[..., Habit | None]) -> None:
    assert judge(6, 20) is None


def test_a_fifth_of_them(judge: Callable[..., Habit | None]) -> None:
    assert judge(11, 51) == Habit(hits=10, n=50, group="ann@office.example")


def test_less_than_a_fifth(judge: Callable[..., Habit | None]) -> None:
    assert judge(11, 52) is None


def test_thirty_days(judge: Callable[..., Habit | None]) -> None:
    assert judge(6, 21, last=30) is not None


def test_less_than_thirty_days(judge: Callable[..., Habit | None]) -> None:
    assert judge(6, 21, last=29.99) is None


def test_the_items_own_time_does_not_stretch_the_span(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 30)
    observed = [observe(make_rule(compare_with="sender"), name, compare=SENDER) for name in names[:10]]
    times = days(names[:10], 20)
    times[names[0]] = Origin(arrived=START - 100 * DAY)
    counted = habits(archive.rows, observed, [], times)
    assert counted.of(observed[0]) is None
    assert counted.of(observed[5]) is not None


def test_no_server_time(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 30)
    observed = [observe(make_rule(compare_with="sender"), name, compare=SENDER) for name in names[:10]]
    assert habits(archive.rows, observed, [], {}).of(observed[0]) is None


def test_other_bins_rules_and_groups_do_not_count(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 30)
    rule, other = make_rule(compare_with="sender"), make_rule("mail.other", compare_with="sender")
    observed = [
        *[observe(rule, name, compare=SENDER) for name in names[:4]],
        *[observe(rule, name, compare=SENDER, bin="far") for name in names[4:8]],
        *[observe(other, name, compare=SENDER) for name in names[8:12]],
        *[observe(rule, name, compare="bob@office.example") for name in names[12:16]],
    ]
    counted = habits(archive.rows, observed, [], days(names, 365))
    assert [counted.of(one) for one in observed] == [None] * 16


def test_items_without_power_do_not_count(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 10)
    mails(archive, 30, start=100, mask=0)
    observed = [observe(make_rule(compare_with="sender"), name, compare=SENDER) for name in names]
    assert habits(archive.rows, observed, [], days(names, 365)).of(observed[4]) is None


def test_members_of_one_cluster_do_not_excuse_each_other(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 40)
    observed = [observe(make_rule(compare_with="sender"), name, compare=SENDER) for name in names[:12]]
    times = days(names[:12], 365)
    free = habits(archive.rows, observed, [], times)
    bound = habits(archive.rows, observed, [names[2:11]], times)
    assert free.of(observed[4]) == Habit(hits=11, n=39, group="ann@office.example")
    # nine of the twelve are one cluster: three are left for its members, eleven for an item outside it
    assert bound.of(observed[4]) is None
    assert bound.of(observed[0]) == Habit(hits=11, n=39, group="ann@office.example")


def test_no_group_no_habit(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 40)
    times = days(names, 365)
    without_value = [observe(make_rule(compare_with="sender"), name) for name in names]
    without_group = [observe(make_rule(), name, compare=SENDER) for name in names]
    assert habits(archive.rows, without_value, [], times).of(without_value[3]) is None
    assert habits(archive.rows, without_group, [], times).of(without_group[3]) is None


def test_an_unknown_group_excuses_nothing_and_is_told(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    one = observe(make_rule(compare_with="moon phase"), "a", compare="full")
    counted = habits(archive.rows, [one], [], {})
    assert counted.of(one) is None
    assert [(notice.code, notice.text) for notice in counted.notices] == [
        ("engine.rule_fault", "mail.test/1 compares message items by 'moon phase', which is no group")
    ]


@pytest.mark.parametrize("name", RULES)
def test_every_rule_names_a_group_that_exists(name: str) -> None:
    rule = load(name).RULE
    assert not rule.compare_with or (rule.compare_with, rule.subject) in GROUPS


def test_peers() -> None:
    peers = Peers([("a", "b"), ("b", "c"), ("x", "y")])
    assert peers.of(("z",)) == {"z"}
    assert peers.of(("a",)) == {"a", "b"}
    assert peers.of(("b",)) == {"a", "b", "c"}
    assert peers.of(("a", "z")) == {"a", "b", "z"}


def counts(
    archive: Any, group: str, subject: Subject, *values: str, needs: IntFlag = MessageHas.NOTHING
) -> dict[str, int]:
    found = archive.rows(GROUPS[group, subject], {"needs": int(needs), "values": list(values)}, GroupCount)
    return {row.value: row.n for row in found}


def test_groups_of_messages(archive: Any) -> None:
    mails(archive, 3, client={"value": "Mutt/1.5"}, first_hop="MX.example", list_id="users.example")
    mails(
        archive, 2, start=10, client={"value": "Pine"}, from_address="bob@x.example", first_hop="b.example", list_id=""
    )
    mails(archive, 1, client={"value": "Mutt/1.5"})  # the first one again, from another unit
    message = Subject.MESSAGE
    assert counts(archive, "sender", message, "ann@office.example", "nobody") == {"ann@office.example": 3}
    assert counts(archive, "sender_client", message, "ann@office.example|mutt/1.5", "bob@x.example|pine") == {
        "ann@office.example|mutt/1.5": 3,
        "bob@x.example|pine": 2,
    }
    assert counts(archive, "first_hop", message, "mx.example") == {"mx.example": 3}
    assert counts(archive, "list", message, "users.example") == {"users.example": 3}
    assert counts(archive, "sender", message, "ann@office.example", needs=MessageHas.LIST) == {}


def test_by_host_pairs_run_from_the_older_to_the_newer_host(archive: Any) -> None:
    def hop(by: str, instant: int | None = 1) -> dict[str, object]:
        return {"by": by, "instant": instant}

    archive.add("messages", sha256="1", mask=0, hops=[hop("C.example"), hop("b.example"), hop("a.example")])
    archive.add("messages", sha256="2", mask=0, hops=[hop("c.example"), hop("b.example"), hop("a.example", None)])
    archive.add("messages", sha256="3", mask=0, hops=[hop("b.example"), hop("no.example", None), hop("c.example")])
    archive.add("messages", sha256="4", mask=0, hops=[hop("c.example")])
    archive.add("messages", sha256="5", mask=0, hops=[])
    pairs = ("a.example>b.example", "b.example>c.example", "c.example>b.example")
    assert counts(archive, "by-host pair", Subject.MESSAGE, *pairs) == {pairs[0]: 1, pairs[1]: 2, pairs[2]: 1}


def test_groups_of_documents_and_occurrences(archive: Any) -> None:
    mails(archive, 2, client={"value": "Mutt"}, list_id="users.example")
    by = {"author": {"value": "Ann"}, "application": "Writer 4"}
    for at in range(3):
        archive.add("documents", sha256=f"d{at}", mask=int(DocumentHas.CREATED), **by)
        archive.add(
            "occurrences", sha256=f"d{at}", location=f"{at}", mask=int(OccurrenceHas.NAME), message_sha256=f"{at:064x}"
        )
    document, occurrence = Subject.DOCUMENT, Subject.OCCURRENCE
    assert counts(archive, "author_application", document, "ann|writer 4", needs=DocumentHas.CREATED) == {
        "ann|writer 4": 3
    }
    assert counts(archive, "sender", document, "ann@office.example", needs=DocumentHas.CREATED) == {
        "ann@office.example": 2
    }
    assert counts(archive, "sender", occurrence, "ann@office.example", needs=OccurrenceHas.NAME) == {
        "ann@office.example": 2
    }
    assert counts(archive, "sender_client", occurrence, "ann@office.example|mutt") == {"ann@office.example|mutt": 2}
    assert counts(archive, "sender_client", document, "ann@office.example|mutt") == {"ann@office.example|mutt": 2}
    assert counts(archive, "list", occurrence, "users.example") == {"users.example": 2}
