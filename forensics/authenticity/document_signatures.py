"""Tests the digital signatures inside a document: whose key made each, and what that comes to with the digests.

A signature that holds says that what it covers is as it was when it was made, by whoever has the key. Whose key that is
rests on the certificate, which anybody can make for any name unless its issuer is known.

Source: XML Signature 1.1 section 3.2 and 6.4, ETSI TS 101 903, RFC 4050 (values of ECDSA).
"""

import hashlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA224, SHA256, SHA384, SHA512, HashAlgorithm
from msgspec.structs import replace

from forensics.authenticity.certificate_paths import leads_to_root
from forensics.authenticity.certificates import Named, made_by, names, public_key
from forensics.errors import NotInstalled
from forensics.model.document_signatures import DigestOutcome, DocumentSignature, SignatureVerdict
from forensics.model.documents import DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND, Fact
from forensics.model.locations import Locator
from forensics.model.signed_parts import Issued, PartOutcome, Ready

_HASHES = {one.name: one for one in (MD5(), SHA1(), SHA224(), SHA256(), SHA384(), SHA512())}
_NAMES = {
    "md5": "06082a864886f70d0205",
    "sha1": "06052b0e03021a",
    "sha224": "0609608648016503040204",
    "sha256": "0609608648016503040201",
    "sha384": "0609608648016503040202",
    "sha512": "0609608648016503040203",
}
"""Identifiers of hashes, DER."""
_PSS = "rsassa_pss"
_KINDS = ("rsa", "rsa_pss", "dsa", "ecdsa")
MOST_TESTED = 10
"""Certificates of one signature that are asked whether their key made it."""
_LEAST_KEY, _MOST_KEY = 512, 16_384
"""Bits of a bare RSA key that is tried."""


def tested(document: DocumentFacts) -> DocumentFacts:
    """Return a document with a verdict on each of its signatures, and what they say of it as facts."""
    signatures = [replace(one, verdict=_verdict(one)) for one in document.signatures]
    area = document.format.partition(".")[0]
    said = [fact for place, one in enumerate(signatures) for fact in _said(one, area, place)]
    return replace(document, signatures=tuple(signatures), properties=(*document.properties, *said))


def _said(signature: DocumentSignature, area: str, place: int) -> list[Fact]:
    verdict = signature.verdict
    path = f"{signature.place.path}.verdict[{place}]"
    told = {"outcome": f"{verdict.outcome} {verdict.reason}".strip(), "signer": verdict.subject}
    if verdict.issued is not None:
        told |= {"certificate_issuer": f"{verdict.issuer} ({verdict.issued})", "certificate": verdict.certificate}
    return [
        Fact(name=f"{area}.signature_{name}", value=value, raw=b"", locator=Locator(path=f"{path}.{name}"))
        for name, value in told.items()
        if value
    ]


def _verdict(signature: DocumentSignature) -> SignatureVerdict:
    try:
        return _found(signature)
    except Exception as error:  # noqa: BLE001  a hostile certificate may raise anything in its library
        text = (str(error) or type(error).__name__).splitlines()[0][:300]
        return SignatureVerdict(outcome=PartOutcome.UNREADABLE, reason=text)


def _found(signature: DocumentSignature) -> SignatureVerdict:
    signer, made, why = _maker(signature)
    said = SignatureVerdict(made_by_key=made)
    if signer is not None:
        said = _described(said, signature, signer)
    said = _stamped(said, signature)
    changed = [one for one in signature.references if one.differs]
    untested = [one for one in signature.references if one.outcome is DigestOutcome.UNTESTED]
    if changed:
        return replace(said, outcome=PartOutcome.ALTERED, reason=f"{changed[0].name} is {changed[0].outcome}")
    if signature.problem:
        return replace(said, outcome=PartOutcome.UNREADABLE, reason=signature.problem)
    if made is False:
        return replace(said, outcome=PartOutcome.OTHER_KEY, reason=why)
    if untested:
        text = f"{untested[0].name}: {untested[0].reason}"
        return replace(said, outcome=PartOutcome.UNTESTED, reason=text)
    if made is None:
        bare = not signature.certificates and signature.rsa_key is None and not signature.unread_keys
        return replace(said, outcome=PartOutcome.NO_KEY if bare else PartOutcome.UNTESTED, reason=why)
    if not any(signature.parts):
        return replace(said, outcome=PartOutcome.UNTESTED, reason="it covers no part of the document")
    return replace(said, outcome=PartOutcome.HOLDS)


