from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from forensics.examples.times import ticks
from forensics.model.findings import StoredFinding
from forensics.model.presence.message import MessageHas
from forensics.model.rules import Rule
from forensics.stages import grade as stage
from forensics.stages.grading.groups import GROUPS
from forensics.stages.grading.habit_lines import _KINDS
from forensics.stages.grading.strength import ReferenceRates
from forensics.stages.observed import Observed, in_order

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]
MakeRates = Callable[..., ReferenceRates]

DAY = 86_400 * 10_000_000
START = ticks("2016-01-01T00:00:00+00:00")


class Judged(msgspec.Struct, frozen=True):
    findings: tuple[StoredFinding, ...]
    grading: stage.Grading


@pytest.fixture
def laundered(archive: Any, make_rule: MakeRule, observe: Observe, make_rates: MakeRates) -> Callable[..., Judged]:
    """A forged mail and thirty planted ones of one sender with one fault, among others; some with another fault."""
    for at in range(31):
        archive.add(
            "messages",
            sha256=f"m{at:02}",
            mask=int(MessageHas.DATE),
            from_address="ann@x.example",
            arrived=START + at * 2 * DAY,
        )
    for at in range(200):
        archive.add("messages", sha256=f"x{at:03}", mask=int(MessageHas.DATE), from_address="bo@y.example")

    def run(rate: tuple[int, int] = (0, 100_000), *, others: int = 0, signed: int = 0) -> Judged:
        for at in range(signed):
            archive.add("signatures", sha256=f"m{at:02}", signed_fields=["from"])
        fault = make_rule("mail.fault", compare_with="sender")
        other = make_rule("mail.other")
        observed = [observe(fault, f"m{at:02}") for at in range(31)]
        observed += [observe(other, f"m{at:02}", suspect="x") for at in range(others)]
        rates = make_rates({("mail.fault", "off"): rate, ("mail.other", "off"): (400, 100_000)})
        made: list[StoredFinding] = []
        grading = stage.grade(in_order(observed), archive.rows, rates, take=made.append)
        return Judged(tuple(made), grading)

    return run


def test_thirty_plants_excuse_nothing(laundered: Callable[..., Judged]) -> None:
    judged = laundered()
    assert judged.grading.set_aside == ()
    (line,) = judged.grading.ranking
    assert line.cluster is not None
    assert (line.strength, line.cluster.kind, line.cluster.value) == ("moderate", "habit", "ann@x.example")
    assert [ref.sha256 for ref in line.cluster.members] == [f"m{at:02}" for at in range(31)]
    assert line.reasons == (
        "31 items of one sender (ann@x.example) show this: A rule for tests. So do 30 of 30 comparable items here, the "
        "one that is judged left out. What is anchored among them (by a signature that holds, the same bytes in "
        "another source, or an anchored answer) does not establish it: either it always happens there, or they were "
        "planted together. None of them excuses another.",
    )
    own = [one for one in judged.findings if not one.of_habit]
    assert {(one.finding.strength, one.capped) for one in own} == {("moderate", "unanchored")}
    (whole,) = [one for one in judged.findings if one.of_habit]
    assert line.findings == (whole.finding.id,)
    assert len(whole.finding.subjects) == len(whole.finding.evidence) == 31
    assert len({one.finding.id for one in judged.findings}) == 32


def test_a_weak_finding_stays_weak(laundered: Callable[..., Judged]) -> None:
    (line,) = laundered((400, 100_000)).grading.ranking
    assert (line.strength, line.cluster is not None) == ("weak", True)


def test_context_is_no_line(laundered: Callable[..., Judged]) -> None:
    judged = laundered((4_000, 100_000))
    assert judged.grading.ranking == ()
    assert len(judged.findings) == 31


def test_who_has_more_has_a_line_too(laundered: Callable[..., Judged]) -> None:
    first, *rest = laundered(others=2).grading.ranking
    assert first.cluster is not None
    assert len(first.cluster.members) == 31
    assert [line.item.sha256 for line in rest if line.item] == ["m00", "m01"]
    assert all(len(line.findings) == 2 for line in rest)


def test_an_anchored_habit_excuses(laundered: Callable[..., Judged]) -> None:
    judged = laundered(signed=31)
    assert judged.grading.ranking == ()
    assert [(line.reason, line.count) for line in judged.grading.set_aside] == [("habit", 31)]


def test_four_anchored_mails_do_not_establish_it(laundered: Callable[..., Judged]) -> None:
    judged = laundered(signed=4)
    (line,) = judged.grading.ranking
    assert line.strength == "moderate"
    counted = {
        (one.finding.habit.anchored_hits, one.finding.habit.anchored_n)
        for one in judged.findings
        if one.finding.habit and not one.of_habit
    }
    assert counted == {(4, 4), (3, 3)}


def test_every_comparison_group_has_a_name() -> None:
    assert _KINDS.keys() == GROUPS.keys()
