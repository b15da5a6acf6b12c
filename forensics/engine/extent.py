"""Reads from a case how much of it was read and could be judged."""

from collections.abc import Iterable

import msgspec

from forensics.casestore import CaseFolder, Queries, reached
from forensics.knowledge.unread import remedy
from forensics.model.locations import Location
from forensics.model.rules import Subject
from forensics.model.scanning import Extent, Unread
from forensics.stages.power import power_of

_SAMPLE = 5


class _UnreadRow(msgspec.Struct, frozen=True):
    status: str
    reason: str
    media_type: str
    extension_type: str
    count: int
    size: int
    sample: list[Location]


_UNREAD = """
SELECT status, reason, media_type, extension_type, count(*) AS count, sum(size)::BIGINT AS size,
       list(location ORDER BY location_text)[1:5] AS sample
FROM occurrences WHERE status <> 'parsed' GROUP BY status, reason, media_type, extension_type
ORDER BY status, reason, media_type, extension_type
"""


class _MaskRow(msgspec.Struct, frozen=True):
    status: str
    occurrence: int
    message: int | None
    document: int | None
    archive: int | None
    count: int


_MASKS = """
SELECT o.status, o.mask AS occurrence, m.mask AS message, d.mask AS document, a.mask AS archive, count(*) AS count
FROM occurrences o
LEFT JOIN messages m USING (sha256)
LEFT JOIN documents d USING (sha256)
LEFT JOIN archives a USING (sha256)
GROUP BY ALL ORDER BY ALL
"""


def extent(folder: CaseFolder, queries: Queries) -> Extent:
    """Return how much of a case was read and could be judged."""
    by_status: dict[str, int] = {}
    judged = 0
    for row in queries.rows(_MASKS, {}, _MaskRow):
        by_status[row.status] = by_status.get(row.status, 0) + row.count
        judged += row.count if _judged(row) else 0
    return Extent(
        reached=reached(folder),
        items=sum(by_status.values()),
        by_status=dict(sorted(by_status.items())),
        judged=judged,
        unread=_folded(queries.rows(_UNREAD, {}, _UnreadRow)),
    )


def _judged(row: _MaskRow) -> bool:
    masks = {
        Subject.OCCURRENCE: row.occurrence,
        Subject.MESSAGE: row.message,
        Subject.DOCUMENT: row.document,
        Subject.ARCHIVE: row.archive,
    }
    return any(mask is not None and power_of(mask, subject)[0] for subject, mask in masks.items())


def _folded(rows: Iterable[_UnreadRow]) -> tuple[Unread, ...]:
    """Sum by state, reason and what can be done; most frequent first."""
    found: dict[tuple[str, str, str], Unread] = {}
    for row in rows:
        what = remedy(row.media_type, row.extension_type) if row.reason == "engine.no_parser" else ""
        key = (row.status, row.reason, what)
        old = found.get(key) or Unread(status=row.status, reason=row.reason, remedy=what, count=0, size=0, sample=())
        found[key] = msgspec.structs.replace(
            old,
            count=old.count + row.count,
            size=old.size + row.size,
            sample=(*old.sample, *row.sample)[:_SAMPLE],
        )
    return tuple(sorted(found.values(), key=lambda one: (one.status, -one.count, one.reason, one.remedy)))
