"""Clusters: observations of one rule that share a value are one finding about all its members.

They are formed before habits are counted, so that nine files altered by one hand do not excuse each other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from forensics.model.findings import ItemRef
from forensics.model.rules import BenignState, Evidence, Observation, Role, State, SubjectRef
from forensics.stages.observed import Observed, Rows, in_order

_T = TypeVar("_T", bound=msgspec.Struct)

_FORMATS = """
    SELECT sha256, format FROM documents
    UNION ALL SELECT sha256, format FROM archives
    UNION ALL SELECT sha256, split_part(parser, '/', 1) FROM contents SEMI JOIN messages USING (sha256)
        WHERE parser <> ''
"""
"""The format of every item that says something; a message is of the one that its parser reads."""
FORMATS = f"""
SELECT DISTINCT sha256, format FROM ({_FORMATS})
WHERE sha256 IN (SELECT unnest($items)) ORDER BY sha256, format
"""
TOTALS = f"""
SELECT format AS "key", count(DISTINCT sha256) AS n FROM ({_FORMATS}) GROUP BY format ORDER BY format
"""

_ROLES = {Role.SUSPECT: 0, Role.EITHER: 1, Role.WITNESS: 2}


class FormatRow(msgspec.Struct, frozen=True):
    """Format of one item."""

    sha256: str
    format: str


class TotalRow(msgspec.Struct, frozen=True):
    """Number of items of one format."""

    key: str
    n: int


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the archive's items of one format a cluster holds: a touched subset or a whole conversion."""

    format: str
    members: int
    total: int


class Clustered(msgspec.Struct, frozen=True, kw_only=True):
    """What is graded: a single observation, or a cluster merged into one."""

    observed: Observed
    coverage: tuple[Coverage, ...] = ()
    """Of a cluster; empty for a single item."""

    @property
    def members(self) -> tuple[ItemRef, ...]:
        """One entry for each item of a cluster, sorted by digest; empty for a single item."""
        return members_of(self.observed.accused) if self.observed.observation.cluster else ()


def members_of(subjects: Iterable[SubjectRef]) -> tuple[ItemRef, ...]:
    """Return the items among subjects, each with its first place, sorted by digest."""
    first: dict[str, ItemRef] = {}
    for subject in subjects:
        if subject.role is Role.WITNESS:
            continue
        known = first.get(subject.sha256)
        if known is None or subject.location.text < known.location.text:
            first[subject.sha256] = ItemRef(sha256=subject.sha256, location=subject.location)
    return tuple([first[sha256] for sha256 in sorted(first)])


def form_clusters(observed: Sequence[Observed]) -> tuple[Observed, ...]:
    """Merge observations of one rule that share a cluster value, and clusters of one rule with the same members.

    Args:
        observed: in a fixed order.

    Returns:
        Single observations (their cluster value removed where they are its only member), then clusters, sorted.
    """
    single: list[Observed] = []
    shared: dict[tuple[str, str], list[Observed]] = {}
    for one in observed:
        if one.observation.cluster:
            shared.setdefault((one.rule.id, one.observation.cluster), []).append(one)
        else:
            single.append(one)
    same: dict[tuple[str, tuple[str, ...]], list[Observed]] = {}
    for (rule_id, _), group in sorted(shared.items(), key=lambda entry: entry[0]):
        members = tuple(sorted({item for one in group for item in one.items}))
        if len(members) < 2:
            single.extend([_alone(one) for one in group])
        else:
            same.setdefault((rule_id, members), []).extend(group)
    merged = [_merge(group) for _, group in sorted(same.items(), key=lambda entry: entry[0])]
    return (*in_order(single), *in_order(merged))


def _alone(one: Observed) -> Observed:
    return msgspec.structs.replace(one, observation=msgspec.structs.replace(one.observation, cluster=""))


def _merge(group: Sequence[Observed]) -> Observed:
    if len(group) == 1:
        return group[0]
    ordered = in_order(group)
    seen = [one.observation for one in ordered]
    first = seen[0]
    subjects = sorted(
        _unique([subject for one in seen for subject in one.subjects]),
        key=lambda subject: (_ROLES[subject.role], subject.sha256, subject.location.text),
    )
    evidence = _unique([fact for one in ordered for fact in owned_evidence(one)])
    aggregates = _unique([aggregate for one in seen for aggregate in one.aggregates])
    compare = {one.compare for one in seen}
    return msgspec.structs.replace(
        ordered[0],
        observation=Observation(
            sentence=first.sentence,
            bin=_commonest([one.bin for one in seen]),
            evidence=tuple(evidence),
            suspect=first.suspect,
            subjects=tuple(subjects),
            aggregates=tuple(aggregates),
            cluster=min(one.cluster for one in seen),
            compare=first.compare if len(compare) == 1 else "",
            benign=_agreed([one.benign for one in seen]),
        ),
    )


def owned_evidence(one: Observed) -> list[Evidence]:
    """Return the evidence with its item named, also where that is the observation's own subject."""
    main = one.main
    return [
        msgspec.structs.replace(fact, sha256=fact.sha256 or main.sha256, location=fact.location or main.location)
        for fact in one.observation.evidence
    ]


def _unique(values: Iterable[_T]) -> list[_T]:
    found: dict[bytes, _T] = {}
    for value in values:
        found.setdefault(msgspec.json.encode(value, order="deterministic"), value)
    return list(found.values())


def _commonest(bins: Sequence[str]) -> str:
    counts = Counter(bins)
    return min(counts, key=lambda name: (-counts[name], name))


def _agreed(states: Sequence[tuple[BenignState, ...]]) -> tuple[BenignState, ...]:
    """Return the states that all members share; a cause that is settled for some members only stays open."""
    by_cause: dict[str, list[BenignState]] = {}
    for of_one in states:
        for state in of_one:
            by_cause.setdefault(state.cause, []).append(state)
    agreed = []
    for cause, found in sorted(by_cause.items()):
        if len(found) == len(states) and len({state.state for state in found}) == 1:
            agreed.append(found[0])
        else:
            agreed.append(BenignState(cause=cause, state=State.OPEN))
    return tuple(agreed)


def cover(rows: Rows, observed: Sequence[Observed]) -> tuple[Clustered, ...]:
    """Add to each cluster how much of the archive's items of its formats it holds."""
    clusters = [one for one in observed if one.observation.cluster]
    if not clusters:
        return tuple([Clustered(observed=one) for one in observed])
    wanted = sorted({item for one in clusters for item in one.items})
    formats: dict[str, str] = {}
    for row in rows(FORMATS, {"items": wanted}, FormatRow):
        formats.setdefault(row.sha256, row.format)
    totals = {row.key: row.n for row in rows(TOTALS, {}, TotalRow)}
    return tuple(
        [
            Clustered(observed=one, coverage=_coverage(one, formats, totals) if one.observation.cluster else ())
            for one in observed
        ]
    )


def _coverage(one: Observed, formats: Mapping[str, str], totals: Mapping[str, int]) -> tuple[Coverage, ...]:
    counts = Counter([formats[item] for item in one.items if item in formats])
    return tuple([Coverage(format=name, members=counts[name], total=totals.get(name, 0)) for name in sorted(counts)])
