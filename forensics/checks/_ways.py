"""What queries on the ways of mails into an archive are made of; each text names the tables that it stands on."""

LACKING = """blocks AS (SELECT spot // 200 AS block, count(*) AS n FROM placed GROUP BY ALL),
common AS (
    SELECT block, kind, value FROM marks JOIN blocks ON block = spot // 200
    GROUP BY block, kind, value, n HAVING count(*) >= 0.75 * n),
lacking AS MATERIALIZED (
    SELECT p.item, p.spot, p.stood, c.kind, c.value FROM placed p JOIN common c ON c.block = p.spot // 200
    ANTI JOIN marks m ON m.item = p.item AND m.kind = c.kind AND m.value = c.value
    WINDOW each AS (PARTITION BY p.item)
    QUALIFY bool_or(c.kind = 'trace') OVER each OR min(c.kind) OVER each < max(c.kind) OVER each)"""
"""Of ``placed`` and ``marks``: blocks of two hundred mails, what three quarters of a block have, and the mails that do
not: that lack two kinds of marks, or any trace, since one kind alone is not odd."""

NEAR = """near AS MATERIALIZED (
    SELECT l.item, p.item AS other, p.spot < l.spot AS before
    FROM (SELECT DISTINCT item, spot, stood, unnest([spot // 100 - 1, spot // 100, spot // 100 + 1]) AS bucket
          FROM lacking) l
    JOIN placed p ON p.spot // 100 = l.bucket AND p.item <> l.item
        AND abs(p.spot - l.spot) <= 100 AND abs(p.stood - l.stood) <= 365 * 864000000000),
sizes AS (
    SELECT item, count(*) AS n, count(*) FILTER (before) AS n_before, count(*) FILTER (NOT before) AS n_after
    FROM near GROUP BY item HAVING count(*) >= 100 AND n_before >= 20 AND n_after >= 20)"""
"""Of each mail in ``lacking`` its neighbours in time in ``placed``, and their number; mails with few are left out."""

ODD = """beside AS (
    SELECT item, list({'kind': kind, 'value': value, 'k': k, 'n': n} ORDER BY kind, value) AS marks, false AS of_list
    FROM constant GROUP BY item HAVING count(DISTINCT kind) > 1 OR bool_or(kind = 'trace')),
owned AS (
    SELECT kind, value, count(*) AS k, any_value(total) AS n
    FROM marks CROSS JOIN (SELECT count(*) AS total FROM placed) WHERE kind IN ('list', 'server')
    GROUP BY kind, value HAVING any_value(total) >= 1000 AND count(*) >= 0.95 * any_value(total)),
foreign_to AS (
    SELECT p.item, list({'kind': o.kind, 'value': o.value, 'k': o.k, 'n': o.n} ORDER BY o.kind, o.value) AS marks
    FROM (SELECT item FROM placed WHERE hops > 0) p CROSS JOIN owned o
    ANTI JOIN marks m ON m.item = p.item AND m.kind = o.kind AND m.value = o.value
    GROUP BY p.item HAVING bool_or(o.kind = 'list') AND bool_or(o.kind = 'server')),
odd AS (FROM beside UNION ALL SELECT item, marks, true FROM foreign_to ANTI JOIN beside USING (item))"""
"""Of ``constant``, ``marks`` and ``placed``: mails that lack two kinds of marks of their neighbours, or any trace; and
in the archive of one list (a thousand mails, 95 % of them by it) those that have neither the list nor its server."""

LATE = """ends AS (
    SELECT item, spot // 200 AS block, arg_min(organization, place) AS organization FROM servers GROUP BY ALL),
ways AS (
    SELECT block, organization FROM ends JOIN blocks USING (block) GROUP BY block, organization, n
    HAVING n >= 30 AND 2 * count(*) >= n),
late AS (
    SELECT e.item FROM ends e SEMI JOIN odd USING (item) SEMI JOIN ways w ON w.organization = e.organization
    ANTI JOIN ways v ON v.block = e.block AND v.organization = e.organization)"""
"""Of ``servers``, ``blocks`` and ``odd``: mails whose last server was the last of half of the mails of another time
and not of half of their own."""

IMPORTS = """made_here AS MATERIALIZED (
    SELECT item, form, regexp_extract(message_id, '[^@]*$') AS "domain" FROM flat.mails
    WHERE hops = 0 AND item NOT IN (FROM returned) AND regexp_full_match(message_id, '.*@[^@.]+')),
imports AS (
    SELECT "domain", count(*) AS n FROM made_here GROUP BY ALL HAVING n >= 5 ORDER BY n DESC, "domain" LIMIT 1),
begins AS (
    SELECT form, regexp_extract(feature, '^order=([^ ]+ ?[^ ]* ?[^ ]*)', 1) AS fields
    FROM flat.features WHERE kind = 'order'),
imported AS (
    SELECT item FROM flat.mails JOIN begins USING (form)
    SEMI JOIN (FROM made_here JOIN imports USING ("domain") JOIN begins USING (form)) USING (fields)
    WHERE hops = 0)"""
"""With ``returned``: the name behind the @ of the ids of mails without a trace that is no host and that most of them
show, five at least: the archive's own program made the ids, so these mails came by an import, and so did others without
a trace that begin with the same three fields in the same order."""
