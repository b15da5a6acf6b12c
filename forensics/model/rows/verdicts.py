"""Table ``verdicts``, made over the whole case: what each signature says under the keys that are at hand."""

import msgspec


class VerdictRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One signature for whose selector a key is at hand; those without a key have no row."""

    sha256: str
    kind: str
    index: int
    key: str
    """Of `keys`: the one that opens the signature, else the first of its selector."""
    header: str
    """`forensics.model.authentication.HeaderOutcome`."""
    body: str
    """`forensics.model.authentication.BodyOutcome`; empty for a seal, which signs none."""
    signed_digest: str = ""
    """Digest of the header block that was really signed, hex: what an RSA signature opens to; empty where it does
    not open, or for Ed25519, which does not give it away."""
    digest_name: str = ""
    """Of that digest: ``sha256`` or ``sha1``."""
    aligned: bool = False
    """Whether ``d=`` is the domain of From, or shares its organization: else the platform signed, not the author."""
    limits: list[str] = []
    """Why a signature that holds authenticates nothing, or less: closed list of `forensics.authenticity.limits`."""
