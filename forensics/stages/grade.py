"""From observations and what explains them to findings, ranking and set-aside list."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby

import msgspec

from forensics import checks
from forensics.errors import CheckError, ForensicsError
from forensics.knowledge.rates import UNSOLICITED, rates_without
from forensics.model.codec import decode
from forensics.model.findings import Ranked, SetAside, StoredFinding
from forensics.model.items import Notice
from forensics.model.rows import findings as finding_rows
from forensics.model.rows import ranking as rank_rows
from forensics.model.rows import set_aside as set_aside_rows
from forensics.model.rows.observations import ObservationRow
from forensics.model.rules import Observation, Rule, State
from forensics.stages.grading.anchored import Anchors, anchors_of, sided
from forensics.stages.grading.archive_property import archive_properties, set_apart
from forensics.stages.grading.clean_scores import with_clean_scores
from forensics.stages.grading.clusters import Clustered, cover, form_clusters
from forensics.stages.grading.concluding import conclude
from forensics.stages.grading.concluding.told import Told, told
from forensics.stages.grading.findings import finding_id, make_finding, renamed
from forensics.stages.grading.folding import fold
from forensics.stages.grading.habit_lines import HabitLines
from forensics.stages.grading.habits import Habits, habits
from forensics.stages.grading.origin import UNKNOWN, Origin, origins
from forensics.stages.grading.owners import Combining, Reads
from forensics.stages.grading.rank import Aside, counts, rank, without_evidence
from forensics.stages.grading.strength import ReferenceRates, grade_one
from forensics.stages.observed import Observed, Rows, key_of
from forensics.stages.outlines import EXPLANATIONS, Explained, explained
from forensics.stages.running import fault, noted
from forensics.stages.stage import Settings, Tables, Write

NAME = "grade"
VERSION = 1
READS = (
    *("observations", "explanations", "occurrences", "messages", "documents", "archives", "verdicts"),
    *("signer_verdicts", "counterparts", "signatures", "repairs", "keys", "threads", "quotes", "copies", "restored"),
)
WRITES = ("findings", "ranking", "set_aside", "notices")
TAKES = ("leave_out",)
ROWS_NEEDED = {"observations": 1}


def loads() -> tuple[str, ...]:
    """Return the modules of all rules and explainers, whose declarations and sentences make findings."""
    explainers = [f"{checks.__name__}.explain.{name}" for name in checks.EXPLAINERS]
    return (*[f"{checks.__name__}.{name}" for name in checks.RULES], *explainers)


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Grade all observations of the case."""
    checks.load_all()
    outlined, strange = tables.outlined()
    observed = tables.spooled(explained(outlined, tables.rows(EXPLANATIONS, {}, Explained)))
    rates = ReferenceRates(rates_without(settings.leave_out))

    ranked: dict[str, Told] = {}

    def take(stored: StoredFinding) -> None:
        write("findings", finding_rows.row_of(stored))
        if counts(stored.finding):
            ranked[stored.finding.id] = told(stored)

    grading = grade(
        observed,
        tables.rows,
        rates,
        take=take,
        stored=tables.stored,
        spooled=tables.spooled,
        left_out=settings.leave_out,
    )
    concluded = conclude(grading.ranking, ranked, tables.rows)
    for line in with_clean_scores(concluded, tables.rows, settings.leave_out):
        write("ranking", rank_rows.row_of(line))
    for apart in grading.set_aside:
        write("set_aside", set_aside_rows.row_of(apart))
    for notice in (*strange, *grading.notices):
        write("notices", noted(notice))


class Grading(msgspec.Struct, frozen=True, kw_only=True):
    """What grading makes of a case beside findings."""

    ranking: tuple[Ranked, ...]
    set_aside: tuple[SetAside, ...]
    notices: tuple[Notice, ...]
    """Findings that could not be made, and rules of which no habit can be counted."""


