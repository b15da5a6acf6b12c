"""Comparison groups: each ties items to one mechanism (a sender's client, a relay, a list) and is defined here alone.

A rule names its group. The value of an item follows from its row; of some groups an item has several values, and the
rule says in `Observation.compare` which of them an observation is about.
"""

from collections.abc import Iterable, Mapping
from sys import intern

import msgspec

from forensics.model.rules import Rule, Subject
from forensics.stages.observed import Observed, Rows


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison group."""

    subject: Subject
    values: str
    """Query of ``item``, ``mask`` and ``value`` of every item, in lower case; an empty value tells no habit."""
    several: bool = False
    """Whether an item may have several values, a row for each."""

    @property
    def of_items(self) -> str:
        """Query of the `ItemValue` rows of ``$items``."""
        return (
            f"SELECT DISTINCT sha256, value FROM ({self.values}) JOIN flat.items USING (item)"
            " WHERE value <> '' AND sha256 IN (SELECT unnest($items)) ORDER BY sha256, value"
        )

    @property
    def count(self) -> str:
        """Query of the `GroupCount` rows of ``$values``."""
        return (
            f"SELECT value, mask, count(DISTINCT item) AS n FROM ({self.values})"
            " WHERE value IN (SELECT unnest($values)) GROUP BY value, mask ORDER BY value, mask"
        )

    def count_among(self, begin: str, table: str) -> str:
        """Return the query of the `GroupCount` rows of ``$values`` among some items.

        Args:
            begin: ``WITH`` and the definition of a table of column ``item``.
            table: its name.
        """
        return (
            f"{begin} SELECT value, mask, count(DISTINCT item) AS n FROM ({self.values}) SEMI JOIN {table} USING (item)"
            " WHERE value IN (SELECT unnest($values)) GROUP BY value, mask ORDER BY value, mask"
        )


class ItemValue(msgspec.Struct, frozen=True):
    """One value of one item."""

    sha256: str
    value: str


class GroupCount(msgspec.Struct, frozen=True):
    """How many items with a mask share a value."""

    value: str
    mask: int
    n: int


def _of_messages(value: str, source: str = "flat.mails", *, several: bool = False) -> Group:
    values = f"SELECT item, mask, {value} AS value FROM {source}"
    return Group(subject=Subject.MESSAGE, values=values, several=several)


# A longer text is no name of a program.
_SENDER_CLIENT = "CASE WHEN sender <> '' AND length(client) < 200 THEN lower(sender || '|' || client) ELSE '' END"
_BY_AUTHOR = "CASE WHEN author.value <> '' THEN lower(author.value || '|' || application) ELSE '' END"
_HOPS = "flat.hops JOIN flat.mails USING (item)"
# From the older to the newer of two neighbours among the trace fields with an instant.
_PAIR = "lead(host) OVER (PARTITION BY item ORDER BY place) || '>' || host"
_RESULTS = "(SELECT sha256, mask, unnest(results) AS result FROM messages) JOIN flat.items USING (sha256)"
_DOCUMENTS = "documents JOIN flat.items USING (sha256)"

GROUPS: Mapping[str, Group] = {
    "sender": _of_messages("sender"),
    "sender_client": _of_messages(_SENDER_CLIENT),
    "first_hop": _of_messages("first_hop"),
    "list": _of_messages("lower(list_id)"),
    "by-host": _of_messages("host", _HOPS, several=True),
    "by-host pair": _of_messages(_PAIR, f"{_HOPS} WHERE hops.instant IS NOT NULL", several=True),
    "authentication server": _of_messages("lower(result.server)", _RESULTS, several=True),
    "author_application": Group(
        subject=Subject.DOCUMENT, values=f"SELECT item, mask, {_BY_AUTHOR} AS value FROM {_DOCUMENTS}"
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

    def __init__(self, rows: Rows, observed: Iterable[Observed]) -> None:
        items: dict[str, set[str]] = {}
        for one in observed:
            group = group_of(one.rule)
            if group is not None and not group.several:
                items.setdefault(one.rule.compare_with, set()).update(one.items)
        self._of_items = {
            name: {
                intern(row.sha256): intern(row.value)
                for row in rows(GROUPS[name].of_items, {"items": sorted(asked)}, ItemValue)
            }
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
