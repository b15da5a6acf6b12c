"""On how many files moderate findings of several rules meet, each file judged with the counts of all other owners."""

from collections.abc import Mapping, Sequence
from functools import partial

from forensics.engine.measuring.combined import DIGITS
from forensics.engine.measuring.file_counts import Tally, counted_rules, counts_for
from forensics.engine.measuring.file_reading import SeenFile
from forensics.engine.measuring.file_strengths import strength
from forensics.knowledge.rates import ANY
from forensics.model.codec import decode
from forensics.model.findings import StoredFinding
from forensics.model.measuring import CombinedCount, Meeting
from forensics.model.rows.observations import ObservationRow
from forensics.model.rules import Observation, Rule, Strength
from forensics.stages.grading.clusters import Clustered
from forensics.stages.grading.findings import make_finding
from forensics.stages.grading.owners import Reads, apart, countable
from forensics.stages.grading.rank import Weighted
from forensics.stages.grading.strength import ReferenceRates, grade_one
from forensics.stages.observed import Observed


def file_meetings(tally: Tally, files: Sequence[SeenFile]) -> tuple[CombinedCount, tuple[Meeting, ...]]:
    """Return how many files could have moderate findings of two rules, and the items of files that have.

    A file counts where two rules had power that this count lets be moderate. What its own owner's files say of a rule
    is no part of the rates that it is judged with.
    """
    rules = {rule.id: rule for rule in counted_rules()}
    able = {name: bins for name, rule in rules.items() if (bins := _moderate_bins(tally, rule))}
    counted = [file for file in files if len(_able(file, able)) > 1]
    owners = sorted({file.owner for file in counted})
    numbers = {owner: number for number, owner in enumerate(owners, start=1)}
    strong, met = set(), []
    for owner in owners:
        rates = ReferenceRates(partial(tally.rows, without=owner))
        for file in [file for file in counted if file.owner == owner and file.hits]:
            found = _findings(file, {name: rules[name] for name in able}, rates)
            if any(one.finding.strength == Strength.STRONG.word for one in found):
                strong.add(file.sha256)
            met += _met(file, found, tally.corpus, numbers[owner])
    row = CombinedCount(
        corpus=tally.corpus,
        route=ANY,
        mails=len(counted),
        senders=len(owners),
        strong=len(strong),
        items=tally.items,
    )
    return row, tuple(sorted(met, key=lambda one: one.mail))


def _moderate_bins(tally: Tally, rule: Rule) -> list[str]:
    return [one.name for one in rule.bins if strength(tally, rule, one.name)[0] >= Strength.MODERATE]


def _able(file: SeenFile, able: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the rules that had power on a file and of which a bin that such files can show may be moderate."""
    powered = [name for name in able if name in file.powered]
    return [name for name in powered if any(counts_for(file, name, one) for one in able[name])]


def _findings(file: SeenFile, rules: dict[str, Rule], rates: ReferenceRates) -> list[StoredFinding]:
    era = "" if file.era == ANY else file.era
    return [_finding(rules[row.rule], row, rates, era) for row in file.hits if row.rule in rules]


def _finding(rule: Rule, row: ObservationRow, rates: ReferenceRates, era: str) -> StoredFinding:
    seen = decode(row.observation, Observation)
    graded = grade_one(rule, seen.bin, rates.of(rule, seen.bin, era, ""), None, seen.benign)
    return make_finding(Clustered(observed=Observed(rule=rule, observation=seen)), graded)


def _met(file: SeenFile, found: Sequence[StoredFinding], corpus: str, owner: int) -> list[Meeting]:
    """Return a row for each item of a file on which two rules are moderate or above."""
    reads = Reads()
    for stored in found:
        reads.take(stored)
    by_item: dict[str, list[Weighted]] = {}
    for stored in found:
        by_item.setdefault(stored.finding.item.sha256, []).append(Weighted(stored=stored, weight=1.0, sole=True))
    rows = []
    for item, of_item in by_item.items():
        taken = countable(of_item)
        met = sorted({stored.finding.rule for stored in taken})
        if len(met) > 1:
            rows.append(
                Meeting(
                    corpus=corpus,
                    route=ANY,
                    mail=item[:DIGITS],
                    sender=owner,
                    met=" ".join(met),
                    apart=" ".join(sorted(["+".join(two) for two in apart(item, taken, reads)])),
                )
            )
    return rows
