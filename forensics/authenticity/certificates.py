"""Certificates of authors: read from what holds them, and asked whether their keys made a signature.

A signature calls its signer's certificate by issuer and serial number, or by the key identifier in it. Here the first
is ``16 hex digits of SHA-256 over the issuer's name, DER`` ``:`` ``serial number, hex``; the second ``hex`` as it is.

Source: RFC 5652 5.3, RFC 5280.
"""

import hashlib
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA1, SHA224, SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from forensics.model.signed_parts import Ready
from forensics.model.signer_keys import SignerKey, SignerKind

_HASHES: dict[str, HashAlgorithm] = {one.name: one for one in (SHA1(), SHA224(), SHA256(), SHA384(), SHA512())}
_SHORT = {NameOID.SURNAME: "SN", NameOID.GIVEN_NAME: "GN", NameOID.SERIAL_NUMBER: "serialNumber"}
"""How some parts of a name are called that the library leaves as numbers."""
_PSS = "rsassa_pss"
_NESTED, _PRINTABLE, _UTF8, _DEEPEST = (0x30, 0x31, 0xA0), 0x13, 0x0C, 12
"""Types of what consists of others, and of two kinds of texts, DER; levels that are looked into."""
_LETTERS = re.compile(rb"[A-Za-z0-9 '()+,\-./:=?]*")
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


def named(issuer: bytes, serial: int) -> str:
    """Return what a signature calls a certificate of this issuer (its name, DER) and number."""
    return f"{hashlib.sha256(issuer).hexdigest()[:16]}:{serial:x}"


def bundled(encoded: bytes) -> tuple[bytes, ...]:
    """Return the certificates in a CMS structure (PKCS #7), DER: a signature, or a bundle of nothing else.

    Raises:
        ValueError: it is none.
    """
    with _quietly():
        try:
            found = pkcs7.load_der_pkcs7_certificates(encoded)
        except UnsupportedAlgorithm as error:
            raise ValueError(str(error)) from error
        return tuple([one.public_bytes(Encoding.DER) for one in found])


def signer_key(encoded: bytes) -> SignerKey | None:
    """Return a certificate, DER, as tables have it; ``None`` where it is one of an issuer, which signs no mails.

    Raises:
        ValueError: it is no certificate.
    """
    with _quietly():
        certificate = x509.load_der_x509_certificate(encoded)
        if _is_issuer(certificate):
            return None
        key = hashlib.sha256(encoded).hexdigest()
        ids = [key, named(certificate.issuer.public_bytes(), certificate.serial_number)]
        identifier = _extension(certificate, x509.SubjectKeyIdentifier)
        return SignerKey(
            kind=SignerKind.SMIME,
            key=key,
            ids=tuple([*ids, identifier.digest.hex()] if identifier is not None else ids),
            raw=encoded,
            names=(certificate.subject.rfc4514_string()[:300],),
            addresses=_addresses(certificate),
            issuer=certificate.issuer.rfc4514_string()[:300],
            valid_from=int(certificate.not_valid_before_utc.timestamp()),
            valid_until=int(certificate.not_valid_after_utc.timestamp()),
        )


class Named(NamedTuple):
    """A certificate and what it says of its holder."""

    encoded: bytes
    name: str
    """The common name, with the first address in it."""
    subject: str
    """All that its subject says."""
    issuer: str
    self_issued: bool
    valid_from: int
    """Unix seconds."""
    valid_until: int


def names(encoded: bytes) -> Named | None:
    """Return whom a certificate, DER, names; ``None``: it is none."""
    try:
        with _quietly():
            one = _loaded(encoded)
            return Named(
                encoded,
                _common_name(one.subject),
                one.subject.rfc4514_string(_SHORT)[:300],
                one.issuer.rfc4514_string(_SHORT)[:300],
                one.subject == one.issuer,
                int(one.not_valid_before_utc.timestamp()),
                int(one.not_valid_after_utc.timestamp()),
            )
    except (ValueError, UnsupportedAlgorithm):
        return None


def _loaded(encoded: bytes) -> x509.Certificate:
    """Read a certificate, DER, as readers of Office do: Lync writes addresses as texts that may have no such letters.

    Raises:
        ValueError: it is none.
    """
    try:
        return x509.load_der_x509_certificate(encoded)
    except ValueError:
        mended = bytearray(encoded)
        _mend(mended, 0, len(mended), 0)
        if mended == encoded:
            raise
        return x509.load_der_x509_certificate(bytes(mended))


def _mend(data: bytearray, at: int, end: int, depth: int) -> None:
    """Make texts with letters that their type has not (``PrintableString``) such of a type that has all (UTF-8)."""
    while at + 2 <= end and depth < _DEEPEST:
        tag, size, start = data[at], data[at + 1], at + 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(data[at + 2 : start], "big")
        if start + size > end:
            return
        if tag in _NESTED:
            _mend(data, start, start + size, depth + 1)
        elif tag == _PRINTABLE and not _LETTERS.fullmatch(data, start, start + size):
            data[at] = _UTF8
        at = start + size


def _common_name(subject: x509.Name) -> str:
    found = [
        str(one.value)[:120]
        for kind in (NameOID.COMMON_NAME, NameOID.EMAIL_ADDRESS)
        for one in subject.get_attributes_for_oid(kind)[:1]
    ]
    return ", ".join(found) or subject.rfc4514_string(_SHORT)[:300]


def public_key(encoded: bytes) -> object:
    """Return the key of a certificate, DER; ``None``: it is not read."""
    try:
        with _quietly():
            return _loaded(encoded).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None


def holds(ready: Ready, hash_name: str, encoded: bytes) -> bool | None:
    """Whether the key of a certificate made a signature that the scan made ready.

    Args:
        ready: the signature.
        hash_name: of its digest.
        encoded: the certificate, DER.

    Returns:
        ``None``: its method, or what it consists of, is not read.
    """
    hashed = _HASHES.get(hash_name)
    return made_by(public_key(encoded), ready, hashed) if hashed is not None else None


def made_by(key: object, ready: Ready, hashed: HashAlgorithm) -> bool | None:
    """Whether a public key made a signature.

    Args:
        key: of the library.
        ready: the signature.
        hashed: of its digest.

    Returns:
        ``None``: its method, or what it consists of, is not read.
    """
    digest = Prehashed(hashed)
    try:
        if isinstance(key, rsa.RSAPublicKey) and ready.method == _PSS:
            key.verify(ready.value, ready.digests[0], padding.PSS(padding.MGF1(hashed), padding.PSS.AUTO), digest)
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(ready.value, ready.digests[0], padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(ready.value, ready.digests[0], ec.ECDSA(digest))
        elif isinstance(key, dsa.DSAPublicKey):
            key.verify(ready.value, ready.digests[0], digest)
        else:
            return None
    except InvalidSignature:
        return False
    except (ValueError, UnsupportedAlgorithm):
        return None
    return True


def _is_issuer(certificate: x509.Certificate) -> bool:
    constraints = _extension(certificate, x509.BasicConstraints)
    return constraints is not None and constraints.ca


def _addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the addresses of a certificate: of its alternative names, else of its subject."""
    names = _extension(certificate, x509.SubjectAlternativeName)
    found = names.get_values_for_type(x509.RFC822Name) if names is not None else []
    subject = certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)
    return tuple(dict.fromkeys([one.lower() for one in found or [str(one.value) for one in subject]]))


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


@contextmanager
def _quietly() -> Iterator[None]:
    """Leave out what the library warns of: certificates of others' making may be odd."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
