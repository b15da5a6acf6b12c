"""SQL that finds for each file of the archive that is no mail the original that it is a version of.

A document is matched by what it says before where it lies: archives name files anew, and another document may have the
name. Each pair is weighed: nearly the same text; the same creation time and format, which only these two have; the same
text to the letter; then path and name. A pair of path or name alone counts only while nothing better takes the
original; what stands in a document is compared with it. What the archive has byte for byte is an original of other
documents too, if no other is as near: whoever alters a copy may leave another as it was.
"""

from forensics.parsers.text_digest import SIZE

MOST_ALIKE = 50
"""Documents of a side that share a chunk of text or a whole text, beyond which it is a program's or a form's."""
LEAST_COMMON = 10
"""Hashes that two sketches share before their whole is compared."""
LEAST_SHARED = 0.6
"""Of their sketches, as for mails (`forensics.relations.alike`)."""
_BETTER = 3
"""Weight from which a pair takes its original from pairs of path or name alone."""


def _unique(side: str) -> str:
    return f"""(SELECT format, created, any_value(sha256) AS sha256 FROM {side}
        WHERE document AND created IS NOT NULL GROUP BY ALL HAVING count(*) = 1)"""


def _chunks(side: str) -> str:
    return f"""(FROM (SELECT sha256, unnest(sketch) AS chunk FROM {side})
        QUALIFY count(*) OVER (PARTITION BY chunk) <= {MOST_ALIKE})"""


def _texts(side: str) -> str:
    return f"""(SELECT sha256, letters FROM {side} WHERE document AND letters <> ''
        QUALIFY count(*) OVER (PARTITION BY letters) <= {MOST_ALIKE})"""


def _only(side: str) -> str:
    return f"""SELECT "name" FROM {side} GROUP BY "name" HAVING count(DISTINCT sha256) = 1"""


FILES = f"""
files AS MATERIALIZED (
    SELECT DISTINCT sha256, location_text, coalesce(nullif("name", ''), '?') AS "name" FROM occurrences
    SEMI JOIN (FROM new WHERE NOT mail) USING (sha256)
    WHERE message_sha256 = '' AND parent_sha256 NOT IN (SELECT sha256 FROM documents)),
old_files AS MATERIALIZED (
    SELECT DISTINCT sha256, location_text, coalesce(nullif("name", ''), '?') AS "name" FROM originals
    SEMI JOIN (FROM gone WHERE NOT mail) USING (sha256)
    WHERE parent_sha256 NOT IN (SELECT sha256 FROM originals WHERE document)),
near AS MATERIALIZED (
    SELECT c.sha256, original, n.format = o.format AS of_kind,
           list_sort(list_distinct(n.sketch || o.sketch))[:{SIZE}] AS least,
           len(list_intersect(list_intersect(least, n.sketch), o.sketch)) / len(least) AS shared
    FROM (SELECT a.sha256, b.sha256 AS original FROM {_chunks("new")} a JOIN {_chunks("there")} b USING (chunk)
          GROUP BY ALL HAVING count(*) >= {LEAST_COMMON}) c
    JOIN new n ON n.sha256 = c.sha256 JOIN there o ON o.sha256 = original WHERE shared >= {LEAST_SHARED}),
matched AS (
    SELECT sha256, original, 'near_text' AS matched_by, 4 + shared + of_kind::INT AS weight FROM near
    UNION ALL
    SELECT n.sha256, o.sha256, 'text', 6.5 FROM {_texts("new")} n JOIN {_texts("there")} o USING (letters)
    UNION ALL
    SELECT n.sha256, o.sha256, 'claims', {_BETTER} FROM {_unique("new")} n JOIN {_unique("there")} o
    USING (format, created)
    UNION ALL
    SELECT f.sha256, o.sha256, 'path', 1.5 FROM files f JOIN old_files o USING (location_text)
    UNION ALL
    SELECT f.sha256, o.sha256, 'name', 1 FROM files f JOIN old_files o USING ("name")
    WHERE "name" <> '?' AND "name" IN ({_only("files")}) AND "name" IN ({_only("old_files")})),
weighed AS MATERIALIZED (
    SELECT sha256, original, sum(weight) + (original IN (SELECT sha256 FROM gone))::INT AS weight,
           list(matched_by) AS bonds
    FROM matched GROUP BY sha256, original),
taken AS (SELECT original FROM weighed WHERE weight >= {_BETTER}),
same_file AS (
    SELECT sha256, original,
           CASE WHEN list_contains(bonds, 'path') THEN 'path' WHEN list_contains(bonds, 'name') THEN 'name'
                WHEN list_contains(bonds, 'text') THEN 'text' WHEN list_contains(bonds, 'near_text') THEN 'near_text'
                ELSE 'claims' END AS matched_by
    FROM weighed WHERE weight >= {_BETTER} OR original NOT IN (FROM taken)
    QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY weight DESC, original) = 1)"""
"""Steps of a query behind ``new`` and ``gone``, the sides without what both have; ``same_file`` has the pairs."""
