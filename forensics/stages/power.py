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
    Subject.MESSAGE: _COUNT.format(item="sha256", table="message_masks"),
    Subject.DOCUMENT: _COUNT.format(item="sha256", table="document_masks"),
    Subject.ARCHIVE: _COUNT.format(item="sha256", table="archives"),
    Subject.OCCURRENCE: _COUNT.format(item="location", table="occurrences"),
}
"""Subject kind to the query that counts its items by their mask; numbers of a fixed width stand for their names."""


class MaskCount(msgspec.Struct, frozen=True):
    """How many items have a mask."""

    mask: int
    n: int


_SUBJECTS = {"messages": Subject.MESSAGE, "documents": Subject.DOCUMENT}
"""Of the tables that `CaseRule.ROWS_NEEDED` may name; that there are verdicts is a bit of each mail (``OPENED``)."""


_OF_ARCHIVES = "case."


@cache
def _rules(*, alone: bool = False) -> tuple[Rule, ...]:
    return tuple([load(name).RULE for name in RULES if not (alone and name.startswith(_OF_ARCHIVES))])


def rule_power(rows: Rows, rules: Sequence[Rule] | None = None) -> tuple[Power, ...]:
    """Return for each rule how many items it could judge, of all of its kind; none where it had nothing to compare.

    Args:
        rows: queries of the case.
        rules: in the order of the answer; all in force by default.
    """
    counted: dict[Subject, list[MaskCount]] = {}

    def masks(subject: Subject) -> list[MaskCount]:
        if subject not in counted:
            counted[subject] = list(rows(QUERIES[subject], {}, MaskCount))
        return counted[subject]

    found = []
    for rule in _rules() if rules is None else rules:
        own = masks(rule.subject)
        needed = load(rule.id).ROWS_NEEDED if rule.id.startswith(_OF_ARCHIVES) and rule.id in RULES else {}
        compared = [(masks(_SUBJECTS[table]), least) for table, least in needed.items() if table in _SUBJECTS]
        asked = all(sum([one.n for one in there]) >= least for there, least in compared)
        powered = sum([one.n for one in own if rule.needs & one.mask == rule.needs]) if asked else 0
        found.append(Power(rule=rule.id, title=rule.title, powered=powered, subjects=sum([one.n for one in own])))
    return tuple(found)


@lru_cache(maxsize=65536)
def power_of(
    mask: int, subject: Subject, rules: tuple[Rule, ...] | None = None, *, alone: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of rules for this kind of item that had what they need, and of those that lacked something.

    Args:
        mask: of the item.
        subject: its kind.
        rules: of which those are returned; all in force by default.
        alone: whether there is no archive to compare it with; rules that need one are then left out.
    """
    own = [rule for rule in (_rules(alone=alone) if rules is None else rules) if rule.subject is subject]
    having = tuple([rule.id for rule in own if rule.needs & mask == rule.needs])
    lacking = tuple([rule.id for rule in own if rule.needs & mask != rule.needs])
    return having, lacking
