"""Messages that mails name and the archive does not hold, with what these mails tell of them."""

from collections.abc import Iterator
from itertools import islice

import msgspec

from forensics.casestore import Queries
from forensics.engine.dates import rfc3339
from forensics.model.instants import FIRST, LAST, calendar
from forensics.model.ledger import MissingLine
from forensics.model.lines import Place
from forensics.model.locations import Location
from forensics.reader.lines import Lines
from forensics.relations.absent import time_of_id

REPLIERS = 5
"""Addresses of those who answered a message that its line names."""

_MISSING = f"""
WITH dates AS (SELECT number, min(instant) AS instant FROM threads JOIN flat.items USING (sha256)
               JOIN flat.mails USING (item) GROUP BY number),
senders AS (
    SELECT DISTINCT t.parent AS number, sender
    FROM threads t JOIN flat.items USING (sha256) JOIN flat.mails USING (item)
    WHERE t.parent IN (SELECT number FROM ghosts) AND sender <> ''),
repliers AS (
    SELECT number, list(sender ORDER BY sender)[:{REPLIERS}] AS repliers, count(*) AS replier_count
    FROM senders GROUP BY number),
quoted AS (
    SELECT number, min(told) AS told
    FROM (SELECT t.parent AS number, {{'later': is_block, 'at': q.index, 'sha256': sha256, 'name': q."name",
                 'address': q.address, 'instant': q.date.instant, 'wall': q.date.wall}} AS told
          FROM threads t JOIN quoted_mails q USING (sha256)
          WHERE q.depth = 0 AND t.parent IN (SELECT number FROM ghosts) AND list_contains("by", 'in_reply_to'))
    GROUP BY number),
held AS (SELECT message_id, min(location_text) AS reference FROM originals WHERE message_id <> '' GROUP BY message_id)
SELECT g.id, g.subject, d.instant AS after, g.first AS before, mentions, replies, coalesce(repliers, []) AS repliers,
       coalesce(replier_count, 0) AS replier_count, named_by, location,
       coalesce(told."name", '') AS quoted_name, coalesce(told.address, '') AS quoted_address,
       told.instant AS quoted_instant, told.wall AS quoted_wall, coalesce(reference, '') AS reference
FROM ghosts g LEFT JOIN dates d ON d.number = g.parent LEFT JOIN repliers r ON r.number = g.number
LEFT JOIN quoted q ON q.number = g.number LEFT JOIN held h ON h.message_id = g.id
JOIN flat.items i ON i.sha256 = named_by ORDER BY replies DESC, g.first, g.id
"""
_COUNT = "SELECT count(*) AS n FROM ghosts ORDER BY n"


class _Row(msgspec.Struct, frozen=True):
    id: str
    subject: str
    after: int | None
    before: int | None
    mentions: int
    replies: int
    repliers: list[str]
    replier_count: int
    named_by: str
    location: Location
    quoted_name: str
    quoted_address: str
    quoted_instant: int | None
    quoted_wall: int | None
    reference: str


class _Count(msgspec.Struct, frozen=True):
    n: int


def read_missing(queries: Queries) -> Lines[MissingLine]:
    """Return the missing messages: those with most replies first, then by the time of their first mention, by id."""

    def read(most: int | None) -> Iterator[MissingLine]:
        return islice(map(_line, queries.rows(_MISSING, {}, _Row)), most)

    return Lines(read, lambda: next(iter(queries.rows(_COUNT, {}, _Count))).n)


def _line(row: _Row) -> MissingLine:
    time, scheme = time_of_id(row.id)
    return MissingLine(
        id=row.id,
        subject=row.subject,
        written_after=_utc(row.after),
        written_before=_utc(row.before),
        quoted_name=row.quoted_name,
        quoted_address=row.quoted_address,
        quoted_date=_utc(row.quoted_instant) or _local(row.quoted_wall),
        id_time=time,
        id_scheme=scheme,
        mentions=row.mentions,
        replies=row.replies,
        repliers=tuple(row.repliers),
        replier_count=row.replier_count,
        named_by=row.named_by,
        location=Place.of(row.location),
        reference=row.reference,
    )


def _utc(ticks: int | None) -> str:
    return rfc3339(ticks) if ticks is not None and FIRST <= ticks < LAST else ""


def _local(ticks: int | None) -> str:
    return (calendar(ticks) or "").replace(" ", "T") if ticks is not None else ""
