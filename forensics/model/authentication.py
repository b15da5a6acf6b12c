"""What a message says of its own authenticity: results of tests that servers wrote, and signatures."""

from collections.abc import Sequence
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


class ChainOutcome(StrEnum):
    """What a verifier says of an ARC chain, or of one field of it (RFC 8617 4.4)."""

    NONE = "none"
    """There is no chain."""
    PASS = "pass"
    FAIL = "fail"


class AuthenticationResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One result of an Authentication-Results (RFC 8601 2.2) or a Received-SPF (RFC 7208 9.1)."""

    server: str
    """authserv-id or ``receiver=``, lower case: who says so; empty where a server writes none."""
    method: str
    """``dkim``, ``spf``, ``dmarc``..., lower case."""
    result: str
    """``pass``, ``fail``, ``none``..., lower case."""
    properties: dict[str, str]
    """``smtp.mailfrom``, ``header.d``..., lower case, to their values as written; of Received-SPF ``client-ip``,
    ``envelope-from``, ``helo``..."""
    index: int
    """Position of its field among the fields of that name, 0 = topmost."""
    below: int
    """Trace fields above its field: what the servers of those added stands above it."""
    instance: int | None = None
    """ARC ``i=`` of the set that seals it; absent in a plain Authentication-Results."""
    field: str = "authentication-results"
    """Key of its field: that, ``arc-authentication-results`` or ``received-spf``."""
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
    """``dkim``, ``ams`` (ARC-Message-Signature), ``as`` (ARC-Seal) or ``google`` (X-Google-DKIM-Signature: of the
    platform, never of the author's domain)."""
    index: int
    """Position among the fields of its kind, 0 = topmost."""
    instance: int | None = None
    """ARC ``i=``."""
    domain: str = ""
    selector: str = ""
    auid: str = ""
    """``i=`` as written: on whose behalf; empty where it is not stated, and in ARC, where ``i=`` is the instance."""
    algorithm: str = ""
    canonicalization: str = ""
    signed_fields: tuple[str, ...] = ()
    """``h=``, lower case, in order, repeats kept."""
    fields_present: tuple[int, ...] = ()
    """How many fields of each distinct name of ``h=``, in the order of first mention, the message has: a name that
    stands more often in ``h=`` is signed as absent beyond them, of one that stands less often some are not signed."""
    copied: tuple[str, ...] = ()
    """``z=``, decoded: header fields as they were when it was signed, ``name:value`` each."""
    queries: tuple[str, ...] = ()
    """``q=``, lower case; empty where it is not stated."""
    time: int | None = None
    """``t=``, unix seconds."""
    expiration: int | None = None
    """``x=``, unix seconds."""
    chain: str = ""
    """``cv=`` of a seal, lower case: what it says of the chain before it."""
    arc_results: tuple[int, ...] = ()
    """Of ARC: the instance of each ARC-Authentication-Results of the message, topmost first; 0: it states none."""
    tags: tuple[str, ...] = ()
    """Names of all tags, in order, repeats kept."""
    faults: tuple[str, ...] = ()
    """What is wrong with its tag list: codes of `forensics.parsers.mail.tag_faults`."""
    body_length: int | None = None
    """``l=``."""
    signature: bytes = b""
    """``b=``, decoded."""
    b: Located = ABSENT
    """``b=`` as written, at most its first 60 bytes up to a fold."""
    header_digest: str = ""
    """Digest of the canonicalised signed header block (what ``b=`` signs), hex; empty if it cannot be computed."""
    no_digest: str = ""
    """Why there is none: ``unknown_algorithm``, ``unknown_canonicalization``, ``malformed_instance``,
    ``incomplete_set`` (a seal signs whole sets), ``over_limit`` (of signatures in one message)."""
    body_hash_stated: str = ""
    """``bh=``, hex."""
    bh: Located = ABSENT
    """``bh=`` as written, at most its first 60 bytes up to a fold."""
    body_hash: str = ""
    """Digest of the canonicalised body under this signature's ``c``, ``l`` and hash, hex; where a mailbox's mark before
    lines that begin with ``From`` is all that it differs by, without that mark. Empty if it cannot be computed."""
    no_body_hash: str = ""
    """Why there is none: ``not_signed`` (a seal covers no body), ``unknown_algorithm``, ``unknown_canonicalization``,
    ``over_limit``, ``read_in_part``, ``not_kept`` (a store keeps another body, made of it), ``length_exceeds_body``
    (``l=`` is more than the body has)."""
    body_size: int | None = None
    """Bytes of the canonicalised body, all of it; absent where it is not known."""
    surplus: Located = ABSENT
    """The first bytes beyond ``l=``, at their place in the message; absent where nothing lies beyond."""
    raw: bytes
    """Its field, whole."""
    locator: Locator


SINGLE = frozenset(
    (
        *("date", "from", "sender", "reply-to", "to", "cc", "message-id", "in-reply-to", "references", "subject"),
        *("mime-version", "content-type", "content-transfer-encoding"),
    )
)
"""Fields of which a mail has one at most (RFC 5322 3.6, RFC 2045 3)."""


def fields_above(signed_fields: Sequence[str], fields_present: Sequence[int]) -> tuple[str, ...]:
    """Return fields that may stand once and stand above those that a signature covers (RFC 6376 5.4.2, 8.15).

    Args:
        signed_fields: ``h=``, as in `Signature`.
        fields_present: as there.
    """
    if max(fields_present, default=0) < 2:
        return ()
    names = zip(dict.fromkeys(signed_fields), fields_present, strict=False)
    return tuple([name for name, present in names if name in SINGLE and present > signed_fields.count(name)])
