"""Brotli and LZ4 as 7-Zip ZS writes them: frames behind skippable ones that say how long they are.

Source: the sources of 7-Zip ZS (zstdmt); the LZ4 frame format for skippable frames.
"""

from collections.abc import Callable, Iterable, Iterator

from forensics.parsers.archive._7z_streams import Faults, drain
from forensics.replay.careful_streams import FAULTS
from forensics.replay.feed import Feed
from forensics.replay.streams import Engine


class _Brotli:
    def __init__(self) -> None:
        from brotli import Decompressor

        self._engine = Decompressor()
        self.unused_data = b""
        self.needs_input = True
        self.eof = False

    def decompress(self, data: bytes, max_length: int) -> bytes:
        out: bytes = self._engine.process(data, output_buffer_limit=max_length)
        self.eof = self._engine.is_finished()
        self.needs_input = not self.eof and self._engine.can_accept_more_data()
        return out


_SKIPPABLE = b"\x50\x2a\x4d\x18"
"""A frame that a reader skips; 7-Zip ZS puts one, with the packed size, before each frame of Brotli and LZ4."""


def _frames(chunks: Iterable[bytes], fresh: Callable[[], Engine], faults: Faults) -> Iterator[bytes]:
    """Decode streams that stand in skippable frames, or a single one that does not."""
    source = Feed(chunks)
    head = source.peek(4)
    if head != _SKIPPABLE:
        yield from drain(source.rest(), fresh(), faults)
        return
    while source.take(4) == _SKIPPABLE:
        body = source.take(int.from_bytes(source.take(4), "little") & 0xFF)
        size = int.from_bytes(body[:4], "little")
        if len(body) < 4 or not size:
            return
        yield from drain(source.blocks(size), fresh(), faults)


def brotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decode Brotli."""
    from brotli import error

    return _frames(chunks, _Brotli, (error, *FAULTS))


def lz4(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decode LZ4."""
    from lz4.frame import LZ4FrameDecompressor

    return _frames(chunks, LZ4FrameDecompressor, FAULTS)
