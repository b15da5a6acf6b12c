"""Compressed Rich Text of messages: dictionary, runs, CRC.

Source: [MS-OXRTFCP] 2.1 and 3.1.
"""

import struct
import zlib
from typing import NamedTuple

_HEAD = struct.Struct("<IIII")
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = 4096
_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    b"Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What the dictionary holds at first."""
_ALL = 0xFFFFFFFF


class RichText(NamedTuple):
    """What a compressed value decodes to."""

    data: bytes
    fault: str = ""
    """What is broken about it, in words; empty: nothing."""
    odd_size: bool = False
    """Whether the size that it states counts twelve bytes of its header, as some libraries write it."""


def decompress(raw: bytes) -> RichText:
    """Decode a compressed value; of a broken one what came before the damage."""
    if len(raw) < _HEAD.size:
        return RichText(b"", f"{len(raw)} bytes, too few for the header of compressed Rich Text")
    stored, size, kind, crc = _HEAD.unpack_from(raw)
    end = stored + 4
    faults = []
    if end != len(raw):
        faults.append(f"{stored + 4:,} bytes stated, {len(raw):,} there")
        end = min(end, len(raw))
    if kind == _PLAIN:
        data = raw[_HEAD.size : end][:size]
    elif kind == _COMPRESSED:
        body = raw[_HEAD.size : end]
        if _ALL - zlib.crc32(body, _ALL) != crc:
            faults.append("its CRC is not the stated one")
        data, ended = _expand(body)
        if not ended:
            faults.append("it has no end")
    else:
        return RichText(b"", f"compressed Rich Text of the kind {raw[8:12]!r}, which is not known")
    if len(data) != size and len(data) + 12 != size:
        faults.append(f"it decodes to {len(data):,} bytes, {size:,} are stated")
    return RichText(data, "; ".join(faults), len(data) + 12 == size)


def expand(raw: bytes) -> bytes:
    """Decode a compressed value, as a decoder does."""
    return decompress(raw).data


def _expand(body: bytes) -> tuple[bytes, bool]:
    """Return what runs and references give, and whether their end was met."""
    out = bytearray(_START)
    lead = len(out)
    at, size = 0, len(body)
    while at < size:
        control = body[at]
        at += 1
        if not control and at + 8 <= size:
            out += body[at : at + 8]
            at += 8
            continue
        for _ in range(8):
            if control & 1:
                if at + 2 > size:
                    return bytes(out[lead:]), False
                offset, count = body[at] << 4 | body[at + 1] >> 4, (body[at + 1] & 15) + 2
                at += 2
                back = (len(out) - offset) % _WINDOW
                if not back:
                    return bytes(out[lead:]), True
                _repeat(out, back, count)
            elif at < size:
                out.append(body[at])
                at += 1
            else:
                return bytes(out[lead:]), False
            control >>= 1
    return bytes(out[lead:]), False


def _repeat(out: bytearray, back: int, count: int) -> None:
    """Add *count* bytes that stand *back* bytes before the end; the dictionary is blank before its first byte."""
    start = len(out) - back
    if start < 0:
        blank = min(-start, count)
        out += b"\0" * blank
        count, start = count - blank, 0
    while count > 0:
        piece = out[start : start + count]
        out += piece
        start, count = start + len(piece), count - len(piece)
