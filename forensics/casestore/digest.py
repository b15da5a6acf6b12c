"""Digests by which two runs, or a source and its record, are compared."""

import hashlib
from collections.abc import Iterable

import msgspec

from forensics.casestore._database import name
from forensics.casestore.queries import Queries
from forensics.model.rows import TABLES


class _RowDigest(msgspec.Struct, frozen=True):
    digest: str
    n: int


def logical_digest(queries: Queries) -> str:
    """Return the digest of all rows of a case: the same whatever the units, their order and their files.

    Every table gives its name and the sorted SHA-256 of its rows as JSON, with how often each occurs.
    """
    whole = hashlib.sha256()
    for table in sorted(TABLES):
        whole.update(f"{table}\n".encode("ascii"))
        sql = (
            f"SELECT digest, count(*) AS n FROM (SELECT sha256(CAST(to_json({name('r')}) AS VARCHAR)) AS digest"
            f" FROM {table} AS {name('r')}) GROUP BY digest ORDER BY digest"
        )
        for row in queries.rows(sql, {}, _RowDigest):
            whole.update(f"{row.digest} {row.n}\n".encode("ascii"))
    return whole.hexdigest()


def source_digest(files: Iterable[tuple[str, str]]) -> str:
    """Return the digest of a folder as a source.

    Args:
        files: SHA-256 and percent-encoded path of every file, sorted by path; the digest is empty where a file was not
            read.
    """
    whole = hashlib.sha256()
    for sha256, path in files:
        whole.update(f"{sha256}  {path}\n".encode("ascii"))
    return whole.hexdigest()
