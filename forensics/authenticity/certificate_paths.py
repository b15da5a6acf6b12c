"""Whether a certificate leads to a root that browsers trust, at a time, by what a document carries.

Nothing is fetched: a path that would need the network is no path, whether or not a certificate was revoked is not
asked, and a path that rests on an old hash is none.

Source: RFC 5280 6.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from forensics.authenticity import smime
from forensics.authenticity.cms_library import library
from forensics.errors import NotInstalled


def leads_to_root(certificate: bytes, others: Sequence[bytes], at: int) -> bool:
    """Whether a certificate, DER, leads to such a root at a time, unix seconds; no answer of the library is no."""
    try:
        library()
    except NotInstalled:
        return False
    from asn1crypto import x509
    from pyhanko_certvalidator import CertificateValidator, ValidationContext

    try:
        moment = datetime.fromtimestamp(at, UTC)
        context = ValidationContext(
            trust_manager=smime.roots(),
            allow_fetching=False,
            revocation_mode="soft-fail",
            moment=moment,
            best_signature_time=moment,
        )
        # Several certificates of one name make as many paths as they have orders.
        named = {one.subject.dump(): one for one in [x509.Certificate.load(other) for other in others]}
        validator = CertificateValidator(x509.Certificate.load(certificate), list(named.values()), context)
        smime.finished(validator.async_validate_path())
    except Exception:  # noqa: BLE001  a hostile certificate may raise anything in two libraries
        return False
    return True
