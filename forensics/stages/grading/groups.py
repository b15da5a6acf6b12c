"""Comparison groups: each ties items to one mechanism (a sender's client, a relay, a list) and is defined here alone.

A rule names its group. The value of an item follows from its row; of some groups an item has several values, and the
rule says in `Observation.compare` which of them an observation is about.
"""

from collections.abc import Mapping, Sequence

import msgspec

from forensics.model.rules import Rule, Subject
from forensics.stages.observed import Observed, Rows


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison group."""

    subject: Subject
    values: str
    """Query of ``sha256``, ``mask`` and ``value`` of every item, in lower case; an empty value tells no habit."""
    several: bool = False
    """Whether an item may have several values, a row for each."""

    @property
    def of_items(self) -> str:
        """Query of the `ItemValue` rows of ``$items``."""
        return (
            f"SELECT DISTINCT sha256, value FROM ({self.values})"
            " WHERE value <> '' AND sha256 IN (SELECT unnest($items)) ORDER BY sha256, value"
        )

    @property
    def count(self) -> str:
        """Query of the `GroupCount` rows of ``$values``, of items whose mask has all bits of ``$needs``."""
        return (
            f"SELECT value, count(DISTINCT sha256) AS n FROM ({self.values})"
            " WHERE (mask & $needs) = $needs AND value IN (SELECT unnest($values)) GROUP BY value ORDER BY value"
        )


class ItemValue(msgspec.Struct, frozen=True):
    """One value of one item."""

    sha256: str
    value: str


class GroupCount(msgspec.Struct, frozen=True):
    """How many items share a value."""

    value: str
    n: int


def _of_messages(value: str) -> Group:
    return Group(subject=Subject.MESSAGE, values=f"SELECT sha256, mask, {value} AS value FROM messages")


def _of_hops(value: str, hops: str) -> Group:
    """Return a group of which a message has a value for each of some positions in its trace."""
    values = f"SELECT sha256, mask, {value} AS value FROM (SELECT sha256, mask, {hops})"
    return Group(subject=Subject.MESSAGE, values=values, several=True)


# A longer text is no name of a program.
_CLIENT = "lower(from_address || '|' || client.value)"
_SENDER_CLIENT = f"CASE WHEN from_address <> '' AND length(client.value) < 200 THEN {_CLIENT} ELSE '' END"
_BY_AUTHOR = "CASE WHEN author.value <> '' THEN lower(author.value || '|' || application) ELSE '' END"
_TIMED = "SELECT sha256, mask, [hop FOR hop IN hops IF hop.instant IS NOT NULL] AS timed FROM messages"
_PAIRS = f"timed, unnest(range(1, len(timed))) AS i FROM ({_TIMED})"

GROUPS: Mapping[str, Group] = {
    "sender": _of_messages("lower(from_address)"),
    "sender_client": _of_messages(_SENDER_CLIENT),
    "first_hop": _of_messages("lower(first_hop)"),
    "list": _of_messages("lower(list_id)"),
    "by-host": _of_hops('lower(hop."by")', "unnest(hops) AS hop FROM messages"),
    # From the older to the newer of two neighbours among the trace fields with an instant.
    "by-host pair": _of_hops("""lower(timed[i + 1]."by" || '>' || timed[i]."by")""", _PAIRS),
    "authentication server": _of_hops("lower(result.server)", "unnest(results) AS result FROM messages"),
    "author_application": Group(
        subject=Subject.DOCUMENT, values=f"SELECT sha256, mask, {_BY_AUTHOR} AS value FROM documents"
    ),
}
"""By the name that a rule gives in `Rule.compare_with`."""


def group_of(rule: Rule) -> Group | None:
    """Return the comparison group of a rule; None where it names none, or none of its kind of item."""
    group = GROUPS.get(rule.compare_with)
    return group if group is not None and group.subject is rule.subject else None


class Values:
    """The value of each observation in its rule's comparison group.

    Args:
        rows: queries of the case.
        observed: all whose values may be asked for, or that those are merged of.
    """

    def __init__(self, rows: Rows, observed: Sequence[Observed]) -> None:
        items: dict[str, set[str]] = {}
        for one in observed:
            group = group_of(one.rule)
            if group is not None and not group.several:
                items.setdefault(one.rule.compare_with, set()).update(one.items)
        self._of_items = {
            name: {row.sha256: row.value for row in rows(GROUPS[name].of_items, {"items": sorted(asked)}, ItemValue)}
            for name, asked in sorted(items.items())
        }

    def of(self, one: Observed) -> str:
        """Return the value of an observation; empty where its items have none in common: no habit can excuse it."""
        group = group_of(one.rule)
        if group is None:
            return ""
        if group.several:
            return one.observation.compare.lower()
        known = self._of_items[one.rule.compare_with]
        values = {known.get(item, "") for item in one.items}
        return values.pop() if len(values) == 1 else ""
