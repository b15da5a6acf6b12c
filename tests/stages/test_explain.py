from collections.abc import Callable, Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from forensics.examples.cases import context
from forensics.model.rules import BenignState, Context, Observation, Rule, State
from forensics.model.sentences import says
from forensics.stages.explain import run_explainers
from forensics.stages.observed import Observed
from forensics.stages.outlines import spooled

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]

QUERY = "SELECT sha256 FROM messages WHERE arrived < $as_of ORDER BY sha256"


class Row(msgspec.Struct, frozen=True):
    sha256: str


@pytest.fixture
def mails(archive: Any) -> Any:
    for name in ("c", "a", "b"):
        archive.add("messages", sha256=name, mask=0, arrived=5)
    return archive


def explainer(states: Callable[[Sequence[Observation]], Iterable[tuple[int, BenignState]]]) -> Any:
    def explain(
        rows: Iterable[Row], observations: Sequence[Observation], context: Context
    ) -> Iterator[tuple[int, BenignState]]:
        assert [row.sha256 for row in rows] == ["a", "b", "c"]
        yield from states(observations)

    return SimpleNamespace(CAUSE="clock_skew", Row=Row, QUERY=QUERY, explain=explain)


SKEW = BenignState(
    cause="clock_skew",
    state=State.EXPLAINS,
    note=says("test.test_explain", one="Its host runs ten minutes ahead.")(),
)


def test_an_explainer_is_offered_only_what_lists_its_cause(mails: Any, make_rule: MakeRule, observe: Observe) -> None:
    own, other = make_rule(benign=("clock_skew",)), make_rule("mail.other")
    observed = [observe(other, "a"), observe(own, "b"), observe(other, "c"), observe(own, "d")]
    module = explainer(lambda offered: [(len(offered) - 1, SKEW)])
    assert run_explainers(mails.rows, spooled(observed), context(), [module]) == (((3, SKEW),), ())


def test_nothing_offered_nothing_queried(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    archive.database.close()
    module = explainer(lambda offered: [])
    assert run_explainers(archive.rows, spooled([observe(make_rule(), "a")]), context(), [module]) == ((), ())


@pytest.mark.parametrize(
    "states",
    [
        [(0, SKEW), (1, SKEW)],
        [(-1, SKEW)],
        [(0, SKEW), (0, BenignState(cause="converter", state=State.EXPLAINS))],
    ],
)
def test_an_explainer_that_breaks_its_contract_explains_nothing(
    mails: Any, make_rule: MakeRule, observe: Observe, states: list[tuple[int, BenignState]]
) -> None:
    observed = [observe(make_rule(benign=("clock_skew", "converter")), "a")]
    found, (notice,) = run_explainers(mails.rows, spooled(observed), context(), [explainer(lambda offered: states)])
    assert found == ()
    assert notice.code == "engine.explainer_fault"
    assert notice.text.startswith("clock_skew: ")
