"""Table ``signer_verdicts``: what signed parts say once keys of files and of other mails are tried."""

import msgspec


class SignerVerdictRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One signed part for whose signer a key is at hand that did not come with the mail."""

    sha256: str
    index: int
    """With ``sha256`` the part, as in `signed_parts`."""
    outcome: str
    """`forensics.model.signed_parts.PartOutcome`."""
    key: str
    """Of `signer_keys`, or of `carried_keys`."""
    obtained: str
    """``file``, or ``archive``: only mails of the archive carry it, which anybody could write."""
    origin: str
    """Name of the file, or SHA-256 of a mail that carries it."""
    carriers: int
    """Mails that carry it."""
    signers: list[str]
    """Addresses that it names, lower case."""
    issuer: str
    valid_from: int | None
    """Unix seconds."""
    valid_until: int | None
