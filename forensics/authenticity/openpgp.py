"""Verifies OpenPGP signatures of parts of a mail, by the keys that came with the mail; without any clock.

A signature states the first 16 bits of the digest that it signs, so a changed part shows without any key: one in 65,536
does not. Keys expire and hashes grow weak: both are told, and decide nothing. A key in a mail may be anybody's.

Source: RFC 9580 5.2.3, 7 and 11; RFC 4880 5.2.2; Autocrypt 1.1.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA1, SHA224, SHA256, SHA384, SHA512, HashAlgorithm
from msgspec.structs import replace

from forensics.authenticity.openpgp_packets import PgpKey, PgpSignature, blocks, key_of, keys, signature, unarmoured
from forensics.authenticity.signed_forms import forms
from forensics.errors import Malformed
from forensics.model.signed_parts import Issued, PartOutcome, PartVerdict, Ready
from forensics.model.signer_keys import SignerKey, SignerKind
from forensics.replay.base64 import base64

_RSA, _DSA, _ECDSA, _EDDSA, _ED25519 = (1, 3), 17, 19, 22, 27
_HASHES: dict[str, HashAlgorithm] = {one.name: one for one in (SHA1(), SHA224(), SHA256(), SHA384(), SHA512())}
_CURVES: dict[bytes, ec.EllipticCurve] = {
    bytes.fromhex("2a8648ce3d030107"): ec.SECP256R1(),
    bytes.fromhex("2b81040022"): ec.SECP384R1(),
    bytes.fromhex("2b81040023"): ec.SECP521R1(),
}
_ED25519_CURVE = bytes.fromhex("2b06010401da470f01")
_KEYDATA = re.compile(rb"keydata[ \t\r\n]*=([^;]*+)")
_DASHED = re.compile(rb"(?m)^- ")
_KEY_ID = 16
"""Digits of a fingerprint that a signature may give instead of it, the last."""
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_SIGNATURE_LINE = b"\n-----BEGIN PGP SIGNATURE-----"


def verify(part: bytes, armoured: bytes, at_hand: Sequence[PgpKey]) -> PartVerdict:
    """Test a detached signature.

    Args:
        part: the signed bytes, with line ends of any kind.
        armoured: the signature, armoured or not.
        at_hand: keys that came with the mail.
    """
    try:
        signed = signature(unarmoured(armoured))
    except Malformed as error:
        return PartVerdict(outcome=PartOutcome.UNREADABLE, reason=str(error))
    key = next((one for one in at_hand if signed.issuer and one.fingerprint.endswith(signed.issuer)), None)
    said = PartVerdict(
        outcome=PartOutcome.NO_KEY,
        digest_name=signed.hash_name,
        key=key.fingerprint if key is not None else signed.issuer,
        signers=_addresses(key.user_ids if key is not None else (signed.signer,)),
        issued=Issued.NOBODY if key is not None else None,
        time=signed.created,
        valid_from=key.created if key is not None else None,
    )
    return _judged(part, signed, key, said)


def _judged(part: bytes, signed: PgpSignature, key: PgpKey | None, said: PartVerdict) -> PartVerdict:
    """Add to what the signature says whether it is about these bytes."""
    try:
        make = hashlib.new(signed.hash_name, usedforsecurity=False)
    except ValueError:
        return replace(said, outcome=PartOutcome.UNTESTED, reason="its hash is not known here")
    fitting = []
    for name, form in forms(part):
        running = make.copy()
        running.update(form + signed.trailer)
        if running.digest()[:2] == signed.left:
            fitting.append((name, running.digest()))
    if not fitting:
        return replace(said, outcome=PartOutcome.ALTERED)
    if key is None:
        ready = Ready(digests=tuple([digest for _, digest in fitting]), value=signed.value)
        return replace(said, form=fitting[0][0], ready=ready)
    for name, digest in fitting:
        holds = _holds(signed.hash_name, signed.value, key, digest)
        if holds is None:
            text = f"its method is not read here: {key.algorithm} with {signed.hash_name}"
            return replace(said, outcome=PartOutcome.UNTESTED, form=name, reason=text)
        if holds:
            return replace(said, outcome=PartOutcome.HOLDS, form=name)
    return replace(said, outcome=PartOutcome.OTHER_KEY, form=fitting[0][0])


def verify_cleartext(block: bytes, at_hand: Sequence[PgpKey]) -> PartVerdict:
    """Test a cleartext signature: from its first line to the last of its armour."""
    text, mark, armoured = block.partition(_SIGNATURE_LINE)
    begin = _BLANK_LINE.search(text)
    if not mark or begin is None:
        return PartVerdict(outcome=PartOutcome.UNREADABLE, reason="no signature behind the text")
    written = _DASHED.sub(b"", text[begin.end() :]).split(b"\n")
    return verify(b"\n".join([line.rstrip(b" \t\r") for line in written]), mark + armoured, at_hand)


def keys_of_mail(attached: Iterable[bytes], autocrypt: Iterable[bytes]) -> tuple[PgpKey, ...]:
    """Return the keys that a mail carries.

    Args:
        attached: decoded contents of its application/pgp-keys parts.
        autocrypt: bodies of its Autocrypt fields.
    """
    found = [key for content in attached for block in blocks(content) for key in keys(block)]
    for body in autocrypt:
        if (data := _KEYDATA.search(body)) is not None:
            found += keys(base64(data[1]))
    return tuple(found)


def signer_key(key: PgpKey) -> SignerKey:
    """Return a key as tables have it."""
    return SignerKey(
        kind=SignerKind.OPENPGP,
        key=key.fingerprint,
        ids=(key.fingerprint, key.fingerprint[-_KEY_ID:]),
        raw=key.body,
        names=key.user_ids,
        addresses=_addresses(key.user_ids),
        valid_from=key.created,
    )


def holds(ready: Ready, hash_name: str, raw: bytes) -> bool | None:
    """Whether a key made a signature that the scan made ready.

    Args:
        ready: the signature.
        hash_name: of its digests.
        raw: the key, as `SignerKey.raw`.

    Returns:
        ``None``: its method, or what it consists of, is not read.
    """
    found = [_holds(hash_name, ready.value, key_of(raw), digest) for digest in ready.digests]
    return next((one for one in (True, None) if one in found), False)


def _addresses(user_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses of user ids: ``Anna <anna@example.org>``, or nothing but the address."""
    found = [user_id.rpartition("<")[2].partition(">")[0].strip().lower() for user_id in user_ids]
    return tuple(dict.fromkeys([one for one in found if "@" in one and not any(map(str.isspace, one))]))


