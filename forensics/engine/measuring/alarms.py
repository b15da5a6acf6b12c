"""The alarm budget: how many clean items any finding accuses, and how high clean mails score."""

from collections import Counter
from collections.abc import Iterable, Sequence

from forensics.model.findings import Finding, Ranked
from forensics.model.measuring import Alarms, Noise
from forensics.model.rules import Role, Strength
from forensics.stages.grading.rank import APART, SUPPORT

BUDGET = {Strength.STRONG: 1.0, Strength.MODERATE: 5.0, Strength.WEAK: None}
"""Accused items of 1,000 that are allowed (design: one strong, five moderate)."""


def accused(finding: Finding) -> set[str]:
    """Return the items that a finding speaks against."""
    if finding.proposition in SUPPORT | APART:
        return set()
    return {subject.sha256 for subject in finding.subjects if subject.role is not Role.WITNESS}


def combined(ranking: Iterable[Ranked]) -> set[str]:
    """Return the items that are strong because independent moderate findings meet in them."""
    return {line.item.sha256 for line in ranking if line.item is not None and line.combined is not None}


def alarms(
    findings: Sequence[Finding], n: int, not_clean: frozenset[str], ranking: Iterable[Ranked] = ()
) -> tuple[Alarms, ...]:
    """Return for each strength the distinct clean items that a finding of it or above, or several together, accuse."""
    best: dict[str, Strength] = {}
    for finding in findings:
        strength = Strength[finding.strength.upper()]
        for item in accused(finding) - not_clean:
            best[item] = max(strength, best.get(item, strength))
    best |= dict.fromkeys(combined(ranking) - not_clean, Strength.STRONG)
    return tuple(
        [
            Alarms(strength=least.word, items=sum(at >= least for at in best.values()), n=n, budget=budget)
            for least, budget in BUDGET.items()
        ]
    )


def noise(findings: Sequence[Finding], not_clean: frozenset[str]) -> tuple[Noise, ...]:
    """Return which bins accuse clean items at weak or above, the loudest first."""
    items: dict[tuple[str, str, str], set[str]] = {}
    for finding in findings:
        if finding.strength != Strength.CONTEXT.word:
            key = (finding.rule, finding.bin, finding.strength)
            items.setdefault(key, set()).update(accused(finding) - not_clean)
    found = [Noise(rule=key[0], bin=key[1], strength=key[2], items=len(held)) for key, held in items.items()]
    return tuple(sorted(found, key=lambda one: (-Strength[one.strength.upper()], -one.items, one.rule, one.bin)))


def scores(ranking: Sequence[Ranked], mails: frozenset[str]) -> dict[float, int]:
    """Return how many mails have each score; 0 counts those that are not ranked.

    A mail that stands in a line of several counts with its own score there, where the line says it.
    """
    best: dict[str, float] = {}
    for line in ranking:
        for item, score in _scored(line):
            if item in mails:
                best[item] = max(score, best.get(item, 0.0))
    found = Counter(best.values())
    found[0.0] += len(mails) - found.total()
    return dict(sorted(found.items()))


def _scored(line: Ranked) -> list[tuple[str, float]]:
    cluster = line.cluster
    if cluster is None:
        return [(line.item.sha256, line.score)] if line.item is not None else []
    if cluster.kind == "habit":
        return [(member.sha256, line.score) for member in cluster.members]
    return [(member.sha256, score) for member, score in zip(cluster.members, cluster.scores, strict=False)]
