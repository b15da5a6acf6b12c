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

LEAST, MOST, LOTS = 1_200, 100_000, 16
"""Mails of whole threads that are paired together, and of how many lots there are between: each costs a query over all
mails, pairs of a million take more memory than a query has, and each processor should have a few."""

_LOTS = """
SELECT min(thread) AS first, max(thread) AS last
FROM (SELECT thread, sum(count(*)) OVER (ORDER BY thread)
                     // greatest($least, least($most, sum(count(*)) OVER () // $lots)) AS lot
      FROM threads GROUP BY thread)
GROUP BY lot ORDER BY lot
"""
PAIRS = f"""
WITH RECURSIVE lot AS MATERIALIZED (
    SELECT number, thread, parent, item FROM threads JOIN flat.items USING (sha256)
    WHERE thread BETWEEN $first AND $last),
copies AS MATERIALIZED (
    SELECT number, item, row_number() OVER (PARTITION BY number ORDER BY item) AS nth
    FROM lot QUALIFY nth <= {COPIES}),
nodes AS MATERIALIZED (
    SELECT number, any_value(parent) AS parent FROM lot WHERE parent IS NOT NULL GROUP BY number
    UNION ALL SELECT number, parent FROM ghosts WHERE parent IS NOT NULL AND thread BETWEEN $first AND $last),
above AS (
    SELECT number, parent, 1 AS far FROM nodes SEMI JOIN lot USING (number)
    UNION ALL
    SELECT a.number, n.parent, far + 1 FROM above a JOIN nodes n ON n.number = a.parent WHERE far < {SOURCES}),
sources AS (
    SELECT a.number, c.item AS source, row_number() OVER (PARTITION BY a.number ORDER BY far, c.item) AS place,
           min(far) OVER (PARTITION BY a.number) = 1 AS direct
    FROM above a JOIN copies c ON c.number = a.parent QUALIFY place <= {SOURCES})
SELECT item, i.sha256, i.location, lower(coalesce(m.sender, '')) AS sender, direct, source,
       s.sha256 AS source_sha256, s.location AS source_location
FROM sources JOIN lot USING (number) JOIN flat.items i USING (item) JOIN flat.mails m USING (item)
JOIN flat.items s ON s.item = source ORDER BY thread, m.instant, item, place
"""
"""Mails of some threads that answer one that is there, or one that answers it, in the order of the threads, each with
those above it.

Lists, which a query holds in memory, are put together as the rows come (`pairs`).
"""
ANSWERED = f"""
WITH asked AS (SELECT number, item AS source FROM threads JOIN flat.items USING (sha256)
               WHERE item IN (SELECT unnest($items))),
answers AS (
    SELECT source, item, i.sha256, location, sender, instant
    FROM asked JOIN threads t ON t.parent = asked.number JOIN flat.items i ON i.sha256 = t.sha256
    JOIN flat.mails USING (item) QUALIFY row_number() OVER (PARTITION BY source, t.number ORDER BY item) = 1)
SELECT source, item, sha256, location, lower(coalesce(sender, '')) AS sender
FROM answers QUALIFY row_number() OVER (PARTITION BY source ORDER BY instant, item) <= {ANSWERS}
ORDER BY source, instant, item
"""
"""Mails that answer some mails directly."""


class Lot(msgspec.Struct, frozen=True):
    """Threads of which all mails are paired together."""

    first: int
    last: int

    @property
    def name(self) -> str:
        """What names it among the parts of a stage."""
        return f"{self.first}-{self.last}"

    @classmethod
    def named(cls, name: str) -> "Lot":
        """Return the lot of a name."""
        first, _, last = name.partition("-")
        return cls(int(first), int(last))


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


def lots(rows: Rows) -> list[Lot]:
    """Return all threads of a case in lots, in their order."""
    return list(rows(_LOTS, {"least": LEAST, "most": MOST, "lots": LOTS}, Lot))


def pairs(rows: Rows, lot: Lot) -> Iterator[Pair]:
    """Yield the mails of `PAIRS` of a lot, each with those above it."""
    found = rows(PAIRS, {"first": lot.first, "last": lot.last}, _Row)
    for _, group in groupby(found, key=lambda row: row.item):
        same = list(group)
        one = same[0]
        sources = [Source(row.source, row.source_sha256, row.source_location) for row in same]
        yield Pair(one.item, one.sha256, one.location, one.sender, one.direct, sources)
