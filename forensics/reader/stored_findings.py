"""Findings, the ranking and what was set aside, read back from a case's tables."""

from collections.abc import Collection, Iterator

from forensics.casestore import Queries
from forensics.checks import RULES
from forensics.errors import UsageError
from forensics.model.findings import Finding, Ranked, SetAside, StoredFinding
from forensics.model.rules import Strength

_FINDINGS = """
SELECT stored AS text FROM findings
WHERE list_contains($strengths, strength) AND ($rule = '' OR rule = $rule)
    AND (len($items::VARCHAR[]) = 0 OR list_bool_or([contains(stored, item) FOR item IN $items::VARCHAR[]]))
ORDER BY list_position($strengths, strength), rule, id
"""
_RANKING = """
SELECT ranked AS text FROM ranking WHERE list_contains($strengths, strength) ORDER BY rank
"""
_SET_ASIDE = 'SELECT set_aside AS text FROM set_aside ORDER BY rule, reason, "group", set_aside'


def strengths(least: str) -> list[str]:
    """Return this strength and those above, the highest first.

    Raises:
        UsageError: there is none of this name.
    """
    try:
        wanted = Strength[least.upper()]
    except KeyError:
        words = ", ".join(strength.word for strength in Strength)
        raise UsageError(f"no strength {least!r}; it is one of {words}") from None
    return [strength.word for strength in sorted(Strength, reverse=True) if strength >= wanted]


def known_rule(rule: str) -> str:
    """Return the id of a rule, or the empty text.

    Raises:
        UsageError: there is no such rule.
    """
    if rule and rule not in RULES:
        raise UsageError(f"no rule {rule!r}; `forensics rules` lists them")
    return rule


def read_findings(
    queries: Queries, words: list[str], *, rule: str = "", items: Collection[str] = (), place: str = ""
) -> Iterator[Finding]:
    """Yield findings, strongest first, then by rule and id.

    Args:
        queries: the case.
        words: only of these strengths, the highest first.
        rule: only of this rule; empty: all.
        items: starts of digests: only findings about such items; none: all.
        place: location of an item that was not read and so has no digest: only findings about what stands there.
    """
    wanted = tuple(items)
    given = {"strengths": words, "rule": rule, "items": list(wanted)}
    for stored in queries.stored(_FINDINGS, given, StoredFinding):
        subjects = stored.finding.subjects
        if place and not any(not one.sha256 and one.location.text == place for one in subjects):
            continue
        # A digest may stand in the text of a finding without being a subject of it.
        if not wanted or any(one.sha256.startswith(wanted) for one in subjects):
            yield stored.finding


def read_ranking(queries: Queries, words: list[str]) -> Iterator[Ranked]:
    """Yield the ranking in its order, lines of these strengths."""
    yield from queries.stored(_RANKING, {"strengths": words}, Ranked)


def read_set_aside(queries: Queries) -> Iterator[SetAside]:
    """Yield what was brought down to context, by rule and reason."""
    yield from queries.stored(_SET_ASIDE, {}, SetAside)
