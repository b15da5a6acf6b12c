"""Rules and explainers that need the whole archive: their queries run, and a fault costs that rule only."""

import re
import traceback
from collections.abc import Mapping, Sequence

import msgspec

from forensics.checks import CaseRule, Explainer
from forensics.errors import CheckError, Interrupted, StorageFull
from forensics.model.items import Notice
from forensics.model.rules import BenignState, Context, Observation, Role
from forensics.stages.grading.findings import with_state
from forensics.stages.grading.observed import Observed, Rows, once_each

_PARAMETER = re.compile(r"\$([a-z_]+)")


def parameters(sql: str, context: Context) -> Mapping[str, object]:
    """Return the values of the parameters that a query names: fields of the context.

    Raises:
        CheckError: the query names something that the context does not have.
    """
    values: dict[str, object] = {}
    for name in _PARAMETER.findall(sql):
        if name not in context.__struct_fields__:
            raise CheckError(f"query names ${name}, which the context does not have")
        values[name] = getattr(context, name)
    return values


def fault(code: str, name: str) -> Notice:
    """Return the notice about the exception that is being handled."""
    return Notice(code=code, text=f"{name}: {traceback.format_exc(limit=-4)}")


def run_case_rules(
    rows: Rows, context: Context, rules: Sequence[CaseRule]
) -> tuple[tuple[Observed, ...], tuple[Notice, ...]]:
    """Run case rules.

    Returns:
        Observations in a fixed order, what a rule yielded before it crashed among them, and a notice for each crash.
    """
    found: list[Observed] = []
    notices: list[Notice] = []
    for module in rules:
        rule = module.RULE
        try:
            for observation in module.check(rows(module.QUERY, parameters(module.QUERY, context), module.Row), context):
                if all(subject.role is Role.WITNESS for subject in observation.subjects):
                    raise CheckError("the observation names no subject it speaks against")
                found.append(Observed(rule=rule, observation=observation))
        except (Interrupted, StorageFull):
            raise
        except Exception:  # noqa: BLE001  a rule that crashes must not hide the others
            notices.append(fault("engine.rule_fault", f"{rule.id}/{rule.version}"))
    return once_each(found), tuple(notices)


def run_explainers(
    rows: Rows, observed: Sequence[Observed], context: Context, explainers: Sequence[Explainer]
) -> tuple[tuple[Observed, ...], tuple[Notice, ...]]:
    """Let each explainer settle its cause for the observations of rules that list it.

    Returns:
        The observations in the same order, their benign states filled in, and a notice for each crash.
    """
    settled = list(observed)
    notices: list[Notice] = []
    for module in explainers:
        cause = module.CAUSE
        offered = [index for index, one in enumerate(observed) if cause in one.rule.benign]
        if not offered:
            continue
        try:
            for index, state in _explain(module, rows, [observed[at].observation for at in offered], context):
                one = settled[offered[index]]
                settled[offered[index]] = msgspec.structs.replace(one, observation=with_state(one.observation, state))
        except (Interrupted, StorageFull):
            raise
        except Exception:  # noqa: BLE001  an explainer that crashes leaves its cause open
            notices.append(fault("engine.explainer_fault", cause))
    return tuple(settled), tuple(notices)


def _explain(
    module: Explainer, rows: Rows, offered: Sequence[Observation], context: Context
) -> list[tuple[int, BenignState]]:
    """Return all that an explainer finds: half of what a crashed one said would hide which half."""
    stream = rows(module.QUERY, parameters(module.QUERY, context), module.Row)
    states = list(module.explain(stream, offered, context))
    for index, state in states:
        if not 0 <= index < len(offered) or state.cause != module.CAUSE:
            raise CheckError(f"the explainer of {module.CAUSE} spoke of another cause or observation")
    return states
