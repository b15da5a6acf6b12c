"""Text in UTF-16 whose units stand big end first, as UTF-8; the other order is a general decoder.

Source: RFC 2781.
"""

from collections.abc import Iterable, Iterator

from forensics.model.decoding import Decoder
from forensics.replay.decoders import DECODERS, utf_16le


def _swapped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the units of each chunk with their bytes the other way round; half a unit at the end is left out."""
    odd = b""
    for chunk in chunks:
        data = odd + chunk
        whole = len(data) & ~1
        odd = data[whole:]
        swapped = bytearray(whole)
        swapped[::2], swapped[1::2] = data[1:whole:2], data[:whole:2]
        yield bytes(swapped)


def _utf_16be(chunks: Iterable[bytes]) -> Iterator[bytes]:
    return utf_16le(_swapped(chunks))


def _whole(data: bytes) -> bytes:
    return b"".join(_utf_16be((data,)))


UTF_16_LE = DECODERS["utf-16le/1"]
UTF_16_BE = Decoder(name="utf-16be/1", whole=_whole, stream=_utf_16be)
