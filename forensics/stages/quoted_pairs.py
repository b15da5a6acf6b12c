"""Queries of mails with those that they may quote, thread by thread, and of who else answers some mails."""

import msgspec

from forensics.model.locations import Location

COPIES = 2
"""Mails of one Message-ID that are looked at."""
SOURCES = 8
"""Mails above one that are looked at, the nearest first."""
ANSWERS = 40
"""Answers to one mail that are asked whose wording they have."""

_IDS = f"""
ids AS MATERIALIZED (
    SELECT id, list(item ORDER BY item)[:{COPIES}] AS items
    FROM (SELECT message_id AS id, item FROM flat.mails WHERE message_id <> '') SEMI JOIN flat.links USING (id)
    GROUP BY id)
"""
PAIRS = f"""
WITH {_IDS},
above AS MATERIALIZED (
    SELECT item, source, min(far) AS far, bool_or(direct) AS direct
    FROM (SELECT item, unnest(items) AS source, CASE WHEN reply THEN place ELSE 1000000 - place END AS far,
                 reply OR last AS direct
          FROM flat.links JOIN ids USING (id))
    WHERE source <> item GROUP BY ALL),
tops AS MATERIALIZED (
    SELECT item, coalesce(arg_min(id, place) FILTER (NOT reply), arg_min(id, place)) AS top FROM flat.links
    GROUP BY item),
threads AS (
    SELECT m.item, coalesce(upper.top, own.top, message_id) AS thread
    FROM flat.mails m LEFT JOIN tops own USING (item) LEFT JOIN ids ON ids.id = own.top
    LEFT JOIN tops upper ON upper.item = ids.items[1]),
sources AS (
    SELECT above.item, list({{'item': source, 'sha256': s.sha256, 'location': s.location}}
                            ORDER BY far, source)[:{SOURCES}] AS sources, arg_min(direct, (far, source)) AS direct
    FROM above JOIN flat.items s ON s.item = source GROUP BY above.item)
SELECT i.item, i.sha256, i.location, lower(coalesce(m.sender, '')) AS sender, direct, sources
FROM sources JOIN flat.items i USING (item) JOIN flat.mails m USING (item) JOIN threads USING (item)
ORDER BY thread, m.instant, i.sha256
"""
"""Mails that name one that is there, in the order of their threads."""
ANSWERED = f"""
WITH {_IDS},
answers AS (
    SELECT DISTINCT source, item FROM (SELECT item, unnest(items) AS source FROM flat.links JOIN ids USING (id)
                                       WHERE reply OR last)
    WHERE source IN (SELECT unnest($items)) AND item <> source)
SELECT source, item, sha256, location, lower(coalesce(sender, '')) AS sender
FROM answers JOIN flat.items USING (item) JOIN flat.mails USING (item)
QUALIFY row_number() OVER (PARTITION BY source ORDER BY instant, sha256) <= {ANSWERS}
ORDER BY source, instant, sha256
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
