"""Where a mail stands in its thread, as the case was last judged."""

import msgspec

from forensics.casestore import Queries
from forensics.model.findings import ItemRef
from forensics.model.locations import Location
from forensics.model.threads import ThreadPlace

MOST = 20
"""Replies that are named."""

_PLACE = """
WITH own AS (SELECT * FROM threads WHERE sha256 = $digest)
SELECT t."by", (SELECT count(DISTINCT number) FROM threads WHERE thread = t.thread) AS mails,
       (SELECT count(*) FROM ghosts WHERE thread = t.thread) AS missing,
       coalesce((SELECT id FROM ghosts WHERE number = t.parent), '') AS answers_missing
FROM own t
"""
_RELATED = """
WITH own AS (SELECT * FROM threads WHERE sha256 = $digest),
related AS (
    SELECT t.sha256, coalesce(t.number = own.parent, false) AS above
    FROM threads t JOIN own ON t.number = own.parent OR t.parent = own.number)
SELECT sha256, above, arg_min(location, location_text) AS location FROM related JOIN occurrences USING (sha256)
GROUP BY ALL ORDER BY above DESC, min(location_text), sha256
"""


class _Place(msgspec.Struct, frozen=True):
    by: list[str]
    mails: int
    missing: int
    answers_missing: str


class _Related(msgspec.Struct, frozen=True):
    sha256: str
    above: bool
    location: Location


def read_place(queries: Queries, digest: str) -> ThreadPlace | None:
    """Return the place of a mail in its thread; None: it is no mail, or the case was never judged."""
    found = next(iter(queries.rows(_PLACE, {"digest": digest}, _Place)), None)
    if found is None:
        return None
    above: ItemRef | None = None
    replies: list[ItemRef] = []
    for row in queries.rows(_RELATED, {"digest": digest}, _Related):
        ref = ItemRef(sha256=row.sha256, location=row.location)
        if row.above:
            above = above or ref
        else:
            replies.append(ref)
    return ThreadPlace(
        mails=found.mails,
        missing=found.missing,
        answers=above,
        answers_missing=found.answers_missing,
        by=tuple(found.by),
        replies=tuple(replies[:MOST]),
        reply_count=len(replies),
    )