def _holds(hash_name: str, made: bytes, key: PgpKey, digest: bytes) -> bool | None:
    """Whether a key made the signature of a digest; ``None``: its method, or what it consists of, is not read."""
    try:
        if key.algorithm in (_EDDSA, _ED25519):
            return _holds_ed25519(made, key, digest)
        hashed = _HASHES[hash_name]
        if key.algorithm in _RSA:
            modulus, exponent = _numbers(key.material, 2)
            public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
            value = _numbers(made, 1)[0].to_bytes((public.key_size + 7) // 8, "big")
            public.verify(value, digest, padding.PKCS1v15(), Prehashed(hashed))
        elif key.algorithm == _DSA:
            p, q, g, y = _numbers(key.material, 4)
            pair = encode_dss_signature(*_numbers(made, 2))
            short = digest[: (q.bit_length() + 7) // 8]
            dsa.DSAPublicNumbers(y, dsa.DSAParameterNumbers(p, q, g)).public_key().verify(pair, short, _as_is(short))
        elif key.algorithm == _ECDSA:
            curve, point = _curve(key.material)
            pair = encode_dss_signature(*_numbers(made, 2))
            elliptic = ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[curve], point)
            elliptic.verify(pair, digest, ec.ECDSA(Prehashed(hashed)))
        else:
            return None
    except InvalidSignature:
        return False
    except (ValueError, KeyError, IndexError, OverflowError, UnsupportedAlgorithm):
        return None
    return True


def _as_is(digest: bytes) -> Prehashed:
    """Return the hash whose digest is as long: DSA signs the first bytes of a longer one."""
    return Prehashed(next(one for one in _HASHES.values() if one.digest_size == len(digest)))


def _holds_ed25519(made: bytes, key: PgpKey, digest: bytes) -> bool | None:
    if key.algorithm == _ED25519:
        point, value = key.material[:32], made[:64]
    else:
        curve, encoded = _curve(key.material)
        if curve != _ED25519_CURVE or encoded[:1] != b"\x40":
            return None
        point = encoded[1:]
        value = b"".join([number.to_bytes(32, "big") for number in _numbers(made, 2)])
    ed25519.Ed25519PublicKey.from_public_bytes(point).verify(value, digest)
    return True


def _curve(material: bytes) -> tuple[bytes, bytes]:
    """Return the id of a curve, and the encoded point behind it."""
    end = 1 + material[0]
    return material[1:end], _number_bytes(material, end)[0]


def _numbers(raw: bytes, count: int) -> list[int]:
    """Read so many numbers, each behind its length in bits (RFC 9580 3.2)."""
    found, at = [], 0
    for _ in range(count):
        number, at = _number_bytes(raw, at)
        found.append(int.from_bytes(number, "big"))
    return found


def _number_bytes(raw: bytes, at: int) -> tuple[bytes, int]:
    end = at + 2 + (int.from_bytes(raw[at : at + 2], "big") + 7) // 8
    if end > len(raw) or end == at + 2:
        raise ValueError("a number that breaks off")
    return raw[at + 2 : end], end
