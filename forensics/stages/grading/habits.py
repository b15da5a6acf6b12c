"""Habits: what most comparable items of this archive do may excuse an observation, in the open, never incriminate.

The query of a comparison group counts the items of each value by what they have, which gives those on which the rule
had power; how many of them show the same comes from the observations.

Whoever plants thirty mails with one fault makes a habit of it. So a habit excuses below moderate only where it is
established by the anchored items alone (`anchored`): fewer and unhurried, but nobody planted them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from sys import intern

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.findings import Habit
from forensics.model.items import Notice
from forensics.model.rules import Rule
from forensics.stages.grading.anchored import ANCHORED, ITEMS, Digest
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
        anchored: "Anchored | None" = None,
    ) -> None:
        self.notices = notices
        self._anchored = anchored or Anchored({}, {})
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
        if not _enough(k, n) or self._spread(key, left_out) < MINIMUM_SPREAD:
            return None
        sure = self._anchored.hits.get(key, frozenset())
        own = len(left_out & sure)
        sure_k, sure_n = len(sure) - own, self._anchored.counts.get((rule.id, value), 0) - own
        return Habit(
            # Hits that the query does not know as powered would give a share above one.
            hits=min(k, n),
            n=n,
            group=value,
            anchored_hits=min(sure_k, sure_n),
            anchored_n=sure_n,
            anchored=_enough(sure_k, sure_n) and self._spread(key, left_out, sure) >= MINIMUM_SPREAD,
        )

    def _spread(self, key: Key, left_out: frozenset[str], only: frozenset[str] | None = None) -> int:
        if key not in self._sorted:
            self._sorted[key] = sorted([(at, item) for item, at in self._hits[key].items() if at is not None])
        times = self._sorted[key]
        if only is not None:
            times = [(at, item) for at, item in times if item in only]
        first = next((at for at, item in times if item not in left_out), None)
        last = next((at for at, item in reversed(times) if item not in left_out), None)
        return 0 if first is None or last is None else last - first


class Anchored:
    """The anchored among what habits are counted of.

    Attributes:
        hits: by rule, bin and value the digests of those that show it.
        counts: by rule and value how many have what the rule needs.
    """

    def __init__(self, hits: Mapping[Key, frozenset[str]], counts: Mapping[tuple[str, str], int]) -> None:
        self.hits = hits
        self.counts = counts


def _enough(k: int, n: int) -> bool:
    return k >= MINIMUM_HITS and n >= MINIMUM_ITEMS and k / n >= MINIMUM_SHARE


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
    rows: Rows, observed: Collection[Observed], clusters: Iterable[Sequence[str]], origins: Mapping[str, Origin]
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
    values, rules = Values(rows, observed), dict[str, Rule]()
    for one in observed:
        rules.setdefault(one.rule.id, one.rule)
        if value := values.of(one):
            asked.setdefault(one.rule.id, set()).add(value)
            showing = hits.setdefault((one.rule.id, one.observation.bin, value), {})
            for item in one.items:
                showing[intern(item)] = origins.get(item, UNKNOWN).arrived
    counts, notices = _counted(rows, asked, rules)
    anchored = _of_anchored(rows, counts, hits, rules)
    return Habits(counts, hits, values, Peers(clusters), notices, anchored)


def _of_anchored(
    rows: Rows,
    counts: Mapping[tuple[str, str], int],
    hits: Mapping[Key, Mapping[str, int | None]],
    rules: Mapping[str, Rule],
) -> Anchored:
    """Count the anchored, for what may be a habit only: that is rare, and nothing is asked where there is none."""
    likely = [key for key, items in hits.items() if _enough(len(items), counts.get((key[0], key[2]), 0))]
    by_parts: dict[tuple[str, ...], list[Key]] = {}
    for key in sorted(likely):
        by_parts.setdefault(tuple(sorted(rules[key[0]].accuses)), []).append(key)
    sure: dict[Key, frozenset[str]] = {}
    n: dict[tuple[str, str], int] = {}
    for parts, keys in by_parts.items():
        items = sorted({item for key in keys for item in hits[key]})
        held = {row.sha256 for row in rows(ITEMS, {"items": items, "accused": list(parts)}, Digest)}
        sure |= {key: frozenset(hits[key].keys() & held) for key in keys}
        found: dict[str, set[str]] = {}
        for rule, _, value in keys:
            found.setdefault(rule, set()).add(value)
        n |= _counts(rows, found, [rules[name] for name in sorted(found)], list(parts))
    return Anchored(sure, n)


def _counted(
    rows: Rows, asked: Mapping[str, set[str]], rules: Mapping[str, Rule]
) -> tuple[dict[tuple[str, str], int], tuple[Notice, ...]]:
    """Count the items of the values that each rule asks for on which it had power, with one query a group.

    Returns:
        Counts by rule and value, and a notice for each rule whose group does not exist.
    """
    known: list[Rule] = []
    notices: list[Notice] = []
    for name in sorted(rules):
        if rules[name].compare_with and group_of(rules[name]) is None:
            notices.append(_unknown(rules[name]))
        elif name in asked:
            known.append(rules[name])
    return _counts(rows, asked, known), tuple(notices)


def _counts(
    rows: Rows, asked: Mapping[str, set[str]], rules: Sequence[Rule], accused: list[str] | None = None
) -> dict[tuple[str, str], int]:
    """Count by rule and value the items with power; *accused*: only those that are anchored so far."""
    by_group: dict[str, list[Rule]] = {}
    for rule in rules:
        by_group.setdefault(rule.compare_with, []).append(rule)
    counts: dict[tuple[str, str], int] = {}
    for name, comparing in by_group.items():
        group = GROUPS[name]
        wanted: dict[str, object] = {"values": sorted(set[str]().union(*[asked[rule.id] for rule in comparing]))}
        query = group.count
        if accused is not None:
            query, wanted["accused"] = group.count_among(ANCHORED, "anchored"), accused
        for row in rows(query, wanted, GroupCount):
            for rule in comparing:
                if row.value in asked[rule.id] and rule.needs & row.mask == rule.needs:
                    key = (rule.id, row.value)
                    counts[key] = counts.get(key, 0) + row.n
    return counts


def _unknown(rule: Rule) -> Notice:
    fault = f"{rule.id}/{rule.version} compares {rule.subject} items by {rule.compare_with!r}, which is no group"
    return Notice(code="engine.rule_fault", text=fault)
