"""Compressed Rich Text, as Outlook keeps bodies ([MS-OXRTFCP]).

A header of 16 bytes, then tokens: literals, and references into the last 4096 bytes, which begin as a text of the
format's own. The decoder reads tokens up to their own end mark; of the stated sizes it takes only where tokens end.

Source: [MS-OXRTFCP] 2.1 and 3.1.
"""

from typing import NamedTuple

HEADER_BYTES = 16
COMPRESSED = b"LZFu"
PLAIN = b"MELA"

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
    b"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_UNSAID = _WINDOW - len(_DICTIONARY)
"""Bytes of the window that the format leaves unsaid: readers have blanks there."""


class Tokens(NamedTuple):
    """What tokens decode to."""

    data: bytes
    ended: bool
    """Whether their end mark was met."""
    consumed: int
    """Bytes of them up to it."""
    limited: bool = False
    """Whether they were left at the limit."""


def decode_tokens(body: bytes, limit: int | None = None) -> Tokens:
    """Decode tokens up to their end mark, their end, or *limit* bytes; never to more than 9 times their size."""
    out = bytearray(b" " * _UNSAID + _DICTIONARY)
    stop = _WINDOW + (9 * len(body) if limit is None else limit)
    at, ended = _take(body, out, stop)
    limited = len(out) > stop
    return Tokens(bytes(out[_WINDOW:stop]), ended and not limited, at, limited)


def _take(body: bytes, out: bytearray, stop: int) -> tuple[int, bool]:
    """Decode behind the window until *out* is longer than *stop*; return where, and whether at the end mark."""
    at, size, made = 0, len(body), len(out)
    while at < size and made <= stop:
        runs, rest = _RUNS[body[at]]
        at += 1
        for run in runs:
            if run:
                out += body[at : at + run]
                at += run
                made += run
            if at + 2 > size:
                return min(at, size), False
            code = body[at] << 8 | body[at + 1]
            at += 2
            distance = made - _UNSAID - (code >> 4) & _WINDOW - 1
            if not distance:
                return at, True
            length = (code & 15) + 2
            piece = out[made - distance : made - distance + length]
            if distance < length:  # it runs into what it writes
                piece = (piece * (length // distance + 1))[:length]
            out += piece
            made += length
        if rest:
            out += body[at : at + rest]
            at += rest
            made += rest
    return min(at, size), False


def _runs(control: int) -> tuple[tuple[int, ...], int]:
    """Return how many literals stand before each reference of eight tokens, and how many behind the last."""
    runs, count = [], 0
    for bit in range(8):
        if control >> bit & 1:
            runs.append(count)
            count = 0
        else:
            count += 1
    return tuple(runs), count


_RUNS = tuple([_runs(control) for control in range(256)])
"""By control byte; one step for each run of literals, since Rich Text is long and this is Python."""


def stated_end(data: bytes) -> int:
    """Return where the header says that the tokens end, the end of *data* where it cannot be so."""
    stated = 4 + int.from_bytes(data[:4], "little")
    return stated if HEADER_BYTES <= stated <= len(data) else len(data)


def read_body(data: bytes, limit: int | None = None) -> Tokens:
    """Decode what follows the header; where tokens run on beyond the stated end, up to their own."""
    if data[8:12] == PLAIN:
        end = stated_end(data)
        if limit is not None and end - HEADER_BYTES > limit:
            return Tokens(data[HEADER_BYTES : HEADER_BYTES + limit], False, limit, True)
        return Tokens(data[HEADER_BYTES:end], True, max(0, end - HEADER_BYTES))
    if data[8:12] != COMPRESSED:
        return Tokens(b"", False, 0)
    end = stated_end(data)
    found = decode_tokens(data[HEADER_BYTES:end], limit)
    if not found.ended and not found.limited and end < len(data):
        return decode_tokens(data[HEADER_BYTES:], limit)
    return found


def decode(data: bytes) -> bytes:
    """Decode a whole value with its header; of a damaged one what came before the damage."""
    return read_body(data).data
