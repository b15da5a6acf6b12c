"""Key records of signers: the public key and what its owner says of its use.

Source: RFC 6376 3.6.1, RFC 8463 4.2. The key is a SubjectPublicKeyInfo; some records hold a bare PKCS#1 key instead.
"""

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from forensics.parsers.mail.tag_lists import read_tags, values
from forensics.replay.base64 import base64

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_WHITE = re.compile(rb"[ \t\r\n]+")
_ED25519_BYTES = 32


class KeyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a key record says; ``rsa`` and ``ed25519`` are both ``None`` where it holds no key that can be used."""

    kind: str
    """``k=``, lower case: ``rsa`` where it is not said."""
    rsa: "RSAPublicKey | None" = None
    ed25519: "Ed25519PublicKey | None" = None
    bits: int = 0
    """Length of the key."""
    revoked: bool = False
    """``p=`` is there and empty."""
    testing: bool = False
    """Flag ``y`` of ``t=``: the domain tests signing, and its signatures are to be treated as none."""
    strict: bool = False
    """Flag ``s`` of ``t=``: the domain of ``i=`` must be that of ``d=``."""
    hashes: tuple[str, ...] = ()
    """``h=``: the hashes that may be used; empty: all."""
    sha256: str = ""
    """Digest of the key as SubjectPublicKeyInfo, hex: the same under whatever name it is published."""
    services: tuple[str, ...] = ()
    """``s=``: what the key may sign; empty or with ``*``: everything."""


@lru_cache(4096)
def read_record(record: bytes) -> KeyRecord:
    """Read the text of a TXT record, strings joined; what it does not say is as RFC 6376 defaults it."""
    found = values(read_tags(record))
    kind = _WHITE.sub(b"", found.get(b"k", b"rsa")).lower().decode("ascii", "replace")
    flags = _listed(found.get(b"t", b""))
    written = _WHITE.sub(b"", found.get(b"p", b""))
    rsa, ed25519 = _load(kind, base64(written))
    return KeyRecord(
        kind=kind,
        rsa=rsa,
        ed25519=ed25519,
        bits=rsa.key_size if rsa is not None else 256 * (ed25519 is not None),
        revoked=b"p" in found and not written,
        testing="y" in flags,
        strict="s" in flags,
        hashes=_listed(found.get(b"h", b"")),
        sha256=_digest(rsa or ed25519),
        services=_listed(found.get(b"s", b"")),
    )


def _listed(value: bytes) -> tuple[str, ...]:
    words = _WHITE.sub(b"", value).lower().decode("ascii", "replace").split(":")
    return tuple([word for word in words if word])


def _load(kind: str, written: bytes) -> "tuple[RSAPublicKey | None, Ed25519PublicKey | None]":
    # Loaded with the first key: in many scans none is at hand.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    if kind == "ed25519" and len(written) == _ED25519_BYTES:
        return None, Ed25519PublicKey.from_public_bytes(written)
    for der in (written, _wrapped(written)):
        try:
            key = load_der_public_key(der)
        except (ValueError, UnsupportedAlgorithm):
            continue
        if isinstance(key, RSAPublicKey) and kind == "rsa":
            return key, None
        if isinstance(key, Ed25519PublicKey) and kind == "ed25519":
            return None, key
    return None, None


def _digest(key: "RSAPublicKey | Ed25519PublicKey | None") -> str:
    if key is None:
        return ""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _wrapped(pkcs1: bytes) -> bytes:
    """Return a bare PKCS#1 key as SubjectPublicKeyInfo (RFC 3279 2.3.1)."""
    rsa_encryption = bytes.fromhex("300d06092a864886f70d0101010500")
    bits = b"\x00" + pkcs1
    inner = rsa_encryption + b"\x03" + _length(len(bits)) + bits
    return b"\x30" + _length(len(inner)) + inner


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    written = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(written)]) + written
