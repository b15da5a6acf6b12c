"""The ranking and the set-aside list (design section 4, points 3 and 5). It orders; it is not a probability."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from math import log10

import msgspec

from forensics.model.findings import CauseState, Cluster, Combined, Finding, ItemRef, Ranked, SetAside, StoredFinding
from forensics.model.rules import Proposition, Role, State, Strength
from forensics.model.sentences import Sentence
from forensics.stages.grading.clusters import members_of
from forensics.stages.grading.habit_lines import without_line
from forensics.stages.grading.strength import explained_by

MOST = 4.0
"""The most that one rate can count."""
AGREEMENT = 0.5
"""What a further independent clock owner or actor adds to a group."""
MOST_AGREEMENT = 1.5
EITHER = 0.5
"""Weight of a finding that does not say which of two items is wrong."""
SAMPLE = 5
COPIES = "copies"
"""Group of rules that find copies of one thing: where nothing says which was changed, they are one entry."""
QUOTES = "quotes"
"""Group of rules that find a mail quoted in other words: where nothing says which of the two was changed, and nothing
that is stronger is said of either, they are one entry."""
WHOLE_ARCHIVE = "whole_archive"
"""Benign cause: the archive as a whole shows it."""

SUPPORT = frozenset({Proposition.AUTHENTICATED, Proposition.CORROBORATED})
"""Propositions that speak for an item; they never enter a score."""
APART = frozenset({Proposition.LURE})
"""Propositions about how mail was stolen, not about what was done to it: reported apart, never ranked."""
_CONTENT = (Proposition.ALTERED_CONTENT, Proposition.TRANSPLANTED, Proposition.FORGED)
_ORDER: Mapping[Proposition, int] = {
    **dict.fromkeys(_CONTENT, 0),
    Proposition.BACKDATED: 1,
    Proposition.SPOOFED_IDENTITY: 2,
    Proposition.HIDDEN_MARK: 2,
    Proposition.LURE: 2,
    Proposition.REPACKAGED: 3,
    Proposition.INCOMPLETE: 4,
}
_STRENGTHS = {strength.word: strength for strength in Strength}


class Weighted(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as it counts for one line of the ranking."""

    stored: StoredFinding
    weight: float
    sole: bool = True
    """Whether it accuses this line's item alone, or surely: not as one of two."""

    @property
    def points(self) -> float:
        """-log10 of the rate, at most `MOST`, times the weight."""
        rate = self.stored.finding.rate
        return 0.0 if rate is None else self.weight * min(MOST, -log10(rate))

    @property
    def order(self) -> tuple[int, float, str]:
        """What decides first: strength, then points, then id."""
        finding = self.stored.finding
        return (-_STRENGTHS[finding.strength], -round(self.points, 6), finding.id)


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line before it has its place."""

    digest: str
    item: ItemRef | None
    cluster: Cluster | None
    strength: Strength
    kind: int
    score: float
    groups: tuple[tuple[Weighted, ...], ...]
    partners: tuple[ItemRef, ...] = ()
    of_partners: tuple[str, ...] = ()
    """Ids of findings on the partners alone."""
    combined: Combined | None = None

    @property
    def order(self) -> tuple[int, int, float, str, tuple[int, float, str]]:
        """What stands first: strength, then what is said, then the score."""
        return (-self.strength, self.kind, -self.score, self.digest, self.groups[0][0].order)


Combine = Callable[[str, Sequence[Weighted]], Combined | None]
"""Says of an item's digest and its findings whether independent moderate ones make it strong together."""


def _nothing(_: str, __: Sequence[Weighted]) -> None:
    return None


