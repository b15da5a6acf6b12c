"""Habits: what most comparable items of this archive do may excuse an observation, in the open, never incriminate.

The query of a comparison group counts the items of each value by what they have, which gives those on which the rule
had power; how many of them show the same comes from the observations.
"""

from collections.abc import Iterable, Mapping, Sequence

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.findings import Habit
from forensics.model.items import Notice
from forensics.model.rules import Rule
from forensics.stages.grading.groups import GROUPS, GroupCount, Values, group_of
from forensics.stages.grading.origin import UNKNOWN, Origin
from forensics.stages.observed import Observed, Rows

MINIMUM_HITS = 5
MINIMUM_ITEMS = 20
MINIMUM_SHARE = 0.2
MINIMUM_SPREAD = 30 * 86_400 * TICKS_PER_SECOND
"""30 days of server time between the first and the last hit."""

Key = tuple[str, str, str]
"""Rule, bin, group value."""


class Habits:
    """Counts of all groups that observations of a case name; answers for one observation at a time.

    Attributes:
        notices: rules that name a comparison group which does not exist; no habit excuses what they observe.
    """

    def __init__(
        self,
        counts: Mapping[tuple[str, str], int],
        hits: Mapping[Key, Mapping[str, int | None]],
        values: Values,
        peers: "Peers",
        notices: tuple[Notice, ...] = (),
    ) -> None:
        self.notices = notices
        self._counts = counts
        self._hits = hits
        self._values = values
        self._peers = peers
        self._sorted: dict[Key, list[tuple[int, str]]] = {}
        self._known: dict[tuple[Key, frozenset[str]], Habit | None] = {}

    def of(self, one: Observed) -> Habit | None:
        """Return the established habit that this observation follows, leaving out its items and their clusters."""
        rule, value = one.rule, self._values.of(one)
        if not value:
            return None
        key = (rule.id, one.observation.bin, value)
        left_out = self._peers.of(one.items)
        known = (key, left_out)
        if known not in self._known:
            self._known[known] = self._establish(key, rule, value, left_out)
        return self._known[known]

    def _establish(self, key: Key, rule: Rule, value: str, left_out: frozenset[str]) -> Habit | None:
        hits = self._hits[key]
        own = len(left_out & hits.keys())
        k, n = len(hits) - own, self._counts.get((rule.id, value), 0) - own
        if k < MINIMUM_HITS or n < MINIMUM_ITEMS or k / n < MINIMUM_SHARE:
            return None
        if self._spread(key, left_out) < MINIMUM_SPREAD:
            return None
        # Hits that the query does not know as powered would give a share above one.
        return Habit(hits=min(k, n), n=n, group=value)

    def _spread(self, key: Key, left_out: frozenset[str]) -> int:
        if key not in self._sorted:
            self._sorted[key] = sorted([(at, item) for item, at in self._hits[key].items() if at is not None])
        times = self._sorted[key]
        first = next((at for at, item in times if item not in left_out), None)
        last = next((at for at, item in reversed(times) if item not in left_out), None)
        return 0 if first is None or last is None else last - first


class Peers:
    """Items that stand in one cluster, of any rule: they must not excuse each other."""

    def __init__(self, clusters: Iterable[Sequence[str]]) -> None:
        self._members = [frozenset(members) for members in clusters]
        self._of: dict[str, list[int]] = {}
        for index, members in enumerate(self._members):
            for item in members:
                self._of.setdefault(item, []).append(index)

    def of(self, items: Sequence[str]) -> frozenset[str]:
        """Return *items* and all that share a cluster with one of them."""
        found = sorted({index for item in items for index in self._of.get(item, ())})
        if not found:
            return frozenset(items)
        if len(found) == 1 and self._members[found[0]].issuperset(items):
            return self._members[found[0]]
        return frozenset(items).union(*[self._members[index] for index in found])


def habits(
    rows: Rows, observed: Sequence[Observed], clusters: Iterable[Sequence[str]], origins: Mapping[str, Origin]
) -> Habits:
    """Count what is needed to tell habits.

    Args:
        rows: queries of the case.
        observed: every observation, before clusters are merged.
        clusters: digests of the members of each cluster.
        origins: server times by digest.
    """
    hits: dict[Key, dict[str, int | None]] = {}
    asked: dict[str, set[str]] = {}
    values = Values(rows, observed)
    for one in observed:
        if value := values.of(one):
            asked.setdefault(one.rule.id, set()).add(value)
            showing = hits.setdefault((one.rule.id, one.observation.bin, value), {})
            for item in one.items:
                showing[item] = origins.get(item, UNKNOWN).arrived
    counts, notices = _counted(rows, asked, {one.rule.id: one.rule for one in observed})
    return Habits(counts, hits, values, Peers(clusters), notices)


def _counted(
    rows: Rows, asked: Mapping[str, set[str]], rules: Mapping[str, Rule]
) -> tuple[dict[tuple[str, str], int], tuple[Notice, ...]]:
    """Count the items of the values that each rule asks for on which it had power, with one query a group.

    Returns:
        Counts by rule and value, and a notice for each rule whose group does not exist.
    """
    by_group: dict[str, list[Rule]] = {}
    notices: list[Notice] = []
    for name in sorted(rules):
        if rules[name].compare_with and group_of(rules[name]) is None:
            notices.append(_unknown(rules[name]))
        elif name in asked:
            by_group.setdefault(rules[name].compare_with, []).append(rules[name])
    counts: dict[tuple[str, str], int] = {}
    for group, comparing in by_group.items():
        wanted = set[str]().union(*[asked[rule.id] for rule in comparing])
        for row in rows(GROUPS[group].count, {"values": sorted(wanted)}, GroupCount):
            for rule in comparing:
                if row.value in asked[rule.id] and rule.needs & row.mask == rule.needs:
                    key = (rule.id, row.value)
                    counts[key] = counts.get(key, 0) + row.n
    return counts, tuple(notices)


def _unknown(rule: Rule) -> Notice:
    fault = f"{rule.id}/{rule.version} compares {rule.subject} items by {rule.compare_with!r}, which is no group"
    return Notice(code="engine.rule_fault", text=fault)
