"""Entries of the ranking that show the same are folded beyond twenty: a flood of one fault hides nothing else.

The same is shown by entries of one strength whose strongest findings are of the same rules and bins: whoever floods an
archive takes its mails for it, and what else is odd in these differs. An entry with more against it scores higher, and
stands among the first. The first twenty stay as they are; the others are one line at the place where the next of them
would stand, which counts them and names every item. Each item keeps its findings.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from forensics.model.findings import Cluster, Finding, Ranked, StoredFinding
from forensics.model.rules import Strength

SHOWN = 20
"""Entries that show the same and stand for themselves."""

_Shape = tuple[str, tuple[tuple[str, str], ...]]
"""Strength of an entry, and the rules and bins of its strongest findings."""
_STRENGTHS = {strength.word: strength for strength in Strength}


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
    found = [by_id[name] for name in line.findings]
    # An entry may be stronger than each of its findings.
    best = max([_STRENGTHS[one.strength] for one in found])
    return line.strength, tuple(sorted({(one.rule, one.bin) for one in found if _STRENGTHS[one.strength] is best}))


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
    return msgspec.structs.replace(
        first, rank=place, item=None, cluster=cluster, reasons=(), partners=(), supported_by=(), combined=None
    )