def rank(findings: Sequence[StoredFinding], combine: Combine = _nothing) -> tuple[Ranked, ...]:
    """Order all items and clusters that have a finding of weak or above; the evidence of findings is not asked.

    Where one of two items must be wrong, and one of them is suspect on its own account at least as strongly, the
    finding counts for that one only: the donor of a copied header block does not rank beside the copy. Where nothing
    decides between copies, or between a mail and its quote, they are one entry: that of the one on which there is most.
    """
    alone = _suspect_alone(findings)
    items: dict[str, list[Weighted]] = {}
    places: dict[str, ItemRef] = {}
    support: dict[str, list[str]] = {}
    lines: list[_Line] = []
    copies: list[list[str]] = []
    quotes: list[tuple[Strength, list[str]]] = []
    for stored in sorted(findings, key=lambda stored: stored.finding.id):
        finding = stored.finding
        members = members_of(finding.subjects)
        if finding.proposition in SUPPORT:
            for member in members:
                support.setdefault(member.sha256, []).append(finding.statement)
        elif finding.strength == Strength.CONTEXT.word or finding.proposition in APART:
            continue
        elif stored.cluster and len(members) > 1:
            lines.append(_cluster_line(stored, members))
        else:
            bearers = _bearers(finding, alone)
            for sha256, weight in bearers.items():
                sole = weight == 1.0 or len(bearers) == 1
                items.setdefault(sha256, []).append(Weighted(stored=stored, weight=weight, sole=sole))
            if finding.group == COPIES:
                copies.append(sorted(bearers))
            elif finding.group == QUOTES:
                quotes.append((_STRENGTHS[finding.strength], sorted(bearers)))
            for member in members:
                places.setdefault(member.sha256, member)
    of_items = {
        sha256: _line(sha256, places[sha256], None, found, combine(sha256, found)) for sha256, found in items.items()
    }
    copies += [bound for strength, bound in quotes if all(of_items[sha256].strength <= strength for sha256 in bound)]
    made_of = {sha256: (line.strength, [one.stored for one in items[sha256]]) for sha256, line in of_items.items()}
    said = without_line(made_of, findings)
    lines.extend(
        [_entry([of_items[sha256] for sha256 in bound]) for bound in joined(items, copies) if not said >= {*bound}]
    )
    lines.sort(key=lambda line: line.order)
    return tuple([_ranked(place, line, support.get(line.digest, ())) for place, line in enumerate(lines, start=1)])


def _suspect_alone(findings: Sequence[StoredFinding]) -> dict[str, Strength]:
    """Return the best strength at which each item is the suspect of a finding of its own."""
    found: dict[str, Strength] = {}
    for stored in findings:
        finding = stored.finding
        if finding.proposition in SUPPORT:
            continue
        for subject in finding.subjects:
            if subject.role is Role.SUSPECT:
                strength = _STRENGTHS[finding.strength]
                found[subject.sha256] = max(strength, found.get(subject.sha256, strength))
    return found


def _bearers(finding: Finding, alone: Mapping[str, Strength]) -> dict[str, float]:
    """Return the items for which a finding counts, with its weight."""
    weights = _weights(finding)
    strength = _STRENGTHS[finding.strength]
    bearing = {
        subject.sha256
        for subject in finding.subjects
        if subject.role is Role.EITHER and alone.get(subject.sha256, Strength.CONTEXT) >= strength
    }
    if not bearing:
        return weights
    either = {subject.sha256 for subject in finding.subjects if subject.role is Role.EITHER}
    return {sha256: weight for sha256, weight in weights.items() if sha256 not in either or sha256 in bearing}


def _weights(finding: Finding) -> dict[str, float]:
    weights: dict[str, float] = {}
    for subject in finding.subjects:
        if subject.role is not Role.WITNESS:
            weight = 1.0 if subject.role is Role.SUSPECT else EITHER
            weights[subject.sha256] = max(weight, weights.get(subject.sha256, 0.0))
    return weights


