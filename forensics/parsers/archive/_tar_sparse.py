"""Sparse members of tar archives: where their pieces belong, and the decoder that puts them there.

Source: GNU tar manual, "Storing Sparse Files" (old GNU, PAX 0.0, 0.1 and 1.0); star(5).
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.intake.windows import blocks
from forensics.model.decoding import Encoded
from forensics.parsers.archive import _tar_fields as fields
from forensics.parsers.archive._tar_extensions import Extensions, whole_number

NAME = "tar-sparse/1"
MOST_PIECES = 20_000
"""More do not go into the name of a decoder, which every step below repeats."""
_ZEROS = bytes(1 << 20)
_PIECE = re.compile(r"(\d{1,20})\+(\d{1,20})")
_LINES_BYTES = 1 << 20


class Map(NamedTuple):
    """How a sparse member is laid out."""

    size: int
    """Of the file with its holes."""
    pieces: tuple[tuple[int, int], ...]
    """Where each piece begins in the file, and its bytes."""

    @property
    def stored(self) -> int:
        """Bytes of all pieces."""
        return sum([length for _, length in self.pieces])

    @property
    def ordered(self) -> bool:
        """Whether no piece reaches into another or beyond the end."""
        at = 0
        for start, length in self.pieces:
            if start < at:
                return False
            at = start + length
        return at <= self.size

    @property
    def decoder(self) -> str:
        """The decoder of a step: the size, and for each piece the hole before it and its bytes."""
        at, told = 0, [str(self.size)]
        for start, length in self.pieces:
            if length:
                told.append(f"{start - at}+{length}")
                at = start + length
        return f"{NAME}:{'/'.join(told)}"


def from_pairs(values: list[int | None], size: int | None) -> Map | None:
    """Return a map of offsets and lengths by turns; ``None`` where one is missing."""
    plain = [value for value in values if value is not None and value >= 0]
    if size is None or size < 0 or len(plain) != len(values) or len(plain) % 2:
        return None
    return Map(size, tuple(zip(plain[::2], plain[1::2], strict=True)))


def of_block(block: bytes, first: int, count: int) -> list[int | None]:
    """Return the numbers of up to *count* pieces that stand in a block; the first blank one ends them."""
    found: list[int | None] = []
    for at in range(first, first + 24 * count, 24):
        if not block[at : at + 24].strip(b" \0"):
            break
        found += [fields.number(block[at : at + 12]), fields.number(block[at + 12 : at + 24])]
    return found


def of_records(extensions: Extensions) -> Map | None:
    """Return the map that stands in records of pax (0.0 and 0.1); ``None`` where there is none, or no whole one."""
    size = extensions.get(b"GNU.sparse.size") or extensions.get(b"GNU.sparse.realsize")
    real = whole_number(size.value) if size else None
    if (listed := extensions.get(b"GNU.sparse.map")) is not None:
        return from_pairs([whole_number(one) for one in listed.value.split(b",")], real)
    if extensions.pieces:
        return from_pairs([whole_number(placed.value) for _, placed in extensions.pieces], real)
    return Map(real, ()) if real is not None and extensions.get(b"GNU.sparse.size") else None


def of_lines(data: bytes, real: int | None) -> tuple[Map | None, int]:
    """Return the map that stands before the data (1.0), and the bytes that it takes: lines of decimal numbers.

    Args:
        data: the first bytes of the member.
        real: size of the file, as a record states it.
    """
    head, *rest = data[:_LINES_BYTES].split(b"\n", 1)
    count = whole_number(head) if rest else None
    if count is None or not 0 <= count <= MOST_PIECES:
        return None, 0
    lines = rest[0].split(b"\n", 2 * count)
    if len(lines) <= 2 * count:
        return None, 0
    used = len(head) + 1 + sum([len(line) + 1 for line in lines[: 2 * count]])
    return from_pairs([whole_number(line) for line in lines[: 2 * count]], real), -(-used // 512) * 512


def expand(chunks: Iterable[bytes], parameter: str) -> Iterator[bytes]:
    """Yield the file with its holes, as far as the pieces reach.

    Args:
        chunks: the pieces, one after the other.
        parameter: of the decoder, as `Map.decoder` writes it.
    """
    size, *pieces = parameter.split("/")
    source, held, at = iter(chunks), b"", 0
    for piece in pieces:
        found = _PIECE.fullmatch(piece)
        if found is None:
            return
        yield from _hole(int(found[1]))
        left = int(found[2])
        at += int(found[1]) + left
        while left:
            held = held or next(source, b"")
            if not held:
                return
            yield held[:left]
            left, held = max(0, left - len(held)), held[left:]
    if size.isdecimal():
        yield from _hole(int(size) - at)


def _hole(size: int) -> Iterator[bytes]:
    while size > 0:
        yield _ZEROS[:size]
        size -= len(_ZEROS)


def decode(encoded: Encoded) -> Iterator[bytes]:
    """Put the pieces of a sparse member into a file of its size; the parameter is the map."""
    return expand(blocks(encoded.source, encoded.start, encoded.end), encoded.parameter)
