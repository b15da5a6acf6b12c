"""General decoders by name, and the bytes that one of them makes of a range. A walk needs nothing else.

A name is ``what/version``, with ``:parameter`` after it where the decoder has one. Decoders of one format alone stand
in its ``FORMAT``; `forensics.parsers.decoders` gives the whole table.
"""

import codecs
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Decoder, Decoders, Encoded, RangeDecoder
from forensics.replay import (
    base64,
    ciphers,
    older_decoders,
    quoted_printable,
    rtf_compressed,
    rtf_encapsulated,
    streams,
)
from forensics.replay.careful_streams import Inflater64, ZipPpmd, Zstandard
from forensics.replay.streams import OUTPUT_BYTES, Inflater, Stream, ZipLzma, rechunked
from forensics.replay.uuencode import uudecode
from forensics.replay.yenc import yenc


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


def inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decode a raw deflate stream in bounded blocks."""
    return Inflater().decode(chunks)


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


def unzlib(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decode one zlib stream (RFC 1950, PDF's FlateDecode) in bounded blocks."""
    engine = zlib.decompressobj()
    for chunk in rechunked(chunks):
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


STREAMS: Mapping[str, Callable[[], Stream]] = {
    "deflate/1": Inflater,
    "bzip2/1": streams.bzip2,
    "zip-lzma/1": ZipLzma,
    "xz/1": streams.xz,
    "deflate64/1": Inflater64,
    "zstd/1": Zstandard,
    "zip-ppmd/1": ZipPpmd,
}
"""Compressed streams that know how they ended, by decoder."""

_SIZED: Mapping[str, Callable[[int], Stream]] = {"zip-lzma/1": ZipLzma, "zip-ppmd/1": ZipPpmd}
"""Those whose parameter is the decoded size, for writers that do not mark the end."""


def opened(name: str) -> Stream:
    """Return a compressed stream that is to be decoded, by the name of its decoder with its parameter.

    Raises:
        KeyError: no such stream.
    """
    plain, _, parameter = name.partition(":")
    if parameter and plain in _SIZED:
        return _SIZED[plain](int(parameter))
    return STREAMS[plain]()


def _decoder(name: str) -> Decoder:
    def stream(chunks: Iterable[bytes]) -> Iterator[bytes]:
        return opened(name).decode(chunks)

    whole = deflate if name == "deflate/1" else lambda data: b"".join(stream([data]))
    return Decoder(name=name, whole=whole, stream=stream)


DECODERS: Mapping[str, Decoder] = {
    one.name: one
    for one in (
        Decoder(name="copy/1", whole=copy, stream=iter),
        *[Decoder(name=name, whole=whole) for name, whole in older_decoders.DECODERS.items()],
        Decoder(name="base64/2", whole=base64.base64),
        Decoder(name="quoted-printable/2", whole=quoted_printable.quoted_printable),
        Decoder(name="uuencode/2", whole=uudecode),
        Decoder(name="yenc/1", whole=yenc),
        Decoder(name="zlib/1", whole=lambda data: b"".join(unzlib([data])), stream=unzlib),
        *map(_decoder, STREAMS),
        Decoder(name="utf-16le/1", whole=lambda data: b"".join(utf_16le([data])), stream=utf_16le),
        Decoder(name="rtf-compressed/1", whole=rtf_compressed.decode),
        Decoder(name="rtf-encapsulated/1", whole=rtf_encapsulated.decode),
    )
}
"""General decoders; before their names may stand a cipher of `forensics.replay.ciphers`."""

_IN_BLOCKS: dict[str, Callable[[ByteSource, int, int], Iterable[bytes]]] = {
    "base64/2": base64.InBlocks,
    "quoted-printable/2": quoted_printable.InBlocks,
}
"""Decoders that have to look ahead in their source, where they do not hold the whole range."""


def stream_of(name: str, decoders: Decoders = DECODERS) -> Callable[[Iterable[bytes]], Iterator[bytes]]:
    """Return a streaming decoder by name, its parameter put in.

    Raises:
        KeyError: no streaming decoder of this name.
    """
    plain, _, parameter = name.partition(":")
    if parameter and plain in _SIZED:
        return opened(name).decode
    decoder = decoders[plain]
    if not isinstance(decoder, Decoder) or decoder.stream is None:
        raise KeyError(name)
    return decoder.stream


def closed(
    decoders: Decoders, name: str, source: ByteSource, start: int, end: int, passwords: Sequence[bytes] = ()
) -> bool:
    """Whether some of a range is encrypted, and no password given opens it: see `decode_range`."""
    if (encrypted := ciphers.parted(name)) is not None:
        range_ = Encoded(source, start, end, encrypted.parameter, tuple(passwords))
        return encrypted.closed(range_, stream_of(encrypted.inner, decoders))
    plain, _, parameter = name.partition(":")
    decoder = decoders.get(plain)
    if not isinstance(decoder, RangeDecoder) or decoder.closed is None:
        return False
    return decoder.closed(Encoded(source, start, end, parameter, tuple(passwords)))


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
        ValueError: its parameter is none.
    """
    if (encrypted := ciphers.parted(name)) is not None:
        range_ = Encoded(source, start, end, encrypted.parameter, tuple(passwords))
        yield from encrypted.cipher(range_, stream_of(encrypted.inner, decoders))
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
