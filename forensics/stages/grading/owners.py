"""Moderate findings of independent owners add up: how many meet on one mail, and how often they do on genuine mail.

Rules that accuse the same fact, read the same bytes of the mail, share an open benign cause, or met on three or more
clean mails are one owner. What has been counted is how often so many owners meet at all, not each pair of rules: it is
one count for each number of owners, and the one exception to the threshold of a single finding.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import combinations

from forensics.knowledge.combined import MOST, Pair, Pooled, independent, pair, pooled, together
from forensics.knowledge.rates import ANY, same_source
from forensics.model.findings import Combined, EvidenceBytes, StoredFinding
from forensics.model.locations import Step
from forensics.model.rules import State, Strength
from forensics.stages.grading.bounds import upper_bound
from forensics.stages.grading.origin import UNKNOWN, Origin
from forensics.stages.grading.rank import Weighted
from forensics.stages.grading.strength import explained_by, rounded

LIMIT = 5e-4
"""Pooled upper 95 % bound above which no number of owners makes an entry strong."""
BUDGET = 1e-3
"""Share of each counted corpus's clean mails that may be strong: the alarm budget."""
_BEST = (Strength.STRONG.word, Strength.MODERATE.word)


_Place = tuple[tuple[Step, ...], int, int]
"""Steps into an item and a range of bytes after them."""


class Reads:
    """Which bytes of which item findings at moderate and above quote."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, tuple[_Place, ...]]] = {}

    def take(self, stored: StoredFinding) -> None:
        """Remember what a finding quotes, before its evidence is given up."""
        finding = stored.finding
        if finding.strength in _BEST:
            quoted = [part for part in finding.evidence if isinstance(part, EvidenceBytes)]
            self._of[finding.id] = {
                item: tuple([place for part in quoted if part.item.sha256 == item for place in _places(part)])
                for item in {part.item.sha256 for part in quoted}
            }

    def same(self, one: StoredFinding, other: StoredFinding, sha256: str) -> bool:
        """Whether two findings quote the same bytes of an item."""
        first, second = [self._of.get(each.finding.id, {}).get(sha256, ()) for each in (one, other)]
        return any(
            steps == other_steps and start < other_end and other_start < end
            for steps, start, end in first
            for other_steps, other_start, other_end in second
        )


def _places(part: EvidenceBytes) -> Iterator[_Place]:
    for start, end in part.locator.ranges:
        yield part.locator.steps, start, end


def countable(found: Sequence[Weighted]) -> list[StoredFinding]:
    """Return the findings of one item of which owners are counted, those that decide first.

    They are moderate or above, accuse this item and no other in its place, and no habit or cause brought them down.
    """
    return [
        one.stored
        for one in sorted(found, key=lambda one: one.order)
        if one.stored.finding.strength in _BEST
        and one.sole
        and one.stored.suspect
        and one.stored.finding.habit is None
        and not explained_by(one.stored.finding.benign)
    ]


def apart(sha256: str, found: Sequence[StoredFinding], reads: Reads) -> frozenset[Pair]:
    """Return the pairs of rules of which no two findings share what they accuse or read, or an open benign cause.

    Args:
        sha256: digest of the item.
        found: its findings.
        reads: what these quote.
    """
    shared: dict[Pair, bool] = {}
    for one, other in combinations(found, 2):
        if one.finding.rule != other.finding.rule:
            two = pair(one.finding.rule, other.finding.rule)
            shared[two] = shared.get(two, False) or _share(one, other) or reads.same(one, other, sha256)
    return frozenset([two for two, share in shared.items() if not share])


def _share(one: StoredFinding, other: StoredFinding) -> bool:
    return one.suspect == other.suspect or not _open(one).isdisjoint(_open(other))


def _open(stored: StoredFinding) -> Set[str]:
    return {state.cause for state in stored.finding.benign if state.state is State.OPEN}


class Combining:
    """Says which entries are strong because independent moderate findings meet in them.

    Args:
        origins: routes of the mails of a case, by digest; what is no mail has none, and is compared with files.
        reads: what the findings quote.
        unsolicited: digests of mails that are spam for all that is known.
        left_out: corpora whose counts are not used.
    """

    def __init__(
        self,
        origins: Mapping[str, Origin],
        reads: Reads,
        unsolicited: Set[str] = frozenset(),
        left_out: Sequence[str] = (),
    ) -> None:
        self._origins = origins
        self._reads = reads
        self._unsolicited = unsolicited
        self._left_out = tuple(left_out)

    def of(self, sha256: str, found: Sequence[Weighted]) -> Combined | None:
        """Return what makes an item strong together; ``None`` where too few owners meet, or too often in genuine mail.

        Args:
            sha256: digest of the item.
            found: its findings at weak and above.
        """
        route = self._origins.get(sha256, UNKNOWN).route or ANY
        if sha256 in self._unsolicited or len(found) < 2:
            return None
        counts = pooled(2, route, self._left_out)
        if counts is None:
            return None
        taken = [stored for stored in countable(found) if _counted(stored, counts)]
        one_owner = together(self._left_out)
        rules = independent(apart(sha256, taken, self._reads) - one_owner, [stored.finding.rule for stored in taken])
        if not rules:
            return None
        counts = pooled(min(len(rules), MOST), route, self._left_out)
        return _combined(rules, taken, counts) if counts is not None and _rare(counts) else None


def _counted(stored: StoredFinding, counts: Pooled) -> bool:
    """Whether the rule was counted on one of the pooled corpora: a rule that had no power there met nothing there."""
    reference = stored.finding.reference
    if reference is None:
        return False
    names = {same for name in reference.corpus.split("+") for same in same_source(name)}
    return not names.isdisjoint(counts.corpora)


def _rare(counts: Pooled) -> bool:
    return upper_bound(counts.hits, counts.n) <= LIMIT and counts.worst <= BUDGET


def _combined(rules: Sequence[str], found: Sequence[StoredFinding], counts: Pooled) -> Combined:
    first: dict[str, str] = {}
    for stored in found:
        first.setdefault(stored.finding.rule, stored.finding.id)
    return Combined(
        owners=len(rules),
        findings=tuple([first[rule] for rule in rules]),
        hits=counts.hits,
        n=counts.n,
        series=counts.series,
        corpus="+".join(counts.corpora),
        routes=counts.routes,
        bound=rounded(upper_bound(counts.hits, counts.n)),
    )
