"""What a count of files makes of each bin, and how many further files would make it more."""

from collections.abc import Iterator, Sequence

from forensics.engine.measuring.file_counts import ALL, Tally, bins_hit, counted_rules, counts_for
from forensics.engine.measuring.file_reading import SeenFile
from forensics.model.measuring import BinStrength
from forensics.model.rules import Rule, Strength
from forensics.stages.grading.bounds import upper_bound
from forensics.stages.grading.strength import ReferenceRates, grade_one

MOST = 1_000_000
"""Further files beyond which a number says nothing."""


def strength(tally: Tally, rule: Rule, name: str, further: int = 0) -> tuple[Strength, str]:
    """Return the strength of a bin where neither era nor habit is known, and the pool that gives its rate.

    Args:
        tally: the count.
        rule: of the bin.
        name: of the bin.
        further: files without a hit that are added to the count, of the bin and of its pool.
    """
    rates = ReferenceRates(lambda of, version: tally.rows(of, version, ALL, further))
    measured = rates.of(rule, name, "", "")
    pool = measured.reference.pool if measured else ""
    return grade_one(rule, name, measured, None, ()).strength, pool


def strengths(tally: Tally, files: Sequence[SeenFile]) -> Iterator[BinStrength]:
    """Yield what the count makes of each bin that had power on a file."""
    rules = {rule.id: rule for rule in counted_rules()}
    owners: dict[tuple[str, str], set[str]] = {}
    for file in files:
        for of, shown in bins_hit(file):
            for name in (shown, *rules[of].wider(shown)) if of in rules else ():
                if counts_for(file, of, name):
                    owners.setdefault((of, name), set()).add(file.owner)
    for rule in rules.values():
        for one in rule.bins:
            hits, n = tally.sums(rule.id, one.name)
            if n == 0:
                continue
            now, pool = strength(tally, rule, one.name)
            yield BinStrength(
                rule=rule.id,
                bin=one.name,
                n=n,
                hits=hits,
                owners=len(owners.get((rule.id, one.name), ())),
                bound=upper_bound(hits, n),
                pool=pool,
                strength=now.word,
                missing=_missing(tally, rule, one.name, now),
            )


def _missing(tally: Tally, rule: Rule, name: str, now: Strength) -> int | None:
    if now >= rule.ceiling_of(name) or strength(tally, rule, name, MOST)[0] <= now:
        return None
    low, high = 0, MOST
    while high - low > 1:
        middle = (low + high) // 2
        if strength(tally, rule, name, middle)[0] > now:
            high = middle
        else:
            low = middle
    return high