def grade(
    observed: Collection[Observed],
    rows: Rows,
    rates: ReferenceRates | None = None,
    *,
    take: Callable[[StoredFinding], None],
    stored: Callable[[], Iterable[ObservationRow]] = tuple,
    spooled: Callable[[Iterable[Observed]], Collection[Observed]] = tuple,
    left_out: Sequence[str] = (),
) -> Grading:
    """Make findings of observations and order them.

    Args:
        observed: in a fixed order (see `in_order`), what explains them filled in.
        rows: queries of the case, for habits, coverage and eras.
        rates: reference rates; those of the knowledge base by default.
        take: gets each finding when it is made, those at context too.
        stored: gives the rows of those that are outlined.
        spooled: puts observations where they can be read several times.
        left_out: corpora whose counts do not say what moderate findings are worth together.
    """
    if anchors := anchors_of(rows, observed):
        observed = spooled(sided(one, anchors) for one in observed)
    if properties := archive_properties(rows, observed):
        observed = spooled(set_apart(observed, properties))
    whole = cover(rows, form_clusters([one for one in observed if not one.outlined]))
    known = origins(rows, (item for one in observed for item in one.items))
    clusters = [one.observed.items for one in whole if one.observed.observation.cluster]
    excuses = habits(rows, observed, clusters, known)
    graded = chain((one for one in observed if one.outlined), [one.observed for one in whole])
    unsolicited = {item for one in graded if _unsolicited(one.observation) for item in one.items}
    counting: list[StoredFinding] = []
    aside, notices, reads = Aside(), list(excuses.notices), Reads()
    rates = rates or ReferenceRates()
    everything = chain(_whole(observed, stored, anchors), whole)
    for made in _findings(everything, known, unsolicited, excuses, rates, notices):
        take(made)
        aside.add(made)
        if counts(made.finding):
            reads.take(made)
            counting.append(without_evidence(made))
    combining = Combining(known, reads, unsolicited, left_out)
    ranking = fold(rank(counting, combining.of), counting)
    return Grading(ranking=ranking, set_aside=aside.lines(), notices=tuple(notices))


def _whole(
    observed: Iterable[Observed], stored: Callable[[], Iterable[ObservationRow]], anchors: Anchors
) -> Iterator[Clustered]:
    """Yield what was outlined whole again, in the order of the rows."""
    outlines = (one for one in observed if one.outlined)
    ahead = next(outlines, None)
    groups = groupby(stored(), key=lambda row: (row.rule, row.sha256)) if ahead is not None else ()
    for (rule, _), same in groups:
        rows = {key_of(row): row for row in same}
        found: dict[str, Observed] = {}
        while ahead is not None and ahead.rule.id == rule and ahead.key in rows:
            found[ahead.key] = ahead
            ahead = next(outlines, None)
        for key, row in rows.items():
            if (outlined := found.get(key)) is not None:
                seen = outlined.observation
                whole = msgspec.structs.replace(
                    decode(row.observation, Observation), benign=seen.benign, cluster=seen.cluster
                )
                yield Clustered(observed=sided(Observed(rule=outlined.rule, observation=whole, key=key), anchors))
    if ahead is not None:
        raise CheckError(f"{1 + sum(1 for _ in outlines)} observations are outlined but not stored")


def _findings(
    whole: Iterable[Clustered],
    known: Mapping[str, Origin],
    unsolicited: Container[str],
    excuses: Habits,
    rates: ReferenceRates,
    faults: list[Notice],
) -> Iterator[StoredFinding]:
    """Make the findings; those that cannot be made are among the faults afterwards."""
    taken: set[str] = set()
    lines = HabitLines()
    for one in whole:
        rule, seen = one.observed.rule, one.observed.observation
        main = one.observed.main.sha256
        origin = known.get(main, UNKNOWN)
        route = UNSOLICITED if main in unsolicited else origin.route
        measured = rates.of(rule, seen.bin, origin.era, route)
        in_spam = rates.in_spam(rule, seen.bin) if _may_be_spam(rule, seen) else 0.0
        habit, as_counted = excuses.of(one.observed), origin.as_counted(rule)
        graded = grade_one(rule, seen.bin, measured, habit, seen.benign, in_spam, as_counted=as_counted)
        try:
            stored = make_finding(one, graded)
        except ForensicsError:
            faults.append(fault("engine.finding_fault", f"{rule.id}/{rule.version}"))
            continue
        name, ordinal = stored.finding.id, 0
        # Two observations may rest on the same bytes of the same items and still say different things.
        while name in taken:
            ordinal += 1
            name = finding_id(one.observed, ordinal)
        taken.add(name)
        lines.add(rule, stored)
        yield stored if not ordinal else renamed(stored, name)
    yield from lines.findings()


def _may_be_spam(rule: Rule, seen: Observation) -> bool:
    """Whether spam is an innocent cause of the rule, and the archive does not exclude it."""
    excluded = any(state.cause == UNSOLICITED and state.state is State.EXCLUDED for state in seen.benign)
    return UNSOLICITED in rule.benign and not excluded


def _unsolicited(seen: Observation) -> bool:
    return any(state.cause == UNSOLICITED and state.state is State.EXPLAINS for state in seen.benign)
