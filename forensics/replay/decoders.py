"""General decoders by name, and the bytes that one of them makes of a range. A walk needs nothing else.

A name is ``what/version``, with ``:parameter`` after it where the decoder has one. Decoders of one format alone stand
in its ``FORMAT``; `forensics.parsers.decoders` gives the whole table.
"""

import bz2
import codecs
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Decoder, Decoders, Encoded, RangeDecoder
from forensics.replay import base64, older_decoders, quoted_printable
from forensics.replay.uuencode import uudecode
from forensics.replay.yenc import yenc
from forensics.replay.zipcrypto import decrypt_matching

OUTPUT_BYTES = 1 << 20
"""No streaming decoder yields a larger block, however far its input expands."""
_INPUT_BYTES = 1 << 14
"""Streams without a way back are fed in blocks of this size, so that damage cuts the output at the same place for
every reader."""


def copy(data: bytes) -> bytes:
    """Return the range as it is."""
    return data


def deflate(data: bytes) -> bytes:
    """Decode a raw deflate stream (RFC 1951); what was decoded before damage is kept."""
    engine = zlib.decompressobj(-15)
    try:
        return engine.decompress(data) + engine.flush()
    except zlib.error:
        return b"".join(inflate([data]))


class Inflater:
    """A raw deflate stream, block by block; after the last block it knows where and how the stream ended."""

    def __init__(self) -> None:
        self._engine = zlib.decompressobj(-15)
        self.consumed = 0
        """Stored bytes that belong to the stream; exact once it has ended."""
        self.ended = False
        """Whether the stream's own end was met."""
        self.damaged = False

    def decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the decoded bytes up to the stream's end or its first damage."""
        for chunk in chunks:
            data = chunk
            while data:
                before = self._engine.copy()
                try:
                    out = self._engine.decompress(data, OUTPUT_BYTES)
                except zlib.error:
                    self.damaged = True
                    yield from self._last_bytes(before, data)
                    return
                rest = self._engine.unconsumed_tail
                self.ended = self._engine.eof
                self.consumed += len(data) - len(rest) - len(self._engine.unused_data)
                if out:
                    yield out
                if self.ended:
                    return
                data = rest
        try:
            out = self._engine.flush()
        except zlib.error:
            self.damaged = True
            return
        if out:
            yield out

    def _last_bytes(self, engine: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
        """Go byte by byte up to the damage: the engine gives nothing of a call that fails."""
        out = bytearray()
        for place in range(len(data)):
            try:
                out += engine.decompress(data[place : place + 1])
            except zlib.error:
                break
            self.consumed += 1
            if len(out) >= OUTPUT_BYTES:
                yield bytes(out)
                out.clear()
        if out:
            yield bytes(out)


def inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decode a raw deflate stream in bounded blocks."""
    return Inflater().decode(chunks)


def deflate_length(
    chunks: Iterable[bytes], limit: int, ratio: int, spend: Callable[[int], bool] = lambda _: True
) -> tuple[int, int]:
    """Return the stored and the decoded length of the deflate stream that starts here.

    Args:
        chunks: the stored bytes and what follows them.
        limit: decoded bytes from which *ratio* counts.
        ratio: decoded bytes per stored byte beyond which the stream is left.
        spend: takes the length of each decoded block; false: the stream is left.
    """
    inflater, size = Inflater(), 0
    for block in inflater.decode(chunks):
        size += len(block)
        if not spend(len(block)) or (size > limit and size > ratio * inflater.consumed):
            break
    return inflater.consumed, size


def _rechunk(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        held += chunk
        whole = len(held) - len(held) % _INPUT_BYTES
        for start in range(0, whole, _INPUT_BYTES):
            yield held[start : start + _INPUT_BYTES]
        held = held[whole:]
    if held:
        yield held


def _drain(engine: bz2.BZ2Decompressor | lzma.LZMADecompressor, chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in _rechunk(chunks):
        data = chunk
        while True:
            try:
                out = engine.decompress(data, OUTPUT_BYTES)
            except (OSError, lzma.LZMAError, EOFError, MemoryError):
                return
            if out:
                yield out
            if engine.eof:
                return
            if engine.needs_input:
                break
            data = b""


def unzlib(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decode one zlib stream (RFC 1950, PDF's FlateDecode) in bounded blocks."""
    engine = zlib.decompressobj()
    for chunk in _rechunk(chunks):
        data = chunk
        while data:
            try:
                out = engine.decompress(data, OUTPUT_BYTES)
            except zlib.error:
                return
            if out:
                yield out
            if engine.eof:
                return
            data = engine.unconsumed_tail


def bunzip2(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decode one bzip2 stream in bounded blocks."""
    return _drain(bz2.BZ2Decompressor(), chunks)


def unxz(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decode one xz stream in bounded blocks."""
    return _drain(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY), chunks)


_LZMA_MEMORY = 256 << 20


def utf_16le(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give a text of UTF-16LE units as UTF-8, byte order mark and NUL included.

    Half of a surrogate pair is encoded as UTF-8 encodes other characters; half a unit at the end is left out.
    """
    decoder = codecs.getincrementaldecoder("utf-16-le")("surrogatepass")
    odd = b""
    for chunk in chunks:
        data = odd + chunk
        whole = len(data) & ~1
        odd = data[whole:]
        if text := decoder.decode(data[:whole]):
            yield text.encode("utf-8", "surrogatepass")
    if text := decoder.decode(b"", final=True):
        yield text.encode("utf-8", "surrogatepass")


def zip_lzma(chunks: Iterable[bytes], size: int | None = None) -> Iterator[bytes]:
    """Decode the LZMA stream of a zip member (APPNOTE 5.8.8): its own 4 byte lead, then 5 bytes of properties.

    Args:
        chunks: the stored bytes.
        size: decoded size, needed where the stream has no end marker (flag bit 1 of the member is not set).
    """
    source = iter(chunks)
    head = b""
    while len(head) < 9 and (chunk := next(source, b"")):
        head += chunk
    if len(head) < 9 or head[2:4] != b"\x05\0":
        return iter(())

    def alone() -> Iterator[bytes]:
        # The same stream in the older file format, whose header also has the size: all ones for "not known".
        yield head[4:9] + (b"\xff" * 8 if size is None else size.to_bytes(8, "little")) + head[9:]
        yield from source

    return _drain(lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_LZMA_MEMORY), alone())


def _joined(stream: Callable[[Iterable[bytes]], Iterator[bytes]]) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(stream([data]))


DECODERS: Mapping[str, Decoder] = {
    one.name: one
    for one in (
        Decoder(name="copy/1", whole=copy, stream=iter),
        *[Decoder(name=name, whole=whole) for name, whole in older_decoders.DECODERS.items()],
        Decoder(name="base64/2", whole=base64.base64),
        Decoder(name="quoted-printable/2", whole=quoted_printable.quoted_printable),
        Decoder(name="uuencode/2", whole=uudecode),
        Decoder(name="yenc/1", whole=yenc),
        Decoder(name="deflate/1", whole=deflate, stream=inflate),
        Decoder(name="utf-16le/1", whole=_joined(utf_16le), stream=utf_16le),
        *[
            Decoder(name=name, whole=_joined(stream), stream=stream)
            for name, stream in (("zlib/1", unzlib), ("bzip2/1", bunzip2), ("zip-lzma/1", zip_lzma), ("xz/1", unxz))
        ],
    )
}
"""General decoders; `decode_range` knows those that need a password as well."""

_IN_BLOCKS: dict[str, Callable[[ByteSource, int, int], Iterable[bytes]]] = {
    "base64/2": base64.InBlocks,
    "quoted-printable/2": quoted_printable.InBlocks,
}
"""Decoders that have to look ahead in their source, where they do not hold the whole range."""

ZIPCRYPTO = "zipcrypto+"
"""Before a decoder's name: the range is encrypted by PKWARE's old cipher; the parameter is the CRC-32, in hex, that
tells the right password."""


def stream_of(name: str, decoders: Decoders = DECODERS) -> Callable[[Iterable[bytes]], Iterator[bytes]]:
    """Return a streaming decoder by name, its parameter put in.

    Raises:
        KeyError: no streaming decoder of this name.
    """
    plain, _, parameter = name.partition(":")
    if plain == "zip-lzma/1" and parameter:
        return partial(zip_lzma, size=int(parameter))
    decoder = decoders[plain]
    if not isinstance(decoder, Decoder) or decoder.stream is None:
        raise KeyError(name)
    return decoder.stream


def decode_range(
    decoders: Decoders, name: str, source: ByteSource, start: int, end: int, passwords: Sequence[bytes] = ()
) -> Iterator[bytes]:
    """Yield what a decoder makes of a range: what a step's ``sha256`` is the digest of.

    An encrypted range that no password opens gives nothing.

    Args:
        decoders: by name.
        name: a step's ``decoder``.
        source: the layer above.
        start: first byte of the range.
        end: first byte after it.
        passwords: tried in order on encrypted ranges.

    Raises:
        KeyError: no decoder of this name.
    """
    if name.startswith(ZIPCRYPTO):
        plain, _, crc = name.removeprefix(ZIPCRYPTO).rpartition(":")
        data = source.read(start, end)
        yield decrypt_matching(data, passwords, int(crc, 16), stream_of(plain, decoders)) or b""
        return
    plain, _, parameter = name.partition(":")
    decoder = decoders[plain]
    if isinstance(decoder, RangeDecoder):
        yield from decoder.decode(Encoded(source, start, end, parameter, tuple(passwords)))
    elif decoder.stream:
        yield from stream_of(name, decoders)(blocks(source, start, end))
    elif end - start > OUTPUT_BYTES and (in_blocks := _IN_BLOCKS.get(name)) is not None:
        yield from in_blocks(source, start, end)
    elif not parameter:
        yield decoder.whole(source.read(start, end))
    else:
        raise KeyError(name)
