"""Documents that share editing sessions, as the case was last judged: the place of one, and families."""

from collections.abc import Collection
from itertools import groupby

import msgspec

from forensics.casestore import Queries
from forensics.model.findings import ItemRef
from forensics.model.lineage import LineageFamily, LineageMember, LineagePlace
from forensics.model.locations import Location
from forensics.model.rows.lineage import LineageRow

MOST = 20
"""Documents that are named."""
FAMILIES = 50
"""Families that are read at once."""

_OWN = "SELECT * FROM lineage WHERE sha256 = $digest ORDER BY sha256 LIMIT 1"
_FAMILY = """
SELECT sha256, arg_min(location, location_text) AS location,
       bool_or(relation = 'derives' AND other = $digest) AS derived, any_value(place) AS place
FROM lineage JOIN occurrences USING (sha256) WHERE family = $family GROUP BY sha256 ORDER BY place, sha256
"""
_COUNT = "SELECT count(DISTINCT family) AS n FROM lineage ORDER BY n"
_FAMILIES = f"""
WITH chosen AS (
    SELECT family, count(*) AS documents, count(*) FILTER (list_contains($first::VARCHAR[], sha256)) AS first
    FROM lineage GROUP BY family ORDER BY first = 0, documents DESC, family LIMIT {FAMILIES}),
told AS (
    SELECT l.*, documents, first, above.place AS above, list_contains($first::VARCHAR[], l.sha256) AS own,
           l.sha256 IN (SELECT other FROM lineage WHERE list_contains($first::VARCHAR[], sha256)) AS named
    FROM lineage l JOIN chosen USING (family) LEFT JOIN lineage above ON above.sha256 = l.other
    QUALIFY row_number() OVER (PARTITION BY l.family ORDER BY own DESC, named DESC, l.place) <= {MOST})
SELECT t.family, t.documents, t.sha256, p.location, t.place, t.relation, coalesce(t.above + 1, 0)::INTEGER AS other,
       t.sessions, t.other_sessions, t.shared, coalesce(d.modified.instant, d.modified.wall) AS saved
FROM told t JOIN places p USING (sha256) LEFT JOIN documents d USING (sha256)
ORDER BY t.first = 0, t.documents DESC, t.family, t.place, t.sha256
"""


class _Count(msgspec.Struct, frozen=True):
    n: int


class _Member(msgspec.Struct, frozen=True, kw_only=True):
    family: int
    documents: int
    sha256: str
    location: Location
    place: int
    relation: str
    other: int
    sessions: int
    other_sessions: int
    shared: int
    saved: int | None


class _Relative(msgspec.Struct, frozen=True):
    sha256: str
    location: Location
    derived: bool
    place: int


def read_lineage(queries: Queries, digest: str) -> LineagePlace | None:
    """Return the place of a document in its family; None: it shares its sessions with none, or was never judged."""
    own = next(iter(queries.rows(_OWN, {"digest": digest}, LineageRow)), None)
    if own is None:
        return None
    other: ItemRef | None = None
    family: list[ItemRef] = []
    derived: list[ItemRef] = []
    documents = count = 0
    for row in queries.rows(_FAMILY, {"digest": digest, "family": own.family}, _Relative):
        ref = ItemRef(sha256=row.sha256, location=row.location)
        documents += 1
        count += row.derived
        if len(family) < MOST:
            family.append(ref)
        if row.derived and len(derived) < MOST:
            derived.append(ref)
        if row.sha256 == own.other:
            other = ref
    return LineagePlace(
        documents=documents,
        place=own.place + 1,
        relation=own.relation,
        other=other,
        sessions=own.sessions,
        other_sessions=own.other_sessions,
        shared=own.shared,
        derived=tuple(derived),
        derived_count=count,
        family=tuple(family),
    )


def read_families(queries: Queries, first: Collection[str]) -> tuple[tuple[LineageFamily, ...], int]:
    """Return families, and how many there are.

    Args:
        queries: the case.
        first: digests of documents whose families come first; all other families follow by their size.
    """
    count = sum(row.n for row in queries.rows(_COUNT, {}, _Count))
    rows = queries.rows(_FAMILIES, {"first": sorted(first)}, _Member) if count else ()
    found = []
    for (_, documents), members in groupby(rows, key=lambda row: (row.family, row.documents)):
        told = [
            LineageMember(
                ref=ItemRef(sha256=row.sha256, location=row.location),
                place=row.place + 1,
                relation=row.relation,
                other=row.other,
                sessions=row.sessions,
                other_sessions=row.other_sessions,
                shared=row.shared,
                saved=row.saved,
            )
            for row in members
        ]
        found.append(LineageFamily(documents=documents, members=tuple(told)))
    return tuple(found), count
