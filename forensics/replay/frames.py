"""Files of frames: Zstandard and LZ4, which share a form of frames that readers skip.

Source: RFC 8878 (Zstandard); LZ4 frame format 1.6.
"""

from collections.abc import Callable, Iterator

from forensics.model.byte_sources import ByteSource
from forensics.replay import zstandard
from forensics.replay.compressed_files import ALWAYS, CUT_OFF, DAMAGED, Streams
from forensics.replay.feed import Feed
from forensics.replay.streams import OUTPUT_BYTES

_LZ4, _LZ4_OLD = b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18"
_LZ4_OLD_BYTES = 8 << 20
_LZ4_OLD_STORED = _LZ4_OLD_BYTES + _LZ4_OLD_BYTES // 255 + 16
SKIPPED = tuple([bytes((first,)) + b"\x2a\x4d\x18" for first in range(0x50, 0x60)])
"""Beginnings of frames that Zstandard and LZ4 skip."""


class Zstd(Streams):
    """Frames of Zstandard; those that are to be skipped are."""

    def _opens(self, feed: Feed) -> bool:
        return _skip(feed) and feed.peek(4) == zstandard.MAGIC

    def _one(self, feed: Feed) -> Iterator[bytes]:
        return self.run(feed, zstandard.engine(), (*zstandard.faults(), *ALWAYS))


class Lz4(Streams):
    """Frames of LZ4, those of its first form too; those that are to be skipped are."""

    def _opens(self, feed: Feed) -> bool:
        return _skip(feed) and feed.peek(4) in (_LZ4, _LZ4_OLD)

    def _one(self, feed: Feed) -> Iterator[bytes]:
        import lz4.block
        import lz4.frame

        if feed.peek(4) == _LZ4:
            return self.run(feed, lz4.frame.LZ4FrameDecompressor(), (RuntimeError, ValueError, *ALWAYS))
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


def first_frame(source: ByteSource) -> bytes:
    """Return the beginning of the first frame that is not to be skipped; at most a few are."""
    at = 0
    for _ in range(16):
        head = source.read(at, at + 8)
        if not head.startswith(SKIPPED) or len(head) < 8:
            return head[:4]
        at += 8 + int.from_bytes(head[4:], "little")
    return b""
