"""AES-256 of 7z: the key from a password, and the decrypted stream.

Source: 7zAes.cpp of the 7-Zip sources: SHA-256 over salt, password in UTF-16 and a counter, 2 to some power times.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from forensics.replay.streams import rechunked

MOST_CYCLES = 24
"""Power of two of the rounds; 7-Zip opens no archive with more either, and writes 19."""
_PLAIN_KEY = 0x3F
_COUNTER = 8


class Cipher(NamedTuple):
    """The parameters of an encrypted stream."""

    power: int
    salt: bytes
    iv: bytes


def cipher_of(properties: bytes) -> Cipher | None:
    """Read the properties of the coder; ``None`` where they are none."""
    if not properties:
        return None
    first = properties[0]
    if not first & 0xC0:
        return Cipher(first & 0x3F, b"", bytes(16))
    if len(properties) < 2:
        return None
    second = properties[1]
    salt_size, iv_size = (first >> 7 & 1) + (second >> 4), (first >> 6 & 1) + (second & 15)
    if len(properties) < 2 + salt_size + iv_size:
        return None
    salt = properties[2 : 2 + salt_size]
    return Cipher(first & 0x3F, salt, properties[2 + salt_size : 2 + salt_size + iv_size].ljust(16, b"\0"))


def readable(cipher: Cipher) -> bool:
    """Whether its rounds are not beyond the limit."""
    return cipher.power <= MOST_CYCLES or cipher.power == _PLAIN_KEY


@lru_cache(64)
def key_of(password: bytes, salt: bytes, power: int) -> bytes:
    """Return the key; a password that is not UTF-8 is taken as Latin-1."""
    try:
        word = password.decode().encode("utf-16-le", "surrogatepass")
    except UnicodeDecodeError:
        word = password.decode("latin-1").encode("utf-16-le")
    if power == _PLAIN_KEY:
        return (salt + word)[:32].ljust(32, b"\0")
    lead = salt + word
    width = len(lead) + _COUNTER
    block = 1 << min(power, 12)
    rounds = bytearray(b"".join([lead + count.to_bytes(_COUNTER, "little") for count in range(block)]))
    digest = hashlib.sha256()
    for high in range(1 << power - block.bit_length() + 1):
        # The upper bytes of the counter are the same in a whole block.
        upper = (high * block).to_bytes(_COUNTER, "little")
        for place in range(1, _COUNTER):
            if place == 1 or upper[place]:
                own = [count >> 8 & 0xFF for count in range(block)] if place == 1 else [0] * block
                rounds[len(lead) + place :: width] = bytes([value | upper[place] for value in own])
        digest.update(rounds)
    return digest.digest()


def decrypted(chunks: Iterable[bytes], cipher: Cipher, password: bytes) -> Iterator[bytes]:
    """Yield the decrypted stream; what fills no block of the cipher at its end is left out."""
    from cryptography.hazmat.primitives.ciphers import Cipher as Ciphers
    from cryptography.hazmat.primitives.ciphers import algorithms, modes

    engine = Ciphers(algorithms.AES(key_of(password, cipher.salt, cipher.power)), modes.CBC(cipher.iv)).decryptor()
    for block in rechunked(chunks):
        yield engine.update(block[: len(block) - len(block) % 16])
