"""Table ``signatures``."""

import msgspec

from forensics.model.authentication import Signature
from forensics.model.rows import located
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.numbers import storable


class SignatureRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One DKIM, ARC or X-Google-DKIM signature of a message; what its columns hold: `Signature`."""

    sha256: str
    kind: str
    """``dkim``, ``ams``, ``as`` or ``google``."""
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
    auid: str = ""
    fields_present: list[int] = []
    copied: list[str] = []
    queries: list[str] = []
    chain: str = ""
    arc_results: list[int] = []
    tags: list[str] = []
    faults: list[str] = []
    no_digest: str = ""
    no_body_hash: str = ""
    body_size: int | None = None
    surplus: LocatedRow | None = None
    """First bytes of the body beyond ``l=``; none where nothing lies beyond."""


class SignedRow(msgspec.Struct, frozen=True, kw_only=True):
    """Those columns of a `SignatureRow` by which a signature and its chain are judged."""

    sha256: str
    kind: str
    index: int
    instance: int | None
    domain: str
    selector: str
    algorithm: str
    signed_fields: list[str]
    body_length: int | None
    signature: bytes
    header_digest: str
    body_hash_stated: str
    body_hash: str
    auid: str
    fields_present: list[int]
    chain: str
    arc_results: list[int]
    faults: list[str]
    body_size: int | None


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
        auid=signature.auid,
        fields_present=list(signature.fields_present),
        copied=list(signature.copied),
        queries=list(signature.queries),
        chain=signature.chain,
        arc_results=list(signature.arc_results),
        tags=list(signature.tags),
        faults=list(signature.faults),
        no_digest=signature.no_digest,
        no_body_hash=signature.no_body_hash,
        body_size=signature.body_size,
        surplus=located.row_of(signature.surplus) if signature.surplus.raw else None,
    )
