"""Habits: what most comparable items of this archive do may excuse an observation, in the open, never incriminate.

A comparison group ties items to one mechanism (a sender's client, a relay, a list). Its query counts the items of each
group on which the rule had power; how many of them show the same comes from the observations.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.findings import Habit
from forensics.model.items import Notice
from forensics.model.rules import Rule, Subject
from forensics.stages.grading.origin import UNKNOWN, Origin
from forensics.stages.observed import Observed, Rows

MINIMUM_HITS = 5
MINIMUM_ITEMS = 20
MINIMUM_SHARE = 0.2
MINIMUM_SPREAD = 30 * 86_400 * TICKS_PER_SECOND
"""30 days of server time between the first and the last hit."""

_SENDER = "lower(messages.from_address)"
_SENDER_CLIENT = f"{_SENDER} || '|' || lower(messages.client.value)"
_FIRST_HOP = "lower(messages.first_hop)"
_LIST = "lower(messages.list_id)"
_AUTHOR_APPLICATION = "lower(documents.author.value || '|' || documents.application)"

_OF_MESSAGES = """
SELECT {value} AS value, count(DISTINCT messages.sha256) AS n FROM messages
WHERE (messages.mask & $needs) = $needs AND {value} IN (SELECT unnest($values)) GROUP BY 1 ORDER BY 1
"""
_OF_OCCURRENCES = """
SELECT {value} AS value, count(DISTINCT occurrences.sha256) AS n
FROM occurrences JOIN messages ON messages.sha256 = occurrences.message_sha256
WHERE (occurrences.mask & $needs) = $needs AND {value} IN (SELECT unnest($values)) GROUP BY 1 ORDER BY 1
"""
_OF_DOCUMENTS = """
SELECT {value} AS value, count(DISTINCT documents.sha256) AS n FROM documents
WHERE (documents.mask & $needs) = $needs AND {value} IN (SELECT unnest($values)) GROUP BY 1 ORDER BY 1
"""
_OF_CARRIED_DOCUMENTS = """
SELECT {value} AS value, count(DISTINCT documents.sha256) AS n
FROM documents JOIN occurrences ON occurrences.sha256 = documents.sha256
JOIN messages ON messages.sha256 = occurrences.message_sha256
WHERE (documents.mask & $needs) = $needs AND {value} IN (SELECT unnest($values)) GROUP BY 1 ORDER BY 1
"""
_BY_HOST_PAIRS = """
SELECT value, count(DISTINCT sha256) AS n FROM (
    SELECT sha256, lower(timed[i + 1]."by" || '>' || timed[i]."by") AS value
    FROM (SELECT sha256, timed, unnest(range(1, len(timed))) AS i
        FROM (SELECT sha256, [hop FOR hop IN hops IF hop.instant IS NOT NULL] AS timed
            FROM messages WHERE (mask & $needs) = $needs)))
WHERE value IN (SELECT unnest($values)) GROUP BY value ORDER BY value
"""
"""From the older to the newer of two neighbours among the trace fields with an instant."""

_BY_HOSTS = """
SELECT value, count(DISTINCT sha256) AS n FROM (
    SELECT sha256, unnest([lower(hop."by") FOR hop IN hops]) AS value FROM messages WHERE (mask & $needs) = $needs)
WHERE value IN (SELECT unnest($values)) GROUP BY value ORDER BY value
"""

_AUTHENTICATION_SERVERS = """
SELECT value, count(DISTINCT sha256) AS n FROM (
    SELECT sha256, unnest([result.server FOR result IN results]) AS value FROM messages WHERE (mask & $needs) = $needs)
WHERE value IN (SELECT unnest($values)) GROUP BY value ORDER BY value
"""

GROUPS: Mapping[tuple[str, Subject], str] = {
    ("sender", Subject.MESSAGE): _OF_MESSAGES.format(value=_SENDER),
    ("sender", Subject.OCCURRENCE): _OF_OCCURRENCES.format(value=_SENDER),
    ("sender", Subject.DOCUMENT): _OF_CARRIED_DOCUMENTS.format(value=_SENDER),
    ("sender_client", Subject.MESSAGE): _OF_MESSAGES.format(value=_SENDER_CLIENT),
    ("sender_client", Subject.OCCURRENCE): _OF_OCCURRENCES.format(value=_SENDER_CLIENT),
    ("sender_client", Subject.DOCUMENT): _OF_CARRIED_DOCUMENTS.format(value=_SENDER_CLIENT),
    ("first_hop", Subject.MESSAGE): _OF_MESSAGES.format(value=_FIRST_HOP),
    ("by-host", Subject.MESSAGE): _BY_HOSTS,
    ("by-host pair", Subject.MESSAGE): _BY_HOST_PAIRS,
    ("authentication server", Subject.MESSAGE): _AUTHENTICATION_SERVERS,
    ("list", Subject.MESSAGE): _OF_MESSAGES.format(value=_LIST),
    ("list", Subject.OCCURRENCE): _OF_OCCURRENCES.format(value=_LIST),
    ("author_application", Subject.DOCUMENT): _OF_DOCUMENTS.format(value=_AUTHOR_APPLICATION),
}
"""Comparison group and subject kind to the query that counts powered items by group value (``$needs``, ``$values``)."""


class GroupCount(msgspec.Struct, frozen=True):
    """One row of a group's query."""

    value: str
    n: int


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
        peers: "Peers",
        notices: tuple[Notice, ...] = (),
    ) -> None:
        self.notices = notices
        self._counts = counts
        self._hits = hits
        self._peers = peers
        self._sorted: dict[Key, list[tuple[int, str]]] = {}
        self._known: dict[tuple[Key, frozenset[str]], Habit | None] = {}

    def of(self, one: Observed) -> Habit | None:
        """Return the established habit that this observation follows, leaving out its items and their clusters."""
        rule, seen = one.rule, one.observation
        if not seen.compare or not rule.compare_with:
            return None
        value = seen.compare.lower()
        key = (rule.id, seen.bin, value)
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
    values: dict[str, set[str]] = {}
    rules: dict[str, Rule] = {}
    for one in observed:
        rule, seen = one.rule, one.observation
        if not seen.compare or not rule.compare_with:
            continue
        value = seen.compare.lower()
        rules[rule.id] = rule
        values.setdefault(rule.id, set()).add(value)
        group = hits.setdefault((rule.id, seen.bin, value), {})
        for item in one.items:
            group[item] = origins.get(item, UNKNOWN).arrived
    counts: dict[tuple[str, str], int] = {}
    notices: list[Notice] = []
    for rule_id, rule in sorted(rules.items()):
        query = GROUPS.get((rule.compare_with, rule.subject))
        if query is None:
            fault = (
                f"{rule_id}/{rule.version} compares {rule.subject} items by {rule.compare_with!r}, which is no group"
            )
            notices.append(Notice(code="engine.rule_fault", text=fault))
            continue
        parameters = {"needs": int(rule.needs), "values": sorted(values[rule_id])}
        for row in rows(query, parameters, GroupCount):
            counts[rule_id, row.value] = row.n
    return Habits(counts, hits, Peers(clusters), tuple(notices))
