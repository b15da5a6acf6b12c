"""From observations and what explains them to findings, ranking and set-aside list."""

from collections.abc import Mapping, Sequence

import msgspec

from forensics import checks
from forensics.errors import ForensicsError
from forensics.knowledge.rates import UNSOLICITED, rates_without
from forensics.model.findings import Ranked, SetAside, StoredFinding
from forensics.model.items import Notice
from forensics.model.rows import findings as finding_rows
from forensics.model.rows import ranking as rank_rows
from forensics.model.rows import set_aside as set_aside_rows
from forensics.model.rows.explanations import ExplanationRow
from forensics.model.rules import Observation, Rule, State
from forensics.stages.grading.archive_property import archive_properties, set_apart
from forensics.stages.grading.clean_scores import with_clean_scores
from forensics.stages.grading.clusters import Clustered, cover, form_clusters
from forensics.stages.grading.findings import finding_id, make_finding, renamed
from forensics.stages.grading.habits import Habits, habits
from forensics.stages.grading.origin import UNKNOWN, Origin, origins
from forensics.stages.grading.rank import rank, set_aside
from forensics.stages.grading.strength import ReferenceRates, grade_one
from forensics.stages.observed import Observed, Rows, settle, stored_explanations
from forensics.stages.running import fault, noted
from forensics.stages.stage import Settings, Tables, Written

NAME = "grade"
VERSION = 1
READS = ("observations", "explanations", "occurrences", "messages", "documents", "archives")
WRITES = ("findings", "ranking", "set_aside", "notices")
TAKES = ("leave_out",)

EXPLANATIONS = "SELECT * FROM explanations ORDER BY n"


def loads() -> tuple[str, ...]:
    """Return the modules of all rules and explainers, whose declarations and sentences make findings."""
    explainers = [f"{checks.__name__}.explain.{name}" for name in checks.EXPLAINERS]
    return (*[f"{checks.__name__}.{name}" for name in checks.RULES], *explainers)


def run(tables: Tables, settings: Settings) -> Written:
    """Grade all observations of the case."""
    checks.load_all()
    observed, strange = tables.observed()
    explained = stored_explanations(observed, tables.rows(EXPLANATIONS, {}, ExplanationRow))
    rates = ReferenceRates(rates_without(settings.leave_out))
    grading = grade(settle(observed, explained), tables.rows, rates)
    ranking = with_clean_scores(grading.ranking, tables.rows, settings.leave_out)
    return {
        "findings": [finding_rows.row_of(stored) for stored in grading.findings],
        "ranking": [rank_rows.row_of(line) for line in ranking],
        "set_aside": [set_aside_rows.row_of(line) for line in grading.set_aside],
        "notices": noted((*strange, *grading.notices)),
    }


class Grading(msgspec.Struct, frozen=True, kw_only=True):
    """All that grading makes of a case."""

    findings: tuple[StoredFinding, ...]
    """Sorted by id; those at context too."""
    ranking: tuple[Ranked, ...]
    set_aside: tuple[SetAside, ...]
    notices: tuple[Notice, ...]
    """Findings that could not be made, and rules of which no habit can be counted."""


def grade(observed: Sequence[Observed], rows: Rows, rates: ReferenceRates | None = None) -> Grading:
    """Make findings of observations and order them.

    Args:
        observed: in a fixed order (see `in_order`), what explains them filled in.
        rows: queries of the case, for habits, coverage and eras.
        rates: reference rates; those of the knowledge base by default.
    """
    explained = set_apart(observed, archive_properties(rows, observed))
    merged = form_clusters(explained)
    known = origins(rows, [item for one in explained for item in one.items])
    clusters = [one.items for one in merged if one.observation.cluster]
    excuses = habits(rows, explained, clusters, known)
    findings, faults = _findings(cover(rows, merged), known, excuses, rates or ReferenceRates())
    return Grading(
        findings=findings,
        ranking=rank(findings),
        set_aside=set_aside(findings),
        notices=(*excuses.notices, *faults),
    )


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
