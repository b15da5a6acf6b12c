"""Table ``signed_parts``."""

import msgspec

from forensics.model.rows import located
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.numbers import storable
from forensics.model.signed_parts import SignedPart


class SignedPartRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of a message that is signed with S/MIME or OpenPGP, or encrypted; tested when it was read."""

    sha256: str
    index: int
    """Position among the message's signed parts."""
    kind: str
    """`forensics.model.signed_parts.SignedKind`."""
    number: str
    """Of the part: the multipart/signed, or the leaf; empty: the message itself."""
    depth: int
    protocol: str
    micalg: str
    path: str
    """Of the signed bytes."""
    start: int
    """First byte that is signed."""
    end: int
    signature_range: list[int]
    """First byte of the encoded signature, and the one after its last; empty in what is encrypted."""
    opening: LocatedRow
    """First line of the signature as written, at most 60 bytes; of what is encrypted, its own."""
    outside: list[str]
    """Numbers of the texts that are shown beside it and that it does not cover."""
    outcome: str
    """`forensics.model.signed_parts.PartOutcome`."""
    reason: str
    form: str
    """What had to be undone before the digest was right (`forensics.authenticity.signed_forms`)."""
    digest_name: str
    key: str
    """Fingerprint of an OpenPGP key, or SHA-256 of a certificate, hex; of a key that is not at hand what the signature
    calls it: the fingerprint or the end of it, or an id of `forensics.authenticity.certificates`."""
    signers: list[str]
    """Addresses that the certificate or key names, lower case."""
    issuer: str
    issued: str
    """`forensics.model.signed_parts.Issued`; empty: no key at hand."""
    time: int | None
    """When the signer says to have signed, unix seconds."""
    valid_from: int | None
    valid_until: int | None
    digests: list[str] = []
    """Of what was signed if the part is as it was, hex; only where no key came with the mail, as the next."""
    value: bytes = b""
    """What the signer's key made of it."""
    method: str = ""
    """Of S/MIME the name of the signature's algorithm."""


def row_of(sha256: str, index: int, part: SignedPart) -> SignedPartRow:
    """Make the row of a signed part."""
    verdict = part.verdict
    ready = verdict.ready
    start, end = part.signed.ranges[0]
    return SignedPartRow(
        sha256=sha256,
        index=index,
        kind=part.kind,
        number=part.number,
        depth=part.depth,
        protocol=part.protocol,
        micalg=part.micalg,
        path=part.signed.path,
        start=start,
        end=end,
        signature_range=list(part.signature.ranges[0]) if part.signature.ranges else [],
        opening=located.row_of(part.opening),
        outside=list(part.outside),
        outcome=verdict.outcome,
        reason=verdict.reason,
        form=verdict.form,
        digest_name=verdict.digest_name,
        key=verdict.key,
        signers=list(verdict.signers),
        issuer=verdict.issuer,
        issued=verdict.issued or "",
        time=storable(verdict.time),
        valid_from=storable(verdict.valid_from),
        valid_until=storable(verdict.valid_until),
        digests=[digest.hex() for digest in ready.digests] if ready is not None else [],
        value=ready.value if ready is not None else b"",
        method=ready.method if ready is not None else "",
    )
