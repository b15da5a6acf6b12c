"""Which innocent causes the archive as a whole settles; an explainer that crashes leaves its cause open."""

from collections.abc import Callable, Sequence
from itertools import count

from forensics import checks
from forensics.checks import Explainer
from forensics.errors import CheckError, Interrupted, StorageFull
from forensics.model.items import Notice
from forensics.model.rows import explanations
from forensics.model.rules import BenignState, Context, Observation, Rule
from forensics.stages.observed import Explanation, Rows
from forensics.stages.outlines import Named, Outlines
from forensics.stages.running import fault, noted, parameters
from forensics.stages.stage import Settings, Tables, Write

NAME = "explain"
VERSION = 1
READS = ("observations", "occurrences", "messages", "signatures", "keys", "verdicts", "repairs", "notices")
WRITES = ("explanations", "notices")
TAKES = ("as_of", "limits", "contents")
ROWS_NEEDED = {"observations": 1}


def loads() -> tuple[str, ...]:
    """Return the modules of the explainers, and of the rules whose declarations say which causes they list."""
    rules = [f"{checks.__name__}.{name}" for name in checks.RULES]
    return (*rules, *[f"{checks.__name__}.explain.{name}" for name in checks.EXPLAINERS])


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Let every explainer settle its cause."""
    observed, _ = tables.outlined()
    numbers = count()
    for name in checks.EXPLAINERS:
        found, faults = run_explainers(tables.rows, observed, settings.context, [checks.load_explainer(name)])
        for at, state in found:
            one = observed[at]
            write("explanations", explanations.row_of(next(numbers), one.rule.id, one.key, state))
        for notice in faults:
            write("notices", noted(notice))


def run_explainers(
    rows: Rows, observed: Outlines, context: Context, explainers: Sequence[Explainer]
) -> tuple[tuple[Explanation, ...], tuple[Notice, ...]]:
    """Let each explainer settle its cause for the observations of rules that list it.

    Returns:
        What they said of which observation, in their order, and a notice for each crash.
    """
    found: list[Explanation] = []
    notices: list[Notice] = []
    for module in explainers:
        cause = module.CAUSE
        offered = observed.of(_listing(cause))
        if not offered:
            continue
        try:
            states = _explain(module, rows, Named(offered), context)
        except (Interrupted, StorageFull):
            raise
        except Exception:  # noqa: BLE001  an explainer that crashes leaves its cause open
            notices.append(fault("engine.explainer_fault", cause))
        else:
            found += [(offered.place(index), state) for index, state in states]
    return tuple(found), tuple(notices)


def _listing(cause: str) -> Callable[[Rule], bool]:
    return lambda rule: cause in rule.explained_by


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
