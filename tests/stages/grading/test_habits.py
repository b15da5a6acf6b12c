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
    assert judge(6, 21) == Habit(hits=5, n=20, group="ann@office.example", anchored=False)


def test_five_hits_besides_the_item(judge: Callable[..., Habit | None]) -> None:
    assert judge(5, 21) is None


def test_twenty_items_besides_the_item(judge: Callable[..., Habit | None]) -> None:
    assert judge(6, 20) is None


def test_a_fifth_of_them(judge: Callable[..., Habit | None]) -> None:
    assert judge(11, 51) == Habit(hits=10, n=50, group="ann@office.example", anchored=False)


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
    assert free.of(observed[4]) == Habit(hits=11, n=39, group="ann@office.example", anchored=False)
    # nine of the twelve are one cluster: three are left for its members, eleven for an item outside it
    assert bound.of(observed[4]) is None
    assert bound.of(observed[0]) == Habit(hits=11, n=39, group="ann@office.example", anchored=False)


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


def signed(archive: Any, items: Sequence[str], **values: object) -> None:
    for item in items:
        archive.add("signatures", sha256=item, **{"signed_fields": ["from", "date"], **values})


def anchored(
    archive: Any, make_rule: MakeRule, observe: Observe, names: Sequence[str], showing: Sequence[str], last: float = 365
) -> tuple[int, int, bool | None]:
    """What the third of the showing follows, counted over anchored items only."""
    rule = make_rule(compare_with="sender", accuses=("date",))
    observed = [observe(rule, name) for name in showing]
    habit = habits(archive.rows, observed, [], days(showing, last)).of(observed[2])
    assert habit is not None
    return habit.anchored_hits, habit.anchored_n, habit.anchored


def test_signatures_establish_a_habit(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 60)
    signed(archive, names[:30])
    assert anchored(archive, make_rule, observe, names, names[:15]) == (14, 29, True)


@pytest.mark.parametrize(
    "fault",
    [
        {"limits": ["unanchored"]},
        {"signed_fields": ["from"]},
        {"body_holds": False},
        {"header_holds": False},
        {"kind": "as"},
    ],
)
def test_signatures_that_prove_nothing_here(
    archive: Any, make_rule: MakeRule, observe: Observe, fault: dict[str, object]
) -> None:
    names = mails(archive, 60)
    signed(archive, names, **fault)
    assert anchored(archive, make_rule, observe, names, names[:40]) == (0, 0, False)


def test_the_anchored_alone_must_be_enough(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 60)
    signed(archive, names[41:])
    # nineteen are anchored, and the mail that is judged is not
    assert anchored(archive, make_rule, observe, names, names[:50]) == (9, 19, False)
    signed(archive, mails(archive, 1, start=200))
    assert anchored(archive, make_rule, observe, names, names[:50]) == (9, 20, True)
    assert anchored(archive, make_rule, observe, names, names[:46]) == (5, 20, True)
    assert anchored(archive, make_rule, observe, names, names[:45]) == (4, 20, False)
    signed(archive, mails(archive, 30, start=300))
    assert anchored(archive, make_rule, observe, names, names[:50]) == (9, 50, False)


def test_what_the_anchored_show_within_a_month_is_no_habit(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 60)
    signed(archive, [*names[:10], *names[40:]])
    # forty over a year, the ten that are anchored in its first months; then forty in four months
    assert anchored(archive, make_rule, observe, names, names[:40]) == (9, 29, True)
    assert anchored(archive, make_rule, observe, names, names[:40], last=120) == (9, 29, False)


def test_a_copy_in_another_source_anchors(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 30)
    for name in names:
        archive.add("occurrences", sha256=name, source="leak", message_sha256="")
        archive.add("occurrences", sha256=name, source="leak", message_sha256="")
    assert anchored(archive, make_rule, observe, names, names[:8]) == (0, 0, False)
    for name in names[:25]:
        archive.add("occurrences", sha256=name, source="second", message_sha256="")
    assert anchored(archive, make_rule, observe, names, names[:8]) == (7, 24, True)


def test_an_original_of_a_reference_anchors(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 30)
    for at, name in enumerate(names):
        archive.add("counterparts", sha256=name, outcome="identical" if at % 2 else "differs")
    assert anchored(archive, make_rule, observe, names, names[:12]) == (6, 15, False)


def answer(archive: Any, names: Sequence[str], by: str = "in_reply_to", **signature: object) -> list[str]:
    """An answer of somebody else to each mail."""
    replies = mails(archive, len(names), start=500, from_address="bo@else.example")
    for at, (name, reply) in enumerate(zip(names, replies, strict=True)):
        archive.add("threads", sha256=name, number=at, by=[])
        archive.add("threads", sha256=reply, number=1000 + at, parent=at, by=[by])
    if signature:
        signed(archive, replies, **signature)
    return replies


def test_planted_answers_anchor_nothing(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 30)
    answer(archive, names)
    assert anchored(archive, make_rule, observe, names, names[:8]) == (0, 0, False)


def test_anchored_answers_anchor_what_they_name(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    names = mails(archive, 30)
    answer(archive, names, signed_fields=["from", "in-reply-to"])
    assert anchored(archive, make_rule, observe, names, names[:8]) == (7, 29, True)
    # a second mail under the id of the first: which of them was answered?
    twin = mails(archive, 1, start=300)
    archive.add("threads", sha256=twin[0], number=0, by=[])
    assert anchored(archive, make_rule, observe, names, names[:8]) == (6, 28, True)


@pytest.mark.parametrize(("by", "fields"), [("in_reply_to", ["from"]), ("subject", ["from", "in-reply-to", "subject"])])
def test_answers_that_do_not_name_it_for_sure(
    archive: Any, make_rule: MakeRule, observe: Observe, by: str, fields: list[str]
) -> None:
    names = mails(archive, 30)
    answer(archive, names, by, signed_fields=fields)
    assert anchored(archive, make_rule, observe, names, names[:8]) == (0, 0, False)


def test_nothing_is_asked_of_the_anchored_where_there_is_no_habit(
    archive: Any, make_rule: MakeRule, observe: Observe, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = mails(archive, 60)
    observed = [observe(make_rule(compare_with="sender"), name) for name in names[:4]]
    asked: list[str] = []

    def rows(sql: str, parameters: Any, kind: Any) -> Any:
        asked.append(sql)
        return archive.rows(sql, parameters, kind)

    assert habits(rows, observed, [], days(names[:4], 365)).of(observed[0]) is None
    assert not any("anchored" in sql for sql in asked)
