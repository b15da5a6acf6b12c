"""What findings leave for conclusions: who they speak of and which facts they call wrong, without their bytes."""

from collections.abc import Sequence

import msgspec

from forensics.model.findings import EvidenceBytes, StoredFinding
from forensics.model.rows.times import first_range
from forensics.model.rules import Proposition, Role, Strength, SubjectRef

MOST_CITED = 40
"""Facts of one finding that are kept."""

_STRENGTHS = {strength.word: strength for strength in Strength}


class Cited(msgspec.Struct, frozen=True):
    """A fact that a finding rests on."""

    role: Role
    sha256: str
    path: str
    start: int | None
    """First byte of its first range; ``None`` where it has none."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One finding as conclusions ask for it."""

    rule: str
    bin: str
    strength: Strength
    proposition: Proposition
    subjects: tuple[SubjectRef, ...]
    cited: tuple[Cited, ...]
    equal: tuple[tuple[str, str], ...] = ()
    """Kinds and values of the facts that are the same in all of its mails, sorted."""

    def other_than(self, sha256: str) -> tuple[SubjectRef, ...]:
        """Return its subjects that are another item."""
        return tuple([subject for subject in self.subjects if subject.sha256 != sha256])


def told(stored: StoredFinding) -> Told:
    """Return what conclusions ask of a finding."""
    finding = stored.finding
    facts = [part for part in finding.evidence if isinstance(part, EvidenceBytes)]
    cited = [
        Cited(fact.role, fact.item.sha256, fact.locator.path, first_range(fact.locator)[0])
        for fact in facts[:MOST_CITED]
    ]
    return Told(
        rule=finding.rule,
        bin=finding.bin,
        strength=_STRENGTHS[finding.strength],
        proposition=finding.proposition,
        subjects=finding.subjects,
        cited=tuple(cited),
        equal=_equal(facts),
    )


def _equal(facts: Sequence[EvidenceBytes]) -> tuple[tuple[str, str], ...]:
    """Return the facts that all mails share as one of them has them: that of which most are cited."""
    by_mail: dict[str, dict[tuple[str, int | None], tuple[str, str]]] = {}
    for fact in facts:
        if fact.role is Role.EQUAL:
            place = fact.locator.path, first_range(fact.locator)[0]
            by_mail.setdefault(fact.item.sha256, {})[place] = (fact.label, fact.value)
    return tuple(sorted(max(by_mail.values(), key=len, default={}).values()))
