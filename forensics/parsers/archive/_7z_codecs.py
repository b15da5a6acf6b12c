"""Decoders of single 7z methods: streams in, bounded blocks out; of damaged input they give what comes before it.

Filters of programs (BCJ and its like) are those of liblzma, fed as an LZMA2 stream that is stored, not packed: so they
know where it ends, and give its last bytes too.

Source: Methods.txt of the 7-Zip sources.
"""

import bz2
import lzma
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from forensics.parsers.archive import _7z_chain as methods
from forensics.parsers.archive._7z_chain import Node
from forensics.parsers.archive._7z_frames import brotli, lz4
from forensics.parsers.archive._7z_streams import drain
from forensics.replay import zstandard
from forensics.replay.careful_streams import FAULTS
from forensics.replay.decoders import inflate
from forensics.replay.streams import rechunked

DICTIONARY_BYTES = 256 << 20
"""A method that needs more memory stays unread."""
_DEFLATE64_INPUT = 256
"""This decoder has no limit on its output, which can be 30,000 times its input."""
_STORED = 1 << 16

Stream = Callable[[Iterable[bytes], Node], Iterator[bytes]]


def _copy(chunks: Iterable[bytes], node: Node) -> Iterator[bytes]:
    return iter(chunks)


def _lzma(chunks: Iterable[bytes], node: Node) -> Iterator[bytes]:
    found = _lzma_filter(node)
    return iter(()) if found is None else _raw(chunks, [found])


def _raw(chunks: Iterable[bytes], filters: list[dict[str, int]]) -> Iterator[bytes]:
    try:
        engine = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
    except (lzma.LZMAError, ValueError, MemoryError):
        return iter(())
    return drain(chunks, engine, (lzma.LZMAError, *FAULTS))


def _lzma_filter(node: Node) -> dict[str, int] | None:
    """Return liblzma's own words for LZMA and LZMA2, with no larger dictionary than the output can use."""
    size = dictionary(node)
    if size is None:
        return None
    size = max(4096, min(size, node.size))
    if node.method == methods.LZMA2:
        return {"id": lzma.FILTER_LZMA2, "dict_size": size}
    rest, lc = divmod(node.properties[0], 9)
    pb, lp = divmod(rest, 5)
    return {"id": lzma.FILTER_LZMA1, "dict_size": size, "lc": lc, "lp": lp, "pb": pb}


def dictionary(node: Node) -> int | None:
    """Return the bytes of memory that a method says it needs; ``None``: its properties say nothing that is known."""
    properties = node.properties
    if node.method == methods.LZMA:
        fits = len(properties) >= 5 and properties[0] < 225
        return int.from_bytes(properties[1:5], "little") if fits else None
    if node.method == methods.LZMA2:
        return methods.lzma2_dictionary(properties[0]) if len(properties) == 1 and properties[0] <= 40 else None
    return 0


def _filtered(filter_id: int) -> Stream:
    def stream(chunks: Iterable[bytes], node: Node) -> Iterator[bytes]:
        if filter_id == lzma.FILTER_DELTA:
            first = {"id": filter_id, "dist": node.properties[0] + 1 if node.properties else 1}
        else:
            first = {"id": filter_id}
        return _raw(_as_stored(chunks), [first, {"id": lzma.FILTER_LZMA2, "dict_size": _STORED}])

    return stream


def _as_stored(chunks: Iterable[bytes]) -> Iterator[bytes]:
    first = True
    for block in rechunked(chunks, _STORED):
        yield (b"\1" if first else b"\2") + (len(block) - 1).to_bytes(2, "big") + block
        first = False
    yield b"\0"


def _deflate(chunks: Iterable[bytes], node: Node) -> Iterator[bytes]:
    return inflate(rechunked(chunks))


def _deflate64(chunks: Iterable[bytes], node: Node) -> Iterator[bytes]:
    from inflate64 import Inflater

    engine = Inflater()
    for block in rechunked(chunks, _DEFLATE64_INPUT):
        try:
            out = engine.inflate(block)
        except FAULTS:
            return  # what failed gives nothing more
        if out:
            yield out
        if engine.eof:
            return


def _bzip2(chunks: Iterable[bytes], node: Node) -> Iterator[bytes]:
    return drain(chunks, bz2.BZ2Decompressor(), (OSError, *FAULTS), bz2.BZ2Decompressor)


def _zstd(chunks: Iterable[bytes], node: Node) -> Iterator[bytes]:
    return drain(chunks, zstandard.engine(), (*zstandard.faults(), *FAULTS), zstandard.engine)


class _Filter(NamedTuple):
    method: bytes
    id: int


_FILTERS = (
    _Filter(methods.DELTA, lzma.FILTER_DELTA),
    _Filter(b"\4", lzma.FILTER_X86),
    _Filter(b"\5", lzma.FILTER_POWERPC),
    _Filter(b"\6", lzma.FILTER_IA64),
    _Filter(b"\7", lzma.FILTER_ARM),
    _Filter(b"\x08", lzma.FILTER_ARMTHUMB),
    _Filter(b"\x09", lzma.FILTER_SPARC),
    _Filter(bytes.fromhex("03030103"), lzma.FILTER_X86),
    _Filter(bytes.fromhex("03030205"), lzma.FILTER_POWERPC),
    _Filter(bytes.fromhex("03030401"), lzma.FILTER_IA64),
    _Filter(bytes.fromhex("03030501"), lzma.FILTER_ARM),
    _Filter(bytes.fromhex("03030701"), lzma.FILTER_ARMTHUMB),
    _Filter(bytes.fromhex("03030805"), lzma.FILTER_SPARC),
)

STREAMS: dict[bytes, Stream] = {
    methods.COPY: _copy,
    methods.LZMA: _lzma,
    methods.LZMA2: _lzma,
    methods.DEFLATE: _deflate,
    methods.DEFLATE64: _deflate64,
    methods.BZIP2: _bzip2,
    methods.ZSTD: _zstd,
    methods.BROTLI: lambda chunks, node: brotli(chunks),
    methods.LZ4: lambda chunks, node: lz4(chunks),
    **{each.method: _filtered(each.id) for each in _FILTERS},
}
"""Methods of one input that are read."""
