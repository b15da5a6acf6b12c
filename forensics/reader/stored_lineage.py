"""Where a document stands among those with which it shares editing sessions, as the case was last judged."""

import msgspec

from forensics.casestore import Queries
from forensics.model.findings import ItemRef
from forensics.model.lineage import LineagePlace
from forensics.model.locations import Location
from forensics.model.rows.lineage import LineageRow

MOST = 20
"""Documents that are named."""

_OWN = "SELECT * FROM lineage WHERE sha256 = $digest ORDER BY sha256 LIMIT 1"
_FAMILY = """
SELECT sha256, arg_min(location, location_text) AS location,
       bool_or(relation = 'derives' AND other = $digest) AS derived, any_value(place) AS place
FROM lineage JOIN occurrences USING (sha256) WHERE family = $family GROUP BY sha256 ORDER BY place, sha256
"""


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
