"""Presentations and workbooks of one origin: they share slides, shapes or sheets, by the identifiers of these.

PowerPoint and Excel give each slide, shape and sheet an identifier when it is made; copies keep it, of one slide as of
a whole file. Which of two documents is the older, identifiers do not say. Those that stand in many documents are a
template's.
"""

from array import array
from collections.abc import Iterator

import msgspec

from forensics.model.rows.lineage import LineageRow
from forensics.relations.forest import NONE, Forest
from forensics.stages.stage import Tables

MOST = 32
"""Different lists of identifiers that hold one: of more it is a template's."""
LEAST = 2
"""Slides and shapes that two documents share: a slide's number of 32 bits may be met twice by chance; a sheet's not."""

_LISTS = """
lists AS MATERIALIZED (
    SELECT (row_number() OVER (ORDER BY saved IS NULL, saved, origins) - 1)::INTEGER AS node, * FROM (
        SELECT list_sort(origins) AS origins, min(modified.instant) AS saved,
               list(sha256 ORDER BY modified.instant IS NULL, modified.instant, sha256) AS documents
        FROM documents WHERE len(origins) > 0 GROUP BY ALL)),
spread AS MATERIALIZED (SELECT node, unnest(origins) AS origin FROM lists)
"""
_NODES = f"""
WITH {_LISTS} SELECT node, len(origins)::INTEGER AS parts, documents FROM lists ORDER BY node
"""
_PAIRS = f"""
WITH {_LISTS},
often AS (SELECT origin FROM spread GROUP BY origin HAVING count(*) BETWEEN 2 AND {MOST}),
telling AS MATERIALIZED (FROM spread SEMI JOIN often USING (origin)),
pairs AS MATERIALIZED (
    SELECT a.node AS one, b.node AS other, count(*)::INTEGER AS telling
    FROM telling a JOIN telling b USING (origin) WHERE a.node < b.node
    GROUP BY ALL HAVING count(*) >= {LEAST} OR bool_or(starts_with(origin, 'sheet:')))
SELECT p.one, p.other, p.telling, len(list_intersect(x.origins, y.origins))::INTEGER AS shared
FROM pairs p JOIN lists x ON x.node = p.one JOIN lists y ON y.node = p.other
ORDER BY p.one, p.other
"""


class _Node(msgspec.Struct, frozen=True):
    """Documents with the same identifiers, by the times of their last saves."""

    node: int
    parts: int
    documents: list[str]


class _Pair(msgspec.Struct, frozen=True):
    one: int
    other: int
    telling: int
    """Identifiers of no template that both have."""
    shared: int


def rows_of(tables: Tables, families: int) -> Iterator[LineageRow]:
    """Yield a row for each document that shares parts with another; families are numbered behind those there are."""
    nodes = list(tables.rows(_NODES, {}, _Node))
    forest, here = Forest(len(nodes)), bytearray(len(nodes))
    nearest, most, shared = (array("i", [first]) * len(nodes) for first in (NONE, 0, 0))
    for pair in tables.rows(_PAIRS, {}, _Pair):
        forest.chain((pair.one, pair.other), here)
        for one, beside in ((pair.one, pair.other), (pair.other, pair.one)):
            if pair.telling > most[one]:
                nearest[one], most[one], shared[one] = beside, pair.telling, pair.shared
    threads = forest.threads()
    told = [node for node in nodes if nearest[node.node] != NONE or len(node.documents) > 1]
    numbers: dict[int, int] = {}
    places: dict[int, int] = {}
    for node in told:
        family = numbers.setdefault(threads[node.node], families + len(numbers))
        for copy, document in enumerate(node.documents):
            place = places[family] = places.get(family, -1) + 1
            # Of documents with the same identifiers the first is the nearest to each, and the second to that.
            same = len(node.documents) > 1
            other = node if same else nodes[nearest[node.node]]
            yield LineageRow(
                sha256=document,
                family=family,
                place=place,
                depth=0,
                relation="shared_parts",
                other=node.documents[0 if copy else 1] if same else other.documents[0],
                sessions=node.parts,
                other_sessions=other.parts,
                shared=node.parts if same else shared[node.node],
            )
