"""Queries of mails as sent with those that they may quote, thread by thread, and of who else answers some mails."""

from collections.abc import Iterator
from itertools import groupby

import msgspec

from forensics.model.locations import Location
from forensics.stages.observed import Rows

COPIES = 2
"""Mails of one Message-ID that are looked at."""
SOURCES = 8
"""Mails above one that are looked at, the nearest first."""
ANSWERS = 40
"""Answers to one mail that are asked whose wording they have."""

_COPIES = f"""
copies AS MATERIALIZED (
    SELECT number, item, row_number() OVER (PARTITION BY number ORDER BY item) AS nth
    FROM threads JOIN flat.items USING (sha256) SEMI JOIN flat.mails USING (item) QUALIFY nth <= {COPIES})
"""
PAIRS = f"""
WITH RECURSIVE {_COPIES},
nodes AS MATERIALIZED (
    SELECT number, any_value(parent) AS parent FROM threads WHERE parent IS NOT NULL GROUP BY number
    UNION ALL SELECT number, parent FROM ghosts WHERE parent IS NOT NULL),
above AS (
    SELECT number, parent, 1 AS far FROM nodes SEMI JOIN threads USING (number)
    UNION ALL
    SELECT a.number, n.parent, far + 1 FROM above a JOIN nodes n ON n.number = a.parent WHERE far < {SOURCES}),
sources AS (
    SELECT a.number, c.item AS source, row_number() OVER (PARTITION BY a.number ORDER BY far, c.item) AS place,
           min(far) OVER (PARTITION BY a.number) = 1 AS direct
    FROM above a JOIN copies c ON c.number = a.parent QUALIFY place <= {SOURCES})
SELECT i.item, i.sha256, i.location, lower(coalesce(m.sender, '')) AS sender, direct, source,
       s.sha256 AS source_sha256, s.location AS source_location
FROM sources JOIN threads t USING (number) JOIN flat.items i ON i.sha256 = t.sha256
JOIN flat.mails m ON m.item = i.item JOIN flat.items s ON s.item = source
ORDER BY thread, m.instant, i.sha256, i.item, place
"""
"""Mails that answer one that is there, or one that answers it, in the order of their threads, each with those above it.

Lists, which a query holds in memory, are put together as the rows come (`pairs`).
"""
ANSWERED = f"""
WITH {_COPIES},
asked AS (SELECT number, item AS source FROM threads JOIN flat.items USING (sha256)
          WHERE item IN (SELECT unnest($items)))
SELECT source, i.item, i.sha256, i.location, lower(coalesce(sender, '')) AS sender
FROM asked JOIN threads t ON t.parent = asked.number JOIN copies ON copies.number = t.number AND nth = 1
JOIN flat.items i ON i.sha256 = t.sha256 AND i.item = copies.item JOIN flat.mails m ON m.item = i.item
QUALIFY row_number() OVER (PARTITION BY source ORDER BY instant, i.sha256) <= {ANSWERS}
ORDER BY source, instant, i.sha256
"""
"""Mails that answer some mails directly."""


class Source(msgspec.Struct, frozen=True):
    """A mail that may be quoted."""

    item: int
    sha256: str
    location: str
    """JSON text of a `Location`: most are never read."""


class _Row(msgspec.Struct, frozen=True):
    item: int
    sha256: str
    location: Location
    sender: str
    direct: bool
    source: int
    source_sha256: str
    source_location: str


class Pair(msgspec.Struct, frozen=True):
    """A mail, and those that it may quote, the nearest first."""

    item: int
    sha256: str
    location: Location
    sender: str
    direct: bool
    sources: list[Source]


class Answer(msgspec.Struct, frozen=True):
    """A row of `ANSWERED`."""

    source: int
    item: int
    sha256: str
    location: Location
    sender: str


def pairs(rows: Rows) -> Iterator[Pair]:
    """Yield the mails of `PAIRS`, each with those above it."""
    for _, group in groupby(rows(PAIRS, {}, _Row), key=lambda row: row.item):
        found = list(group)
        one = found[0]
        sources = [Source(row.source, row.source_sha256, row.source_location) for row in found]
        yield Pair(one.item, one.sha256, one.location, one.sender, one.direct, sources)
