"""Thread-Index: when a thread began and each of its replies (T-80 to T-82, MS-OXOMSG 2.2.1.3).

22 bytes, then five for each reply. Two layouts begin with byte 01: desktop Outlook writes the top 48 bits of a
FILETIME, Exchange from 2007 on a reserved byte and the top 40. Reply blocks add up on the first six bytes whatever the
layout, modulo 2**54 ticks (57 years).
"""

import base64
import binascii

import msgspec

from forensics.parsers.mail.tokens.scheme import EARLIEST, LATEST, filetime

_HEAD, _BLOCK = 22, 5
_MODULUS = 1 << 54


class ThreadIndex(msgspec.Struct, frozen=True):
    """A decoded index; times in 100 ns since 1970."""

    modern: bool
    """The layout of Exchange 2007 and later."""
    guid: str
    """32 hex digits that all mails of the thread share."""
    times: tuple[int, ...]
    """Of the first mail, then of each reply block; the last was written by this mail's own program."""


def thread_index(token: bytes) -> ThreadIndex | None:
    """Decode a Thread-Index; ``None`` where it is no such index or its first time is out of range."""
    try:
        data = base64.b64decode(b"".join(token.split()), validate=True)
    except binascii.Error:
        return None
    if len(data) < _HEAD or (len(data) - _HEAD) % _BLOCK or data[0] != 1:
        return None
    total = int.from_bytes(data[:6], "big") << 16
    modern = data[1] == 1 and EARLIEST <= filetime(int.from_bytes(data[1:6], "big") << 24) <= LATEST
    root = int.from_bytes(data[1:6], "big") << 24 if modern else total
    times = [filetime(root)]
    for start in range(_HEAD, len(data), _BLOCK):
        word = int.from_bytes(data[start : start + 4], "big")
        total += (word & 0x7FFFFFFF) << (23 if word >> 31 else 18)
        times.append(_lifted(total))
    if not EARLIEST <= times[0] <= LATEST:
        return None
    return ThreadIndex(modern, data[6:22].hex(), tuple(times))


def _lifted(value: int) -> int:
    """Bring a sum of blocks into the 57 years from 1990."""
    return EARLIEST + (filetime(value) - EARLIEST) % _MODULUS
