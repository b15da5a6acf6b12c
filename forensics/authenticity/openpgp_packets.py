"""OpenPGP packets as far as signatures need them: armour, signatures and public keys.

Source: RFC 4880 4-6, RFC 9580.
"""

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from forensics.errors import Malformed
from forensics.replay.base64 import base64

HASHES = {1: "md5", 2: "sha1", 3: "ripemd160", 8: "sha256", 9: "sha384", 10: "sha512", 11: "sha224"}
"""Id of a hash to its name (RFC 9580 9.5)."""
SIGNATURE, PUBLIC_KEY, USER_ID, PUBLIC_SUBKEY = 2, 6, 13, 14
_ARMOUR = re.compile(rb"-----BEGIN PGP [A-Z ]{1,30}-----[^\r\n]{0,80}\r?\n")
_HEADER = re.compile(rb"[ \t]*[A-Za-z]{1,30}: ?[^\r\n]{0,500}\r?\n")
_LONGEST_KEY = 1 << 16
_CREATED, _ISSUER, _SIGNER, _FINGERPRINT = 2, 16, 28, 33


class PgpSignature(msgspec.Struct, frozen=True, kw_only=True):
    """One signature packet."""

    kind: int
    """0: of bytes, 1: of text."""
    algorithm: int
    hash_name: str
    """Empty: a hash that is not known."""
    trailer: bytes
    """What is hashed behind the signed bytes."""
    left: bytes
    """The first 16 bits of the digest, which anybody can compare."""
    value: bytes
    """What the algorithm made, encoded as it does."""
    created: int | None = None
    """Unix seconds."""
    issuer: str = ""
    """Fingerprint of the key, or the end of it, hex."""
    signer: str = ""
    """User id that the signer gives, as written."""


class PgpKey(msgspec.Struct, frozen=True, kw_only=True):
    """One public key or subkey of version 4."""

    fingerprint: str
    created: int
    """Unix seconds."""
    algorithm: int
    material: bytes
    user_ids: tuple[str, ...] = ()
    """Of the key block that it stands in."""

    @property
    def body(self) -> bytes:
        """The body of its packet."""
        return b"\x04" + self.created.to_bytes(4, "big") + bytes([self.algorithm]) + self.material


def unarmoured(raw: bytes) -> bytes:
    """Return the bytes of the first armoured block; what has none is taken to be packets itself."""
    begin = _ARMOUR.search(raw)
    if begin is None:
        return raw
    at = begin.end()
    while (header := _HEADER.match(raw, at)) is not None:
        at = header.end()
    end = raw.find(b"-----END PGP", at)
    lines = [line.strip() for line in raw[at : end if end >= 0 else len(raw)].splitlines()]
    return base64(b"".join([line for line in lines if not line.startswith(b"=")]))


def blocks(raw: bytes) -> Iterator[bytes]:
    """Yield the bytes of each armoured block; what has none is taken to be packets itself."""
    begins = [found.start() for found in _ARMOUR.finditer(raw)]
    if not begins:
        yield raw
    for begin, end in pairwise([*begins, len(raw)]):
        yield unarmoured(raw[begin:end])


