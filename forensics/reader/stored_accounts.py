"""The account of each source of a case, computed from its tables."""

from collections.abc import Iterator

import msgspec

from forensics.casestore import Queries
from forensics.model.accounts import AccountLine
from forensics.model.case import CaseInfo
from forensics.model.rows.occurrences import AccountRow
from forensics.reader.accounting import account_of
from forensics.reader.lines import Lines

_PLACES = """
SELECT location, size, status, reason, media_type, extension_type, accounts
FROM occurrences WHERE source = $source ORDER BY location
"""
_SOURCES = "SELECT DISTINCT source FROM occurrences ORDER BY source"


class _Source(msgspec.Struct, frozen=True):
    source: str


class _Place(msgspec.Struct, frozen=True):
    location: str
    size: int
    status: str
    reason: str
    media_type: str
    extension_type: str
    accounts: list[AccountRow] | None


def accounts(queries: Queries, info: CaseInfo, *, finished: bool) -> Lines[AccountLine]:
    """Return the account of each source of which anything has been read.

    Args:
        queries: the case.
        info: what ``case.json`` says of the sources.
        finished: whether they were read to their end: only then are their sizes known otherwise.
    """
    known = {record.label: record.size for record in info.sources} if finished else {}

    def sources() -> list[str]:
        return [row.source for row in queries.rows(_SOURCES, {}, _Source)]

    def read(most: int | None) -> Iterator[AccountLine]:
        for source in sources()[:most]:
            places = queries.rows(_PLACES, {"source": source}, _Place)
            yield account_of(source, places, known.get(source))

    return Lines(read, lambda: len(sources()))
