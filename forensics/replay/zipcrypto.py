"""PKWARE's old stream cipher ("ZipCrypto").

Source: PKWARE APPNOTE.TXT 6.3.10, section 6.1.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from forensics.model.decoding import Encoded

HEADER_BYTES = 12


def _table() -> list[int]:
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xEDB88320 if crc & 1 else 0)
        table.append(crc)
    return table


_CRC = _table()

Keys = tuple[int, int, int]


def keys(password: bytes) -> Keys:
    """Return the state of the cipher after a password."""
    return _update((0x12345678, 0x23456789, 0x34567890), password)


def _update(state: Keys, plain: bytes) -> Keys:
    one, two, three = state
    for byte in plain:
        one = one >> 8 ^ _CRC[(one ^ byte) & 0xFF]
        two = ((two + (one & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        three = three >> 8 ^ _CRC[(three ^ two >> 24) & 0xFF]
    return one, two, three


def decrypt(state: Keys, data: bytes) -> tuple[bytes, Keys]:
    """Decrypt bytes; return them and the state after them."""
    one, two, three = state
    table = _CRC
    out = bytearray(len(data))
    for place, byte in enumerate(data):
        mixed = three & 0xFFFF | 2
        plain = byte ^ (mixed * (mixed ^ 1) >> 8 & 0xFF)
        out[place] = plain
        one = one >> 8 ^ table[(one ^ plain) & 0xFF]
        two = ((two + (one & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        three = three >> 8 ^ table[(three ^ two >> 24) & 0xFF]
    return bytes(out), (one, two, three)


def fits(data: bytes, password: bytes, checks: Sequence[int]) -> bool:
    """Whether a password gives one of the expected values of the header's last byte; 1 of 256 wrong ones does too."""
    head, _ = decrypt(keys(password), data[:HEADER_BYTES])
    return len(head) == HEADER_BYTES and head[-1] in checks


def decrypt_matching(
    data: bytes,
    passwords: Sequence[bytes],
    crc32: int,
    decode: Callable[[Iterable[bytes]], Iterator[bytes]],
    limit: int | None = None,
) -> bytes | None:
    """Return the decoded bytes under the first password whose result has the CRC-32, or ``None``.

    Args:
        data: the encrypted bytes with their 12 byte header.
        passwords: tried in order.
        crc32: of the decoded bytes.
        decode: streaming decoder of the plain bytes.
        limit: larger results do not count.
    """
    for password in passwords:
        _, state = decrypt(keys(password), data[:HEADER_BYTES])
        out = _bounded(decode(_plain(state, data)), limit)
        if out is not None and zlib.crc32(out) == crc32:
            return out
    return None


def _plain(state: Keys, data: bytes) -> Iterator[bytes]:
    """Decrypt as far as the decoder asks: a wrong password breaks a deflate stream within its first bytes."""
    size = 1 << 8
    start = HEADER_BYTES
    while start < len(data):
        block, state = decrypt(state, data[start : start + size])
        yield block
        start += size
        size = min(size * 2, 1 << 16)


def _bounded(decoded: Iterator[bytes], limit: int | None) -> bytes | None:
    held, total = [], 0
    for block in decoded:
        total += len(block)
        if limit is not None and total > limit:
            return None
        held.append(block)
    return b"".join(held)


def decoded(encoded: Encoded, decode: Callable[[Iterable[bytes]], Iterator[bytes]]) -> Iterator[bytes]:
    """Yield what the range decodes to under the first password that gives the CRC-32 of its parameter, else nothing."""
    yield _opened(encoded, decode) or b""


def closed(encoded: Encoded, decode: Callable[[Iterable[bytes]], Iterator[bytes]]) -> bool:
    """Whether no password gives the CRC-32 of the range's parameter."""
    return _opened(encoded, decode) is None


def _opened(encoded: Encoded, decode: Callable[[Iterable[bytes]], Iterator[bytes]]) -> bytes | None:
    data = encoded.source.read(encoded.start, encoded.end)
    return decrypt_matching(data, encoded.passwords, int(encoded.parameter, 16), decode)
