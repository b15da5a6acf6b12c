"""Text that earlier saves left in a Word document which was saved fast: it stands in the stream, and no piece shows it.

Source: [MS-DOC] 2.4.1 (retrieving text), 2.5.2 (fComplex, cQuickSaves); kb:OLE-9.
"""

import re

from forensics.parsers._compound_stream import Stream
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._doc_facts import CLX, DOCUMENT, IDENT_97, Fib, Streams, fib_of
from forensics.parsers.document._doc_pieces import pieces_of

MOST_REMNANTS = 20
MOST_CHARACTERS = 1_000
"""Of one remnant."""
STREAM_BYTES = 1 << 24
_LEAST = 30
"""Characters of a remnant: shorter ones are structures that look like words."""
_COMPLEX = 0x0004
_WORDS = rb"(?:[\x20-\x7e\x0d\x09\x91-\x97\xa0-\xff])"
_NARROW = re.compile(_WORDS + rb"{%d,20000}" % _LEAST)
_WIDE = re.compile(rb"(?:[\x20-\x7e\x0d\x09\xa0-\xff]\x00|[\x00-\xff]\x04){%d,20000}" % _LEAST)
_WORD = re.compile(r"[^\W\d_]{1,25}")
_MARKS = ".,;:!?()\"'-"
_LEAST_WORDS, _LEAST_SHARE = 4, 0.6
"""Words of a passage, and their share of what blanks part in it."""


def remnant_facts(streams: Streams, table_bytes: int, gathering: Gathering) -> None:
    """Add ``doc.remnant``: text of a document that was saved fast which no piece of it shows, where it stands."""
    stream = streams(DOCUMENT, STREAM_BYTES)
    if stream is None or stream.number(0, 2) != IDENT_97 or not (stream.number(10, 2) or 0) & _COMPLEX:
        return
    fib = fib_of(stream)
    table = streams(fib.table, table_bytes)
    if table is None or not fib.place(CLX)[1]:
        return
    told = 0
    for start, end in _between(fib, stream, table):
        for first, last, text in _texts(stream.data[start:end]):
            if told == MOST_REMNANTS:
                gathering.note("doc_remnants", f"{stream.path} has more remnants of text; {told} are told")
                return
            told += 1
            first, last = start + first, start + last
            locator = stream.locator("remnant", first, last)
            gathering.add_fact("doc.remnant", text[:MOST_CHARACTERS], locator, stream.data[first:last])


def _between(fib: Fib, stream: Stream, table: Stream) -> list[tuple[int, int]]:
    """Return the bytes from the first piece to the last of which no piece is."""
    spans = sorted([(one.at, one.at + (one.end - one.start) * one.unit) for one in pieces_of(fib, table)])
    found, reached = [], spans[0][0] if spans else 0
    for start, end in spans:
        if start - reached >= _LEAST:
            found.append((reached, min(start, len(stream.data))))
        reached = max(reached, end)
    return found


def _texts(data: bytes) -> list[tuple[int, int, str]]:
    """Return the passages of words in bytes, with their places."""
    found = []
    for pattern, coding in ((_NARROW, "cp1252"), (_WIDE, "utf-16-le")):
        for one in pattern.finditer(data):
            text = one[0].decode(coding, "replace").replace("\r", "\n").strip()
            pieces = text.split()
            words = [piece for piece in pieces if _WORD.fullmatch(piece.strip(_MARKS))]
            if len(words) >= max(_LEAST_WORDS, _LEAST_SHARE * len(pieces)):
                found.append((*one.span(), text))
    return sorted(found)