def joined(items: Iterable[str], groups: Iterable[Sequence[str]]) -> list[list[str]]:
    """Part items into those that groups join, also through a third; in the order of the first of each."""
    leader = {item: item for item in items}

    def lead(item: str) -> str:
        while leader[item] != item:
            item = leader[item]
        return item

    for first, *others in groups:
        for other in others:
            low, high = sorted((lead(first), lead(other)))
            leader[high] = low
    found: dict[str, list[str]] = {}
    for item in leader:
        found.setdefault(lead(item), []).append(item)
    return list(found.values())


def _entry(lines: Sequence[_Line]) -> _Line:
    """Make one entry of the lines of copies: the first of them, which names the others."""
    first, *others = sorted(lines, key=lambda line: line.order)
    if not others:
        return first
    known = {one.stored.finding.id for group in first.groups for one in group}
    further = [one.stored.finding.id for line in others for group in line.groups for one in group]
    return msgspec.structs.replace(
        first,
        partners=tuple([line.item for line in others if line.item]),
        of_partners=tuple([name for name in dict.fromkeys(further) if name not in known]),
    )


def _cluster_line(stored: StoredFinding, members: tuple[ItemRef, ...]) -> _Line:
    finding = stored.finding
    weight = max(_weights(finding).values())
    kind = "habit" if stored.of_habit else ""
    cluster = Cluster(rule=finding.rule, value=stored.cluster, members=members, kind=kind)
    line = _line(members[0].sha256, None, cluster, [Weighted(stored=stored, weight=weight)])
    # Whether all these items speak for each other or for nothing decides about them first.
    return msgspec.structs.replace(line, kind=-1) if kind else line


def _line(
    digest: str,
    item: ItemRef | None,
    cluster: Cluster | None,
    found: Sequence[Weighted],
    combined: Combined | None = None,
) -> _Line:
    groups = independent_groups(found)
    strength = max([_STRENGTHS[one.stored.finding.strength] for one in found])
    if strength is Strength.STRONG:
        combined = None  # One finding is enough.
    elif combined is not None:
        strength = Strength.STRONG
    # A weak finding does not move a strong one to another class; a moderate one may.
    least = min(strength, Strength.MODERATE)
    deciding = [one.stored.finding for one in found if _STRENGTHS[one.stored.finding.strength] >= least]
    return _Line(
        digest=digest,
        item=item,
        cluster=cluster,
        strength=strength,
        kind=min([_ORDER[finding.proposition] for finding in deciding]),
        score=round(sum([group_points(group) for group in groups]), 3),
        groups=groups,
        combined=combined,
    )


def independent_groups(found: Sequence[Weighted]) -> tuple[tuple[Weighted, ...], ...]:
    """Part an item's findings into groups that one thing would explain together.

    Two findings belong together when they have the same suspect fact or share an open benign cause, also through a
    third.

    Returns:
        Groups, strongest first; in each the finding that decides stands first.
    """
    ordered = sorted(found, key=lambda one: one.order)
    leader = list(range(len(ordered)))

    def lead(index: int) -> int:
        while leader[index] != index:
            index = leader[index]
        return index

    owner: dict[tuple[str, str], int] = {}
    for index, one in enumerate(ordered):
        for reason in _shared_reasons(one.stored):
            first = owner.setdefault(reason, index)
            low, high = sorted((lead(first), lead(index)))
            leader[high] = low
    groups: dict[int, list[Weighted]] = {}
    for index, one in enumerate(ordered):
        groups.setdefault(lead(index), []).append(one)
    parted = sorted(
        groups.values(), key=lambda group: (group[0].order[0], -round(group_points(group), 6), group[0].order)
    )
    return tuple([tuple(group) for group in parted])


def _shared_reasons(stored: StoredFinding) -> list[tuple[str, str]]:
    reasons = [("cause", state.cause) for state in stored.finding.benign if state.state is State.OPEN]
    if stored.suspect:
        reasons.append(("suspect", stored.suspect))
    return reasons


