"""Quoted-printable as mails carry it.

Source: RFC 2045 6.7.
"""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.intake.windows import BLOCK
from forensics.model.byte_sources import ByteSource

_SOFT_BREAK = re.compile(rb"=[ \t]*+(?:\r\n|[\r\n]|\Z)")
_BLANKS = b" \t"
_NO_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|\n)")


class QuotedPrintable(NamedTuple):
    """What a range of quoted-printable gives."""

    content: bytes
    malformed: int = 0
    """Equals signs that begin neither an escape nor a soft line break; they stand for themselves."""


def quoted_printable(data: bytes) -> bytes:
    """Decode quoted-printable as `read` does."""
    return read(data).content


def read(data: bytes) -> QuotedPrintable:
    """Decode quoted-printable: blanks after the sign of a soft break are no text, a malformed escape is."""
    content = binascii.a2b_qp(data)
    if len(data) - len(content) == _expected_loss(data):
        return QuotedPrintable(content)
    # What the fast decoder reads otherwise is written so that it reads it right.
    data, _ = _replaced(_SOFT_BREAK, data, b"=\n")
    data, malformed = _replaced(_NO_ESCAPE, data, b"=3D")
    return QuotedPrintable(binascii.a2b_qp(data), malformed)


def _expected_loss(data: bytes) -> int:
    """Return by how many bytes decoding shortens data without any fault; -1 where they have one for certain."""
    signs = data.count(b"=")
    if b"\r" not in data:
        return 2 * signs
    long_breaks = data.count(b"=\r\n")
    return 2 * signs + long_breaks if data.count(b"=\r") == long_breaks else -1


def _replaced(pattern: re.Pattern[bytes], data: bytes, by: bytes) -> tuple[bytes, int]:
    """Replace every match, without a list of all pieces in memory; also return how many there are."""
    out, position, count = bytearray(), 0, 0
    for count, found in enumerate(pattern.finditer(data), 1):  # noqa: B007  the count is returned
        out += data[position : found.start()]
        out += by
        position = found.end()
    out += data[position:]
    return bytes(out), count


class InBlocks:
    """A range of quoted-printable that is decoded block by block, to what `read` makes of it.

    Args:
        source: what holds it.
        start: first byte of the range.
        end: first byte after it.
        block: bytes that are read at once.

    Attributes:
        malformed: as of `QuotedPrintable`; final once all blocks were taken.
    """

    def __init__(self, source: ByteSource, start: int, end: int, block: int = BLOCK) -> None:
        self._source = source
        self._start = start
        self._end = end
        self._block = block
        self.malformed = 0

    def __iter__(self) -> Iterator[bytes]:
        held, at = b"", self._start
        while at < self._end:
            held += self._source.read(at, min(at + self._block, self._end))
            at = min(at + self._block, self._end)
            cut = _last_sign(held) if at < self._end else len(held)
            if cut == 0 and len(held) > self._block and not held[1:].strip(_BLANKS):
                held, at = self._blanks(held, at)
                continue
            yield self._decoded(held[:cut]) if cut == len(held) else self._before_sign(held[:cut])
            held = held[cut:]
        yield self._decoded(held)

    def _decoded(self, data: bytes) -> bytes:
        found = read(data)
        self.malformed += found.malformed
        return found.content

    def _before_sign(self, data: bytes) -> bytes:
        """Decode what an equals sign follows: those at its end, with blanks behind them or none, break no line."""
        head = data.rstrip(b"=" + _BLANKS)
        signs = data[len(head) :]
        self.malformed += signs.count(b"=")
        return self._decoded(head) + signs

    def _blanks(self, held: bytes, at: int) -> tuple[bytes, int]:
        """Settle a sign with more blanks behind it than are held: return what goes on from there, and where."""
        follows = at
        while follows < self._end:
            block = self._source.read(follows, min(follows + self._block, self._end))
            follows += len(block) - len(block.lstrip(_BLANKS))
            if block.strip(_BLANKS):
                break
        breaks = follows == self._end or self._source.read(follows, follows + 1) in (b"\r", b"\n")
        self.malformed += not breaks
        return (b"=", follows) if breaks else (b"=3D" + held[1:], at)


def _last_sign(held: bytes) -> int:
    """Return where what follows decides on the last equals sign; the end of *held* where nothing has to follow."""
    sign = held.rfind(b"=")
    behind = held[sign + 1 : sign + 3] if sign >= 0 else b"00"
    if len(behind) < 2 or (behind[:1] in (b" ", b"\t", b"\r") and held[sign + 1 :].lstrip(_BLANKS) in (b"", b"\r")):
        return sign
    return len(held)
