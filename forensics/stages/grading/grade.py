"""From the observations of a case to its findings, ranking and set-aside list."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec

from forensics import checks
from forensics.checks import Explainer
from forensics.errors import ForensicsError
from forensics.knowledge.rates import UNSOLICITED, rates_without
from forensics.model.findings import Ranked, SetAside, StoredFinding
from forensics.model.items import Notice
from forensics.model.rows.observations import ObservationRow
from forensics.model.rules import Context, Observation, Rule, State
from forensics.stages.grading.archive_property import archive_properties, set_apart
from forensics.stages.grading.case_rules import fault, run_case_rules, run_explainers
from forensics.stages.grading.clean_scores import with_clean_scores
from forensics.stages.grading.clusters import Clustered, cover, form_clusters
from forensics.stages.grading.findings import finding_id, make_finding, renamed
from forensics.stages.grading.habits import Habits, habits
from forensics.stages.grading.observed import Observed, Rows, from_rows, in_order
from forensics.stages.grading.origin import UNKNOWN, Origin, origins
from forensics.stages.grading.rank import rank, set_aside
from forensics.stages.grading.strength import ReferenceRates, grade_one

STORED = "SELECT * FROM observations ORDER BY rule, sha256, location, observation"


class Grading(msgspec.Struct, frozen=True, kw_only=True):
    """All that grading makes of a case."""

    findings: tuple[StoredFinding, ...]
    """Sorted by id; those at context too."""
    ranking: tuple[Ranked, ...]
    set_aside: tuple[SetAside, ...]
    notices: tuple[Notice, ...]
    """Rules, explainers and findings that failed, and stored observations that no rule in force explains."""


def observe(rows: Rows, context: Context) -> tuple[tuple[Observed, ...], tuple[Notice, ...]]:
    """Return a case's stored observations and those of the case rules, and what failed on the way."""
    modules = [checks.load(name) for name in checks.RULES]
    rules: dict[str, Rule] = {module.RULE.id: module.RULE for module in modules}
    case_rules = [module for module in modules if module.RULE.id.startswith("case.")]
    stored, strange = from_rows(rows(STORED, {}, ObservationRow), rules)
    over_case, faults = run_case_rules(rows, context, case_rules)
    return (*stored, *over_case), (*strange, *faults)


def grade_case(rows: Rows, context: Context, leave_out: Sequence[str] = ()) -> Grading:
    """Grade a case: its stored observations, and those of the case rules, over all its tables.

    Args:
        rows: queries of the case.
        context: what rules and explainers may know.
        leave_out: reference corpora whose rates and scores are not used.
    """
    explainers = [checks.load_explainer(name) for name in checks.EXPLAINERS]
    with _no_collector():
        observed, notices = observe(rows, context)
        grading = grade(observed, rows, context, explainers, ReferenceRates(rates_without(leave_out)))
        ranking = with_clean_scores(grading.ranking, rows, leave_out)
    return msgspec.structs.replace(grading, ranking=ranking, notices=(*notices, *grading.notices))


def grade(
    observed: Iterable[Observed],
    rows: Rows,
    context: Context,
    explainers: Sequence[Explainer] = (),
    rates: ReferenceRates | None = None,
) -> Grading:
    """Make findings of observations and order them.

    Args:
        observed: in any order; every subject filled in.
        rows: queries of the case, for habits, coverage, eras and explainers.
        context: what explainers may know.
        explainers: modules of ``checks/explain``.
        rates: reference rates; those of the knowledge base by default.
    """
    with _no_collector():
        settled, notices = run_explainers(rows, in_order(observed), context, explainers)
        explained = set_apart(rows, settled, archive_properties(rows, settled))
        merged = form_clusters(explained)
        known = origins(rows, [item for one in explained for item in one.items])
        clusters = [one.items for one in merged if one.observation.cluster]
        excuses = habits(rows, explained, clusters, known)
        findings, faults = _findings(cover(rows, merged), known, excuses, rates or ReferenceRates())
        return Grading(
            findings=findings,
            ranking=rank(findings),
            set_aside=set_aside(findings),
            notices=(*notices, *excuses.notices, *faults),
        )


@contextmanager
def _no_collector() -> Iterator[None]:
    """Pause the cycle collector: model objects form no cycles, and walking all of them takes half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _findings(
    observed: Sequence[Clustered], known: Mapping[str, Origin], excuses: Habits, rates: ReferenceRates
) -> tuple[tuple[StoredFinding, ...], list[Notice]]:
    found: dict[str, StoredFinding] = {}
    notices: list[Notice] = []
    unsolicited = {item for one in observed if _unsolicited(one.observed.observation) for item in one.observed.items}
    for one in observed:
        rule, seen = one.observed.rule, one.observed.observation
        main = one.observed.main.sha256
        origin = known.get(main, UNKNOWN)
        route = UNSOLICITED if main in unsolicited else origin.route
        measured = rates.of(rule, seen.bin, origin.era, route)
        in_spam = rates.in_spam(rule, seen.bin) if _may_be_spam(rule, seen) else 0.0
        graded = grade_one(rule, seen.bin, measured, excuses.of(one.observed), seen.benign, in_spam)
        try:
            stored = make_finding(one, graded)
        except ForensicsError:
            notices.append(fault("engine.finding_fault", f"{rule.id}/{rule.version}"))
            continue
        name, ordinal = stored.finding.id, 0
        # Two observations may rest on the same bytes of the same items and still say different things.
        while name in found:
            ordinal += 1
            name = finding_id(one.observed, ordinal)
        found[name] = stored if not ordinal else renamed(stored, name)
    return tuple([found[name] for name in sorted(found)]), notices


def _may_be_spam(rule: Rule, seen: Observation) -> bool:
    """Whether spam is an innocent cause of the rule, and the archive does not exclude it."""
    excluded = any(state.cause == UNSOLICITED and state.state is State.EXCLUDED for state in seen.benign)
    return UNSOLICITED in rule.benign and not excluded


def _unsolicited(seen: Observation) -> bool:
    return any(state.cause == UNSOLICITED and state.state is State.EXPLAINS for state in seen.benign)
