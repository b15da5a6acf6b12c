"""Which mails a quoted header block may have been taken from: those of its subject and minute, in whatever zone.

A block belongs to a mail with its subject that was sent in the same minute of some zone (Outlook writes the replier's
local time, to the minute): replies and forwards alike, whether ids link them or not. Zones are taken as whole half
hours, 14 h from UTC at most. So what has one subject and minute falls into runs, without a gap of more than 14 h, and
no block belongs to a mail of another run. A run is compared whole or not at all: what clears a mail may be any of it.
"""

from forensics.checks._subjects import bare_sql

MOST_PAIRS = 4000
"""Blocks by mails of one run; of more, sixty mails with as many blocks or so, none is compared."""

BLOCKS_WITH_MAILS = f"""
blocks AS MATERIALIZED (
    SELECT item, "index" AS place, written, q.date AS "time", "name", address, "to", cc,
           q.date.wall // 600000000 AS minute, minute % 30 AS of_hour, {bare_sql("subject")} AS stem
    FROM quoted_mails q JOIN flat.items USING (sha256)
    WHERE is_block AND "to" <> '' AND q.date.wall IS NOT NULL AND q.date.precision IN ('minute', 's') AND stem <> ''),
mails AS MATERIALIZED (
    SELECT item AS parent, instant // 600000000 AS minute, minute % 30 AS of_hour, {bare_sql("subject")} AS stem
    FROM flat.mails WHERE instant IS NOT NULL AND subject IS NOT NULL),
placed AS (
    SELECT stem, of_hour, minute, item, place, NULL AS parent FROM blocks
    UNION ALL
    SELECT stem, of_hour, minute, NULL, NULL, parent FROM mails SEMI JOIN blocks USING (stem, of_hour)),
begun AS (
    SELECT *, minute - lag(minute) OVER (PARTITION BY stem, of_hour ORDER BY minute) > 840 AS begins FROM placed),
runs AS (
    SELECT *, count(*) FILTER (begins) OVER (PARTITION BY stem, of_hour ORDER BY minute) AS run FROM begun),
kept AS MATERIALIZED (
    SELECT * FROM runs WINDOW whole AS (PARTITION BY stem, of_hour, run)
    QUALIFY count(item) OVER whole * count(parent) OVER whole BETWEEN 1 AND {MOST_PAIRS}),
pairs AS MATERIALIZED (
    SELECT b.item, b.place, m.parent FROM kept b JOIN kept m USING (stem, of_hour, run)
    WHERE b.item IS NOT NULL AND m.parent IS NOT NULL AND b.item <> m.parent AND abs(b.minute - m.minute) <= 840)
"""
"""Tables of a query: ``blocks``, and ``pairs``, a block (``item``, ``place``) with a mail (``parent``) each."""
