"""Counts of one corpus: on how many items a rule had power, and how many showed each bin."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from forensics.checks import RULES, load
from forensics.engine.grading.clusters import form_clusters
from forensics.engine.grading.observed import Observed, Rows
from forensics.engine.grading.origin import Origin
from forensics.engine.grading.strength import explained_by
from forensics.knowledge.sentences import render
from forensics.model.measuring import Count, Hit
from forensics.model.rules import Rule, Subject

SUBJECTS: Mapping[Subject, str] = {
    Subject.MESSAGE: "SELECT DISTINCT sha256, sha256 AS item, mask FROM messages ORDER BY ALL",
    Subject.DOCUMENT: "SELECT DISTINCT sha256, sha256 AS item, mask FROM documents ORDER BY ALL",
    Subject.ARCHIVE: "SELECT DISTINCT sha256, sha256 AS item, mask FROM archives ORDER BY ALL",
    Subject.OCCURRENCE: """SELECT sha256, location_text AS item, mask FROM occurrences
        WHERE depth > 0 OR media_type NOT IN ('message/rfc822', 'application/mbox') ORDER BY ALL""",
}
"""Subject kind to the query of its items; an occurrence is counted wherever it stands, but for the files of mails and
mailboxes themselves: whoever keeps the corpus named those."""

Group = tuple[str, str]
"""Era and route."""


class ItemRow(msgspec.Struct, frozen=True):
    """One item and what it has."""

    sha256: str
    item: str
    mask: int


def subjects(rows: Rows, not_clean: frozenset[str]) -> dict[Subject, list[ItemRow]]:
    """Return all items by kind, without those that a review took out."""
    return {
        kind: [row for row in rows(query, {}, ItemRow) if row.sha256 not in not_clean]
        for kind, query in SUBJECTS.items()
    }


def digest(items: Iterable[str]) -> str:
    """Return the first 16 hex digits of SHA-256 over sorted digests, one a line."""
    return hashlib.sha256("\n".join(sorted(set(items))).encode("ascii")).hexdigest()[:16]


def group_of(origin: Origin | None, route: str) -> Group:
    """Return era and route as rates are keyed; ``any`` where an item does not tell."""
    return (origin.era if origin and origin.era else "any", route or (origin.route if origin else "") or "any")


def counted(observed: Sequence[Observed], not_clean: frozenset[str]) -> list[Observed]:
    """Return what counts as a hit: clusters merged, and nothing that the item's own facts explain.

    Explainers that need the archive, and habits, are not subtracted: they explain less in a smaller archive.
    """
    merged = form_clusters(observed)
    return [one for one in merged if not explained_by(one.observation.benign) and not not_clean.intersection(one.items)]


def count(
    items: Mapping[Subject, Sequence[ItemRow]],
    hits: Sequence[Observed],
    origins: Mapping[str, Origin],
    corpus: str,
    route: str,
) -> tuple[Count, ...]:
    """Return a row for each bin of each rule that had power on anything, by era and route.

    An item counts once for a bin and for the wider bins that hold it; for case rules, whose observations name several
    items, an observation (a cluster: one) counts once.
    """
    shown = _shown(hits, origins, route)
    whole = digest(row.sha256 for rows in items.values() for row in rows)
    found = []
    for rule in [load(name).RULE for name in RULES]:
        powered: Counter[Group] = Counter()
        for row in items[rule.subject]:
            if row.mask & rule.needs == rule.needs:
                powered[group_of(origins.get(row.sha256), route)] += 1
        for one in rule.bins:
            for (era, of_route), n in sorted(powered.items()):
                seen = len(shown.get((rule.id, one.name, era, of_route), ()))
                found.append(
                    Count(
                        rule=rule.id,
                        version=rule.version,
                        bin=one.name,
                        corpus=corpus,
                        era=era,
                        route=of_route,
                        pool="",
                        hits=min(seen, n),
                        n=n,
                        items=whole,
                    )
                )
    return tuple(found)


def _shown(
    hits: Sequence[Observed], origins: Mapping[str, Origin], route: str
) -> dict[tuple[str, str, str, str], set[str]]:
    shown: dict[tuple[str, str, str, str], set[str]] = {}
    for number, one in enumerate(hits):
        rule, main = one.rule, one.main
        unit = _unit(rule, number, main.sha256, main.location.text)
        for name in (one.observation.bin, *_wider(rule, one.observation.bin)):
            shown.setdefault((rule.id, name, *group_of(origins.get(main.sha256), route)), set()).add(unit)
    return shown


def _unit(rule: Rule, number: int, sha256: str, place: str) -> str:
    if rule.id.startswith("case."):
        return str(number)
    return place if rule.subject is Subject.OCCURRENCE else sha256


def _wider(rule: Rule, name: str) -> tuple[str, ...]:
    return next((one.within for one in rule.bins if one.name == name), ())


def listed(hits: Sequence[Observed]) -> tuple[Hit, ...]:
    """Return the hits for review, those of the rarest bins first."""
    rare = Counter((one.rule.id, one.observation.bin) for one in hits)
    ordered = sorted(
        hits, key=lambda one: (rare[one.rule.id, one.observation.bin], one.rule.id, one.main.location.text)
    )
    return tuple(
        [
            Hit(
                rule=one.rule.id,
                bin=one.observation.bin,
                sha256=one.main.sha256,
                location=one.main.location,
                statement=render(one.observation.sentence),
            )
            for one in ordered
        ]
    )
