"""Which plants a finding speaks for: that they are authenticated, or that a signature explains what accuses them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from forensics.engine.measuring.alarms import accused
from forensics.model.findings import Finding
from forensics.model.rules import SIGNED_INTACT, Proposition, State
from samples.scoring.truth import Truth


@dataclass(frozen=True)
class Vouched:
    """Plants that findings speak for, by key."""

    authenticated: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Bins of the findings of proposition ``authenticated`` that name a mail of the plant: what is said to hold."""
    intact: frozenset[str] = frozenset()
    """Plants of which a finding was explained by ``signed_intact``."""


def vouched(truth: Truth, findings: Iterable[Finding]) -> Vouched:
    """Return which plants findings speak for; what a signature does not cover may have been planted all the same."""
    bins: dict[str, set[str]] = {}
    intact: set[str] = set()
    for finding in findings:
        if finding.proposition is Proposition.AUTHENTICATED:
            for subject in finding.subjects:
                if subject.sha256 in truth.planted:
                    bins.setdefault(truth.planted[subject.sha256].key, set()).add(finding.bin)
        elif any(state.cause == SIGNED_INTACT and state.state is State.EXPLAINS for state in finding.benign):
            intact |= {truth.planted[item].key for item in accused(finding) if item in truth.planted}
    return Vouched({key: frozenset(held) for key, held in bins.items()}, frozenset(intact))
