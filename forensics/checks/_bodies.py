"""A mail whose body its signatures do not fit: what the archive knows of it, and what of it is quoted."""

from collections.abc import Iterator

import msgspec

from forensics.checks._facts import cite_located
from forensics.model.locations import Location
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.messages import ResultRow
from forensics.model.rules import Evidence, Role


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail of which no hash holds, and the signer whose other mails hold best."""

    sha256: str
    kind: str
    domain: str
    index: int
    bh: LocatedRow
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
    if row.bh.start is not None:
        yield cite_located("stated hash", row.bh, *place)
    stated = next((one for one in row.tests if one.written is not None), None)
    if test is not None and stated is not None and stated.written is not None:
        path, said = f"header:Authentication-Results[{stated.index}]", f"{test.server}; dkim={test.result}"
        yield cite_located("Authentication-Results", stated.written, *place, value=said, path=path)
