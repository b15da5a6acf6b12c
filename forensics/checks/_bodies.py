"""A mail whose body its signatures do not fit: what the archive knows of it, and what of it is quoted."""

from collections.abc import Iterator

import msgspec

from forensics.checks._facts import cite_bytes
from forensics.model.locations import Location
from forensics.model.rows.messages import ResultRow
from forensics.model.rules import Evidence, Role

_FIELDS = {"dkim": "DKIM-Signature", "ams": "ARC-Message-Signature"}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail of which no hash holds, and the signer whose other mails hold best."""

    sha256: str
    kind: str
    domain: str
    index: int
    hash_value: bytes
    hash_start: int | None
    n: int
    """Nearest mails of the same signer on the same route, twenty at most."""
    k: int
    """Of them, those of which a hash by this signer holds."""
    form_n: int
    """Nearest signed mails of the same form on the same route."""
    form_k: int
    route: str
    rewritten: str
    hosts: list[str]
    tests: list[ResultRow]
    """What servers wrote of its signatures, topmost first."""
    domains: list[str]
    location: Location
    empty: bool
    """Whether there is no body at all."""
    open: bool
    """Whether a multipart has no end."""


def quoted(row: Row, test: ResultRow | None) -> Iterator[Evidence]:
    """Quote the stated hash, and what a server wrote of it."""
    place = (Role.WITNESS, row.sha256, row.location)
    if row.hash_start is not None:
        path = f"header:{_FIELDS[row.kind]}[{row.index}]/bh"
        yield cite_bytes(path, "stated hash", row.hash_value.decode(), row.hash_value, row.hash_start, *place)
    stated = next((one for one in row.tests if one.start is not None), None)
    if test is not None and stated is not None and stated.start is not None:
        path = f"header:Authentication-Results[{stated.index}]"
        said = f"{test.server}; dkim={test.result}"
        yield cite_bytes(path, "Authentication-Results", said, stated.raw, stated.start, *place)
