"""What each content of a case holds to be searched: names and subject from the tables, and whether it has a text."""

from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from forensics.casestore import Queries
from forensics.knowledge.unread import plain_kind, remedy
from forensics.model.locations import Location
from forensics.model.searching import TextState

TABLES = ("occurrences", "messages", "documents", "signed_parts")
"""What `read_contents` reads."""
_PLACES = 8
"""Places from which an item is tried to be read."""
_CONTENTS = f"""
WITH places AS (
    SELECT sha256, list(location ORDER BY source, location_text)[:{_PLACES}] AS locations,
           list(DISTINCT name ORDER BY name) AS files, any_value(size) AS size, count(*) AS places,
           arg_min((parser, media_type, extension_type, status, reason),
                   (parser = '', status <> 'parsed', source, location_text)) AS best,
           min((source, location_text)) AS first
    FROM occurrences WHERE sha256 <> '' AND {{chosen}} GROUP BY sha256),
holders AS (SELECT DISTINCT parent_sha256 AS sha256 FROM occurrences),
locked AS (SELECT DISTINCT sha256 FROM signed_parts WHERE kind IN ('smime_encrypted', 'pgp_encrypted'))
SELECT p.sha256, p.size, p.places, p.locations, p.files, best[1] AS parser, best[2] AS media_type,
       best[3] AS extension_type,
       best[4] AS status, best[5] AS reason, h.sha256 IS NOT NULL AS holder, l.sha256 IS NOT NULL AS encrypted,
       coalesce(m.subject.value, '') AS subject, coalesce(d.author.value, '') AS author,
       coalesce(d.last_author.value, '') AS last_author,
       coalesce(array_to_string([p."name" || ' ' || p.address FOR p IN m.parties], chr(10)), '') AS parties
FROM places p LEFT JOIN holders h ON h.sha256 = p.sha256 LEFT JOIN locked l ON l.sha256 = p.sha256
LEFT JOIN messages m ON m.sha256 = p.sha256 LEFT JOIN documents d ON d.sha256 = p.sha256
ORDER BY p.first, p.sha256
"""
_UNREAD = "SELECT reason, count(*) AS n FROM occurrences WHERE sha256 = '' GROUP BY reason ORDER BY reason"
_LOCKED = ("encrypted", "encryption", "password", "wrong_password")
"""Last words of the codes of notices that something cannot be opened without a key."""


class Content(msgspec.Struct, frozen=True):
    """One content of a case."""

    sha256: str
    size: int
    places: int
    """How many places it has."""
    locations: list[Location]
    """Its first places, in their order."""
    files: list[str]
    """Its file names."""
    parser: str
    media_type: str
    extension_type: str
    status: str
    reason: str
    holder: bool
    """Whether items stand in it."""
    encrypted: bool
    """Whether it is a mail with an encrypted part."""
    subject: str
    author: str
    last_author: str
    parties: str
    """Name and address of everyone in a mail's address fields, a line each."""

    @property
    def name(self) -> str:
        """A file name; empty if it has none."""
        return next((name for name in self.files if name), "")

    @property
    def names(self) -> list[str]:
        """Names of files and people."""
        names = (*self.files, self.author, self.last_author, *map(str.strip, self.parties.splitlines()))
        return [name for name in dict.fromkeys(names) if name]

    @property
    def sealed(self) -> bool:
        """Whether it, or a part of it, cannot be read without a key."""
        return self.encrypted or _is_locked(self.reason) or _is_ciphertext(self.media_type, self.extension_type)

    @property
    def without_text(self) -> TextState:
        """Why it has no text that is read, where its format has none."""
        if plain_kind(self.media_type) == "signature":
            return TextState.SIGNATURE
        if self.media_type.partition("/")[0] in ("image", "audio", "video"):
            return TextState.PICTURE
        if self.sealed:
            return TextState.ENCRYPTED
        return TextState.HOLDER if self.holder else TextState.NO_READER


class _Unread(msgspec.Struct, frozen=True):
    reason: str
    n: int


def read_contents(queries: Queries, digests: Sequence[str] | None = None) -> Iterator[Content]:
    """Yield contents in the order of their first places.

    Args:
        queries: the case.
        digests: only these, those that the case does not have left out; ``None``: all.
    """
    chosen = "true" if digests is None else "sha256 IN (SELECT unnest($digests::VARCHAR[]))"
    return queries.rows(_CONTENTS.format(chosen=chosen), {"digests": list(digests or ())}, Content)


def count_unread(queries: Queries) -> dict[TextState, int]:
    """Return how many places hold an item whose bytes the scan could not have, by why they cannot be searched."""
    found = {TextState.ENCRYPTED: 0, TextState.NOT_READ: 0}
    for row in queries.rows(_UNREAD, {}, _Unread):
        found[TextState.ENCRYPTED if _is_locked(row.reason) else TextState.NOT_READ] += row.n
    return found


@cache
def _is_ciphertext(media_type: str, extension_type: str) -> bool:
    return remedy(media_type, extension_type) == "encrypted"


def _is_locked(reason: str) -> bool:
    return reason.partition(".")[2] in _LOCKED
