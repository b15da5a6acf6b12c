"""Whether a time-stamp token's own signature holds, for the time and the digest that were read of it.

Anybody can make a token with a key of his own: only a certificate for time-stamping that leads to a root that browsers
trust says that such a server made it.

Source: RFC 3161 2.3 and 2.4.2, RFC 5652, RFC 5280 4.2.1.12.
"""

from forensics.authenticity import smime
from forensics.model.signed_parts import Issued, PartOutcome

_STAMP = "1.2.840.113549.1.9.16.1.4"
"""The kind of content that a token signs."""


def stamper(token: bytes, at: int, imprint: bytes) -> tuple[str, Issued | None]:
    """Return who issued the certificate that made a token, and what vouches for it; empty, ``None``: it does not hold.

    Args:
        token: DER.
        at: the time that it states, unix seconds.
        imprint: the digest of what it is for.

    Raises:
        NotInstalled: pyHanko is missing.
    """
    found = smime.verify(None, token, at)
    if found.outcome is not PartOutcome.HOLDS:
        return "", None
    try:
        stated, for_stamps = _verified(token)
    except Exception:  # noqa: BLE001  a hostile structure may raise anything in its library
        return "", None
    if stated != (at, imprint):
        return "", None
    return found.issuer, Issued.ISSUER if found.issued is Issued.KNOWN_ROOT and not for_stamps else found.issued


def _verified(token: bytes) -> tuple[tuple[int, bytes], bool]:
    """Return time and digest that were signed, and whether the signer's certificate is for time-stamping."""
    from asn1crypto import cms, tsp

    signed = cms.ContentInfo.load(token)["content"]
    inside = signed["encap_content_info"]
    if inside["content_type"].dotted != _STAMP:
        raise ValueError("no time-stamp")
    info = tsp.TSTInfo.load(bytes(inside["content"]))
    certificate = smime.signers_certificate(signed)
    uses = certificate.extended_key_usage_value if certificate is not None else None
    time = int(info["gen_time"].native.timestamp() // 1)
    for_stamps = uses is not None and "time_stamping" in uses.native
    return (time, info["message_imprint"]["hashed_message"].native), for_stamps
