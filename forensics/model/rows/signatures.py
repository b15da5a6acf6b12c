"""Table ``signatures``."""

import msgspec

from forensics.model.authentication import Signature
from forensics.model.rows import located
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.numbers import storable


class SignatureRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One DKIM or ARC signature of a message."""

    sha256: str
    kind: str
    index: int
    instance: int | None
    domain: str
    selector: str
    algorithm: str
    canonicalization: str
    signed_fields: list[str]
    time: int | None
    expiration: int | None
    body_length: int | None
    signature: bytes
    header_digest: str
    body_hash_stated: str
    body_hash: str
    b: LocatedRow
    """First bytes of ``b=`` as written."""
    bh: LocatedRow
    """First bytes of ``bh=`` as written."""


def row_of(sha256: str, signature: Signature) -> SignatureRow:
    """Make the row of a signature."""
    return SignatureRow(
        sha256=sha256,
        kind=signature.kind,
        index=signature.index,
        instance=storable(signature.instance),
        domain=signature.domain,
        selector=signature.selector,
        algorithm=signature.algorithm,
        canonicalization=signature.canonicalization,
        signed_fields=list(signature.signed_fields),
        time=storable(signature.time),
        expiration=storable(signature.expiration),
        body_length=storable(signature.body_length),
        signature=signature.signature,
        header_digest=signature.header_digest,
        body_hash_stated=signature.body_hash_stated,
        body_hash=signature.body_hash,
        b=located.row_of(signature.b),
        bh=located.row_of(signature.bh),
    )
