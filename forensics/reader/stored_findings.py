"""Findings, the ranking and what was set aside, read back from a case's tables."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice

import msgspec

from forensics.casestore import Queries
from forensics.checks import RULES
from forensics.errors import UsageError
from forensics.model.findings import Finding, Ranked, SetAside, StoredFinding
from forensics.model.rules import Strength
from forensics.reader.lines import Lines
from forensics.reader.selecting import SAME_ITEM

_CHOSEN = """
FROM findings WHERE list_contains($strengths, strength) AND ($rule = '' OR rule = $rule)
    AND (len($items::VARCHAR[]) = 0 OR list_bool_or([contains(stored, item) FOR item IN $items::VARCHAR[]])) {only}
"""
_FINDINGS = f"SELECT stored AS text {_CHOSEN}"
_SORTED = "ORDER BY list_position($strengths, strength), rule, id"
_NUMBERS = f"SELECT n FROM (SELECT row_number() OVER () AS n, strength, rule, id {_CHOSEN}) {_SORTED}"
_FINDINGS_COUNT = f"SELECT count(*) AS n {_CHOSEN} ORDER BY n"
_RANKED = "FROM ranking WHERE list_contains($strengths, strength) {only}"
_RANKING = f"SELECT ranked AS text {_RANKED}"
_RANKS = f"SELECT n FROM (SELECT row_number() OVER () AS n, rank {_RANKED}) ORDER BY rank"
_RANKING_COUNT = f"SELECT count(*) AS n {_RANKED} ORDER BY n"
_ENTRY = "SELECT ranked AS text FROM ranking WHERE contains(ranked, $item) ORDER BY rank"
_SET_ASIDE = 'SELECT set_aside AS text FROM set_aside ORDER BY rule, reason, "group", set_aside'


_OF_FINDINGS = f"""
AND id IN (SELECT id FROM (
    SELECT id, unnest(stored->>'$.finding.subjects[*].sha256') AS sha256,
           unnest(stored->>'$.finding.subjects[*].role') AS role,
           CAST(unnest(stored->'$.finding.subjects[*].location') AS VARCHAR) AS location
    FROM findings) WHERE role <> 'witness' AND {SAME_ITEM})
"""
"""A finding is about the items of which one must be wrong, not about what bears witness."""
_OF_RANKS = f"""
AND rank IN (SELECT rank FROM (
    SELECT rank, item->>'$.sha256' AS sha256, CAST(item->'$.location' AS VARCHAR) AS location
    FROM (SELECT rank, unnest(list_concat([ranked->'$.item'], ranked->'$.cluster.members[*]', ranked->'$.partners[*]'))
        AS item FROM ranking)) WHERE {SAME_ITEM})
"""


class _Count(msgspec.Struct, frozen=True):
    n: int


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

    Args:
        rule: its id, or the last part of it where no other rule has the same.

    Raises:
        UsageError: there is no such rule, or more than one.
    """
    if not rule or rule in RULES:
        return rule
    found = [one for one in RULES if one.rpartition(".")[2] == rule.lower()]
    if len(found) == 1:
        return found[0]
    alike = found or get_close_matches(rule.rpartition(".")[2], [one.rpartition(".")[2] for one in RULES], 3)
    meant = f"; perhaps {' or '.join(alike)}" if alike else ""
    raise UsageError(f"no rule {rule!r}{meant}; `forensics rules` lists them")


def read_findings(
    queries: Queries,
    words: list[str],
    *,
    rule: str = "",
    items: Collection[str] = (),
    place: str = "",
    chosen: str = "",
) -> Lines[Finding]:
    """Return findings, strongest first, then by rule and id.

    Args:
        queries: the case.
        words: only of these strengths, the highest first.
        rule: only of this rule; empty: all.
        items: starts of digests: only findings about such items; none: all.
        place: location of an item that was not read and so has no digest: only findings about what stands there.
        chosen: table of the places whose items are wanted, as `forensics.reader.selecting.Selected` makes it; empty:
            all.
    """
    wanted = tuple(items)
    given = {"strengths": words, "rule": rule, "items": list(wanted)}
    named = bool(wanted or place)
    only = _OF_FINDINGS.format(chosen=chosen) if chosen else ""

    def read(most: int | None) -> Iterator[Finding]:
        texts = _FINDINGS.format(only=only)
        if most is None or named:
            rows = queries.stored(texts, given, StoredFinding, order=_NUMBERS.format(only=only))
        else:
            rows = queries.stored(f"{texts} {_SORTED} LIMIT {most:d}", given, StoredFinding)
        found = (stored.finding for stored in rows)
        return islice((one for one in found if _about(one, wanted, place)), most) if named else found

    def count() -> int:
        return sum(1 for _ in read(None)) if named else _count(queries, _FINDINGS_COUNT.format(only=only), given)

    return Lines(read, count)


def _about(finding: Finding, items: tuple[str, ...], place: str) -> bool:
    """Whether an item that is meant is a subject: its digest may stand in the text of a finding without being one."""
    subjects = finding.subjects
    if place and not any(not one.sha256 and one.location.text == place for one in subjects):
        return False
    return not items or any(one.sha256.startswith(items) for one in subjects)


def read_ranking(queries: Queries, words: list[str], *, chosen: str = "") -> Lines[Ranked]:
    """Return the ranking in its order, lines of these strengths.

    Args:
        queries: the case.
        words: the strengths.
        chosen: table of the places whose items are wanted: lines that name one; empty: all.
    """
    given = {"strengths": words}
    only = _OF_RANKS.format(chosen=chosen) if chosen else ""

    def read(most: int | None) -> Iterator[Ranked]:
        if most is None:
            return queries.stored(_RANKING.format(only=only), given, Ranked, order=_RANKS.format(only=only))
        return queries.stored(f"{_RANKING.format(only=only)} ORDER BY rank LIMIT {most:d}", given, Ranked)

    return Lines(read, lambda: _count(queries, _RANKING_COUNT.format(only=only), given))


def read_entry(queries: Queries, sha256: str) -> Ranked | None:
    """Return the first line of the ranking that an item stands in, as its item, a partner, a member or a witness."""
    found = list(queries.stored(_ENTRY, {"item": sha256}, Ranked)) if sha256 else []
    own = (line for line in found if any(ref.sha256 == sha256 for ref in line.items))
    named = (line for line in found if any(one.item.sha256 == sha256 for one in line.related))
    return next(own, None) or next(named, None)


def _count(queries: Queries, sql: str, given: Mapping[str, object]) -> int:
    return sum(row.n for row in queries.rows(sql, given, _Count))


def read_set_aside(queries: Queries) -> Iterator[SetAside]:
    """Yield what was brought down to context, by rule and reason."""
    yield from queries.stored(_SET_ASIDE, {}, SetAside)
