"""Which rules had what they need: "nothing found" is worth only as much as that."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import msgspec

from forensics.checks import RULES, load
from forensics.model.rules import Rule, Subject
from forensics.model.summary import Power
from forensics.stages.observed import Rows

_COUNT = "SELECT mask, count(DISTINCT md5_number({item})) AS n FROM {table} GROUP BY mask ORDER BY mask"
QUERIES: Mapping[Subject, str] = {
    Subject.MESSAGE: _COUNT.format(item="sha256", table="messages"),
    Subject.DOCUMENT: _COUNT.format(item="sha256", table="documents"),
    Subject.ARCHIVE: _COUNT.format(item="sha256", table="archives"),
    Subject.OCCURRENCE: _COUNT.format(item="location", table="occurrences"),
}
"""Subject kind to the query that counts its items by their mask; numbers of a fixed width stand for their names."""


class MaskCount(msgspec.Struct, frozen=True):
    """How many items have a mask."""

    mask: int
    n: int


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple([load(name).RULE for name in RULES])


def rule_power(rows: Rows, rules: Sequence[Rule] | None = None) -> tuple[Power, ...]:
    """Return for each rule how many items it could judge, of all of its kind.

    Args:
        rows: queries of the case.
        rules: in the order of the answer; all in force by default.
    """
    counted: dict[Subject, list[MaskCount]] = {}
    found = []
    for rule in _rules() if rules is None else rules:
        if rule.subject not in counted:
            counted[rule.subject] = list(rows(QUERIES[rule.subject], {}, MaskCount))
        masks = counted[rule.subject]
        powered = sum([one.n for one in masks if rule.needs & one.mask == rule.needs])
        found.append(Power(rule=rule.id, title=rule.title, powered=powered, subjects=sum([one.n for one in masks])))
    return tuple(found)


@lru_cache(maxsize=65536)
def power_of(
    mask: int, subject: Subject, rules: tuple[Rule, ...] | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of rules for this kind of item that had what they need, and of those that lacked something."""
    own = [rule for rule in (_rules() if rules is None else rules) if rule.subject is subject]
    having = tuple([rule.id for rule in own if rule.needs & mask == rule.needs])
    lacking = tuple([rule.id for rule in own if rule.needs & mask != rule.needs])
    return having, lacking
