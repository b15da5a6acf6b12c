"""Keys that signatures are tested with; they come from files or from the archive itself, never from the network."""

from enum import StrEnum

import msgspec

from forensics.model.items import Notice
from forensics.model.signer_keys import SignerKey


class Obtained(StrEnum):
    """How a key was come by."""

    FILE = "file"
    """Somebody gave a file that says it stood in DNS."""
    RECOVERED = "recovered"
    """Computed from signatures of the archive: bound to the archive, not to DNS (kb:A-20)."""


class Key(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key record of one selector of a domain, as DNS held it (RFC 6376 3.6.1), or as it would have held it."""

    domain: str
    """Lower case."""
    selector: str
    """As written; compared in lower case."""
    record: bytes
    """Text of the TXT record, its strings joined."""
    origin: str
    """Where it came from: the name of the file that held it; of a recovered key how it was computed."""
    obtained: Obtained = Obtained.FILE
    first_seen: int | None = None
    """When it is first known to have been published, unix seconds, as its file says."""
    last_seen: int | None = None
    """Likewise, the last time."""


GivenKey = Key | SignerKey
"""What a key file holds: keys of one of the two."""


class KeyFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file that keys were read from, and what it gave."""

    name: str
    """As it was named, or its path in the folder that was."""
    sha256: str
    form: str
    """``zone``, ``table``, ``json`` or ``named file``, ``certificates`` or ``OpenPGP keys``; empty where it is none of
    these."""
    taken: int
    """Key records, certificates or keys that it gave, each once."""
    other: int = 0
    """Records of other types or names, which nobody expects to hold a key, and certificates of issuers."""
    refused: int = 0
    """Entries that should hold a key and from which none could be taken; ``notices`` has the first of them."""
    notices: tuple[Notice, ...] = ()


class RemovedKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What taking keys out of a case did."""

    removed: tuple[Key, ...]
    """By domain and selector; a key that several files gave stands there for each."""
    signers: tuple[SignerKey, ...] = ()
    """Certificates and OpenPGP keys that were taken out, likewise."""
    judged: bool
    """Whether the case was judged without them; else `forensics.scan` of its sources judges it."""
    head: str
    """Custody head to write down."""


class AddedKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What giving keys to a case did."""

    files: tuple[KeyFile, ...]
    judged: bool
    """Whether the case was judged with them; else `forensics.scan` of its sources judges it."""
    head: str
    """Custody head to write down."""
