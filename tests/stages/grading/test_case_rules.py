from collections.abc import Callable, Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from forensics.errors import CheckError, StorageFull
from forensics.examples.cases import context
from forensics.model.rules import BenignState, Context, Observation, Role, Rule, State
from forensics.stages.grading.case_rules import parameters, run_case_rules, run_explainers
from forensics.stages.grading.observed import Observed

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]

QUERY = "SELECT sha256 FROM messages WHERE arrived < $as_of ORDER BY sha256"


class Row(msgspec.Struct, frozen=True):
    sha256: str


@pytest.fixture
def case_rule(observe: Observe) -> Callable[..., Any]:
    """A rule that sees every mail, and crashes after *crash_after* of them."""

    def make(rule: Rule, crash_after: int = 99, crash: type[Exception] = ZeroDivisionError, **how: Any) -> Any:
        def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
            for number, row in enumerate(rows):
                if number == crash_after:
                    raise crash("by design")
                yield observe(rule, row.sha256, **how).observation

        return SimpleNamespace(RULE=rule, Row=Row, QUERY=QUERY, check=check)

    return make


@pytest.fixture
def mails(archive: Any) -> Any:
    for name in ("c", "a", "b"):
        archive.add("messages", sha256=name, mask=0, arrived=5)
    return archive


def items(observed: Sequence[Observed]) -> list[tuple[str, str]]:
    return [(one.rule.id, one.main.sha256) for one in observed]


def test_a_case_rule_sees_the_rows_of_its_query(mails: Any, make_rule: MakeRule, case_rule: Any) -> None:
    found, notices = run_case_rules(mails.rows, context(), [case_rule(make_rule("case.x"))])
    assert items(found) == [("case.x", "a"), ("case.x", "b"), ("case.x", "c")]
    assert notices == ()


def test_a_crash_is_noted_and_hides_nothing(mails: Any, make_rule: MakeRule, case_rule: Any) -> None:
    rules = [case_rule(make_rule("case.x"), crash_after=1), case_rule(make_rule("case.y"))]
    found, (notice,) = run_case_rules(mails.rows, context(), rules)
    assert items(found) == [("case.x", "a"), ("case.y", "a"), ("case.y", "b"), ("case.y", "c")]
    assert notice.code == "engine.rule_fault"
    assert notice.text.startswith("case.x/1: Traceback")
    assert "ZeroDivisionError: by design" in notice.text


def test_a_query_that_fails_costs_its_rule_only(mails: Any, make_rule: MakeRule, case_rule: Any) -> None:
    broken = case_rule(make_rule("case.x"))
    broken.QUERY = "SELECT nothing FROM nowhere"
    unknown = case_rule(make_rule("case.z"))
    unknown.QUERY = "SELECT $nobody"
    found, notices = run_case_rules(mails.rows, context(), [broken, unknown, case_rule(make_rule("case.y"))])
    assert len(found) == 3
    assert [notice.text[:8] for notice in notices] == ["case.x/1", "case.z/1"]


def test_a_full_disk_is_no_fault_of_a_rule(mails: Any, make_rule: MakeRule, case_rule: Any) -> None:
    with pytest.raises(StorageFull):
        run_case_rules(mails.rows, context(), [case_rule(make_rule("case.x"), crash_after=0, crash=StorageFull)])


def test_an_observation_that_accuses_nobody_breaks_the_contract(
    mails: Any, make_rule: MakeRule, case_rule: Any
) -> None:
    found, (notice,) = run_case_rules(mails.rows, context(), [case_rule(make_rule("case.x"), role=Role.WITNESS)])
    assert found == ()
    assert "CheckError" in notice.text


def test_parameters_are_those_that_the_query_names() -> None:
    assert parameters("SELECT 1", context()) == {}
    assert parameters("SELECT $as_of, $as_of", context()) == {"as_of": context().as_of}
    with pytest.raises(CheckError, match=r"\$other"):
        parameters("SELECT $other", context())


def explainer(states: Callable[[Sequence[Observation]], Iterable[tuple[int, BenignState]]]) -> Any:
    def explain(
        rows: Iterable[Row], observations: Sequence[Observation], context: Context
    ) -> Iterator[tuple[int, BenignState]]:
        assert [row.sha256 for row in rows] == ["a", "b", "c"]
        yield from states(observations)

    return SimpleNamespace(CAUSE="clock_skew", Row=Row, QUERY=QUERY, explain=explain)


SKEW = BenignState(cause="clock_skew", state=State.EXPLAINS, note="Its host runs ten minutes ahead.")


def test_an_explainer_is_offered_only_what_lists_its_cause(mails: Any, make_rule: MakeRule, observe: Observe) -> None:
    own, other = make_rule(benign=("clock_skew",)), make_rule("mail.other")
    observed = [observe(other, "a"), observe(own, "b"), observe(other, "c"), observe(own, "d")]
    module = explainer(lambda offered: [(len(offered) - 1, SKEW)])
    settled, notices = run_explainers(mails.rows, observed, context(), [module])
    assert [one.observation.benign for one in settled] == [(), (), (), (SKEW,)]
    assert notices == ()


def test_nothing_offered_nothing_queried(archive: Any, make_rule: MakeRule, observe: Observe) -> None:
    archive.database.close()
    observed = [observe(make_rule(), "a")]
    module = explainer(lambda offered: [])
    assert run_explainers(archive.rows, observed, context(), [module]) == (tuple(observed), ())


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
    settled, (notice,) = run_explainers(mails.rows, observed, context(), [explainer(lambda offered: states)])
    assert settled == tuple(observed)
    assert notice.code == "engine.explainer_fault"
    assert notice.text.startswith("clock_skew: ")
