"""What the author of a message signed with S/MIME or OpenPGP, and what was found of it."""

from enum import StrEnum

import msgspec

from forensics.model.facts import Located
from forensics.model.locations import Locator


class SignedKind(StrEnum):
    """How a part of a mail is signed, or that it is encrypted, so that its signature cannot be seen."""

    SMIME = "smime"
    """A multipart/signed with a CMS signature beside it (RFC 8551 3.5.3)."""
    SMIME_OPAQUE = "smime_opaque"
    """The content stands inside the CMS signature (RFC 8551 3.5.2); it is not read as a mail."""
    PGP_MIME = "pgp_mime"
    """A multipart/signed with an OpenPGP signature (RFC 3156 5)."""
    PGP_INLINE = "pgp_inline"
    """A cleartext signature in a text (RFC 9580 7)."""
    SMIME_ENCRYPTED = "smime_encrypted"
    PGP_ENCRYPTED = "pgp_encrypted"


class PartOutcome(StrEnum):
    """What a signature says of the part that it signs."""

    HOLDS = "holds"
    """Its digest is that of the part, and the key that came with the mail made it."""
    ALTERED = "altered"
    """The part has another digest than the one that was signed; this needs no key."""
    OTHER_KEY = "other_key"
    """The digest is that of the part, but no key that came with the mail made the signature as it stands."""
    NO_KEY = "no_key"
    """As far as can be told without a key, the digest is that of the part: of OpenPGP its first 16 bits."""
    UNREADABLE = "unreadable"
    UNTESTED = "untested"
    """A library is missing, a method is not known, or not all of the mail was read."""
    ENCRYPTED = "encrypted"

    @property
    def is_tested(self) -> bool:
        """Whether the digest of the part was compared with the one that was signed."""
        return self in (PartOutcome.HOLDS, PartOutcome.ALTERED, PartOutcome.OTHER_KEY, PartOutcome.NO_KEY)


class Issued(StrEnum):
    """Who says whose the key of a signed part is."""

    NOBODY = "nobody"
    """An OpenPGP key, or a certificate that signs itself: anybody can make one for any name."""
    ISSUER = "issuer"
    """A certificate's issuer, of whom nothing more is known: anybody can be one."""
    KNOWN_ROOT = "known_root"
    """An issuer whose own certificates lead to a root that browsers trust, at the mail's own time."""


class Ready(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What is left of a signature to be tested, once a key is at hand: its part need not be read again."""

    digests: tuple[bytes, ...]
    """What was signed if the part is as it was: one, or several where the stated bits of the digest fit more."""
    value: bytes
    """What the key made of it, encoded as its method does."""
    method: str = ""
    """Of S/MIME the name of the signature's algorithm; of OpenPGP the key has it."""


class PartVerdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What the signature of a part says, tested with keys and certificates that came with the same mail."""

    outcome: PartOutcome = PartOutcome.UNTESTED
    reason: str = ""
    """Why it is ``unreadable`` or ``untested``, in words."""
    form: str = ""
    """What had to be undone before the digest was right: one of `forensics.authenticity.signed_forms`."""
    digest_name: str = ""
    """Hash of the signature: ``sha256``; against the ``micalg`` that is claimed."""
    key: str = ""
    """Fingerprint of the key, or SHA-256 of the certificate, hex; of a key that is not at hand what the signature
    calls it: the fingerprint or the end of it, or an id of `forensics.authenticity.certificates`."""
    signers: tuple[str, ...] = ()
    """Addresses that the certificate or key names, lower case."""
    issuer: str = ""
    """Name of the certificate's issuer."""
    issued: Issued | None = None
    """``None``: no key at hand."""
    time: int | None = None
    """When the signer says to have signed, unix seconds."""
    valid_from: int | None = None
    """Of the certificate, unix seconds."""
    valid_until: int | None = None
    ready: Ready | None = None
    """Of one without a key; ``None`` also where it is not read what the key made."""


class SignedPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One part of a message that is signed by its author, or encrypted."""

    kind: SignedKind
    number: str
    """Of the part: the multipart/signed, or the leaf; empty: the message itself."""
    depth: int
    """Multiparts around it."""
    protocol: str = ""
    """As claimed, lower case; empty if not given."""
    micalg: str = ""
    """Hash as claimed, lower case; empty if not given."""
    signed: Locator
    """The bytes that are signed; of one leaf that holds both, the leaf's."""
    signature: Locator = Locator()
    """The encoded signature; nowhere in what is encrypted."""
    decoder: str = "copy/1"
    """Of the leaf in which the signature stands."""
    opening: Located
    """First line of the signature as written, at most 60 bytes; of what is encrypted, its own."""
    outside: tuple[str, ...] = ()
    """Numbers of the texts that a reader is shown beside it and that it does not cover, at most 20."""
    verdict: PartVerdict = PartVerdict()
