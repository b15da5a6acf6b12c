"""Tables ``signer_keys`` and ``carried_keys``: keys of authors from files, a unit for each, and those in mails.

They are two tables since whoever writes a mail chooses what it carries, and no worker says what the examiner gave.
"""

from typing import Any

import msgspec

from forensics.model.rows.numbers import storable
from forensics.model.signer_keys import SignerKey, SignerKind


class _KeyColumns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: str
    """`forensics.model.signer_keys.SignerKind`."""
    key: str
    """SHA-256 of the certificate, or fingerprint of the OpenPGP key, hex."""
    ids: list[str]
    """What signatures call it: see `key` of `signed_parts`."""
    raw: bytes
    """The certificate, DER, or the body of the public key packet."""
    names: list[str]
    addresses: list[str]
    """Lower case."""
    issuer: str
    valid_from: int | None
    """Unix seconds; of an OpenPGP key when it was made."""
    valid_until: int | None


class SignerKeyRow(_KeyColumns, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One certificate or OpenPGP key that was given."""

    origin: str
    """Name of the file that held it."""

    @property
    def given(self) -> SignerKey:
        """The key that the row is of."""
        return SignerKey(
            kind=SignerKind(self.kind),
            key=self.key,
            ids=tuple(self.ids),
            raw=self.raw,
            names=tuple(self.names),
            addresses=tuple(self.addresses),
            issuer=self.issuer,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            origin=self.origin,
        )


class CarriedKeyRow(_KeyColumns, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One certificate or OpenPGP key that a mail carries."""

    sha256: str
    """Of the mail."""


def given_row(key: SignerKey) -> SignerKeyRow:
    """Make the row of a key that a file held."""
    return SignerKeyRow(origin=key.origin, **_columns(key))


def carried_row(sha256: str, key: SignerKey) -> CarriedKeyRow:
    """Make the row of a key that a mail carries."""
    return CarriedKeyRow(sha256=sha256, **_columns(key))


def _columns(key: SignerKey) -> dict[str, Any]:
    return {
        "kind": str(key.kind),
        "key": key.key,
        "ids": list(key.ids),
        "raw": key.raw,
        "names": list(key.names),
        "addresses": list(key.addresses),
        "issuer": key.issuer,
        "valid_from": storable(key.valid_from),
        "valid_until": storable(key.valid_until),
    }
