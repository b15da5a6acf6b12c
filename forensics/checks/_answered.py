"""Which mails the lines above quotes may be about: those of the answer's subject, of the time that the line gives.

A line belongs to a mail of the subject that was sent in its minute: to two seconds where the client copies Date with
its zone, in any zone of whole half hours where it does not. A mail that anything in the answer, or in the mail that it
says it answers, names is above it, and may be quoted; ids may have been broken at a line's end.
"""

from forensics.checks._subjects import bare_sql

MAILS_QUOTED = f"""
said AS MATERIALIZED (
    SELECT item, "index" AS place, q.date.instant AS instant, q.date.wall // 600000000 AS minute,
           instant IS NOT NULL AND style IN ('mutt', 'rfc', 'evolution') AS exact
    FROM quoted_mails q JOIN flat.items USING (sha256)
    WHERE q.date.wall IS NOT NULL AND q.date.precision IN ('minute', 's') AND depth = 0 AND NOT is_block
      AND style <> 'header' AND NOT starts_with(style, 'forwarded') AND ("name" <> '' OR address <> '')),
named AS MATERIALIZED (
    SELECT item, min(id) AS id FROM flat.links SEMI JOIN said USING (item) WHERE reply
    GROUP BY item HAVING count(DISTINCT id) = 1),
single AS (
    SELECT min(item) AS item, message_id AS id, count(*) AS copies FROM flat.mails
    WHERE message_id IN (SELECT id FROM named WHERE id <> '') GROUP BY message_id),
answers AS MATERIALIZED (
    SELECT n.item, n.id, s.item AS parent FROM named n LEFT JOIN single s USING (id)
    WHERE coalesce(copies, 1) = 1 AND s.item IS DISTINCT FROM n.item),
stems AS MATERIALIZED (
    SELECT item, instant, stem <> '' AS says, md5_number(stem) AS stem
    FROM (SELECT item, instant, {bare_sql("subject")} AS stem FROM flat.mails WHERE subject <> '')),
asked AS MATERIALIZED (
    SELECT a.*, w.stem FROM answers a JOIN stems w USING (item) LEFT JOIN stems p ON p.item = a.parent
    WHERE w.says AND (a.parent IS NULL OR p.stem <> w.stem)),
lines AS MATERIALIZED (SELECT item, parent, id, stem, place, exact, instant, minute FROM asked JOIN said USING (item)),
dated AS MATERIALIZED (
    SELECT item, instant, instant // 600000000 AS minute, stem FROM stems SEMI JOIN lines USING (stem)
    WHERE instant IS NOT NULL),
alike AS (
    SELECT l.item, l.parent, l.id, l.place, x.item AS other
    FROM (SELECT *, unnest([-1, 0, 1]) + instant // 600000000 AS sought FROM lines WHERE exact) l
    JOIN dated x ON x.stem = l.stem AND x.minute = l.sought
    WHERE x.item <> l.item AND abs(l.instant - x.instant) <= 20000000
    UNION ALL
    SELECT l.item, l.parent, l.id, l.place, x.item
    FROM (SELECT *, minute - 30 * unnest(range(-24, 29)) AS sought FROM lines WHERE NOT exact) l
    JOIN dated x ON x.stem = l.stem AND x.minute = l.sought
    WHERE x.item <> l.item),
near AS MATERIALIZED (
    SELECT a.*, replace(message_id, ' ', '') AS other_id FROM alike a JOIN flat.mails m ON m.item = other
    WHERE message_id <> ''),
firsts AS (
    SELECT min(item) AS item FROM flat.mails SEMI JOIN (
        SELECT message_id FROM flat.mails WHERE item IN (SELECT other FROM near)) USING (message_id)
    GROUP BY message_id),
above AS MATERIALIZED (
    SELECT DISTINCT n.item, replace(l.id, ' ', '') AS other_id FROM (SELECT DISTINCT item, parent FROM near) n
    JOIN flat.links l ON l.item = n.item OR l.item = n.parent),
found AS MATERIALIZED (
    SELECT n.* FROM near n SEMI JOIN firsts s ON s.item = n.other
    WHERE n.item NOT IN (SELECT n.item FROM near n JOIN above USING (item, other_id)))
"""
"""Tables of a query: ``found`` has each answer (``item``) with the id that it names (``id``), the mail with that id
(``parent``; null: none), the place of the line among what it quotes, and a mail that it may be about (``other``).

Subjects are known by numbers made of them: those of a million mails are more than a query has memory for."""
