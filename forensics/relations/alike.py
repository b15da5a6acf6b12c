"""Which mails may be one mail twice: of one Message-ID, or of one sender and one second with nearly the same words.

Words are compared by their sketches. What more mails share than `MOST` is a program's constant or notice, of which any
two differ: no pair. A sender and a subject are no bond: people write again what they have written, and programs fill in
other numbers. Of what a store keeps as properties the text was made by the store: a pair says so.
"""

import msgspec

from forensics.model.locations import Location
from forensics.parsers.mail.sketch import SIZE

MOST = 12
"""Mails of one id or second that are paired."""
LEAST_SHARED = 0.6
"""Of their sketches: every pair that shares four fifths of its runs of five words reaches it."""

PAIRS = f"""
WITH keyed AS MATERIALIZED (
    SELECT 1 AS rank, hash(message_id) AS key, item FROM flat.mails WHERE message_id <> ''
    UNION ALL
    SELECT 2, hash(sender, instant), item FROM flat.mails
    WHERE sender <> '' AND instant IS NOT NULL),
few AS (SELECT rank, key FROM keyed GROUP BY ALL HAVING count(*) BETWEEN 2 AND {MOST}),
paired AS MATERIALIZED (SELECT * FROM keyed SEMI JOIN few USING (rank, key)),
pairs AS MATERIALIZED (
    SELECT a.item AS first, b.item AS second, min(rank) AS rank
    FROM paired a JOIN paired b USING (rank, key) WHERE a.item < b.item GROUP BY ALL),
differing AS MATERIALIZED (
    SELECT p.*, a.stored OR b.stored AS stored
    FROM pairs p JOIN flat.mails a ON a.item = first JOIN flat.mails b ON b.item = second
    WHERE (a.stored OR b.stored OR a.body_sha256 <> b.body_sha256)
          AND (a.letters_sha256 = '' OR a.letters_sha256 <> b.letters_sha256)),
sought AS (SELECT first AS item FROM differing WHERE rank > 1 UNION SELECT second FROM differing WHERE rank > 1),
sketches AS MATERIALIZED (
    SELECT item, sketch FROM messages JOIN flat.items USING (sha256) SEMI JOIN sought USING (item)
    WHERE len(sketch) > 0),
alike AS (
    SELECT first, second, stored, list_sort(list_distinct(a.sketch || b.sketch))[:{SIZE}] AS least,
           len(list_intersect(list_intersect(least, a.sketch), b.sketch)) / len(least) AS shared
    FROM differing JOIN sketches a ON a.item = first JOIN sketches b ON b.item = second WHERE rank > 1)
SELECT first, second, CASE rank WHEN 1 THEN 'message_id' ELSE 'date' END AS by, a.sha256, a.location,
       b.sha256 AS other_sha256, b.location AS other_location, stored
FROM (SELECT first, second, rank, stored FROM differing WHERE rank = 1
      UNION ALL
      SELECT first, second, 2, stored FROM alike WHERE shared >= {LEAST_SHARED})
JOIN flat.items a ON a.item = first JOIN flat.items b ON b.item = second
ORDER BY first, second
"""


class Pair(msgspec.Struct, frozen=True):
    """A row of `PAIRS`: two mails that are to be compared."""

    first: int
    """Number of the item, as ``second``."""
    second: int
    by: str
    """What both share: ``message_id``, or the sender and the second of ``date``."""
    sha256: str
    location: Location
    other_sha256: str
    other_location: Location
    stored: bool
    """Whether a store keeps one of them as properties."""
