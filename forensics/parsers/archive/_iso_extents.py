"""Files that stand in several pieces of a disc.

Source: ECMA-119 6.5.1 (files of several sections).
"""

import re
from collections.abc import Iterator, Sequence

from forensics.intake.windows import blocks
from forensics.model.decoding import Encoded, RangeDecoder

_PIECE = re.compile(r"(\d{1,15})\+(\d{1,15})")
NAME = "iso-extents/1"


def _pick(encoded: Encoded) -> Iterator[bytes]:
    """Yield the pieces that the parameter names, ``start+length`` each from the beginning of the range."""
    for piece in encoded.parameter.split(","):
        found = _PIECE.fullmatch(piece)
        if found is None:
            return
        start = encoded.start + int(found[1])
        yield from blocks(encoded.source, start, min(start + int(found[2]), encoded.end))


EXTENTS = RangeDecoder(name=NAME, decode=_pick, picks=True)


def decoder_of(pieces: Sequence[tuple[int, int]]) -> str:
    """Return the decoder that puts ranges of a disc together, as a step from the first byte of all names it."""
    first = min([start for start, _ in pieces])
    return f"{NAME}:{','.join([f'{start - first}+{end - start}' for start, end in pieces])}"
