"""Findings: observations with their strength, in the form that other programs rely on (design section 7)."""

import hashlib
from collections.abc import Sequence

import msgspec

from forensics.knowledge.languages import ENGLISH
from forensics.knowledge.wording import Wording
from forensics.model.codec import encode
from forensics.model.findings import CauseState, EvidenceAggregate, EvidenceBytes, Finding, ItemRef, Raw, StoredFinding
from forensics.model.rules import BenignState, Evidence, Role, Rule, State, SubjectRef
from forensics.model.sentences import Sentence, says
from forensics.stages.grading.clusters import Clustered, Coverage, owned_evidence
from forensics.stages.grading.strength import Graded
from forensics.stages.observed import Observed, item_ref

EVIDENCE_LIMIT = 400
"""Facts that one finding quotes; a cluster's other facts stand in the table of observations."""

_COVERAGE = says(
    "cluster.coverage", one="{members} of the archive's {total} items of format {format} are in this group."
)
_COVERAGE_LABEL = says("cluster.coverage_label", one="items of format {format} in this group")
_NOT_QUOTED = says("cluster.not_quoted", one="further facts, in the table of observations")

_ENGLISH = Wording(ENGLISH)
_PICTURE = {byte: f"\\x{byte:02x}" for byte in range(256) if not 0x20 <= byte < 0x7F}


def raw_of(data: bytes) -> Raw:
    r"""Return bytes with their picture: printable ASCII as it is, every other byte as ``\xNN``."""
    return Raw(b64=data, text=data.decode("latin-1").translate(_PICTURE))


def finding_id(one: Observed, ordinal: int = 0) -> str:
    """Return the first 16 hex digits of SHA-256 over rule, version, subjects and locators.

    Args:
        one: the observation.
        ordinal: 0; for further findings with the same rule, subjects and locators their number among these.
    """
    subjects = [(subject.role, subject.sha256, subject.location) for subject in one.observation.subjects]
    locators = [(fact.sha256, fact.locator) for fact in owned_evidence(one)]
    parts: list[object] = [one.rule.id, one.rule.version, subjects, locators]
    if ordinal:
        parts.append(ordinal)
    return hashlib.sha256(encode(parts)).hexdigest()[:16]


def benign_states(rule: Rule, settled: Sequence[BenignState]) -> tuple[BenignState, ...]:
    """Return a state for every innocent cause of a rule, in its order; what nobody settled is open."""
    by_cause = {state.cause: state for state in reversed(settled)}
    states = [by_cause.get(cause) or BenignState(cause=cause, state=State.OPEN) for cause in rule.benign]
    return (*states, *[by_cause[cause] for cause in sorted(by_cause.keys() - set(rule.benign))])


def renamed(stored: StoredFinding, name: str) -> StoredFinding:
    """Return a finding under another id."""
    return msgspec.structs.replace(stored, finding=msgspec.structs.replace(stored.finding, id=name))


def make_finding(one: Clustered, graded: Graded) -> StoredFinding:
    """Make the finding of a graded observation or cluster.

    Raises:
        KnowledgeError: a sentence is declared nowhere, or lacks a value.
        CheckError: the observation names no subject it speaks against.
    """
    rule, seen = one.observed.rule, one.observed.observation
    coverage = (*one.observed.beside, *[_covered(part) for part in one.coverage])
    states = benign_states(rule, seen.benign)
    finding = Finding(
        id=finding_id(one.observed),
        rule=rule.id,
        rule_version=rule.version,
        group=rule.group,
        proposition=rule.proposition,
        strength=graded.strength.word,
        contradiction=rule.contradiction,
        bin=seen.bin,
        rate=graded.rate,
        reference=graded.measured.reference if graded.measured else None,
        habit=graded.habit,
        statement=" ".join([_ENGLISH.said(part) for part in (seen.sentence, *coverage)]),
        subjects=seen.subjects,
        item=item_ref(one.observed.main),
        evidence=_evidence(one),
        benign=tuple([_state(state) for state in states]),
        settle=_ENGLISH.say(rule.settle),
        references=rule.references,
    )
    return StoredFinding(
        finding=finding,
        sentence=seen.sentence,
        coverage=coverage,
        settle=rule.settle.key,
        notes=tuple([state.note for state in states]),
        suspect=seen.suspect,
        cluster=seen.cluster,
        capped=graded.capped,
    )


def _covered(part: Coverage) -> Sentence:
    return _COVERAGE(members=part.members, total=part.total, format=part.format)


def _state(state: BenignState) -> CauseState:
    return CauseState(cause=state.cause, state=state.state, note=_ENGLISH.said(state.note) if state.note else "")


def _evidence(one: Clustered) -> tuple[EvidenceBytes | EvidenceAggregate, ...]:
    facts, main = owned_evidence(one.observed), one.observed.main
    evidence: list[EvidenceBytes | EvidenceAggregate] = [_quoted(fact, main) for fact in facts[:EVIDENCE_LIMIT]]
    if len(facts) > EVIDENCE_LIMIT:
        evidence.append(_not_quoted(one.observed, len(facts)))
    for aggregate in one.observed.observation.aggregates:
        evidence.append(
            EvidenceAggregate(
                role=aggregate.role,
                label=aggregate.label,
                query=aggregate.query,
                parameters=aggregate.parameters,
                n=aggregate.n,
                k=aggregate.k,
                sample=aggregate.sample,
            )
        )
    evidence.extend([_coverage_count(part, one.members) for part in one.coverage])
    return tuple(evidence)


def _quoted(fact: Evidence, main: SubjectRef) -> EvidenceBytes:
    return EvidenceBytes(
        role=fact.role,
        label=fact.label,
        value=fact.value,
        raw=raw_of(fact.raw),
        item=ItemRef(sha256=fact.sha256 or main.sha256, location=fact.location or main.location),
        locator=fact.locator,
        context=raw_of(fact.context),
        context_start=fact.context_start,
    )


def _not_quoted(one: Observed, total: int) -> EvidenceAggregate:
    return EvidenceAggregate(
        role=Role.WITNESS,
        label=_ENGLISH.say(_NOT_QUOTED),
        query="observations",
        parameters={"rule": one.rule.id, "cluster": one.observation.cluster},
        n=total,
        k=total - EVIDENCE_LIMIT,
        sample=(),
    )


def _coverage_count(part: Coverage, members: Sequence[ItemRef]) -> EvidenceAggregate:
    return EvidenceAggregate(
        role=Role.WITNESS,
        label=_ENGLISH.say(_COVERAGE_LABEL, format=part.format),
        query="cluster#coverage",
        parameters={"format": part.format},
        n=part.total,
        k=part.members,
        sample=tuple([member.sha256 for member in members[:5]]),
    )
