"""Encrypted headers of RAR: keys from passwords, and the decoder of one header.

Source: UnRAR's sources (crypt3.cpp, crypt5.cpp) and technote.txt of RAR 5, "Encryption header", as descriptions.
"""

import hashlib
import zlib
from collections.abc import Iterator
from functools import lru_cache

from forensics.model.decoding import Encoded

MOST_CYCLES = 24
"""Power of two of the rounds of RAR 5; UnRAR accepts no more either."""
DERIVATIONS = 64
"""Salts of one archive of RAR 3 for which a key is computed; archives are written with one."""
RAR3_CHARACTERS = 28
"""From longer passwords RAR 3 makes keys by a flawed SHA-1: they are not tried on headers."""
_ROUNDS, _STEP = 0x40000, 0x4000
DECODER = "rar-header/1"


def decode(encoded: Encoded) -> Iterator[bytes]:
    """Yield a header, decrypted by the first password that gives one whose checksum is right."""
    version, _, rest = encoded.parameter.partition(".")
    count, _, salt = rest.partition(".")
    if version not in ("4", "5") or (version == "5" and not (count.isdecimal() and len(count) < 3 and _is_hex(salt))):
        return
    data = encoded.source.read(encoded.start, encoded.end)
    for password in encoded.passwords:
        if version == "4":
            found = open_header4(data, password)
        else:
            found = open_header5(data, password, bytes.fromhex(salt), int(count))
        if found is not None:
            yield found
            return


def _is_hex(text: str) -> bool:
    return len(text) == 32 and all(one in "0123456789abcdef" for one in text)


def open_header4(data: bytes, password: bytes) -> bytes | None:
    """Return the header in 8 bytes of salt and an encrypted stream; ``None``: this is not its password."""
    key = key3(password, data[:8])
    if key is None or len(data) < 24:
        return None
    plain = aes(data[8 : len(data) - (len(data) - 8) % 16], *key)
    size = int.from_bytes(plain[5:7], "little")
    if not 7 <= size <= len(plain) or zlib.crc32(plain[2:size]) & 0xFFFF != int.from_bytes(plain[:2], "little"):
        return None
    return plain


def open_header5(data: bytes, password: bytes, salt: bytes, count: int) -> bytes | None:
    """Return the header in 16 bytes of IV and an encrypted stream; ``None``: this is not its password."""
    if len(data) < 32 or count > MOST_CYCLES:
        return None
    whole = len(data) - len(data) % 16
    plain = aes(data[16:whole], key5(password, salt, count), data[:16])
    size, at = vint(plain, 4)
    if (
        size is None
        or at + size > len(plain)
        or zlib.crc32(plain[4 : at + size]) != int.from_bytes(plain[:4], "little")
    ):
        return None
    return plain


def vint(data: bytes, at: int, end: int | None = None) -> tuple[int | None, int]:
    """Return a number of variable length and the place behind it; ``None``: it does not end before *end*."""
    value = shift = 0
    for place in range(at, min(at + 10, len(data) if end is None else end)):
        value |= (data[place] & 0x7F) << shift
        shift += 7
        if data[place] < 0x80:
            return value, place + 1
    return None, at


def aes(data: bytes, key: bytes, iv: bytes) -> bytes:
    """Decrypt by AES in CBC mode."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    return Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor().update(data)


def words(password: bytes) -> str:
    """Return a password as text; one that is not UTF-8 is taken as Latin-1."""
    try:
        return password.decode()
    except UnicodeDecodeError:
        return password.decode("latin-1")


@lru_cache(256)
def key3(password: bytes, salt: bytes) -> tuple[bytes, bytes] | None:
    """Return key and IV of RAR 3; ``None``: the password is longer than can be tried."""
    text = words(password)
    if len(text) > RAR3_CHARACTERS:
        return None
    seed = text.encode("utf-16-le", "surrogatepass") + salt
    width = len(seed) + 3
    digest, iv = hashlib.sha1(usedforsecurity=False), bytearray()
    for start in range(0, _ROUNDS, _STEP):
        rounds = b"".join([seed + count.to_bytes(3, "little") for count in range(start, start + _STEP)])
        digest.update(rounds[:width])
        iv.append(digest.digest()[19])
        digest.update(rounds[width:])
    raw = digest.digest()
    return b"".join([raw[at : at + 4][::-1] for at in range(0, 16, 4)]), bytes(iv)


@lru_cache(256)
def key5(password: bytes, salt: bytes, count: int) -> bytes:
    """Return the key of RAR 5."""
    return hashlib.pbkdf2_hmac("sha256", words(password).encode("utf-8", "surrogatepass"), salt, 1 << count, 32)


def fits5(password: bytes, salt: bytes, count: int, check: bytes) -> bool:
    """Whether a password fits the value that an encryption header keeps for that (8 bytes)."""
    word = words(password).encode("utf-8", "surrogatepass")
    raw = hashlib.pbkdf2_hmac("sha256", word, salt, (1 << count) + 32, 32)
    folded = bytes([raw[at] ^ raw[at + 8] ^ raw[at + 16] ^ raw[at + 24] for at in range(8)])
    return folded == check
