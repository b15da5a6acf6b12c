"""Every rule's and explainer's own cases are its specification."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from forensics.checks import EXPLAINERS, RULES, load, load_explainer
from forensics.errors import CheckError
from forensics.examples.cases import Case, Kind
from forensics.knowledge.benign import CAUSES
from forensics.knowledge.rates import rates_of
from forensics.knowledge.wording import Wording
from forensics.model.rules import Observation, Role, State

SAY = Wording("en")
EXPLAINING = {
    "clock_skew",
    "file_forgotten",
    "other_device",
    "others_unsigned",
    "own_copy",
    "rewritten_on_way",
    "route_rewritten",
    "sender_clock",
    "signed_intact",
    "store_header",
    "stripped_attachment",
}
"""Explainers that can explain; the others can only exclude their cause."""


def _cases(names: tuple[str, ...], loader) -> list:
    found = []
    for name in names:
        for number, case in enumerate(loader(name).cases()):
            found.append(pytest.param(name, case, id=f"{name}-{number}"))
    return found


def _explaining(observation: Observation) -> set[str]:
    return {state.cause for state in observation.benign if state.state is State.EXPLAINS}


@pytest.mark.parametrize(("name", "case"), _cases(RULES, load))
def test_rule_does_what_its_case_says(name: str, case: Case) -> None:
    module = load(name)
    found = list(module.check(case.subject, case.context))
    assert found == list(module.check(case.subject, case.context))
    if case.kind is Kind.SILENT:
        assert found == []
        return
    if case.kind is Kind.FIRES:
        assert (found[0].bin, len(found)) == (case.bin, case.count)
        assert not _explaining(found[0])
    else:
        assert case.by in _explaining(found[0])
    for observation in found:
        _sound(module, observation)


def _sound(module, observation: Observation) -> None:
    """An observation names facts that can be found again, causes of its rule only, and a sentence that is complete."""
    assert "{" not in SAY.said(observation.sentence)
    assert observation.sentence.key.startswith(f"rule.{module.RULE.id}")
    assert observation.evidence and observation.suspect
    assert observation.bin in {one.name for one in module.RULE.bins}
    assert {state.cause for state in observation.benign} <= set(module.RULE.benign)
    settled = [state for state in observation.benign if state.state is not State.OPEN]
    assert all(state.note and "{" not in SAY.said(state.note) for state in settled)
    for fact in observation.evidence:
        assert fact.locator.path
        if fact.locator.ranges:
            assert sum(end - start for start, end in fact.locator.ranges) == len(fact.raw)
    if module.RULE.id.startswith("case."):
        assert any(subject.role is not Role.WITNESS for subject in observation.subjects)
        assert all(fact.sha256 and fact.location for fact in observation.evidence)


@pytest.mark.parametrize("name", RULES)
def test_item_rule_has_power_on_its_cases(name: str) -> None:
    module = load(name)
    if name.startswith("case."):
        return
    for case in module.cases():
        if case.kind is not Kind.SILENT:
            presence = import_module(f"forensics.model.presence.{module.RULE.subject}").presence
            assert module.RULE.needs & presence(case.subject) == module.RULE.needs, case.why


@pytest.mark.parametrize("name", RULES)
def test_rule_fires_is_silent_and_shows_each_cause_it_can_settle(name: str) -> None:
    module = load(name)
    cases = list(module.cases())
    assert {Kind.FIRES, Kind.SILENT} <= {case.kind for case in cases}
    assert _settles(Path(module.__file__)) == {case.by for case in cases if case.kind is Kind.EXPLAINED}
    assert len({case.text for case in cases}) == len(cases)


def _settles(path: Path) -> set[str]:
    """Return the causes that a file's ``settled(cause, State.EXPLAINS, ...)`` calls name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "settled":
            cause, state = node.args[:2]
            if isinstance(cause, ast.Constant) and getattr(state, "attr", "") == "EXPLAINS":
                found.add(cause.value)
    return found


UNCOUNTED = {"case.copy_claims": {"untraced"}, "case.reference_document": {"words", "version"}}
"""Bins that no copy which a program makes can show, so that what they find is context."""


@pytest.mark.parametrize("name", RULES)
def test_rule_names_causes_sentences_and_bins_that_are_counted_if_any_is(name: str) -> None:
    module = load(name)
    rule = module.RULE
    assert rule.benign and set(rule.benign) <= set(CAUSES)
    assert rule.settle.one and rule.references and rule.group and (module.check.__doc__ or "").strip()
    counted = {row.bin for row in rates_of(rule.id, rule.version)}
    told = {case.bin for case in module.cases() if case.kind is Kind.FIRES}
    assert not counted or told - UNCOUNTED.get(rule.id, set()) <= counted


@pytest.mark.parametrize(("name", "case"), _cases(EXPLAINERS, load_explainer))
def test_explainer_does_what_its_case_says(name: str, case: Case) -> None:
    module = load_explainer(name)
    found = list(module.explain(case.subject, case.observations, case.context))
    assert all(state.cause == module.CAUSE and state.note and SAY.said(state.note) for _, state in found)
    explained = {index for index, state in found if state.state is State.EXPLAINS}
    assert explained == (set(range(len(case.observations))) if case.kind is Kind.EXPLAINED else set())


@pytest.mark.parametrize("name", sorted(set(EXPLAINERS) - EXPLAINING))
def test_explainer_that_never_explains_excludes_or_leaves_open_as_its_case_says(name: str) -> None:
    module = load_explainer(name)
    for case in module.cases():
        states = {state.state for _, state in module.explain(case.subject, case.observations, case.context)}
        assert (states, case.why.partition(":")[0]) in (({State.EXCLUDED}, "excluded"), (set(), "open"))


@pytest.mark.parametrize("name", EXPLAINERS)
def test_explainer_tests_a_cause_that_a_rule_lists(name: str) -> None:
    module = load_explainer(name)
    kinds = {Kind.SILENT, Kind.EXPLAINED} if name in EXPLAINING else {Kind.SILENT}
    assert {case.kind for case in module.cases()} == kinds
    assert any(module.CAUSE in load(rule).RULE.explained_by for rule in RULES)
    assert "explainer" in CAUSES[module.CAUSE].tested


def test_every_cause_of_the_registry_is_used_and_tested_as_it_says() -> None:
    used = {cause for name in RULES for cause in load(name).RULE.explained_by}
    assert used == {cause.id for cause in CAUSES.values() if "grading" not in cause.tested}
    explained = {case.by for name in RULES for case in load(name).cases() if case.kind is Kind.EXPLAINED}
    assert explained <= {cause.id for cause in CAUSES.values() if "rule" in cause.tested}
    assert set(EXPLAINERS) == {cause.id for cause in CAUSES.values() if "explainer" in cause.tested}


def test_unknown_names_are_refused() -> None:
    with pytest.raises(CheckError, match="in force"):
        load("mail.nothing")
    with pytest.raises(CheckError, match="in force"):
        load_explainer("nothing")


@pytest.mark.parametrize("name", RULES)
def test_bins_are_distinct_and_lie_in_bins_of_the_rule(name: str) -> None:
    names = [one.name for one in load(name).RULE.bins]
    assert names and len(set(names)) == len(names)
    for one in load(name).RULE.bins:
        assert set(one.within) <= set(names) - {one.name}


@pytest.mark.parametrize("name", RULES)
def test_rates_are_of_bins_that_the_rule_has(name: str) -> None:
    rule = load(name).RULE
    assert {row.bin for row in rates_of(rule.id, rule.version)} <= {one.name for one in rule.bins}
