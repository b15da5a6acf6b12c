"""Compressed files: one stream or several, one after the other, decoded to one content as the formats' own programs do.

What follows the last stream is left alone; of a damaged stream what came before the damage is given. The output does
not depend on how the input is cut into blocks.

Source: RFC 1952 (gzip), RFC 1950 (zlib); bzip2 and xz file formats.
"""

import bz2
import lzma
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from forensics.model.decoding import Decoder
from forensics.replay.feed import FIRST, Feed
from forensics.replay.streams import OUTPUT_BYTES, Inflater

KEPT = 10_000
"""Streams whose places are kept."""
MOST = 1_000_000
"""Streams that are decoded."""
_PIECE = 4096
_GIVEN = 1 << 16
"""Bytes that an engine gives at once: those of a call that fails are lost."""
_MEMORY = 256 << 20
_NAME_BYTES = 1 << 20
_ZLIB_PIECE = 1 << 14

ALWAYS = (EOFError, MemoryError)
"""Raised by an engine of any library."""

CUT_OFF, DAMAGED = "cut off", "damaged"


class Stream(NamedTuple):
    """One stream of a file."""

    start: int
    end: int
    size: int
    """Decoded."""
    crc32: int
    """Of what it decodes to; 0 where its format has no use for it."""
    whole: bool
    """Whether it has its own end."""


class Streams(ABC):
    """A file of streams while it is decoded.

    Attributes:
        found: the places of the first `KEPT` streams.
        count: of all streams.
        consumed: stored bytes that belong to streams, or to what stands between them.
        wrong: streams whose checksum or size is not as they state.
        damage: `CUT_OFF` or `DAMAGED` where the last stream has no end of its own; empty where it has.
        doubtful: the last of the consumed bytes, as many, in which damage was met behind what they gave.
    """

    sums = False

    def __init__(self) -> None:
        self.found: list[Stream] = []
        self.count = 0
        self.consumed = 0
        self.wrong = 0
        self.damage = ""
        self.doubtful = 0

    def decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the decoded bytes in bounded blocks."""
        feed = Feed(chunks)
        while not self.damage and self.count < MOST and self._opens(feed):
            start, size, crc32 = feed.at, 0, 0
            for block in self._one(feed):
                size += len(block)
                if self.sums:
                    crc32 = zlib.crc32(block, crc32)
                yield block
            self.wrong += not self._agrees(feed, size, crc32)
            self.count += 1
            self.consumed = feed.at
            if len(self.found) < KEPT:
                self.found.append(Stream(start, feed.at, size, crc32, not self.damage))

    @abstractmethod
    def _opens(self, feed: Feed) -> bool:
        """Whether another stream begins here; goes to its beginning."""

    @abstractmethod
    def _one(self, feed: Feed) -> Iterator[bytes]:
        """Decode one stream."""

    def _agrees(self, feed: Feed, size: int, crc32: int) -> bool:
        """Whether what is stated behind a stream is so; goes behind it."""
        return True

    def run(self, feed: Feed, engine: Any, errors: tuple[type[Exception], ...]) -> Iterator[bytes]:
        """Have an engine of Python's usual form decode one stream."""
        size = FIRST
        while True:
            piece = data = feed.take(size)
            size = min(2 * size, _PIECE)
            if not piece:
                self.damage = CUT_OFF
                return
            given = False
            while True:
                try:
                    out = engine.decompress(data, _GIVEN)
                except errors:
                    self.damage = DAMAGED
                    if given:
                        self.doubtful = len(piece)
                    else:
                        feed.back(len(piece))
                    return
                if out:
                    given = True
                    yield out
                if engine.eof:
                    feed.back(len(engine.unused_data or b""))
                    return
                if engine.needs_input or not (out or data):
                    break
                data = b""


