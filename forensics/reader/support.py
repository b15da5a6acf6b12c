"""What speaks for an archive: independent clocks that agree, counted."""

from collections.abc import Iterator

import msgspec

from forensics.model.sentences import Sentence, says
from forensics.stages.observed import Rows

_DATE_AND_FIRST_SERVER = says(
    "report.agrees.first_server",
    one="Date and the first server's stamp: within 10 minutes of each other",
)
_SERVERS_ON_THE_WAY = says(
    "report.agrees.trace",
    one="Stamps of the servers along the route: none earlier than the one before (5 s tolerance)",
)
_ANSWERS_AND_ANSWERED = says(
    "report.agrees.answers",
    one="Replies and the mails that they answer: no reply dated earlier",
)
_DOCUMENTS_AND_CARRIERS = says(
    "report.agrees.carried",
    one="Documents and the mails that carry them: saved before the mail arrived",
)


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
QUERIES = (
    (_DATE_AND_FIRST_SERVER, _FIRST_SERVER),
    (_SERVERS_ON_THE_WAY, _TRACE),
    (_ANSWERS_AND_ANSWERED, _ANSWERS),
    (_DOCUMENTS_AND_CARRIERS, _CARRIED),
)
"""The sentence that says what is compared, and the query that counts it."""


def agreeing(rows: Rows) -> Iterator[tuple[Sentence, int, int]]:
    """Yield what was compared, how many agree, and how many could be compared."""
    for saying, sql in QUERIES:
        for row in rows(sql, {}, _Count):
            if row.n:
                yield saying(), row.k, row.n
