"""The texts of a Word document by its table of pieces: body, notes, margins, comments, text boxes.

Of fields the result is shown and the instruction is not. What earlier saves left in the stream is no piece, and is not
shown.

Source: [MS-DOC] 2.4.1 (retrieving text), 2.5.4 (counts), 2.8.35 (PlcPcd), 2.9.38 (Clx), 2.9.73 (FcCompressed).
"""

import re
from collections.abc import Callable, Iterator

from forensics.model.locations import Locator
from forensics.model.texts import TextPart
from forensics.parsers._compound_stream import Stream
from forensics.parsers.document._doc_facts import DOCUMENT, IDENT_95, IDENT_97, Fib, fib_of
from forensics.parsers.document._doc_pieces import Piece, pieces_of
from forensics.parsers.document._xml_texts import MAX_CHARACTERS
from forensics.parsers.mail import charsets

_SECTIONS = (
    (3, "text"),
    (4, "footnotes"),
    (5, "headers"),
    (7, "comments"),
    (8, "endnotes"),
    (9, "boxes"),
    (10, "header_boxes"),
)
"""Which count of characters is that of which part, in the order of the text; the sixth is not used."""
_MOST_RANGES = 200
"""Of a part that its locator names."""
_COMPLEX = 0x0004
_FIELDS = re.compile("([\x13\x14\x15])")
_MARKS = str.maketrans(
    {
        "\r": "\n",
        "\x07": "\t",
        "\x0b": "\n",
        "\x0c": "\n",
        "\x0e": "\n",
        "\x1e": "-",
        **dict.fromkeys(("\x00", "\x01", "\x02", "\x03", "\x04", "\x05", "\x08", "\x1f"), ""),
    }
)
"""Marks for the ends of paragraphs, cells, lines and pages, hyphens, and what stands for pictures and references."""


def texts(streams: Callable[[str], Stream | None]) -> Iterator[TextPart]:
    """Yield the parts of a document that have a text."""
    stream = streams(DOCUMENT)
    if stream is None:
        return
    if stream.number(0, 2) == IDENT_95:
        yield from _older(stream)
    elif stream.number(0, 2) == IDENT_97:
        fib = fib_of(stream)
        table = streams(fib.table)
        if table is not None:
            yield from _sections(fib, stream, pieces_of(fib, table))


def _older(stream: Stream) -> Iterator[TextPart]:
    """Yield the text of a document before Word 97, which stands in one place unless it was saved fast."""
    start, end = stream.number(24, 4) or 0, stream.number(28, 4) or 0
    end = min(end, len(stream.data), start + MAX_CHARACTERS)
    if start < end:
        said = shown(_narrow(stream.data[start:end]))
        whole = not (stream.number(10, 2) or 0) & _COMPLEX
        yield _part(said, Locator(ranges=stream.ranges(start, end)[:_MOST_RANGES], path=f"{stream.path}#text"), whole)


def _sections(fib: Fib, stream: Stream, pieces: list[Piece]) -> Iterator[TextPart]:
    left, start = MAX_CHARACTERS, 0
    for number, name in _SECTIONS:
        count = stream.number(fib.numbers + 4 * number, 4) or 0
        end = start + count
        said, ranges, whole = list[str](), list[tuple[int, int]](), True
        for piece in pieces:
            low, high = max(start, piece.start), min(end, piece.end)
            if low >= high:
                continue
            if high - low > left:
                high, whole = low + left, False
            first, last = piece.at + (low - piece.start) * piece.unit, piece.at + (high - piece.start) * piece.unit
            raw = stream.data[first:last]
            whole &= len(raw) == last - first
            left -= high - low
            said.append(_narrow(raw) if piece.unit == 1 else raw.decode("utf-16-le", "replace"))
            if raw and len(ranges) < _MOST_RANGES:
                ranges += stream.ranges(first, last)
        if text := shown("".join(said)):
            yield _part(text, Locator(ranges=tuple(ranges[:_MOST_RANGES]), path=f"{stream.path}#{name}"), whole)
        start = end


def _narrow(raw: bytes) -> str:
    return charsets.decode(raw, "iso-8859-1") or ""


def shown(text: str) -> str:
    """Return what a reader is shown of a text with Word's marks: results of fields, and no instruction."""
    said, inside = list[str](), list[bool]()
    for place, piece in enumerate(_FIELDS.split(text)):
        if place % 2 == 0:
            if not any(inside):
                said.append(piece)
        elif piece == "\x13":
            inside.append(True)
        elif inside and piece == "\x14":
            inside[-1] = False
        elif inside:
            inside.pop()
    return "".join(said).translate(_MARKS).strip()


def _part(text: str, locator: Locator, whole: bool) -> TextPart:
    return TextPart(text=text, media_type="text/plain", charset="utf-16le", locator=locator, whole=whole)
