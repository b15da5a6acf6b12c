"""Compressed streams, block by block: each knows afterwards how many stored bytes it took, and how it ended."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

OUTPUT_BYTES = 1 << 20
"""No stream yields a larger block, however far its input expands."""
INPUT_BYTES = 1 << 14
"""Streams without a way back are fed in blocks of this size, so that damage cuts the output at the same place for
every reader."""
_LZMA_MEMORY = 256 << 20


class Stream(Protocol):
    """One compressed stream."""

    @property
    def consumed(self) -> int:
        """Stored bytes that belong to the stream; exact once it has ended."""

    @property
    def ended(self) -> bool:
        """Whether the stream's own end was met."""

    @property
    def damaged(self) -> bool:
        """Whether something in it cannot be decoded."""

    def decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the decoded bytes up to the stream's end or its first damage; called once."""


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


class Inflater:
    """A raw deflate stream."""

    def __init__(self) -> None:
        self._engine = zlib.decompressobj(-15)
        self.consumed = 0
        self.ended = False
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
                self.ended = self._engine.eof
                # A stream that ends when the output was just full leaves what follows it in both.
                rest = self._engine.unused_data if self.ended else self._engine.unconsumed_tail
                self.consumed += len(data) - len(rest)
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


class Drained:
    """A stream of one of the standard library's engines, whose output is taken in bounded blocks.

    Args:
        engine: decodes it.
        lead: bytes that the engine is fed beyond those that are stored.
    """

    def __init__(self, engine: "bz2.BZ2Decompressor | lzma.LZMADecompressor", lead: int = 0) -> None:
        self._engine = engine
        self.consumed = -lead
        self.ended = False
        self.damaged = False

    def decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the decoded bytes up to the stream's end or its first damage."""
        for chunk in rechunked(chunks):
            data = chunk
            while True:
                try:
                    out = self._engine.decompress(data, OUTPUT_BYTES)
                except (OSError, lzma.LZMAError, EOFError, MemoryError):
                    self.damaged = True
                    return
                if out:
                    yield out
                if self._engine.eof:
                    self.ended = True
                    self.consumed += len(chunk) - len(self._engine.unused_data)
                    return
                if self._engine.needs_input:
                    break
                data = b""
            self.consumed += len(chunk)


class ZipLzma:
    """The LZMA stream of a zip member (APPNOTE 5.8.8): its own 4 byte lead, then 5 bytes of properties.

    Args:
        size: decoded size, needed where the stream has no end marker (flag bit 1 of the member is not set).
    """

    def __init__(self, size: int | None = None) -> None:
        # The same stream in the older file format, whose header also has the size: all ones for "not known".
        self._size = b"\xff" * 8 if size is None else size.to_bytes(8, "little")
        # Its header has the 8 bytes of the size more than the member, and lacks the lead.
        self._inner = Drained(lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_LZMA_MEMORY), lead=4)
        self._broken = False

    @property
    def consumed(self) -> int:
        """As of `Stream`."""
        return max(0, self._inner.consumed)

    @property
    def ended(self) -> bool:
        """As of `Stream`."""
        return self._inner.ended

    @property
    def damaged(self) -> bool:
        """As of `Stream`."""
        return self._broken or self._inner.damaged

    def decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the decoded bytes up to the stream's end or its first damage."""
        source = iter(chunks)
        head = b""
        while len(head) < 9 and (chunk := next(source, b"")):
            head += chunk
        if len(head) < 9 or head[2:4] != b"\x05\0":
            self._broken = True
            return

        def alone() -> Iterator[bytes]:
            yield head[4:9] + self._size + head[9:]
            yield from source

        yield from self._inner.decode(alone())


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


def rechunked(chunks: Iterable[bytes], size: int = INPUT_BYTES) -> Iterator[bytes]:
    """Yield the same bytes in blocks of a size, whatever they were cut like."""
    held = b""
    for chunk in chunks:
        held = held + chunk if held else chunk
        whole = len(held) - len(held) % size
        for start in range(0, whole, size):
            yield held[start : start + size]
        held = held[whole:]
    if held:
        yield held


def bzip2() -> Stream:
    """Return one bzip2 stream."""
    return Drained(bz2.BZ2Decompressor())


def xz() -> Stream:
    """Return one xz stream."""
    return Drained(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY))
