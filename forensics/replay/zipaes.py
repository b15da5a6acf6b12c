"""WinZip's AES encryption of zip members, AE-1 and AE-2.

A range is salt, two bytes that tell most wrong passwords, the encrypted data, and ten bytes of an HMAC of these.

Source: WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2".
"""

import hashlib
import hmac
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded

BITS = {1: 128, 2: 192, 3: 256}
"""Strength, as the extra field has it, to the length of the key."""
CUT = "cut"
"""After the length of the key in a step's parameter: the HMAC is missing, as in an archive that was cut off."""
_ROUNDS = 1000
_CHECK_BYTES = 2
MAC_BYTES = 10
_BLOCK_BYTES = 16
_SOME = 1 << 16
"""Bytes that are decrypted at once."""


class Unlocked(NamedTuple):
    """A range that a password opens."""

    source: ByteSource
    start: int
    """First byte of the encrypted data."""
    end: int
    key: bytes
    genuine: bool | None
    """Whether the HMAC is right; ``None``: it is not there."""


def lead(bits: int) -> int:
    """Return how many bytes stand before the encrypted data."""
    return bits // 16 + _CHECK_BYTES


def overhead(bits: int) -> int:
    """Return how many bytes a member has beside its encrypted data."""
    return lead(bits) + MAC_BYTES


def unlock(encoded: Encoded) -> Unlocked | None:
    """Return the range under the first password whose HMAC is right, else the first that the check lets pass.

    One of 65,536 wrong passwords passes the check; where none has the HMAC, the data are damaged or were changed.
    """
    bits, cut = int(encoded.parameter.removesuffix(CUT)), encoded.parameter.endswith(CUT)
    source, salt_bytes = encoded.source, bits // 16
    start, end = encoded.start + lead(bits), encoded.end - (0 if cut else MAC_BYTES)
    if end < start:
        return None
    head = source.read(encoded.start, start)
    fitting: list[tuple[bytes, bytes]] = []
    for password in encoded.passwords:
        made = hashlib.pbkdf2_hmac("sha1", password, head[:salt_bytes], _ROUNDS, bits // 4 + _CHECK_BYTES)
        if made[-_CHECK_BYTES:] == head[salt_bytes:]:
            fitting.append((made[: bits // 8], made[bits // 8 : bits // 4]))
    if not fitting:
        return None
    if cut:
        return Unlocked(source, start, end, fitting[0][0], None)
    stated = source.read(end, encoded.end)
    for key, secret in fitting:
        running = hmac.new(secret, digestmod="sha1")
        for block in blocks(source, start, end):
            running.update(block)
        if hmac.compare_digest(running.digest()[:MAC_BYTES], stated):
            return Unlocked(source, start, end, key, True)
    return Unlocked(source, start, end, fitting[0][0], False)


def plain(unlocked: Unlocked) -> Iterator[bytes]:
    """Yield the decrypted bytes: AES in counter mode, the counter little-endian and from 1."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    encryptor = Cipher(algorithms.AES(unlocked.key), modes.ECB()).encryptor()
    count = 1
    for block in blocks(unlocked.source, unlocked.start, unlocked.end, _SOME):
        following = count + -(-len(block) // _BLOCK_BYTES)
        counters = [0] * (2 * (following - count))
        counters[::2] = range(count, following)
        stream = encryptor.update(struct.pack(f"<{len(counters)}Q", *counters))[: len(block)]
        yield (int.from_bytes(block, "little") ^ int.from_bytes(stream, "little")).to_bytes(len(block), "little")
        count = following


def decoded(encoded: Encoded, decode: Callable[[Iterable[bytes]], Iterator[bytes]]) -> Iterator[bytes]:
    """Yield what the range decodes to under the password that `unlock` finds; nothing where it finds none."""
    unlocked = unlock(encoded)
    if unlocked is not None:
        yield from decode(plain(unlocked))


def closed(encoded: Encoded, decode: Callable[[Iterable[bytes]], Iterator[bytes]]) -> bool:
    """Whether no password opens the range: where an HMAC stands there, passing the check alone is not opening it."""
    unlocked = unlock(encoded)
    return unlocked is None or unlocked.genuine is False
