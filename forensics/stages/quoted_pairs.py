"""Queries of mails as sent with those that they may quote, thread by thread, and of who else answers some mails."""

import msgspec

from forensics.model.locations import Location

COPIES = 2
"""Mails of one Message-ID that are looked at."""
SOURCES = 8
"""Mails above one that are looked at, the nearest first."""
ANSWERS = 40
"""Answers to one mail that are asked whose wording they have."""

_COPIES = f"""
copies AS MATERIALIZED (
    SELECT number, list(item ORDER BY item)[:{COPIES}] AS items FROM threads JOIN flat.items USING (sha256)
    SEMI JOIN flat.mails USING (item) GROUP BY number)
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
    SELECT number, list({{'item': s.item, 'sha256': s.sha256, 'location': s.location}}
                        ORDER BY far, s.item)[:{SOURCES}] AS sources, min(far) = 1 AS direct
    FROM (SELECT a.number, far, unnest(items) AS item FROM above a JOIN copies c ON c.number = a.parent)
    JOIN flat.items s USING (item) GROUP BY number)
SELECT item, i.sha256, i.location, lower(coalesce(m.sender, '')) AS sender, direct, sources
FROM sources JOIN threads t USING (number) JOIN flat.items i USING (sha256) JOIN flat.mails m USING (item)
ORDER BY thread, m.instant, i.sha256
"""
"""Mails that answer one that is there, or one that answers it, in the order of their threads."""
ANSWERED = f"""
WITH {_COPIES},
asked AS (SELECT number, item AS source FROM threads JOIN flat.items USING (sha256)
          WHERE item IN (SELECT unnest($items)))
SELECT source, i.item, i.sha256, i.location, lower(coalesce(sender, '')) AS sender
FROM asked JOIN threads t ON t.parent = asked.number JOIN copies ON copies.number = t.number
JOIN flat.items i ON i.sha256 = t.sha256 AND i.item = copies.items[1] JOIN flat.mails USING (item)
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


class Pair(msgspec.Struct, frozen=True):
    """A row of `PAIRS`."""

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
