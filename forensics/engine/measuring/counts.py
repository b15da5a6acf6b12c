"""Counts of one corpus: on how many items a rule had power, and how many showed each bin."""

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence

import msgspec

from forensics.checks import RULES, load
from forensics.knowledge.languages import ENGLISH
from forensics.knowledge.wording import Wording
from forensics.model.measuring import Count, Hit
from forensics.model.rules import Rule, Subject
from forensics.stages.grading.clusters import form_clusters
from forensics.stages.grading.origin import Origin
from forensics.stages.grading.rank import SUPPORT
from forensics.stages.grading.strength import explained_by
from forensics.stages.observed import Observed, Rows

SUBJECTS: Mapping[Subject, str] = {
    Subject.MESSAGE: """SELECT DISTINCT sha256, sha256 AS item, m.mask,
        CASE WHEN from_address = '' THEN sha256 ELSE lower(from_address) END AS sender
        FROM messages JOIN message_masks m USING (sha256) ORDER BY ALL""",
    Subject.DOCUMENT: "SELECT DISTINCT sha256, sha256 AS item, mask, '' AS sender FROM document_masks ORDER BY ALL",
    Subject.ARCHIVE: "SELECT DISTINCT sha256, sha256 AS item, mask, '' AS sender FROM archives ORDER BY ALL",
    Subject.OCCURRENCE: """SELECT sha256, location_text AS item, mask, '' AS sender FROM occurrences
        WHERE depth > 0 OR media_type NOT IN ('message/rfc822', 'application/mbox') ORDER BY ALL""",
}
"""Subject kind to the query of its items; an occurrence is counted wherever it stands, but for the files of mails and
mailboxes themselves: whoever keeps the corpus named those."""

Stratum = tuple[str, str]
"""Era and route."""


class ItemRow(msgspec.Struct, frozen=True):
    """One item and what it has."""

    sha256: str
    item: str
    mask: int
    sender: str
    """Of a mail; one without an address is a sender of its own. Empty for all else."""


def subjects(rows: Rows, not_clean: frozenset[str]) -> dict[Subject, list[ItemRow]]:
    """Return all items by kind, without those that a review took out."""
    return {
        kind: [row for row in rows(query, {}, ItemRow) if row.sha256 not in not_clean]
        for kind, query in SUBJECTS.items()
    }


def digest(items: Iterable[str]) -> str:
    """Return the first 16 hex digits of SHA-256 over sorted digests, one a line."""
    return hashlib.sha256("\n".join(sorted(set(items))).encode("ascii")).hexdigest()[:16]


def stratum_of(origin: Origin | None, route: str) -> Stratum:
    """Return era and route as rates are keyed; ``any`` where an item does not tell."""
    return (origin.era if origin and origin.era else "any", route or (origin.route if origin else "") or "any")


def counted(observed: Sequence[Observed], not_clean: frozenset[str]) -> list[Observed]:
    """Return what counts as a hit: clusters merged, and nothing that the item's own facts explain, or that is support.

    Explainers that need the archive, and habits, are not subtracted: they explain less in a smaller archive.
    """
    merged = form_clusters(observed)
    return [
        one
        for one in merged
        if one.rule.proposition not in SUPPORT
        and not explained_by(one.observation.benign)
        and not not_clean.intersection(one.items)
    ]


class _Tally(msgspec.Struct):
    """What was counted for one bin, or had power, in one group."""

    units: set[str] = msgspec.field(default_factory=set)
    senders: set[str] = msgspec.field(default_factory=set)

    def add(self, unit: str, sender: str) -> None:
        self.units.add(unit)
        if sender:
            self.senders.add(sender)


def count(
    items: Mapping[Subject, Sequence[ItemRow]],
    hits: Sequence[Observed],
    origins: Mapping[str, Origin],
    corpus: str,
    route: str,
    void: Container[str] = (),
) -> tuple[Count, ...]:
    """Return a row for each bin of each rule that had power on anything, by era and route.

    An item counts once for a bin and for the wider bins that hold it; for case rules, whose observations name several
    items, an observation (a cluster: one) counts once. Beside, each sender counts once (series).

    Args:
        items: powered or not, by kind.
        hits: what counts as a hit.
        origins: era and route by digest.
        corpus: its name.
        route: of all items; empty: told by each.
        void: rules whose witness was made at an export: the corpus says nothing on them.
    """
    senders = {row.sha256: row.sender for row in items[Subject.MESSAGE]}
    shown = _shown(hits, origins, route, senders)
    whole = digest(row.sha256 for rows in items.values() for row in rows)
    found = []
    for rule in [load(name).RULE for name in RULES if name not in void]:
        if rule.proposition in SUPPORT:
            continue
        powered: dict[Stratum, _Tally] = {}
        for row in items[rule.subject]:
            if row.mask & rule.needs == rule.needs:
                powered.setdefault(stratum_of(origins.get(row.sha256), route), _Tally()).add(row.item, row.sender)
        for one in rule.bins:
            for (era, of_route), able in sorted(powered.items()):
                seen = shown.get((rule.id, one.name, era, of_route), _Tally())
                n, by_sender = len(able.units), rule.subject is Subject.MESSAGE
                found.append(
                    Count(
                        rule=rule.id,
                        version=rule.version,
                        bin=one.name,
                        corpus=corpus,
                        era=era,
                        route=of_route,
                        hits=min(len(seen.units), n),
                        n=n,
                        series=len(seen.senders) if by_sender else None,
                        series_n=len(able.senders) if by_sender else None,
                        items=whole,
                    )
                )
    return tuple(found)


def _shown(
    hits: Sequence[Observed], origins: Mapping[str, Origin], route: str, senders: Mapping[str, str]
) -> dict[tuple[str, str, str, str], _Tally]:
    shown: dict[tuple[str, str, str, str], _Tally] = {}
    for number, one in enumerate(hits):
        rule, main = one.rule, one.main
        unit = _unit(rule, number, main.sha256, main.location.text)
        for name in (one.observation.bin, *rule.wider(one.observation.bin)):
            key = (rule.id, name, *stratum_of(origins.get(main.sha256), route))
            shown.setdefault(key, _Tally()).add(unit, senders.get(main.sha256, ""))
    return shown


def _unit(rule: Rule, number: int, sha256: str, place: str) -> str:
    if rule.id.startswith("case."):
        return str(number)
    return place if rule.subject is Subject.OCCURRENCE else sha256


def listed(hits: Sequence[Observed]) -> tuple[Hit, ...]:
    """Return the hits for review, those of the rarest bins first."""
    say = Wording(ENGLISH)
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
                statement=say.said(one.observation.sentence),
            )
            for one in ordered
        ]
    )