def _maker(signature: DocumentSignature) -> tuple[Named | None, bool | None, str]:
    """Return whose certificate made a signature, else the first that it carries; whether it did; why not."""
    kind, _, name = signature.method.partition("-")
    hashed = _HASHES.get(name)
    read = [names(one) for one in signature.certificates[:MOST_TESTED]]
    certificates = [one for one in read if one is not None]
    first = certificates[0] if certificates else None
    if signature.problem or hashed is None or kind not in _KINDS:
        return first, None, signature.problem or f"the method {signature.method or 'is not named, or'} is not known"
    digest = hashlib.new(name, signature.signed, usedforsecurity=False).digest()
    values = _values(signature.value, kind)
    answers = [_any_made(public_key(one.encoded), digest, values, kind, hashed) for one in certificates]
    makers = [one for one, made in zip(certificates, answers, strict=True) if made]
    if makers:
        return _named_too(signature, makers)
    if signature.rsa_key is not None:
        answers.append(_made(_bare(signature.rsa_key), digest, signature.value, kind, hashed))
        if answers[-1]:
            return None, True, ""
    left = len(certificates) < len(signature.certificates) or signature.unread_keys or None in answers
    if answers and not left:
        return first, False, "none of the certificates and keys that it carries made it"
    return first, None, "a certificate or key that it carries is not read" if left else "it carries no key"


def _named_too(signature: DocumentSignature, makers: Sequence[Named]) -> tuple[Named, bool, str]:
    """Ask whether signed properties name a certificate that made a signature: several may hold the same key."""
    if signature.named_certificate is None:
        return makers[0], True, ""
    method, digest = signature.named_certificate
    named = [one for one in makers if hashlib.new(method, one.encoded, usedforsecurity=False).digest() == digest]
    if named:
        return named[0], True, ""
    return makers[0], False, "what it signs names another certificate than it carries"


def _any_made(key: object, digest: bytes, values: Sequence[bytes], kind: str, hashed: HashAlgorithm) -> bool | None:
    """Whether a key made a signature's value in any way of writing it; ``None``: none of them is read."""
    answers = [_made(key, digest, value, kind, hashed) for value in values]
    return True if True in answers else False if False in answers else None


def _made(key: object, digest: bytes, value: bytes, kind: str, hashed: HashAlgorithm) -> bool | None:
    """Whether a key made a signature's value; ``None``: it is not read.

    Some signers name the hash in what RSA encrypts without the empty parameters that the library asks for, which
    readers are to take too (RFC 8017 9.2, note 1).
    """
    found = made_by(key, Ready(digests=(digest,), value=value, method=_PSS if kind == "rsa_pss" else ""), hashed)
    if found is not False or kind != "rsa" or not isinstance(key, RSAPublicKey):
        return found
    try:
        recovered = key.recover_data_from_signature(value, PKCS1v15(), None)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    name = _sequence(bytes.fromhex(_NAMES[hashed.name]))
    return recovered == _sequence(name + b"\x04" + bytes([len(digest)]) + digest)


def _sequence(content: bytes) -> bytes:
    return b"\x30" + bytes([len(content)]) + content


def _values(value: bytes, kind: str) -> list[bytes]:
    """Return a signature's value as the library takes it: two numbers side by side are DER to it."""
    if kind not in ("dsa", "ecdsa") or len(value) % 2 or not value:
        return [value]
    half = len(value) // 2
    one, other = int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
    return [encode_dss_signature(one, other), value]


def _bare(key: tuple[bytes, bytes]) -> object:
    modulus, exponent = (int.from_bytes(one, "big") for one in key)
    if not _LEAST_KEY <= modulus.bit_length() <= _MOST_KEY or exponent.bit_length() > 64:
        return None
    try:
        return RSAPublicNumbers(exponent, modulus).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None


def _described(said: SignatureVerdict, signature: DocumentSignature, signer: Named) -> SignatureVerdict:
    claimed = signature.claimed
    at = claimed.instant if claimed is not None else None
    issued = Issued.NOBODY if signer.self_issued else Issued.ISSUER
    if issued is Issued.ISSUER and isinstance(at, int):
        rooted = leads_to_root(signer.encoded, signature.certificates, at // TICKS_PER_SECOND)
        issued = Issued.KNOWN_ROOT if rooted else issued
    return replace(
        said,
        certificate=hashlib.sha256(signer.encoded).hexdigest(),
        signer=signer.name,
        subject=signer.subject,
        issuer=signer.issuer,
        issued=issued,
        valid_from=signer.valid_from,
        valid_until=signer.valid_until,
    )


def _stamped(said: SignatureVerdict, signature: DocumentSignature) -> SignatureVerdict:
    """Add what the first time-stamp token for the signature says."""
    if not signature.tokens:
        return said
    from forensics.authenticity.time_stamps import stamper

    token, at, imprint = signature.tokens[0]
    try:
        by, issued = stamper(token, at, imprint)
    except NotInstalled:
        return replace(said, stamped=at)
    return replace(said, stamped=at, stamper=by, stamper_issued=issued)
