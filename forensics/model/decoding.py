"""The shape of a decoder: how the bytes of a range become the next layer.

General ones stand in ``replay/``, those of one format in its ``FORMAT``; `forensics.parsers.decoders` gathers them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from forensics.model.byte_sources import ByteSource


class Encoded(NamedTuple):
    """A range of a layer, for decoders that look around in it."""

    source: ByteSource
    """The layer; what a decoder may read of it beside the range stands in its own docstring."""
    start: int
    end: int
    parameter: str
    """What follows the colon in the decoder's name as a step has it; empty if nothing does."""
    passwords: tuple[bytes, ...] = ()
    """Tried in order where the range is encrypted."""


class Decoder(msgspec.Struct, frozen=True, kw_only=True):
    """One named decoder.

    It is total: it never raises, it decodes what it can and drops only what its encoding says to ignore; of a damaged
    stream it gives what came before the damage. Parsers notice what was odd.
    """

    name: str
    """``what/version``; the version is raised when the output on any input changes."""
    whole: Callable[[bytes], bytes]
    """Decodes a range that is held in memory."""
    stream: Callable[[Iterable[bytes]], Iterator[bytes]] | None = None
    """Decodes a range block by block to the same output; ``None``: the range has to be held."""


class RangeDecoder(msgspec.Struct, frozen=True, kw_only=True):
    """A decoder that picks from a range what it needs (one item of a store, by its number), or needs a password.

    It is total as others are; a range that no password opens gives nothing.
    """

    name: str
    """As of `Decoder`."""
    decode: Callable[[Encoded], Iterator[bytes]]
    """Yields bounded blocks."""
    closed: Callable[[Encoded], bool] | None = None
    """Whether some of a range is encrypted, and no password given opens it; ``None``: no range is ever encrypted."""
    picks: bool = False
    """Whether what it gives is but a part of the range, scattered in it: one item of a store."""


AnyDecoder = Decoder | RangeDecoder
Decoders = Mapping[str, AnyDecoder]
"""Decoders by name."""
