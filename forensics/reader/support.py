"""What speaks for an archive: independent clocks that agree, counted."""

from collections.abc import Iterator

import msgspec

from forensics.stages.observed import Rows


class _Count(msgspec.Struct, frozen=True):
    k: int
    n: int


_FIRST_SERVER = """
WITH pairs AS (
    SELECT date.instant AS claimed, list_filter(hops, lambda hop: hop.instant IS NOT NULL)[-1].instant AS stamped
    FROM messages WHERE date.instant IS NOT NULL)
SELECT count(*) FILTER (WHERE abs(claimed - stamped) <= 6000000000) AS k, count(*) AS n
FROM pairs WHERE stamped IS NOT NULL ORDER BY n
"""
_TRACE = """
WITH timed AS (
    SELECT list_transform(list_filter(hops, lambda hop: hop.instant IS NOT NULL), lambda hop: hop.instant) AS times
    FROM messages)
SELECT count(*) AS n, count(*) FILTER (
    WHERE len(list_filter(range(1, len(times)), lambda i: times[i] + 50000000 < times[i + 1])) = 0) AS k
FROM timed WHERE len(times) > 1 ORDER BY n
"""
_ANSWERS = """
WITH parents AS (
    SELECT message_id.value AS message_id, min(date.instant) AS sent FROM messages
    WHERE message_id.value <> '' AND date.instant IS NOT NULL GROUP BY ALL),
answers AS (
    SELECT date.instant AS sent, in_reply_to[1] AS parent FROM messages
    WHERE date.instant IS NOT NULL AND len(in_reply_to) > 0)
SELECT count(*) FILTER (WHERE answers.sent >= parents.sent) AS k, count(*) AS n
FROM answers JOIN parents ON answers.parent = parents.message_id ORDER BY n
"""
_CARRIED = """
WITH carried AS (
    SELECT DISTINCT documents.sha256, documents.modified.instant AS saved, messages.arrived AS arrived
    FROM documents JOIN occurrences ON occurrences.sha256 = documents.sha256
    JOIN messages ON messages.sha256 = occurrences.message_sha256
    WHERE documents.modified.instant IS NOT NULL AND messages.arrived IS NOT NULL)
SELECT count(*) FILTER (WHERE saved <= arrived) AS k, count(*) AS n FROM carried ORDER BY n
"""
QUERIES = {
    "report.agrees.first_server": _FIRST_SERVER,
    "report.agrees.trace": _TRACE,
    "report.agrees.answers": _ANSWERS,
    "report.agrees.carried": _CARRIED,
}
"""Sentence that says what is compared, to the query that counts it."""


def agreeing(rows: Rows) -> Iterator[tuple[str, int, int]]:
    """Yield what was compared (a key of the catalogue), how many agree, and how many could be compared."""
    for label, sql in QUERIES.items():
        for row in rows(sql, {}, _Count):
            if row.n:
                yield label, row.k, row.n
