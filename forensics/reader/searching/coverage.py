"""How much of a case an index of its words covers, as the case stands now."""

import hashlib
from collections import Counter
from collections.abc import Mapping

import msgspec

from forensics.casestore import INDEX, CaseFolder, Queries, reached, table_files
from forensics.fulltext.index_file import VERSION, Index
from forensics.model.searching import Coverage, TextState
from forensics.reader.searching.contents import TABLES

_CONTENTS = "SELECT DISTINCT sha256 AS text FROM occurrences WHERE sha256 <> '' ORDER BY text"
_COUNT = "SELECT count(DISTINCT sha256) AS n FROM occurrences WHERE sha256 <> '' ORDER BY n"


class _Text(msgspec.Struct, frozen=True):
    text: str


class _Count(msgspec.Struct, frozen=True):
    n: int


def state_of(folder: CaseFolder) -> str:
    """Return a digest of the tables that an index is made of: the same as long as nothing was read or taken out."""
    files = {
        path.relative_to(folder.path).as_posix(): sha
        for of in table_files(folder, TABLES).values()
        for path, sha in of.items()
    }
    return hashlib.sha256(msgspec.json.encode(sorted(files.items()))).hexdigest()


def facts_of(folder: CaseFolder, unread: Mapping[TextState, int]) -> dict[str, str]:
    """Return what an index says of the case that it was made of.

    Args:
        folder: the case.
        unread: places whose items the scan could not read, by outcome.
    """
    return {"state": state_of(folder), **{f"unread.{outcome}": str(n) for outcome, n in unread.items()}}


def coverage_of(folder: CaseFolder, queries: Queries, index: Index | None) -> Coverage:
    """Return how much of a case can be searched.

    Args:
        folder: the case.
        queries: its tables.
        index: of its words; ``None``: it has none.
    """
    whole = reached(folder).finished
    if index is None:
        n = sum([row.n for row in queries.rows(_COUNT, {}, _Count)])
        return Coverage(indexed=False, whole=whole, items=n, outcomes=())
    counts: Mapping[str, int] = index.outcomes()
    items, added, gone = sum(counts.values()), 0, 0
    if index.facts.get("state") != state_of(folder):
        held, here = index.items(), {row.text for row in queries.rows(_CONTENTS, {}, _Text)}
        counts = Counter([outcome for digest, outcome in held.items() if digest in here])
        items, added, gone = len(here), len(here - held.keys()), len(held.keys() - here)
    unread = {state: int(index.facts.get(f"unread.{state}", "0")) for state in TextState}
    outcomes = [(state, counts.get(state, 0) + unread[state]) for state in TextState]
    return Coverage(
        indexed=True,
        whole=whole,
        items=items,
        outcomes=tuple([(outcome, n) for outcome, n in outcomes if n]),
        added=added,
        gone=gone,
        made=max([line.time for line in folder.custody.lines() if line.action == INDEX], default=""),
    )


def is_current(index: Index) -> bool:
    """Whether an index folds words as they are asked."""
    return index.facts.get("version") == VERSION
