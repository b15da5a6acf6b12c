"""Streams of libraries that lose what a failing call decoded, and do not all tell where a stream ended.

The libraries are loaded when a stream is first decoded.

Source: APPNOTE.TXT 6.3.10, 5.10 (PPMd); RFC 8878 (Zstandard); deflate64 as Info-ZIP's and 7-Zip's sources have it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from forensics.replay import zstandard
from forensics.replay.streams import OUTPUT_BYTES, rechunked

_PIECE = 32
"""Stored bytes that an engine is fed at once: 18 bits of deflate64 can stand for 65,538 bytes."""
_ZSTD_PIECE = 1 << 10
"""The same of Zstandard, whose output is bounded."""
_FRAMES = (zstandard.MAGIC, *[bytes((0x50 + number, 0x2A, 0x4D, 0x18)) for number in range(16)])
"""Beginnings of Zstandard frames, the skippable ones too."""
_PPMD_BLOCK = 1 << 16
"""Decoded bytes that are asked for at once; a failing call loses at most these."""
_SETTLING = 64
"""Blocks of zeros after which a decoder has come to rest; one is enough."""
_PPMD_LEAD = 8
"""Bytes of properties and of the coder's start, which the library wants in one piece."""


class _Engine(Protocol):
    """One decoder of a library."""

    ended: bool

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what some more bytes decode to, in bounded blocks; raise one of `FAULTS` on damage."""


FAULTS = (ValueError, RuntimeError, EOFError, MemoryError, SystemError)
"""What libraries raise on damage, where they have no exception of their own; PPMd's fails without any."""


class _Deflate64:
    def __init__(self) -> None:
        from inflate64 import Inflater

        self._inflater = Inflater()
        self.ended = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        out = self._inflater.inflate(data)
        self.ended = self._inflater.eof
        if out:
            yield out


class _ZstdFrame:
    def __init__(self) -> None:
        self._engine = zstandard.engine()
        self._faults = zstandard.faults()
        self.ended = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            try:
                out = self._engine.decompress(data, OUTPUT_BYTES)
            except self._faults as error:
                raise ValueError(str(error)) from error
            self.ended = self._engine.eof
            if out:
                yield out
            if self.ended or self._engine.needs_input:
                return
            data = b""


class _Careful:
    """One stream, decoded by two engines of which one lags: near the end or damage it goes byte by byte.

    Args:
        make: gives an engine.
        strict: whether an engine finds the same damage however it is fed; else what it makes of the last bytes before
            damage may be invented, and is left out.
    """

    def __init__(self, make: Callable[[], _Engine], *, strict: bool) -> None:
        self._make = make
        self._strict = strict
        self.consumed = 0
        self.ended = False
        self.damaged = False
        self.rest = b""
        """What was taken and stands behind the end."""

    def decode(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        lead, behind = self._make(), self._make()
        for piece in pieces:
            given = 0
            try:
                for out in lead.feed(piece):
                    given += len(out)
                    yield out
            except FAULTS:
                self.damaged = True
            if self.damaged or lead.ended:
                before = self.consumed
                if lead.ended or self._strict:
                    yield from self._last_bytes(behind, piece, given)
                self.rest = piece[self.consumed - before :]
                return
            for _ in behind.feed(piece):
                pass
            self.consumed += len(piece)

    def _last_bytes(self, engine: _Engine, piece: bytes, given: int) -> Iterator[bytes]:
        for place in range(len(piece)):
            try:
                for out in engine.feed(piece[place : place + 1]):
                    fresh = out[given:]
                    given -= min(given, len(out))
                    if fresh:
                        yield fresh
            except FAULTS:
                return
            self.consumed += 1
            if engine.ended:
                self.ended, self.damaged = True, False
                return


class Inflater64:
    """A raw deflate64 stream."""

    def __init__(self) -> None:
        self._one = _Careful(_Deflate64, strict=False)

    @property
    def consumed(self) -> int:
        """As of `Stream`."""
        return self._one.consumed

    @property
    def ended(self) -> bool:
        """As of `Stream`."""
        return self._one.ended

    @property
    def damaged(self) -> bool:
        """As of `Stream`."""
        return self._one.damaged

    def decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the decoded bytes up to the stream's end or its first damage."""
        return self._one.decode(rechunked(chunks, _PIECE))


class Zstandard:
    """Zstandard frames, one after the other; one without an end or with damage is the last."""

    def __init__(self) -> None:
        self.consumed = 0
        self.ended = False
        self.damaged = False

    def decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the decoded bytes of all frames up to the first damage, or to what is no frame."""
        source = _Rest(rechunked(chunks, _ZSTD_PIECE))
        going = True
        while going:
            frame = _Careful(_ZstdFrame, strict=True)
            yield from frame.decode(source)
            self.consumed += frame.consumed
            self.ended, self.damaged = frame.ended, frame.damaged
            source.give_back(frame.rest)
            going = frame.ended and source.head(4) in _FRAMES


class _Rest:
    """Blocks of which some may be given back."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._held = b""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            block, self._held = self._held, b""
            block = block or next(self._chunks, b"")
            if not block:
                return
            yield block

    def give_back(self, data: bytes) -> None:
        self._held = data + self._held

    def head(self, size: int) -> bytes:
        while len(self._held) < size and (more := next(self._chunks, b"")):
            self._held += more
        return self._held[:size]


class ZipPpmd:
    """The PPMd stream of a zip member: variant I, revision 1, with 2 bytes of properties before it.

    Args:
        size: decoded size; a writer need not mark the end.
    """

    def __init__(self, size: int | None = None) -> None:
        self._left = size
        self.consumed = 0
        self.ended = False
        self.damaged = False

    def decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the decoded bytes up to the stream's end or its first damage."""
        from pyppmd import Ppmd8Decoder

        source = rechunked(chunks)
        data = next(source, b"")
        properties = int.from_bytes(data[:2], "little")
        order, memory, restore = (properties & 15) + 1, (properties >> 4 & 255) + 1, properties >> 12
        if len(data) < _PPMD_LEAD or order < 2 or restore > 1:
            self.damaged = True
            return
        try:
            engine = Ppmd8Decoder(order, memory << 20, restore)
        except FAULTS:
            self.damaged = True
            return
        self.consumed, data = 2, data[2:]
        try:
            while data and not self.ended:
                self.consumed += len(data)
                yield from self._drained(engine, data)
                data = b"" if self.damaged else next(source, b"")
        finally:
            if not self.damaged:
                _settle(engine)

    def _drained(self, engine: "_Ppmd", data: bytes) -> Iterator[bytes]:
        while self._left is None or self._left > 0:
            most = _PPMD_BLOCK if self._left is None else min(_PPMD_BLOCK, self._left)
            try:
                out = engine.decode(data, most)
            except FAULTS:
                self.damaged = True
                return
            if self._left is not None:
                self._left -= len(out)
            if out:
                yield out
            if engine.eof:
                self.consumed -= len(engine.unused_data)
                break
            if engine.needs_input or not out:
                return
            data = b""
        self.ended = True


class _Ppmd(Protocol):
    """The library's decoder."""

    eof: bool
    needs_input: bool
    unused_data: bytes

    def decode(self, data: bytes, most: int) -> bytes:
        """Return what more bytes decode to."""


def _settle(engine: _Ppmd) -> None:
    """Bring a decoder to rest that waits for more: freed while it waits, it takes the process with it."""
    for _ in range(_SETTLING):
        if engine.eof or not engine.needs_input:
            return
        try:
            engine.decode(bytes(_PPMD_BLOCK), 1)
        except FAULTS:
            return
