"""What a case found of its items and the originals of its reference sources."""

from collections.abc import Collection, Iterator

import msgspec

from forensics.casestore import Queries
from forensics.model.comparing import ComparedLine, Outcome, SetsCompared, turned
from forensics.reader.lines import Lines

_COUNTS = "SELECT outcome, count(*) AS n FROM counterparts GROUP BY outcome ORDER BY outcome"
_UNREAD = """
SELECT (SELECT count(*) FROM originals WHERE status IN ('partial', 'unread')) AS one,
       (SELECT count(*) FROM occurrences WHERE message_sha256 = '' AND status IN ('partial', 'unread')) AS other
ORDER BY one
"""
_LINES = """
SELECT compared FROM counterparts WHERE compared <> ''
ORDER BY list_position(['differs', 'only_one', 'only_other', 'unread', 'lawful'], outcome), sha256, original_sha256
LIMIT $most
"""
_OF_ITEM = """
SELECT compared FROM (
    SELECT compared, 0 AS place, original_sha256 AS other FROM counterparts WHERE sha256 = $item AND outcome = 'differs'
    UNION ALL SELECT compared, 1, other_sha256 FROM document_copies WHERE sha256 = $item
    UNION ALL SELECT compared, 1, sha256 FROM document_copies WHERE other_sha256 = $item)
ORDER BY place, NOT list_contains($beside::VARCHAR[], other), other LIMIT 1
"""
_ALL = 1 << 62


class _Count(msgspec.Struct, frozen=True):
    outcome: str
    n: int


class _Unread(msgspec.Struct, frozen=True):
    one: int
    other: int


class _Line(msgspec.Struct, frozen=True):
    compared: str


def read_counts(queries: Queries) -> SetsCompared:
    """Return how many items were found to be what; the one is the reference."""
    counts = {Outcome(row.outcome): row.n for row in queries.rows(_COUNTS, {}, _Count)}
    (unread,) = queries.rows(_UNREAD, {}, _Unread)
    return SetsCompared(counts=counts, unread_one=unread.one, unread_other=unread.other)


def read_lines(queries: Queries) -> Lines[ComparedLine]:
    """Return a line for each item that is not identical with its original, what nothing lawful explains first."""

    def read(most: int | None) -> Iterator[ComparedLine]:
        for row in queries.rows(_LINES, {"most": _ALL if most is None else most}, _Line):
            yield msgspec.json.decode(row.compared, type=ComparedLine)

    def count() -> int:
        counts = read_counts(queries).counts
        return sum([n for outcome, n in counts.items() if outcome is not Outcome.IDENTICAL])

    return Lines(read, count)


def read_difference(queries: Queries, sha256: str, beside: Collection[str]) -> ComparedLine | None:
    """Return in what an item, the one, differs from its original, or else from another document of the archive.

    ``None`` where nothing was compared with it, or nothing differs.

    Args:
        queries: tables of the case.
        sha256: digest of the item.
        beside: digests of items that stand beside it in its entry: these before other documents of the archive.
    """
    for row in queries.rows(_OF_ITEM, {"item": sha256, "beside": sorted(beside)}, _Line):
        line = msgspec.json.decode(row.compared, type=ComparedLine)
        return line if line.one is not None and line.one.sha256 == sha256 else turned(line)
    return None
