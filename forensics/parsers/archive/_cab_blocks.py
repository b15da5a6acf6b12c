"""The data blocks of a folder of a cabinet, put together to what they decode to.

Source: [MS-CAB] 2.4; [MS-MCI] 2 (MSZIP: deflate streams of 32 kB each, every one with its predecessors as history).
"""

import zlib
from collections.abc import Iterable, Iterator
from functools import partial

from forensics.intake.windows import blocks
from forensics.model.decoding import Encoded, RangeDecoder

HEADER = 8
"""Checksum, stored bytes, decoded bytes."""
MOST_DECODED = 32_768
_HISTORY = 32_768
_MSZIP = b"CK"
STORED, MSZIP = 0, 1
NAMES = {STORED: "cab-stored/1", MSZIP: "cab-mszip/1"}
"""Decoder by method of compression."""


class Blocks:
    """Decodes the blocks of one folder.

    It is total: at a block that is damaged, or of another size than it states, what it gives is the last.

    Args:
        method: of compression.
        reserve: bytes of each block that are its packer's own.

    Attributes:
        damaged: whether it ended at such a block.
        cut: whether the stored bytes end inside a block.
        consumed: stored bytes of the blocks that were decoded.
        whole: bytes that these decoded to.
    """

    def __init__(self, method: int, reserve: int) -> None:
        self._method = method
        self._reserve = reserve
        self.damaged = self.cut = False
        self.consumed = self.whole = 0

    def decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the decoded bytes of each block."""
        held, history = bytearray(), b""
        head = HEADER + self._reserve
        for chunk in chunks:
            held += chunk
            at = 0
            while len(held) - at >= head:
                stored, size = (int.from_bytes(held[at + place : at + place + 2], "little") for place in (4, 6))
                if len(held) - at < head + stored:
                    break
                data = bytes(held[at + head : at + head + stored])
                out = data if self._method == STORED else _inflated(data, size, history)
                at += head + stored
                if out:
                    yield out[:size]
                if len(out) != size or not size:
                    self.damaged = True
                    return
                self.consumed += head + stored
                self.whole += size
                history = (history + out)[-_HISTORY:] if len(out) < _HISTORY else out[-_HISTORY:]
            del held[:at]
        self.cut = bool(held)


def _inflated(data: bytes, size: int, history: bytes) -> bytes:
    """Return what a block of MSZIP decodes to, at most a byte more than it states; what comes before damage."""
    if not data.startswith(_MSZIP):
        return b""
    engine = zlib.decompressobj(-15, zdict=history)
    try:
        return engine.decompress(data[2:], size + 1)
    except zlib.error:
        pass
    engine, out = zlib.decompressobj(-15, zdict=history), bytearray()
    for place in range(2, len(data)):
        try:
            out += engine.decompress(data[place : place + 1], size + 1)
        except zlib.error:
            break
    return bytes(out[:size])


def _decode(method: int, encoded: Encoded) -> Iterator[bytes]:
    reserve = int(encoded.parameter) if encoded.parameter.isdecimal() and len(encoded.parameter) < 4 else 0
    return Blocks(method, reserve).decode(blocks(encoded.source, encoded.start, encoded.end))


DECODERS = tuple([RangeDecoder(name=name, decode=partial(_decode, method)) for method, name in NAMES.items()])


def decoder_of(method: int, reserve: int) -> str:
    """Return the decoder of a folder as a step names it; empty: its method is not read."""
    name = NAMES.get(method, "")
    return f"{name}:{reserve}" if name and reserve else name


def checksum(data: bytes, seed: int = 0) -> int:
    """Return the checksum of a block's bytes: all words of four bytes, and what is left the other way round."""
    whole = len(data) & ~3
    words, rest = data[:whole], data[whole:]
    while len(words) > 4:
        half = -(-len(words) // 8) * 4
        left, right = int.from_bytes(words[:half], "little"), int.from_bytes(words[half:], "little")
        words = (left ^ right).to_bytes(half, "little")
    return seed ^ int.from_bytes(words, "little") ^ int.from_bytes(rest, "big")
