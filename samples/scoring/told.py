"""Whom a finding names, and what is told: accused or called a lure at any strength, with nothing that excuses it."""

from collections import Counter
from collections.abc import Iterable

from forensics.engine.measuring.alarms import accused
from forensics.model.findings import Finding
from forensics.model.rules import Proposition, Role, State
from samples.scoring.truth import Truth


def told(findings: Iterable[Finding], truth: Truth | None) -> frozenset[str]:
    """Return the items that a finding of any strength accuses or calls a lure, unless a cause or a habit excuses it.

    A rule that has no counts yet makes context only: this tells whether it sees what was planted.
    """
    named = [_lured(finding) or blamed_by(finding, truth) for finding in findings if not excused(finding)]
    return frozenset().union(*named)


def told_clean(findings: Iterable[Finding], truth: Truth) -> list[tuple[str, str, int, int, int]]:
    """Return rule, bin, and how many unplanted items, shams and honest edits are told by it."""
    named: dict[tuple[str, str], set[str]] = {}
    for finding in findings:
        named.setdefault((finding.rule, finding.bin), set()).update(told([finding], truth) - set(truth.planted))
    rows = []
    for key, items in sorted(named.items()):
        kinds = Counter([truth.kinds.get(item, "unplanted") for item in items])
        rows.append((*key, kinds["unplanted"], kinds["sham"], kinds["honest"]))
    return [row for row in rows if any(row[2:])]


def excused(finding: Finding) -> bool:
    """Return whether a habit or a cause explains it."""
    return finding.habit is not None or any(state.state is State.EXPLAINS for state in finding.benign)


def _lured(finding: Finding) -> set[str]:
    """Return what a finding calls a lure, which `accused` leaves apart."""
    if finding.proposition is not Proposition.LURE:
        return set()
    return {subject.sha256 for subject in finding.subjects if subject.role is not Role.WITNESS}


def blamed_by(finding: Finding, truth: Truth | None) -> set[str]:
    """Return whom a finding accuses; the clean partner of a planted item is rightly named beside it."""
    planted = truth.planted if truth else {}
    items = accused(finding)
    if not any(item in planted for item in items):
        return items
    partners = {subject.sha256 for subject in finding.subjects if subject.role is Role.EITHER}
    return {item for item in items if item in planted or item not in partners}