def group_points(group: Sequence[Weighted]) -> float:
    """Return what a group counts: its best finding, and a little for each other actor or clock owner that agrees."""
    best = max(group, key=lambda one: (one.points, one.stored.finding.id))
    others: dict[str, float] = {}
    for one in group:
        name = one.stored.finding.group
        if name != best.stored.finding.group:
            others[name] = max(one.weight, others.get(name, 0.0))
    return best.points + min(MOST_AGREEMENT, AGREEMENT * sum(others.values()))


def _ranked(place: int, line: _Line, support: Sequence[str]) -> Ranked:
    whole = [one for group in line.groups for one in group]
    propositions = {one.stored.finding.proposition for one in whole}
    first = _deciding(line)
    named = {finding.id for finding in first}
    rest = sorted([one for one in whole if one.stored.finding.id not in named], key=lambda one: one.order)
    return Ranked(
        rank=place,
        score=line.score,
        strength=line.strength.word,
        item=line.item,
        cluster=line.cluster,
        propositions=tuple(sorted(propositions, key=lambda proposition: (_ORDER[proposition], proposition))),
        findings=(*[finding.id for finding in first], *[one.stored.finding.id for one in rest], *line.of_partners),
        reasons=tuple([finding.statement for finding in first]),
        supported_by=tuple(support) if line.cluster is None else (),
        partners=line.partners,
        combined=line.combined,
    )


def _deciding(line: _Line) -> list[Finding]:
    """Return what makes the line as strong as it is, then the best finding of every group."""
    found = {one.stored.finding.id: one.stored.finding for group in line.groups for one in group}
    together = [found[name] for name in line.combined.findings] if line.combined else []
    best = [group[0].stored.finding for group in line.groups]
    return list({finding.id: finding for finding in (*together, *best)}.values())


def counts(finding: Finding) -> bool:
    """Whether `rank` asks for a finding: it speaks for an item, or it is weak or above."""
    return finding.proposition in SUPPORT or finding.strength != Strength.CONTEXT.word


_UNSAID = Sentence("")


@cache
def _unexplained(cause: str, state: State) -> CauseState:
    return CauseState(cause=cause, state=state)


def without_evidence(stored: StoredFinding) -> StoredFinding:
    """Return what `rank` asks of a finding: a third of it, for all that count are there at once."""
    benign = tuple([_unexplained(one.cause, one.state) for one in stored.finding.benign])
    finding = msgspec.structs.replace(stored.finding, evidence=(), benign=benign, settle="")
    return msgspec.structs.replace(stored, finding=finding, sentence=_UNSAID, coverage=(), notes=())


class Aside:
    """What a habit, an explainer, a missing rate or too small a calibration brought to context, with counts."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str, str], int] = {}
        self._samples: dict[tuple[str, str, str, str], list[ItemRef]] = {}

    def add(self, stored: StoredFinding) -> None:
        """Take a finding into account; those that nothing brought down do not matter."""
        finding = stored.finding
        if finding.strength != Strength.CONTEXT.word or stored.capped in ("", "ceiling"):
            return
        if finding.proposition in SUPPORT:
            return
        reason = explained_by(finding.benign) if stored.capped == "explained" else stored.capped
        group = finding.habit.group if stored.capped == "habit" and finding.habit else ""
        said = next((state.note for state in finding.benign if state.cause == reason == WHOLE_ARCHIVE), "")
        key = (finding.rule, reason, group, said)
        self._counts[key] = self._counts.get(key, 0) + 1
        sample = self._samples.setdefault(key, [])
        sample.append(finding.item)
        sample.sort(key=lambda item: (item.sha256, item.location.text))
        del sample[SAMPLE:]

    def lines(self) -> tuple[SetAside, ...]:
        """Return a line for each rule, reason, group and statement, sorted by these."""
        return tuple(
            [
                SetAside(
                    rule=rule,
                    reason=reason,
                    group=group,
                    statement=said,
                    count=self._counts[rule, reason, group, said],
                    sample=tuple(sample),
                )
                for (rule, reason, group, said), sample in sorted(self._samples.items(), key=lambda entry: entry[0])
            ]
        )
