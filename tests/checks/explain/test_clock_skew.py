"""A server's clock is judged by what passed within a month, of which alone stamps are held."""

from collections.abc import Sequence

import pytest

from forensics.checks._facts import DAY, MINUTE
from forensics.checks.explain import clock_skew
from forensics.checks.explain.clock_skew import MONTH, Row, explain
from forensics.examples.cases import context, observation
from forensics.model.rules import State

START = 132_000_000_000_000_000


def a_mail_a_day(days: int, wrong: range, *, host: str = "mx.example") -> list[Row]:
    """Return stamps of a host whose clock is ten minutes behind on some days."""
    rows = []
    for day in range(days):
        sent = START + day * DAY
        error = -10 * MINUTE if day in wrong else 0
        rows.append(
            Row(sha256=f"{day:064}", host=host, at=sent + error, below_host="a.example", below=sent, above=sent)
        )
    return rows


def test_no_more_stamps_are_held_than_count(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    others = clock_skew._others

    def watched(sample: clock_skew._Sample, passed: Sequence[clock_skew._Sample], before: int, after: int) -> object:
        held.append(len(passed))
        return others(sample, passed, before, after)

    monkeypatch.setattr(clock_skew, "_others", watched)
    asked = [observation(sha256=f"{day:064}", keys={"lower": "a.example", "upper": "mx.example"}) for day in range(900)]
    found = dict(explain(a_mail_a_day(900, range(400, 500)), asked, context()))
    assert max(held) <= 3 * MONTH // DAY + 2
    wrong = [index for index, state in found.items() if state.state is State.EXPLAINS]
    assert wrong == list(range(400, 500))


def test_the_first_host_that_settles_it_is_told() -> None:
    rows = a_mail_a_day(20, range(20), host="b.example") + a_mail_a_day(20, range(20), host="mx.example")
    asked = [observation(sha256=f"{9:064}", keys={"lower": "b.example", "upper": "mx.example"})]
    ((_, state),) = explain(rows, asked, context())
    assert "b.example" in str(state)
    assert "mx.example" not in str(state)