def packets(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and body of each packet.

    Raises:
        Malformed: a packet without a header, or that ends before it should.
    """
    at = 0
    while at < len(raw):
        if not raw[at] & 0x80:
            raise Malformed("bytes that begin no packet")
        tag, at, size = _header(raw, at)
        if at + size > len(raw):
            raise Malformed("a packet that breaks off")
        yield tag, raw[at : at + size]
        at += size


def _header(raw: bytes, at: int) -> tuple[int, int, int]:
    """Return a packet's tag, where its body begins, and how long that is."""
    first, rest = raw[at], raw[at + 1 : at + 6]
    if first & 0x40:
        used, size = _size(rest)
        return first & 0x3F, at + 1 + used, size
    width = (1, 2, 4, 0)[first & 3]
    if len(rest) < width:
        raise Malformed("a packet that breaks off")
    size = int.from_bytes(rest[:width], "big") if width else len(raw) - at - 1
    return first >> 2 & 0x0F, at + 1 + width, size


def _size(rest: bytes) -> tuple[int, int]:
    """Return how many bytes a length of the later form takes, and what it says (RFC 9580 4.2.1, 5.2.3.7)."""
    if rest and rest[0] < 192:
        return 1, rest[0]
    if len(rest) > 1 and 192 <= rest[0] < 224:
        return 2, (rest[0] - 192 << 8) + rest[1] + 192
    if len(rest) > 4 and rest[0] == 255:
        return 5, int.from_bytes(rest[1:5], "big")
    raise Malformed("a length that is not read")


def signature(raw: bytes) -> PgpSignature:
    """Read the first signature packet.

    Raises:
        Malformed: there is none, or it cannot be read.
    """
    for tag, body in packets(raw):
        if tag == SIGNATURE:
            try:
                return _version_3(body) if body[0] == 3 else _version_4(body)
            except IndexError as error:
                raise Malformed("a signature that breaks off") from error
    raise Malformed("no signature packet")


def _version_3(body: bytes) -> PgpSignature:
    return PgpSignature(
        kind=body[2],
        algorithm=body[15],
        hash_name=HASHES.get(body[16], ""),
        trailer=body[2:7],
        left=body[17:19],
        value=body[19:],
        created=int.from_bytes(body[3:7], "big"),
        issuer=body[7:15].hex(),
    )


def _version_4(body: bytes) -> PgpSignature:
    if body[0] != 4:
        raise Malformed(f"a signature of version {body[0]}, which is not read")
    hashed_end = 6 + int.from_bytes(body[4:6], "big")
    end = hashed_end + 2 + int.from_bytes(body[hashed_end : hashed_end + 2], "big")
    if len(body) < end + 2:
        raise Malformed("a signature that breaks off")
    said = dict([*_subpackets(body[hashed_end + 2 : end]), *_subpackets(body[6:hashed_end])])
    fingerprint = said[_FINGERPRINT][1:] if _FINGERPRINT in said else said.get(_ISSUER, b"")
    return PgpSignature(
        kind=body[1],
        algorithm=body[2],
        hash_name=HASHES.get(body[3], ""),
        trailer=body[:hashed_end] + b"\x04\xff" + hashed_end.to_bytes(4, "big"),
        left=body[end : end + 2],
        value=body[end + 2 :],
        created=int.from_bytes(said[_CREATED], "big") if len(said.get(_CREATED, b"")) == 4 else None,
        issuer=fingerprint.hex(),
        signer=said.get(_SIGNER, b"").decode("utf-8", "replace"),
    )


def _subpackets(area: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(area):
        used, size = _size(area[at : at + 5])
        at += used
        if not size or at + size > len(area):
            raise Malformed("a part of a signature that breaks off")
        yield area[at] & 0x7F, area[at + 1 : at + size]
        at += size


def key_of(body: bytes, user_ids: tuple[str, ...] = ()) -> PgpKey:
    """Read the body of a public key packet of version 4, of fewer than 65,536 bytes."""
    made = hashlib.sha1(b"\x99" + len(body).to_bytes(2, "big") + body, usedforsecurity=False)
    return PgpKey(
        fingerprint=made.hexdigest(),
        created=int.from_bytes(body[1:5], "big"),
        algorithm=body[5],
        material=body[6:],
        user_ids=user_ids,
    )


def keys(raw: bytes) -> tuple[PgpKey, ...]:
    """Return the keys and subkeys of version 4 in key blocks, as far as they can be read, each with its block's ids."""
    blocks: list[tuple[list[bytes], list[str]]] = [([], [])]
    try:
        for tag, body in packets(raw):
            if tag == PUBLIC_KEY:
                blocks.append(([], []))
            bodies, names = blocks[-1]
            if tag in (PUBLIC_KEY, PUBLIC_SUBKEY) and 6 < len(body) < _LONGEST_KEY and body[0] == 4:
                bodies.append(body)
            elif tag == USER_ID:
                names.append(body[:1000].decode("utf-8", "replace"))
    except Malformed:
        pass  # what stands before is whole
    return tuple([key_of(body, tuple(names)) for bodies, names in blocks for body in bodies])
