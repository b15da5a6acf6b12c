"""A finding as a block of the report shows it: statement, count, evidence in quotes, innocent causes, whom to ask."""

import msgspec

from forensics.knowledge.terms import PROPOSITIONS, ROLES, STRENGTHS
from forensics.knowledge.wording import Wording
from forensics.model.findings import EvidenceAggregate, EvidenceBytes, StoredFinding
from forensics.model.rules import Role, State
from forensics.model.sentences import says
from forensics.report import phrases, replay
from forensics.report.quotes import Piece, quote
from forensics.report.references import published

_CAPPED = {
    "ceiling": says(
        "report.capped.ceiling",
        one="The count alone would give a higher grade; this is the highest that this rule gives.",
    ),
    "calibration": says(
        "report.capped.calibration",
        one="The count alone would give a higher grade; too few genuine items were compared.",
    ),
    "no rate": says("report.capped.no_rate", one="No count of genuine items exists, so it is context only."),
    "explained": says("report.capped.explained", one="An innocent cause explains it, so it is context only."),
    "unsolicited": says(
        "report.capped.unsolicited",
        one="Spam shows this too, and nothing here shows that the sender is a correspondent: at most weak.",
    ),
    "stored": says(
        "report.capped.stored",
        one=("A store keeps this mail in its own form, and genuine items were counted as mail is sent: at most weak."),
    ),
    "unanchored": says(
        "report.capped.unanchored",
        one=(
            "Comparable items of this archive do the same, but nothing shows that enough of them were not planted "
            "(a signature that holds, the same bytes in another source, an anchored answer): moderate at most, and "
            "not set aside."
        ),
    ),
    "habit": says("report.capped.habit", one="Comparable items of this archive do the same, which lowers the grade."),
}
_WHY = says("report.benign.why", one="{cause} ({note})")

EVIDENCE_MAX = 20
CLUSTER_EVIDENCE_MAX = 4
PLACE_MAX = 400
TEXT_MAX = 1_000
"""Characters of one sentence."""
LEVELS = {"context": 0, "weak": 1, "moderate": 2, "strong": 3}
"""Filled circles of a strength."""


class BenignView(msgspec.Struct, frozen=True):
    """One innocent cause with its mark and word."""

    mark: str
    word: str
    cause: str
    note: str


class EvidenceView(msgspec.Struct, frozen=True):
    """One quoted fact."""

    role: str
    decides: bool
    label: str
    value: str
    pieces: tuple[Piece, ...]
    path: str
    bytes: str
    elsewhere: str
    """Location of the other item that the fact stands in; empty for the block's own item."""
    recheck: replay.Recheck | None


class CountView(msgspec.Struct, frozen=True):
    """One count over the archive."""

    label: str
    counted: str
    query: str
    parameters: str


class FindingView(msgspec.Struct, frozen=True):
    """One finding."""

    id: str
    rule: str
    strength: str
    level: int
    statement: str
    rate: tuple[str, ...]
    remarks: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]
    evidence_more: str
    counts: tuple[CountView, ...]
    benign: tuple[BenignView, ...]
    """Those that remain."""
    excluded: tuple[str, ...]
    """Innocent causes that were tested and do not hold, or hold elsewhere, with why."""
    settle: str
    proposition: str
    references: str


def finding_view(
    stored: StoredFinding, say: Wording, rate: tuple[str, ...], own: str, *, of_cluster: bool
) -> FindingView:
    """Return what a block shows of a finding.

    Args:
        stored: the finding.
        say: the language.
        rate: how often genuine items show the same.
        own: digest of the block's item; empty for a cluster.
        of_cluster: whether the block is about a cluster, whose members would each quote the same.
    """
    finding = say.finding(stored)
    quoted = [part for part in finding.evidence if isinstance(part, EvidenceBytes)]
    most = CLUSTER_EVIDENCE_MAX if of_cluster else EVIDENCE_MAX
    excluded = [state for state in finding.benign if state.state is State.EXCLUDED]
    return FindingView(
        id=finding.id,
        rule=f"{finding.rule} {say.say(phrases.VERSION, version=str(finding.rule_version))}",
        strength=say.say(STRENGTHS[finding.strength]),
        level=LEVELS.get(finding.strength, 0),
        statement=finding.statement[:TEXT_MAX],
        rate=rate,
        remarks=_remarks(stored, say),
        evidence=tuple([_evidence(part, own, say) for part in quoted[:most]]),
        evidence_more=say.say(phrases.MORE, len(quoted) - most) if len(quoted) > most else "",
        counts=tuple([_count(part, say) for part in finding.evidence if isinstance(part, EvidenceAggregate)]),
        benign=tuple(
            [
                BenignView(*say.state(state), say.cause(state.cause), state.note)
                for state in finding.benign
                if state.state is not State.EXCLUDED
            ]
        ),
        excluded=tuple(
            [
                say.say(_WHY, cause=say.cause(state.cause), note=state.note) if state.note else say.cause(state.cause)
                for state in excluded
            ]
        ),
        settle=finding.settle,
        proposition=say.say(PROPOSITIONS[finding.proposition]),
        references=", ".join(published(finding.references)),
    )


def _remarks(stored: StoredFinding, say: Wording) -> tuple[str, ...]:
    said = []
    if stored.finding.contradiction:
        said.append(say.say(phrases.CONTRADICTION))
    if stored.capped in _CAPPED:
        said.append(say.say(_CAPPED[stored.capped]))
    return tuple(said)


def _evidence(part: EvidenceBytes, own: str, say: Wording) -> EvidenceView:
    locator = part.locator
    spans = [f"{say.number(start)}\N{EN DASH}{say.number(end)}" for start, end in locator.ranges[:8]]
    return EvidenceView(
        role=say.say(ROLES[part.role]),
        decides=part.role is not Role.WITNESS,
        label=part.label[:100],
        value=part.value[:500],
        pieces=quote(part, say),
        path=locator.path[:300],
        bytes=", ".join(spans),
        elsewhere=part.item.location.text[:PLACE_MAX] if part.item.sha256 != own else "",
        recheck=replay.evidence(part),
    )


def _count(part: EvidenceAggregate, say: Wording) -> CountView:
    return CountView(
        label=part.label,
        counted=say.say(phrases.COUNT_OF, k=part.k, n=part.n),
        query=part.query,
        parameters=", ".join([f"{name} = {value}" for name, value in sorted(part.parameters.items())])[:500],
    )