class Gzip(Streams):
    """Members of gzip."""

    sums = True

    def _opens(self, feed: Feed) -> bool:
        return feed.peek(3) == b"\x1f\x8b\x08"

    def _one(self, feed: Feed) -> Iterator[bytes]:
        if not self._header(feed):
            self.damage = CUT_OFF
            return
        begin, inflater = feed.at, Inflater()
        yield from inflater.decode(feed.pieces())
        feed.back(feed.at - begin - inflater.consumed)
        if not inflater.ended:
            self.damage = DAMAGED if inflater.damaged else CUT_OFF

    def _header(self, feed: Feed) -> bool:
        """Go behind a header; whether it is whole."""
        head = feed.take(10)
        if len(head) < 10:
            return False
        if head[3] & 4:
            size = feed.take(2)
            if len(size) < 2 or len(feed.take(int.from_bytes(size, "little"))) < int.from_bytes(size, "little"):
                return False
        for bit in (8, 16):
            if head[3] & bit and not _pass_text(feed):
                return False
        return not head[3] & 2 or len(feed.take(2)) == 2

    def _agrees(self, feed: Feed, size: int, crc32: int) -> bool:
        if self.damage:
            return True
        trailer = feed.take(8)
        if len(trailer) < 8:
            self.damage = CUT_OFF
            return True
        return trailer == crc32.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")


def _pass_text(feed: Feed) -> bool:
    """Go behind a text that ends in NUL."""
    length = 64
    while length <= _NAME_BYTES:
        found = feed.peek(length).find(b"\0")
        if found >= 0:
            feed.take(found + 1)
            return True
        if len(feed.peek(length)) < length:
            return False
        length *= 4
    return False


class Bzip2(Streams):
    """Streams of bzip2."""

    def _opens(self, feed: Feed) -> bool:
        return feed.peek(3) == b"BZh" and feed.peek(10)[4:] in (
            b"\x31\x41\x59\x26\x53\x59",
            b"\x17\x72\x45\x38\x50\x90",
        )

    def _one(self, feed: Feed) -> Iterator[bytes]:
        return self.run(feed, bz2.BZ2Decompressor(), (OSError, ValueError, *ALWAYS))


class Xz(Streams):
    """Streams of xz, with zeros between them."""

    def _opens(self, feed: Feed) -> bool:
        zeros = 0
        while self.count and feed.peek(4) == b"\0\0\0\0":
            feed.take(4)
            zeros += 4
            if zeros > _NAME_BYTES:
                return False
        return feed.peek(6) == b"\xfd7zXZ\0"

    def _one(self, feed: Feed) -> Iterator[bytes]:
        return self.run(feed, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY), (lzma.LZMAError, *ALWAYS))


class LzmaAlone(Streams):
    """The one stream of the older format of LZMA."""

    def _opens(self, feed: Feed) -> bool:
        return not self.count and len(feed.peek(13)) == 13

    def _one(self, feed: Feed) -> Iterator[bytes]:
        return self.run(feed, lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_MEMORY), (lzma.LZMAError, *ALWAYS))


class Zlib(Streams):
    """The one stream of a zlib file; gives what the decoder of PDF's streams gives."""

    def _opens(self, feed: Feed) -> bool:
        return not self.count and len(feed.peek(2)) == 2

    def _one(self, feed: Feed) -> Iterator[bytes]:
        engine = zlib.decompressobj()
        while piece := feed.take(_ZLIB_PIECE):
            data = piece
            while data:
                try:
                    out = engine.decompress(data, OUTPUT_BYTES)
                except zlib.error:
                    self.damage = DAMAGED
                    feed.back(len(data))
                    return
                if out:
                    yield out
                if engine.eof:
                    feed.back(len(engine.unused_data))
                    return
                data = engine.unconsumed_tail
        self.damage = CUT_OFF


def decoder(name: str, made: Callable[[], Streams]) -> Decoder:
    """Return the decoder of a format of streams.

    Args:
        name: of the decoder.
        made: makes what decodes one file.
    """
    return Decoder(
        name=name, whole=lambda data: b"".join(made().decode([data])), stream=lambda chunks: made().decode(chunks)
    )
