"""Compressed files: one stream or several, one after the other, decoded to one content as the formats' own programs do.

What follows the last stream is left alone; of a damaged stream what came before the damage is given. The output does
not depend on how the input is cut into blocks.

Source: RFC 1952 (gzip), RFC 1950 (zlib); bzip2 and xz file formats; RFC 8878 (Zstandard); LZ4 frame format 1.6.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Decoder
from forensics.replay.streams import OUTPUT_BYTES, Inflater

KEPT = 10_000
"""Streams whose places are kept."""
MOST = 1_000_000
"""Streams that are decoded."""
_FIRST, _PIECE = 512, 4096
_GIVEN = 1 << 16
"""Bytes that an engine gives at once: those of a call that fails are lost."""
_MEMORY = 256 << 20
_WINDOW_LOG = 28
_NAME_BYTES = 1 << 20
_ZLIB_PIECE = 1 << 14
_LZ4, _LZ4_OLD, _ZSTD = b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18", b"\x28\xb5\x2f\xfd"
_LZ4_OLD_BYTES = 8 << 20
_LZ4_OLD_STORED = _LZ4_OLD_BYTES + _LZ4_OLD_BYTES // 255 + 16

_ALWAYS = (EOFError, MemoryError)

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


class Feed:
    """Stored bytes, taken in pieces that do not depend on the blocks in which they come."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._data = b""
        self._base = self._place = 0

    @property
    def at(self) -> int:
        """Bytes taken so far."""
        return self._base + self._place

    def peek(self, size: int) -> bytes:
        """Return the next bytes, fewer only at the end."""
        while len(self._data) - self._place < size:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            self._data = self._data[self._place :] + chunk
            self._base += self._place
            self._place = 0
        return self._data[self._place : self._place + size]

    def take(self, size: int) -> bytes:
        """Return the next bytes and go on behind them."""
        found = self.peek(size)
        self._place += len(found)
        return found

    def back(self, size: int) -> None:
        """Go back by bytes of what was taken last."""
        self._place -= size

    def pieces(self) -> Iterator[bytes]:
        """Take pieces, small ones first: many a stream is short."""
        size = _FIRST
        while piece := self.take(size):
            yield piece
            size = min(2 * size, 1 << 16)


class Streams:
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
            self._ends(feed, size, crc32)
            self.count += 1
            self.consumed = feed.at
            if len(self.found) < KEPT:
                self.found.append(Stream(start, feed.at, size, crc32, not self.damage))

    def _opens(self, feed: Feed) -> bool:
        """Whether another stream begins here; goes to its beginning."""
        raise NotImplementedError

    def _one(self, feed: Feed) -> Iterator[bytes]:
        """Decode one stream."""
        raise NotImplementedError

    def _ends(self, feed: Feed, size: int, crc32: int) -> None:
        """Read what stands behind a stream."""

    def _run(self, feed: Feed, engine: Any, errors: tuple[type[Exception], ...]) -> Iterator[bytes]:
        """Have an engine of Python's usual form decode one stream."""
        size = _FIRST
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

    def _ends(self, feed: Feed, size: int, crc32: int) -> None:
        if self.damage:
            return
        trailer = feed.take(8)
        if len(trailer) < 8:
            self.damage = CUT_OFF
            return
        stated = (int.from_bytes(trailer[:4], "little"), int.from_bytes(trailer[4:], "little"))
        self.wrong += stated != (crc32, size & 0xFFFFFFFF)


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
        return self._run(feed, bz2.BZ2Decompressor(), (OSError, ValueError, *_ALWAYS))


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
        return self._run(feed, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY), (lzma.LZMAError, *_ALWAYS))


class LzmaAlone(Streams):
    """The one stream of the older format of LZMA."""

    def _opens(self, feed: Feed) -> bool:
        return not self.count and len(feed.peek(13)) == 13

    def _one(self, feed: Feed) -> Iterator[bytes]:
        return self._run(feed, lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_MEMORY), (lzma.LZMAError, *_ALWAYS))


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


class Zstd(Streams):
    """Frames of Zstandard; those that are to be skipped are."""

    def _opens(self, feed: Feed) -> bool:
        return _skip(feed) and feed.peek(4) == _ZSTD

    def _one(self, feed: Feed) -> Iterator[bytes]:
        from backports import zstd

        options = {int(zstd.DecompressionParameter.window_log_max): _WINDOW_LOG}
        return self._run(feed, zstd.ZstdDecompressor(options=options), (zstd.ZstdError, *_ALWAYS))


class Lz4(Streams):
    """Frames of LZ4, those of its first form too; those that are to be skipped are."""

    def _opens(self, feed: Feed) -> bool:
        return _skip(feed) and feed.peek(4) in (_LZ4, _LZ4_OLD)

    def _one(self, feed: Feed) -> Iterator[bytes]:
        import lz4.block
        import lz4.frame

        if feed.peek(4) == _LZ4:
            return self._run(feed, lz4.frame.LZ4FrameDecompressor(), (RuntimeError, ValueError, *_ALWAYS))
        return self._old(feed, lz4.block.decompress, (lz4.block.LZ4BlockError, RuntimeError, ValueError))

    def _old(
        self, feed: Feed, decompress: Callable[..., bytes], errors: tuple[type[Exception], ...]
    ) -> Iterator[bytes]:
        feed.take(4)
        while head := feed.peek(4):
            size = int.from_bytes(head, "little")
            if len(head) == 4 and not 0 < size <= _LZ4_OLD_STORED:
                return  # another frame, or what follows the file
            data = feed.take(4 + size)
            if len(head) < 4 or len(data) < 4 + size:
                self.damage = CUT_OFF
                feed.back(len(data))
                return
            try:
                out = decompress(data[4:], uncompressed_size=_LZ4_OLD_BYTES)
            except errors:
                self.damage = DAMAGED
                feed.back(len(data))
                return
            for at in range(0, len(out), OUTPUT_BYTES):
                yield out[at : at + OUTPUT_BYTES]


def _skip(feed: Feed) -> bool:
    """Go behind frames that are to be skipped; whether they are whole."""
    while (head := feed.peek(8))[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50 and len(head) == 8:
        size = int.from_bytes(head[4:], "little")
        feed.take(8)
        while size > 0 and (found := len(feed.take(min(size, OUTPUT_BYTES)))):
            size -= found
        if size:
            return False
    return True


def decoder(name: str, made: Callable[[], Streams]) -> Decoder:
    """Return the decoder of a format of streams.

    Args:
        name: of the decoder.
        made: makes what decodes one file.
    """
    return Decoder(
        name=name, whole=lambda data: b"".join(made().decode([data])), stream=lambda chunks: made().decode(chunks)
    )


SKIPPED = tuple([bytes((first,)) + b"\x2a\x4d\x18" for first in range(0x50, 0x60)])
"""Beginnings of frames that Zstandard and LZ4 skip."""


def first_frame(source: ByteSource) -> bytes:
    """Return the beginning of the first frame that is not to be skipped; at most a few are."""
    at = 0
    for _ in range(16):
        head = source.read(at, at + 8)
        if not head.startswith(SKIPPED) or len(head) < 8:
            return head[:4]
        at += 8 + int.from_bytes(head[4:], "little")
    return b""
