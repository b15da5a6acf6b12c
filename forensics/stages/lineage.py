"""Which Word document was made from which: Word keeps the sessions of all saves, and a copy inherits them.

A document that lists all sessions of another and more was made from it, or from a copy of it. Documents of which each
has sessions of its own had an ancestor in common. Sessions that stand in many documents are a template's.
Presentations and workbooks list none; of them is told which share parts (`shared_parts`).
"""

from array import array
from collections.abc import Sequence
from itertools import groupby

import msgspec

from forensics.model.rows.lineage import LineageRow
from forensics.relations.forest import NONE, Forest
from forensics.stages import shared_parts
from forensics.stages.stage import Settings, Tables, Write

NAME = "lineage"
VERSION = 2
READS = ("documents", "occurrences")
WRITES = ("lineage",)
TAKES = ()
ROWS_NEEDED = {"documents": 2}

MOST = 32
"""Different lists of sessions that hold one: of more it is a template's, and says nothing of two documents."""
LEAST = 3
"""Sessions of no template that two documents share: of numbers of 24 bits two may meet by chance, three do not."""
FORK = 5
"""Sessions of which two documents share that many, and a share of `FORK_PERCENT` of the shorter list, are forks."""
FORK_PERCENT = 30

_LISTS = """
lists AS MATERIALIZED (
    SELECT (row_number() OVER (ORDER BY sessions) - 1)::INTEGER AS node, * FROM (
        SELECT list_sort(sessions) AS sessions,
               list(sha256 ORDER BY modified.instant IS NULL, modified.instant, sha256) AS documents
        FROM documents WHERE len(sessions) > 0 GROUP BY ALL)),
spread AS MATERIALIZED (SELECT node, unnest(sessions) AS session FROM lists)
"""
_NODES = f"""
WITH {_LISTS} SELECT node, len(sessions)::INTEGER AS sessions, documents FROM lists ORDER BY node
"""
_PAIRS = f"""
WITH {_LISTS},
often AS (SELECT session FROM spread GROUP BY session HAVING count(*) BETWEEN 2 AND {MOST}),
telling AS MATERIALIZED (FROM spread SEMI JOIN often USING (session)),
own AS (
    SELECT node, count(*) AS n FROM spread
    ANTI JOIN (SELECT session FROM spread GROUP BY session HAVING count(*) > {MOST}) USING (session) GROUP BY node),
pairs AS MATERIALIZED (
    SELECT a.node AS one, b.node AS other, count(*) AS telling
    FROM telling a JOIN telling b USING (session) WHERE a.node < b.node
    GROUP BY ALL HAVING count(*) >= {LEAST})
SELECT p.one, p.other, p.telling::INTEGER AS telling, (100 * p.telling // least(a.n, b.n))::INTEGER AS percent,
       len(list_intersect(x.sessions, y.sessions))::INTEGER AS shared
FROM pairs p JOIN own a ON a.node = p.one JOIN own b ON b.node = p.other
JOIN lists x ON x.node = p.one JOIN lists y ON y.node = p.other
ORDER BY p.one, p.other
"""


class _Node(msgspec.Struct, frozen=True):
    """Documents that list the same sessions, by the times of their last saves."""

    node: int
    sessions: int
    documents: list[str]


class _Pair(msgspec.Struct, frozen=True):
    one: int
    other: int
    telling: int
    """Sessions of no template that both list."""
    percent: int
    """What share that is of the shorter list."""
    shared: int


def loads() -> tuple[str, ...]:
    """Return nothing: it imports no module by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Put each list of sessions under the longest of those that it contains, and tell its documents in that order."""
    nodes = list(tables.rows(_NODES, {}, _Node))
    graph = _Graph([node.sessions for node in nodes])
    for pair in tables.rows(_PAIRS, {}, _Pair):
        graph.add(pair)
    families, depths = graph.families()
    many = array("i", [0]) * len(nodes)
    for node in nodes:
        many[families[node.node]] += len(node.documents)
    # A family of one document says nothing; the others are numbered in the order of their first.
    told = [node for node in nodes if many[families[node.node]] > 1]
    told.sort(key=lambda node: (families[node.node], depths[node.node], node.sessions, node.node))
    for number, (_, family) in enumerate(groupby(told, key=lambda node: families[node.node])):
        place = 0
        for node in family:
            relation, above = graph.relation(node.node)
            for copy, document in enumerate(node.documents):
                other = node if copy else nodes[above] if above != NONE else None
                row = LineageRow(
                    sha256=document,
                    family=number,
                    place=place,
                    depth=depths[node.node],
                    relation="same_sessions" if copy else relation,
                    other=other.documents[0] if other else "",
                    sessions=node.sessions,
                    other_sessions=other.sessions if other else 0,
                    shared=node.sessions if copy else graph.shared(node.node),
                )
                write("lineage", row)
                place += 1
    for row in shared_parts.rows_of(tables, len({families[node.node] for node in told})):
        write("lineage", row)


class _Graph:
    """The nearest relatives of each list of sessions, in arrays.

    Args:
        sizes: how many sessions each list has.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self._sizes = sizes
        self._above = array("i", [NONE]) * len(sizes)
        self._beside = array("i", [NONE]) * len(sizes)
        self._percent = array("i", [0]) * len(sizes)
        self._both = array("i", [0]) * len(sizes)
        self._forked = bytearray(len(sizes))
        self._forest = Forest(len(sizes))
        self._here = bytearray(len(sizes))

    def add(self, pair: _Pair) -> None:
        """Take two lists that share sessions."""
        self._forest.chain((pair.one, pair.other), self._here)
        for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
            if pair.shared == self._sizes[other] < self._sizes[one]:
                above = self._above[one]
                if above == NONE or self._sizes[above] < self._sizes[other]:
                    self._above[one], self._both[one] = other, pair.shared
                return
        for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
            if self._above[one] == NONE and pair.percent > self._percent[one]:
                self._beside[one], self._percent[one] = other, pair.percent
                self._both[one] = pair.shared
                self._forked[one] = pair.telling >= FORK and pair.percent >= FORK_PERCENT

    def families(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return the family of each list, and how many lists stand above it of which one derives from the other."""
        for node, above in enumerate(self._above):
            if above != NONE:
                self._forest.link(node, above)
        return self._forest.threads(), self._forest.depths()

    def relation(self, node: int) -> tuple[str, int]:
        """Return the relation of a list to its nearest relative, and that."""
        if self._above[node] != NONE:
            return "derives", self._above[node]
        if self._beside[node] != NONE:
            return ("fork" if self._forked[node] else "same_origin"), self._beside[node]
        return "first", NONE

    def shared(self, node: int) -> int:
        """Return how many sessions both list."""
        return self._both[node]
