from collections.abc import Callable, Sequence
from typing import Any

import pytest

from forensics.examples.times import ticks
from forensics.model.findings import Habit
from forensics.model.presence.message import MessageHas
from forensics.model.rules import Rule
from forensics.stages.grading.habits import Peers, habits
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
        observed = [observe(rule, name) for name in showing]
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
    observed = [observe(make_rule(compare_with="sender"), name) for name in names[:10]]
    times = days(names[:10], 20)
    times[names[0]] = Origin(arrived=START - 100 * DAY)
    counted = habits(archive.rows, observed, [], times)
    assert counted.of(observed[0]) is None
    assert counted.of(observed[5]) is not None


def test_no_server_time(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 30)
    observed = [observe(make_rule(compare_with="sender"), name) for name in names[:10]]
    assert habits(archive.rows, observed, [], {}).of(observed[0]) is None


def test_other_bins_rules_and_groups_do_not_count(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 30)
    rule, other = make_rule(compare_with="sender"), make_rule("mail.other", compare_with="sender")
    observed = [
        *[observe(rule, name) for name in names[:4]],
        *[observe(rule, name, bin="far") for name in names[4:8]],
        *[observe(other, name) for name in names[8:12]],
        *[observe(rule, name) for name in mails(archive, 4, start=100, from_address="bob@office.example")],
    ]
    counted = habits(archive.rows, observed, [], days(names, 365))
    assert [counted.of(one) for one in observed] == [None] * 16


def test_items_without_power_do_not_count(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 10)
    mails(archive, 30, start=100, mask=0)
    observed = [observe(make_rule(compare_with="sender"), name) for name in names]
    assert habits(archive.rows, observed, [], days(names, 365)).of(observed[4]) is None


def test_members_of_one_cluster_do_not_excuse_each_other(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 40)
    observed = [observe(make_rule(compare_with="sender"), name) for name in names[:12]]
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
    without_value = [observe(make_rule(compare_with="by-host"), name) for name in names]
    without_group = [observe(make_rule(), name) for name in names]
    assert habits(archive.rows, without_value, [], times).of(without_value[3]) is None
    assert habits(archive.rows, without_group, [], times).of(without_group[3]) is None


def test_an_unknown_group_excuses_nothing_and_is_told(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    one = observe(make_rule(compare_with="moon phase"), "a", compare="full")
    counted = habits(archive.rows, [one], [], {})
    assert counted.of(one) is None
    assert [(notice.code, notice.text) for notice in counted.notices] == [
        ("engine.rule_fault", "mail.test/1 compares message items by 'moon phase', which is no group")
    ]


def test_peers() -> None:
    peers = Peers([("a", "b"), ("b", "c"), ("x", "y")])
    assert peers.of(("z",)) == {"z"}
    assert peers.of(("a",)) == {"a", "b"}
    assert peers.of(("b",)) == {"a", "b", "c"}
    assert peers.of(("a", "z")) == {"a", "b", "z"}
