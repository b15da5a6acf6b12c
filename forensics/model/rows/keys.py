"""Table ``keys``: those that were given or recovered; a unit of its own for each file, and one for all recovered."""

import hashlib

import msgspec

from forensics.model.keys import Key, Obtained
from forensics.model.rows.numbers import storable


class KeyRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key record of one selector; several may stand for the same selector."""

    key: str
    """First 16 hex digits of SHA-256 over domain, selector and record: names the key in other tables."""
    domain: str
    selector: str
    """Lower case."""
    record: bytes
    origin: str
    obtained: str
    first_seen: int | None = None
    """Unix seconds."""
    last_seen: int | None = None

    @property
    def given(self) -> Key:
        """The key that the row is of."""
        return Key(
            domain=self.domain,
            selector=self.selector,
            record=self.record,
            origin=self.origin,
            obtained=Obtained(self.obtained),
            first_seen=self.first_seen,
            last_seen=self.last_seen,
        )


def row_of(key: Key) -> KeyRow:
    """Make the row of a key."""
    domain, selector = key.domain.lower(), key.selector.lower()
    named = b"\0".join((domain.encode(), selector.encode(), key.record))
    return KeyRow(
        key=hashlib.sha256(named).hexdigest()[:16],
        domain=domain,
        selector=selector,
        record=key.record,
        origin=key.origin,
        obtained=key.obtained,
        first_seen=storable(key.first_seen),
        last_seen=storable(key.last_seen),
    )
