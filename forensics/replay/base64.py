"""Base64 as mails carry it: with foreign characters, in several padded pieces, torn off inside a group.

Source: RFC 2045 6.8, RFC 4648 4.
"""

import binascii
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.intake.windows import BLOCK, blocks
from forensics.model.byte_sources import ByteSource

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(sorted(set(range(256)) - set(LETTERS)))
_BLANKS = b" \t\r\n\v\f"
_PADDING = re.compile(rb"=[=\s]*+")
_MORE_PADDING = re.compile(rb"[=\s]*+")
_RUNS = 100_000
"""Runs of letters after which looking ahead shows that it goes on."""
_MOST_PADS = 5
"""Padding characters beyond which their number makes no difference."""


class Base64(NamedTuple):
    """What a range of base64 gives."""

    content: bytes
    stop: int
    """First byte after what was read; what follows is no base64."""
    pieces: int = 1
    """Pieces that end with a padding of their own, the last one perhaps without."""
    foreign: int = 0
    """Characters that are none of base64, blanks apart, among what was read."""
    torn: int = 0
    """Characters of a last group that lacks some, and its padding; one alone gives nothing."""


def base64(data: bytes) -> bytes:
    """Decode base64 as `read` does."""
    return read(data).content


def read(data: bytes) -> Base64:
    """Decode base64, and say what was odd about it.

    Foreign characters are ignored, as RFC 2045 asks. After a padding only base64 without any fault is read on: what a
    mailing list wrote below is no base64.
    """
    try:
        return Base64(binascii.a2b_base64(data.translate(None, _BLANKS), strict_mode=True), len(data))
    except binascii.Error:
        pass
    content = bytearray()
    stop = count = foreign = torn = 0
    for start, end, pads, following in _pieces(data):
        text = data[start:end]
        if count:
            whole = _strict(text.translate(None, _BLANKS) + b"=" * pads)
            if whole is None:
                break
            content += whole
        else:
            letters = text.translate(None, _FOREIGN)
            needed = -len(letters) % 4
            foreign = len(text.translate(None, _BLANKS)) - len(letters) + max(0, pads - needed)
            torn = len(letters) % 4 if pads < needed else 0
            content += binascii.a2b_base64(letters[: len(letters) - (needed == 3)] + b"=" * (needed % 3))
        count += 1
        stop = following
    return Base64(bytes(content), stop, count, foreign, torn)


def piece_starts(data: bytes) -> list[tuple[int, int]]:
    """Return for every piece how many bytes were decoded before it, and how many letters stand before it."""
    starts, decoded, letters = [], 0, 0
    for start, end, _, _ in _pieces(data[: read(data).stop]):
        starts.append((decoded, letters))
        count = len(data[start:end].translate(None, _FOREIGN))
        letters += count
        decoded += count * 3 // 4
    return starts


def _pieces(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield of each piece its first byte, the end of its letters, its padding characters, and where the next begins."""
    start = 0
    for found in _PADDING.finditer(data):
        yield start, found.start(), found[0].count(b"="), found.end()
        start = found.end()
    if start == 0 or start < len(data):
        yield start, len(data), 0, len(data)


def _strict(text: bytes) -> bytes | None:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        return None


class InBlocks:
    """A range of base64 that is decoded block by block; the content and all that is odd are those of `read`.

    While it looks ahead it yields empty blocks, so that whoever waits sees that it goes on.

    Args:
        source: what holds it; read a second time where something stands behind a padding.
        start: first byte of the range.
        end: first byte after it.
        block: bytes that are read at once.

    Attributes:
        stop: as of `Base64`, from *start*; this and the others are final once all blocks were taken.
        pieces: likewise.
        foreign: likewise.
        torn: likewise.
    """

    def __init__(self, source: ByteSource, start: int, end: int, block: int = BLOCK) -> None:
        self._range = source, start, end, block
        self._last = 0
        self.stop = self.pieces = self.foreign = self.torn = 0

    def __iter__(self) -> Iterator[bytes]:
        _, start, end, _ = self._range
        out, piece, size = bytearray(), _Piece(), end - start
        for text, pads, following in _runs(blocks(*self._range)):
            if self.pieces:
                if not self._last:
                    yield from self._look_ahead()
                if self.stop >= self._last:
                    break
            out += piece.take(text)
            if pads >= 0:
                out += piece.rest()
                if not self.pieces and not (following == size and piece.is_strict(pads)):
                    self.foreign = piece.foreign + max(0, pads - piece.needed)
                    self.torn = -piece.needed % 4 if pads < piece.needed else 0
                self.pieces, self.stop, piece = self.pieces + 1, following, _Piece()
            if len(out) >= BLOCK:
                yield bytes(out)
                out.clear()
        if out:
            yield bytes(out)

    def _look_ahead(self) -> Iterator[bytes]:
        """Find where the last piece ends that is read: those after the first have to be without any fault."""
        piece, first = _Piece(), True
        for count, (text, pads, following) in enumerate(_runs(blocks(*self._range))):
            if not first:
                piece.take(text)
                if piece.foreign or not (pads < 0 or piece.is_strict(pads)):
                    break
            if pads >= 0:
                self._last, piece, first = following, _Piece(), False
            if not count % _RUNS:
                yield b""


class _Piece:
    """The letters of one piece; the last group is held back until its padding is known."""

    def __init__(self) -> None:
        self._held = b""
        self.foreign = 0

    def take(self, text: bytes) -> bytes:
        """Take what follows and return what is decoded of it."""
        known = text.translate(None, _FOREIGN)
        self.foreign += len(text.translate(None, _BLANKS)) - len(known)
        letters = self._held + known
        whole = max(0, (len(letters) - 4) // 4 * 4)
        self._held = letters[whole:]
        return binascii.a2b_base64(letters[:whole])

    @property
    def needed(self) -> int:
        """Letters that the last group lacks."""
        return -len(self._held) % 4

    def rest(self) -> bytes:
        """Return what the last letters give."""
        letters = self._held[: len(self._held) - (self.needed == 3)]
        return binascii.a2b_base64(letters + b"=" * (self.needed % 3))

    def is_strict(self, pads: int) -> bool:
        """Whether its letters and their padding are without fault."""
        return not self.foreign and _strict(self._held + b"=" * min(pads, _MOST_PADS)) is not None


def _runs(taken: Iterable[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """Yield the text of pieces, with -1 while they go on, and at the end of each its padding and where the next begins.

    The same pieces as `_pieces` yields, whatever the blocks are cut like.
    """
    at = pads = 0
    padding = False
    for block in taken:
        position = 0
        while position < len(block):
            if padding and (found := _MORE_PADDING.match(block, position)) is not None:
                pads, position = pads + found[0].count(b"="), found.end()
                if position == len(block):
                    break
                yield b"", pads, at + position
            sign = block.find(b"=", position)
            stop = sign if sign >= 0 else len(block)
            if stop > position:
                yield block[position:stop], -1, 0
            position, padding, pads = stop, sign >= 0, 0
        at += len(block)
    yield b"", pads, at
