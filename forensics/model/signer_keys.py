"""Keys of authors: certificates of S/MIME and public keys of OpenPGP, from files or from mails that carry them."""

from enum import StrEnum

import msgspec


class SignerKind(StrEnum):
    """What a key is of."""

    SMIME = "smime"
    OPENPGP = "openpgp"


class SignerKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One certificate, or one public key or subkey of OpenPGP."""

    kind: SignerKind
    key: str
    """SHA-256 of the certificate, or fingerprint of the OpenPGP key, hex."""
    ids: tuple[str, ...]
    """``key``, and what a signature may call it instead: an id of `forensics.authenticity.certificates`, or the end of
    the fingerprint."""
    raw: bytes
    """The certificate, DER, or the body of the public key packet."""
    names: tuple[str, ...]
    """User ids of the key block, or the subject of the certificate, as written."""
    addresses: tuple[str, ...]
    """Addresses that it names, lower case."""
    issuer: str = ""
    """Who issued the certificate."""
    valid_from: int | None = None
    """Unix seconds; of an OpenPGP key when it was made."""
    valid_until: int | None = None
    origin: str = ""
    """Name of the file that held it; empty where a mail carries it."""
