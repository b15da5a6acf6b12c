"""What a message says of its own authenticity: results of tests that servers wrote, and signatures."""

from enum import StrEnum

import msgspec

from forensics.model.facts import ABSENT, Located
from forensics.model.locations import Locator


class HeaderOutcome(StrEnum):
    """What a key says of the header that a signature covers."""

    HOLDS = "holds"
    ALTERED = "altered"
    """It opens to another digest than that of the header as it is here."""
    OTHER_KEY = "other_key"
    """It does not open: no key at hand is the one that signed. No sign of a change."""
    UNTESTED = "untested"
    """It opens, or its key is of a kind that is not read, but there is no digest to compare."""


class BodyOutcome(StrEnum):
    """What a signature says of the body; its stated hash needs no key."""

    HOLDS = "holds"
    SURPLUS = "surplus"
    """It holds up to its ``l=``; more stands beyond, which it does not cover."""
    ALTERED = "altered"
    UNTESTED = "untested"
    """It states no hash, or that of the body cannot be computed."""


class AuthenticationResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One result of an Authentication-Results field (RFC 8601 2.2)."""

    server: str
    """authserv-id, lower case: who says so; empty where a server writes none."""
    method: str
    """``dkim``, ``spf``, ``dmarc``..., lower case."""
    result: str
    """``pass``, ``fail``, ``none``..., lower case."""
    properties: dict[str, str]
    """``smtp.mailfrom``, ``header.d``..., lower case, to their values as written."""
    index: int
    """Position of its field among the fields of that name, 0 = topmost."""
    below: int
    """Trace fields above its field: what the servers of those added stands above it."""
    instance: int | None = None
    """ARC ``i=`` of the set that seals it; absent in a plain Authentication-Results."""
    raw: bytes
    """Its field, whole."""
    locator: Locator

    @property
    def signer(self) -> str:
        """Domain of the signature that a ``dkim`` result is about, lower case; empty where it names none."""
        if self.method != "dkim":
            return ""
        named = self.properties.get("header.d", "") or self.properties.get("header.i", "").rpartition("@")[2]
        return named.lower()


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One DKIM-Signature, ARC-Message-Signature or ARC-Seal; not verified, made ready for keys that arrive later."""

    kind: str
    """``dkim``, ``ams`` or ``as``."""
    index: int
    """Position among the fields of its kind, 0 = topmost."""
    instance: int | None = None
    """ARC ``i=``."""
    domain: str = ""
    selector: str = ""
    algorithm: str = ""
    canonicalization: str = ""
    signed_fields: tuple[str, ...] = ()
    """``h=``, lower case, in order, repeats kept."""
    time: int | None = None
    """``t=``, unix seconds."""
    expiration: int | None = None
    """``x=``, unix seconds."""
    body_length: int | None = None
    """``l=``."""
    signature: bytes = b""
    """``b=``, decoded."""
    b: Located = ABSENT
    """``b=`` as written, at most its first 60 bytes up to a fold."""
    header_digest: str = ""
    """Digest of the canonicalised signed header block (what ``b=`` signs), hex; empty if it cannot be computed."""
    body_hash_stated: str = ""
    """``bh=``, hex."""
    bh: Located = ABSENT
    """``bh=`` as written, at most its first 60 bytes up to a fold."""
    body_hash: str = ""
    """Digest of the canonicalised body under this signature's ``c``, ``l`` and hash, hex; where a mailbox's mark before
    lines that begin with ``From`` is all that it differs by, without that mark. Empty if it cannot be computed."""
    raw: bytes
    """Its field, whole."""
    locator: Locator
