"""What a digital signature inside a document covers, and what was found of it.

Source: ECMA-376 part 2 (OPC) 10 (digital signatures), XML Signature 1.1, ETSI TS 101 903 (XAdES), [MS-OFFCRYPTO] 2.5,
OASIS OpenDocument 1.3 part 2 section 5.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from forensics.model.facts import Located, Timestamp
from forensics.model.locations import Locator
from forensics.model.signed_parts import Issued, PartOutcome


class DigestOutcome(StrEnum):
    """How what stands there compares with what a signature states of it."""

    SAME = "same"
    OTHER = "other"
    """It has another digest."""
    MISSING = "missing"
    """No such part, or nothing of that id."""
    OTHER_TYPE = "other_type"
    """The same bytes, under another content type than was signed."""
    UNTESTED = "untested"
    """A method that is not known or never applied, or a limit."""


FORMS = ("first_line", "line_ends", "spaces", "quotes")
"""Ways in which programs write the same XML anew: how it begins, its line ends, spaces between its elements, quotes."""


class SignedReference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One thing that a signature states the digest of."""

    name: str
    """Percent-encoded name of a part; ``#id`` of what stands beside the signature itself."""
    method: str
    """Of the digest: ``sha256``; as written where it is not known."""
    outcome: DigestOutcome
    reason: str = ""
    """Why it is ``untested`` or ``missing``, in words."""
    form: str = ""
    """What has to be undone before the digest is the stated one: `FORMS`, joined by ``+``; empty: nothing known."""
    relationships: bool = False
    """Only the relationships that the signature names are covered, not the part as it is written."""
    stated: Located
    """The digest as written."""

    @property
    def inside(self) -> bool:
        """Whether it stands beside the signature itself: a manifest, properties."""
        return self.name.startswith("#")

    @property
    def differs(self) -> bool:
        """Whether it is not what was signed."""
        return self.outcome in (DigestOutcome.OTHER, DigestOutcome.MISSING, DigestOutcome.OTHER_TYPE)


class SignatureVerdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What a signature says, tested with nothing but what the document carries."""

    outcome: PartOutcome = PartOutcome.UNTESTED
    reason: str = ""
    """Why it is not one that holds, in words."""
    made_by_key: bool | None = None
    """Whether the key in the document made the signature as it stands; ``None``: not tested."""
    certificate: str = ""
    """SHA-256 of the signer's certificate, hex; empty: it carries none."""
    signer: str = ""
    """Whom the certificate names: the common name."""
    subject: str = ""
    """All that it says of whom it names."""
    issuer: str = ""
    issued: Issued | None = None
    """``None``: no certificate."""
    valid_from: int | None = None
    """Of the certificate, unix seconds."""
    valid_until: int | None = None
    stamped: int | None = None
    """When a time-stamp server says that it saw the signature, unix seconds; ``None``: no token that is for it."""
    stamper: str = ""
    """Who issued the certificate of that server; empty: the token's own signature was not tested, or does not hold."""
    stamper_issued: Issued | None = None
    """What vouches for it; `Issued.KNOWN_ROOT` only of a certificate for time-stamping."""


class DocumentSignature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One signature that stands in a document."""

    part: str
    """Percent-encoded name of the part in which it stands."""
    method: str = ""
    """``rsa-sha256``; as written where it is not known."""
    problem: str = ""
    """Why it cannot be tested; empty: it can."""
    signed: bytes = b""
    """What the signer's key signed: the canonical form of its ``SignedInfo``."""
    value: bytes = b""
    """What the key made of it."""
    certificates: tuple[bytes, ...] = ()
    """That it carries, DER."""
    rsa_key: tuple[bytes, bytes] | None = None
    """Modulus and exponent, where it carries a bare key."""
    unread_keys: bool = False
    """Whether it carries certificates or keys beside these, which are not read."""
    named_certificate: tuple[str, bytes] | None = None
    """Hash and digest of the signer's certificate, as signed properties (XAdES) name it."""
    tokens: tuple[tuple[bytes, int, bytes], ...] = ()
    """Each time-stamp token that is for the value as it stands, DER, its time, unix seconds, and the value's digest."""
    references: tuple[SignedReference, ...] = ()
    """What stands beside the signature first, then the parts."""
    uncovered: tuple[str, ...] = ()
    """Names of parts of the document that it does not cover, at most `MOST_NAMED`."""
    uncovered_count: int = 0
    """How many there are."""
    uncovered_relationships: tuple[str, ...] = ()
    """``part rId4 kind`` of relationships that it leaves out beside others of the same part, at most `MOST_NAMED`."""
    uncovered_relationships_count: int = 0
    """How many there are."""
    claimed: Timestamp | None = None
    """When the signer's computer says that it was made."""
    opening: Located
    """The signature's value as written, at most 60 bytes."""
    place: Locator
    """Of the whole value."""
    verdict: SignatureVerdict = SignatureVerdict()

    @property
    def parts(self) -> Iterator[SignedReference]:
        """Yield what it says of parts of the document."""
        return (one for one in self.references if not one.inside)


MOST_NAMED = 50
