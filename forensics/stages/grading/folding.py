"""Entries of the ranking that show the same are folded beyond twenty: a flood of one fault hides nothing else.

The first twenty stay as they are. The others are one line at the place where the next of them would stand; it counts
them and names every item. Each item keeps its findings.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from forensics.model.findings import Cluster, Finding, Ranked, StoredFinding

SHOWN = 20
"""Entries with the same rules and bins that stand for themselves."""

_Shape = tuple[str, tuple[tuple[str, str], ...]]
"""Strength, and the rules and bins of all findings of an entry."""


def fold(ranking: Sequence[Ranked], findings: Iterable[StoredFinding]) -> tuple[Ranked, ...]:
    """Return the ranking with what shows the same folded, numbered anew.

    Args:
        ranking: in its order.
        findings: at least all that its entries name.
    """
    by_id = {one.finding.id: one.finding for one in findings}
    alike: dict[_Shape, list[Ranked]] = {}
    for line in ranking:
        alike.setdefault(_shape(line, by_id), []).append(line)
    # One entry beyond is as short as the line that would count it.
    folded = {shape: lines[SHOWN:] for shape, lines in alike.items() if len(lines) > SHOWN + 1}
    if not folded:
        return tuple(ranking)
    beyond = {line.rank: shape for shape, lines in folded.items() for line in lines}
    numbers: dict[_Shape, int] = {}
    found: list[Ranked] = []
    for line in ranking:
        place, shape = len(found) + 1, beyond.get(line.rank)
        if shape is None:
            numbers.setdefault(_shape(line, by_id), place)
            found.append(msgspec.structs.replace(line, rank=place))
        elif line is folded[shape][0]:
            found.append(_folded(place, folded[shape], numbers[shape], by_id))
    return tuple(found)


def _shape(line: Ranked, by_id: Mapping[str, Finding]) -> _Shape:
    shown = sorted({(by_id[name].rule, by_id[name].bin) for name in line.findings})
    return line.strength, tuple(shown)


def _folded(place: int, lines: Sequence[Ranked], like: int, by_id: Mapping[str, Finding]) -> Ranked:
    first = lines[0]
    decides = by_id[first.findings[0]]
    scores: dict[str, float] = {}
    members = []
    for line in lines:
        for ref in line.items:
            if ref.sha256 not in scores or not ref.sha256:
                members.append((ref, line.score))
                scores.setdefault(ref.sha256, line.score)
    cluster = Cluster(
        kind="folded",
        rule=decides.rule,
        value=decides.bin,
        members=tuple([ref for ref, _ in members]),
        scores=tuple([score for _, score in members]),
        like=like,
        entries=len(lines),
    )
    return msgspec.structs.replace(first, rank=place, item=None, cluster=cluster, partners=(), supported_by=())
