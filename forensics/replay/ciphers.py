"""Ciphers of zip members. One stands in a step before the decoder of what it hides: ``zipaes+deflate/1:256``.

The cipher's own parameter comes last, behind that of the decoder: ``zipcrypto+zip-lzma/1:500:8a9136aa``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from forensics.model.decoding import Encoded
from forensics.replay import zipaes, zipcrypto

Decode = Callable[[Iterable[bytes]], Iterator[bytes]]
Cipher = Callable[[Encoded, Decode], Iterator[bytes]]
"""Yields what a range decodes to under the password that opens it, nothing where none does."""

ZIPCRYPTO = "zipcrypto"
"""PKWARE's old cipher; the parameter is the CRC-32, in hex, that tells the right password."""
ZIPAES = "zipaes"
"""WinZip's; the parameter is the length of the key in bits, and `zipaes.CUT` where the HMAC is missing."""

_CIPHERS: Mapping[str, Cipher] = {ZIPCRYPTO: zipcrypto.decoded, ZIPAES: zipaes.decoded}


_CLOSED: Mapping[str, Callable[[Encoded, Decode], bool]] = {ZIPCRYPTO: zipcrypto.closed, ZIPAES: zipaes.closed}
"""Whether no password given opens a range."""


class Ciphered(NamedTuple):
    """The name of an encrypted range's decoder, in its parts."""

    cipher: Cipher
    closed: Callable[[Encoded, Decode], bool]
    inner: str
    """Decoder of what the cipher hides, with its parameter."""
    parameter: str
    """Of the cipher."""


def named(cipher: str, inner: str, parameter: str) -> str:
    """Return the name of the decoder of an encrypted range."""
    return f"{cipher}+{inner}:{parameter}"


def parted(name: str) -> Ciphered | None:
    """Return the parts of a decoder's name; ``None`` where it names no cipher."""
    cipher, mark, rest = name.partition("+")
    if not mark or cipher not in _CIPHERS:
        return None
    inner, _, parameter = rest.rpartition(":")
    return Ciphered(_CIPHERS[cipher], _CLOSED[cipher], inner, parameter)
