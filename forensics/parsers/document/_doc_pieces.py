"""The pieces of which a Word document consists: where the text of each stands in its stream.

Source: [MS-DOC] 2.8.35 (PlcPcd), 2.9.38 (Clx), 2.9.73 (FcCompressed).
"""

import struct
from typing import NamedTuple

from forensics.parsers._compound_stream import Stream
from forensics.parsers.document._doc_facts import CLX, Fib

_MOST_PIECES = 100_000
_NARROW = 0x40000000


class Piece(NamedTuple):
    """Characters of the document that stand together."""

    start: int
    """First character of the document that stands here."""
    end: int
    at: int
    """Its first byte in the stream."""
    unit: int
    """Bytes of a character."""


def pieces_of(fib: Fib, table: Stream) -> list[Piece]:
    """Return the pieces in the order of the text; none of a document without a table of them, or with a broken one."""
    at, size = fib.place(CLX)
    end = min(at + size, len(table.data))
    while at < end and table.data[at] == 1:
        at += 3 + (table.number(at + 1, 2) or 0)
    if at >= end or table.data[at] != 2:
        return []
    length = min(table.number(at + 1, 4) or 0, end - at - 5)
    count = min((length - 4) // 12, _MOST_PIECES)
    if count <= 0:
        return []
    limits = struct.unpack_from(f"<{count + 1}I", table.data, at + 5)
    places = at + 5 + 4 * ((length - 4) // 12 + 1)
    found = []
    for number in range(count):
        stated = table.number(places + 8 * number + 2, 4)
        if stated is None or limits[number + 1] <= limits[number]:
            continue
        narrow = bool(stated & _NARROW)
        place = stated & (_NARROW - 1)
        found.append(Piece(limits[number], limits[number + 1], place // 2 if narrow else place, 1 if narrow else 2))
    return found
