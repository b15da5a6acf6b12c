"""Streams of blocks: cut anew, read in pieces of any size, drained from an engine of a library.

Source: the interface that bz2, lzma and others of Python's decompressors share.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from forensics.replay.streams import INPUT_BYTES, OUTPUT_BYTES, rechunked


class Engine(Protocol):
    """A decompressor, as Python's own are."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing comes without further input."""

    @property
    def unused_data(self) -> bytes:
        """What follows the end of the stream."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return decoded bytes, at most so many."""


def drain(chunks: Iterable[bytes], engine: Engine, renew: Callable[[], Engine] | None = None) -> Iterator[bytes]:
    """Decode a stream, and with *renew* those behind it, in blocks of `OUTPUT_BYTES`."""
    for chunk in rechunked(chunks):
        data: bytes | None = chunk
        while data is not None:
            out = _decoded(engine, data)
            if out is None:
                return
            if out:
                yield out
            if engine.eof:
                rest = engine.unused_data
                if renew is None:
                    return
                engine = renew()
                data = rest or None
            else:
                # Some engines ask for more only by giving nothing.
                data = b"" if out and not engine.needs_input else None
    # What some still hold back when the input ends.
    while not engine.eof and (out := _decoded(engine, b"")):
        yield out


def _decoded(engine: Engine, data: bytes) -> bytes | None:
    try:
        return engine.decompress(data, OUTPUT_BYTES)
    except Exception:  # noqa: BLE001  each library has its own; what failed gives nothing more
        return None


class Pull:
    """A stream of blocks that is read in pieces of any size."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._held = b""
        self._at = 0

    def peek(self, size: int) -> bytes:
        """Return the next bytes and leave them; fewer at the end."""
        while len(self._held) - self._at < size and (more := next(self._chunks, b"")):
            self._held, self._at = self._held[self._at :] + more, 0
        return self._held[self._at : self._at + size]

    def take(self, size: int) -> bytes:
        """Return the next bytes; fewer at the end."""
        out = self.peek(size)
        self._at += len(out)
        return out

    def some(self) -> bytes:
        """Return what is at hand, or the next block; nothing at the end."""
        out = self._held[self._at :] or next(self._chunks, b"")
        self._held, self._at = b"", 0
        return out

    def blocks(self, size: int) -> Iterator[bytes]:
        """Yield the next bytes in blocks."""
        while size > 0 and (block := self.take(min(size, INPUT_BYTES))):
            size -= len(block)
            yield block

    def rest(self) -> Iterator[bytes]:
        """Yield all that is left."""
        while block := self.some():
            yield block
