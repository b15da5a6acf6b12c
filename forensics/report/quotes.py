"""Bytes of the evidence as pictures: the deciding ones marked in what stands around them."""

import msgspec

from forensics.knowledge.wording import Wording
from forensics.model.findings import EvidenceBytes
from forensics.model.sentences import says
from forensics.report.visible import visible_bytes

_MORE_BYTES = says("report.quote.cut", one=" … 1 more byte", many=" … {n} more bytes")

RAW_MAX = 1_200
"""Bytes of one quote that a report shows; the finding holds all."""
AROUND_MAX = 160
"""Bytes shown before and after."""


class Piece(msgspec.Struct, frozen=True):
    """Text of a quote."""

    text: str
    marked: bool
    breaks: bool = False
    """The evidence has a line end here."""


def quote(part: EvidenceBytes, say: Wording) -> tuple[Piece, ...]:
    """Return the quoted bytes between what stands before and after them."""
    raw, around = part.raw.b64, part.context.b64
    place = _place(part)
    before, after = (around[:place], around[place + len(raw) :]) if place >= 0 else (b"", b"")
    pieces = [*_pieces(before[-AROUND_MAX:], False), *_pieces(raw[:RAW_MAX], True)]
    if len(raw) > RAW_MAX:
        pieces.append(Piece(say.say(_MORE_BYTES, len(raw) - RAW_MAX), False))
    return (*pieces, *_pieces(after[:AROUND_MAX], False))


def _place(part: EvidenceBytes) -> int:
    """Return where in the context the quoted bytes stand; -1 where it does not hold them as they are."""
    raw, around = part.raw.b64, part.context.b64
    if not raw or len(part.locator.ranges) != 1:
        return -1
    place = part.locator.ranges[0][0] - part.context_start
    return place if place >= 0 and around[place : place + len(raw)] == raw else -1


def _pieces(raw: bytes, marked: bool) -> list[Piece]:
    lines = raw.split(b"\n")
    made = [Piece(visible_bytes(line + b"\n"), marked, True) for line in lines[:-1]]
    return [*made, Piece(visible_bytes(lines[-1]), marked)] if lines[-1] else made
