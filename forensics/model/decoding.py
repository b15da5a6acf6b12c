"""The shape of a decoder: how the bytes of a range become the next layer.

General ones stand in ``replay/``, those of one format in its ``FORMAT``; `forensics.parsers.decoders` gathers them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec


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


Decoders = Mapping[str, Decoder]
"""Decoders by name."""
