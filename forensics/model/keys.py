"""Keys that signatures are tested with; they come from files, never from the network."""

import msgspec


class Key(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key record of one selector of a domain, as DNS held it (RFC 6376 section 3.6.1)."""

    domain: str
    selector: str
    record: bytes
    """Text of the TXT record, its strings joined."""
    origin: str
    """Where it came from: the name of the file that held it."""
