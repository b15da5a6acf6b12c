"""Keys whose private half is public, printed on purpose or factored: whoever signs with one proves nothing.

A key is told by itself and not by its name: anybody who can read it signs for every selector that publishes it. Since
the time that a signature states is its signer's word, the key authenticates nothing at any time.
"""

import csv
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError


class PublishedKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key."""

    domain: str
    selector: str
    sha256: str
    """Of the SubjectPublicKeyInfo, hex."""
    since: str
    """Month in which the private key was first public."""
    source: str


@cache
def published_keys() -> dict[str, PublishedKey]:
    """Return the table by digest.

    Raises:
        KnowledgeError: it is invalid.
    """
    text = resources.files(__package__).joinpath("published_keys.csv").read_text(encoding="utf-8")
    try:
        rows = [msgspec.convert(row, PublishedKey) for row in csv.DictReader(text.splitlines())]
    except msgspec.ValidationError as error:
        raise KnowledgeError(f"published_keys.csv: {error}") from error
    found = {row.sha256: row for row in rows}
    if len(found) != len(rows) or any(len(digest) != 64 for digest in found):
        raise KnowledgeError("published_keys.csv: a digest stands twice, or is none")
    return found
