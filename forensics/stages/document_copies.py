"""Documents of the archive whose texts are nearly one: in which words, cells and properties two of them differ.

Two are compared if their sketches share most of their hashes; if they have one name, or say that they were made and
saved at the same times, fewer will do, and of the latter a letter of another script that looks the same. What more
documents share than a few is a form. They are compared in a process of their own, wherever they stand: in a mail, in an
archive, in a folder.

Source: knowledge base CMP-1, CMP-3, CMP-6.
"""

import msgspec

from forensics import parsers
from forensics.model.comparing import ComparedItem, Difference, line_of
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas
from forensics.model.rows import document_copies
from forensics.parsers.text_digest import SIZE
from forensics.relations.quotes.words import MOST_WORDS, kind_of
from forensics.stages.rereading import COMPARING, Rereading
from forensics.stages.stage import Settings, Tables, Write

NAME = "document_copies"
VERSION = 1
READS = ("documents", "occurrences")
WRITES = ("document_copies", "notices")
TAKES = ("contents", "limits")
ROWS_NEEDED = {"documents": 2}

MOST = 12
"""Documents that share a chunk of text, a name or a save, beyond which it is a form's or a program's."""
LEAST_COMMON = 10
"""Hashes that two sketches share before their whole is compared."""
LEAST_SHARED = 0.6
"""Of their sketches, as for mails (`forensics.relations.alike`)."""
LEAST_TIED = 5
"""Hashes that two documents of one name or save share."""
MOST_PAIRS = 2_000
"""Pairs that are compared: each takes some tenths of a second. Those of one save are first, then those of one name."""
MOST_COMPARED = 100_000_000
"""Words of all pairs together, in the same order: a million takes some five seconds."""
_WORDS = ("words", "text_added", "text_removed")

_UNREAD = "pairs of documents that were not compared: one could not be read again, or comparing them took too long"
_LEFT = "pairs of documents that are nearly alike, and were not compared"

_TIED = f"len(list_intersect(a.sketch, b.sketch)) >= {LEAST_TIED}"
_PAIRS = f"""
WITH docs AS MATERIALIZED (
    SELECT d.sha256, i.location, i.size, format, words, letters_sha256 AS letters, words_sha256 AS written, sketch,
           coalesce(created.instant, created.wall) AS created, coalesce(modified.instant, modified.wall) AS modified
    FROM documents d JOIN flat.items i USING (sha256) WHERE mask & {DocumentHas.TEXT.value} <> 0),
chunks AS MATERIALIZED (
    FROM (SELECT sha256, unnest(sketch) AS chunk FROM docs)
    QUALIFY count(*) OVER (PARTITION BY chunk) BETWEEN 2 AND {MOST}),
near AS (
    SELECT a.sha256 AS one, b.sha256 AS other FROM chunks a JOIN chunks b USING (chunk)
    WHERE a.sha256 < b.sha256 GROUP BY ALL HAVING count(*) >= {LEAST_COMMON}),
names AS MATERIALIZED (
    FROM (SELECT DISTINCT sha256, format, lower("name") AS "name" FROM occurrences JOIN docs USING (sha256)
          WHERE "name" <> '')
    QUALIFY count(*) OVER (PARTITION BY "name", format) BETWEEN 2 AND {MOST}),
saves AS MATERIALIZED (
    SELECT sha256, format, created, modified FROM docs WHERE created IS NOT NULL AND modified IS NOT NULL
    QUALIFY count(*) OVER (PARTITION BY format, created, modified) BETWEEN 2 AND {MOST}),
tied AS (
    SELECT one, other, 3 AS rank FROM near
    UNION ALL
    SELECT a.sha256, b.sha256, 2 FROM names a JOIN names b USING ("name", format) WHERE a.sha256 < b.sha256
    UNION ALL
    SELECT a.sha256, b.sha256, 1 FROM saves a JOIN saves b
    USING (format, created, modified)
    WHERE a.sha256 < b.sha256),
found AS (
    SELECT one, other, min(rank) AS rank, any_value(a.words + b.words) AS words,
           list_sort(list_distinct(any_value(a.sketch) || any_value(b.sketch)))[:{SIZE}] AS least,
           len(list_intersect(list_intersect(least, any_value(a.sketch)), any_value(b.sketch))) / len(least) AS shared
    FROM tied JOIN docs a ON a.sha256 = one JOIN docs b ON b.sha256 = other
    WHERE (a.letters <> b.letters OR (rank = 1 AND a.written <> b.written)) AND (rank = 3 OR {_TIED})
    GROUP BY one, other
    HAVING rank < 3 OR shared >= {LEAST_SHARED}),
first AS (
    SELECT *, count(*) OVER () AS n FROM found
    QUALIFY row_number() OVER (ORDER BY rank, shared DESC, one, other) <= {MOST_PAIRS}
        AND sum(words) OVER (ORDER BY rank, shared DESC, one, other) <= {MOST_COMPARED})
SELECT ['save', 'name', 'text'][rank] AS tied_by, one AS sha256, a.location, a.size, other AS other_sha256,
       b.location AS other_location, b.size AS other_size, n
FROM first JOIN docs a ON a.sha256 = one JOIN docs b ON b.sha256 = other
ORDER BY one, other
"""


class _Pair(msgspec.Struct, frozen=True):
    tied_by: str
    sha256: str
    location: Location
    size: int
    other_sha256: str
    other_location: Location
    other_size: int
    n: int
    """Pairs in all."""


def loads() -> tuple[str, ...]:
    """Return the modules that compare documents, in a process of their own."""
    return (COMPARING, *parsers.modules())


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Write a row for each pair whose words differ."""
    items = Rereading(settings.contents, write, "engine.copies_unread", "engine.copies_fault")
    left = unread = 0
    for place, pair in enumerate(tables.rows(_PAIRS, {}, _Pair)):
        left = pair.n - place - 1
        one = ComparedItem(sha256=pair.sha256, location=pair.location)
        other = ComparedItem(sha256=pair.other_sha256, location=pair.other_location)
        with items.guarded(pair.location):
            found = items.difference(one, other, (pair.size, pair.other_size))
            if found is None:
                unread += 1
                if items.spent:
                    break
                continue
            kinds = [_kind(difference) for difference in found.differences if difference.kind in _WORDS]
            if kinds:
                names = [difference.name for difference in found.differences if difference.kind == "property"]
                line = line_of(found, one, other, "near_text")
                write("document_copies", document_copies.row_of(line, pair.tied_by, kinds, names))
    items.tell(("engine.copies_unread", unread, _UNREAD), ("engine.copies_limit", left, _LEFT))


def _kind(difference: Difference) -> str:
    """Return what kind of words differ."""
    one, other = difference.one.value.split(), difference.other.value.split()
    return kind_of(other, one, at_start=False) or ("passage" if max(len(one), len(other)) > MOST_WORDS else "other")
