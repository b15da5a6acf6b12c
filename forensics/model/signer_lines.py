"""JSON lines about keys of authors: those at hand, and those that S/MIME and OpenPGP signatures of the archive need."""

from enum import StrEnum

import msgspec


class SignerAtHand(StrEnum):
    """Which key there is for the signatures of a signer, the best first."""

    FILE = "file"
    """A key of a file."""
    MAIL = "mail"
    """The key comes with the signed mails themselves."""
    ARCHIVE = "archive"
    """Only other mails of the archive carry it."""
    NONE = "none"


class SignerKeyLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One certificate or OpenPGP key that was given, or that other mails carry and a signature was tested with."""

    schema: str = "forensics/signer-keys/1"
    kind: str
    """``smime`` or ``openpgp``."""
    key: str
    """SHA-256 of the certificate, or fingerprint."""
    names: tuple[str, ...]
    """As the key has them."""
    addresses: tuple[str, ...]
    """Addresses that it names, lower case."""
    issuer: str
    obtained: str
    """``file`` or ``archive``."""
    origins: tuple[str, ...]
    """Files that hold it; of one of the archive the SHA-256 of a mail that carries it."""
    valid_from: str
    """RFC 3339 UTC; of an OpenPGP key when it was made."""
    valid_until: str
    tested: int
    """Signed parts that it was tried on."""
    holds: int
    """Of these, parts whose signature it made."""
    mails: int


class SignerUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Signatures of one signer, and the key that they need."""

    schema: str = "forensics/signer-coverage/1"
    kind: str
    key: str
    """As the signatures call it: a fingerprint or the end of it, the SHA-256 of a certificate, or an id of one."""
    senders: tuple[str, ...]
    """Addresses in From of the mails, the most frequent first, at most three: whom to ask."""
    issuer: str
    mails: int
    first: str
    """RFC 3339 UTC: the earliest time that a signature states; empty where none does."""
    last: str
    at_hand: SignerAtHand
    decides: int
    """Mails with a signature of theirs that no key at hand decides."""


class SignedPartLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one part of a mail says that its author signed or encrypted."""

    sha256: str
    """Of the mail."""
    index: int
    kind: str
    """`forensics.model.signed_parts.SignedKind`."""
    number: str
    """Of the part; empty: the message itself."""
    outcome: str
    """`forensics.model.signed_parts.PartOutcome`."""
    key: str
    """Of the key that it was tested with; where none is at hand what the signature calls it."""
    obtained: str
    """Where that key came from: ``mail`` (this one), ``file``, ``archive`` (other mails); empty: none is at hand."""
    origin: str = ""
    """Name of the file, or SHA-256 of a mail that carries it."""
    carriers: int = 0
    """Mails that carry it."""
    signers: tuple[str, ...] = ()
    """Addresses that it names, lower case."""
    outside: tuple[str, ...] = ()
    """Numbers of the texts that are shown beside it and that it does not cover."""
