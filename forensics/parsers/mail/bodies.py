"""A text part's words, and where they stand in the message, whatever encoding carries them."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from operator import itemgetter

from selectolax.lexbor import LexborHTMLParser

from forensics.model.facts import Located
from forensics.model.locations import Locator
from forensics.model.mail import MimePart
from forensics.parsers.mail import charsets
from forensics.parsers.mail.markup import sheets
from forensics.replay import decoders
from forensics.replay.base64 import piece_starts
from forensics.replay.quoted_printable import quoted_printable

MAX_BYTES = 4_000_000
"""Of a larger part only the first so many bytes are read, and the message says so."""

_LINK = re.compile("://")
_LINE = re.compile(rb"(?!\Z)[^\r\n]*+(?:\r\n|[\r\n]|\Z)")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_UNITS = {
    "base64/2": re.compile(rb"([A-Za-z0-9+/])"),
    "quoted-printable/2": re.compile(rb"=[ \t]*(?:\r\n|[\r\n]|\Z)|(=[0-9A-Fa-f]{2}|.)", re.DOTALL),
}
"""What a decoder reads at once; a match with a group gives a byte, or a digit of base64."""

BEGINNING = 80
"""Bytes of a part that stand for a text which is not found as it is written."""


class Body:
    """One text leaf; `place` leads back to the message's bytes."""

    def __init__(self, part: MimePart, data: bytes, decoded: bytes | None = None) -> None:
        """Take a leaf of the message *data*, and what it decodes to where that is known."""
        self.part, self.start, self._decoder = part, part.body_start, part.decoder
        self.raw = data[part.body_start : min(part.end, part.body_start + MAX_BYTES)]
        self._known = None if self.cut else decoded
        self._charset = part.charset_found or part.charset or "utf-8"
        self._ends: list[int] = []
        """Where each line ends whose units were counted."""
        self._sums: list[int] = []
        """How many units stand before that."""

    @property
    def cut(self) -> bool:
        """Whether only its first bytes are read."""
        return self.part.end - self.start > MAX_BYTES

    @cached_property
    def text(self) -> str:
        """What it says, decoded."""
        text = charsets.decode(self._content, self._charset)
        return text if text is not None else charsets.decode_raw(self._content)

    @cached_property
    def links(self) -> Sequence[int]:
        """Where each ``://`` stands in what it says."""
        return array("I", [found.start() for found in _LINK.finditer(self.text)])

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """A page's text in pieces, each to be read as a tree of its own."""
        return tuple(sheets(self.text))

    @cached_property
    def _content(self) -> bytes:
        return self._decoded(len(self.raw)) if self._known is None else self._known

    def _decoded(self, size: int) -> bytes:
        raw = self.raw[:size]
        return raw if self._decoder == "copy/1" else decoders.DECODERS[self._decoder].whole(raw)

    def place(self, text: str) -> tuple[bytes, int] | None:
        """Return the message's bytes of a piece of text, and where they begin; None unless it stands there once.

        A word is looked for as a word: ``art`` does not stand in ``part``.
        """
        wanted = self._encoded(text)
        places = re.finditer(rb"(?<!\w)" + re.escape(wanted) + rb"(?!\w)", self._content) if wanted else iter(())
        found = list(islice(places, 2))
        return self._written(found[0].start(), found[0].end()) if len(found) == 1 else None

    def first(self, text: str) -> tuple[bytes, int] | None:
        """Return the bytes of the first place where a text stands; None where it does not stand there as it is."""
        wanted = self._encoded(text)
        at = self._content.find(wanted) if wanted else -1
        return self._written(at, at + len(wanted)) if at >= 0 else None

    def range_of(self, start: int, end: int) -> tuple[bytes, int] | None:
        """Return the bytes of a range of `text` and where they begin; None where its charset gives others."""
        wanted = self._encoded(self.text[start:end])
        plain = len(self.text) == len(self._content)
        first = start if plain else len(self._encoded(self.text[:start]))
        last = first + len(wanted)
        return self._written(first, last) if wanted and self._content[first:last] == wanted else None

    def located(self, value: str, place: tuple[bytes, int] | None) -> Located:
        """Return a value of the part at one of its places, or without bytes."""
        raw, start = place or (b"", 0)
        ranges = ((start, start + len(raw)),) if place is not None else ()
        return Located(value, raw, Locator(ranges=ranges, path=f"part:{self.part.number or '1'}"))

    def _encoded(self, text: str) -> bytes:
        """Return the bytes of a text as they would stand in the part."""
        return charsets.encode(text, self._charset) or text.encode("utf-8", "replace")

    @property
    def beginning(self) -> tuple[bytes, int]:
        """The part's first bytes, for what has no place of its own."""
        return self.raw[:BEGINNING], self.start

    def _written(self, start: int, end: int) -> tuple[bytes, int]:
        """Return the bytes of a range of the decoded text, and where they begin."""
        if self._decoder == "copy/1":
            first, last = start, end
        elif self._decoder == "base64/2":
            first, last = self._unit(self._digit(start) + 1)[0], self._unit(self._digit(end - 1) + 2)[1]
        elif self._decoder == "quoted-printable/2":
            first, last = self._unit(start + 1)[0], self._unit(end)[1]
        else:
            first, last = self._bisected(start + 1) - 1, self._bisected(end)
        return self.raw[first:last], self.start + first

    def _digit(self, byte: int) -> int:
        """Return how many digits of base64 stand before the one in which a byte of the content begins."""
        place = bisect_right(self._pieces, byte, key=itemgetter(0)) - 1
        decoded, digits = self._pieces[place]
        return digits + 4 * (byte - decoded) // 3

    @cached_property
    def _pieces(self) -> list[tuple[int, int]]:
        return piece_starts(self.raw)

    def _unit(self, number: int) -> tuple[int, int]:
        """Return where a unit stands, counted from 1; the end of the part where there are fewer."""
        self._count_to(number)
        ends, sums = self._ends, self._sums
        line = bisect_left(sums, number)
        if line < len(sums):
            begin, rest = (ends[line - 1], number - sums[line - 1]) if line else (0, number)
            for found in _UNITS[self._decoder].finditer(self.raw, begin, ends[line]):
                rest -= found.lastindex is not None
                if not rest:
                    return found.span()
        return len(self.raw), len(self.raw)

    def _count_to(self, number: int) -> None:
        """Count the units of further lines, bytes or digits of base64, until there are so many: most stand on top."""
        at, total = (self._ends[-1], self._sums[-1]) if self._ends else (0, 0)
        while total < number and (found := _LINE.match(self.raw, at)) is not None:
            line, at = found[0], found.end()
            if self._decoder == "base64/2":
                total += len(line) - len(line.translate(None, _BASE64))
            elif b"=" not in line:
                total += len(line)
            else:
                total += len(quoted_printable(line))
            self._ends.append(at)
            self._sums.append(total)

    def _bisected(self, decoded: int) -> int:
        low, high = 0, len(self.raw)
        while low < high:
            middle = (low + high) // 2
            if len(self._decoded(middle)) >= decoded:
                high = middle
            else:
                low = middle + 1
        return low


class Bodies:
    """The texts of one message, each decoded once, and only if it is read.

    Attributes:
        root: the message's MIME tree.
        shown: the leaves that a reader is shown as text, in order.
        pages: attached pages; those that are shown at once, named or not, are texts.
    """

    def __init__(self, root: MimePart, data: bytes, decoded: Mapping[int, bytes] | None = None) -> None:
        """Take the texts of the message *data*; *decoded*: by its first byte what a leaf decodes to, where known."""
        self.root = root
        self._data = data
        self._decoded = decoded or {}
        self._known: dict[int, Body] = {}
        self._grown: tuple[Body, tuple[LexborHTMLParser, ...]] | None = None
        self.shown = tuple([self.of(part) for part in texts(root)])
        pages = [part for part in root.leaves() if part.disposition == "attachment" and part.media_type == "text/html"]
        self.pages = tuple([self.of(part) for part in pages])

    def of(self, part: MimePart) -> Body:
        """Return the body of a leaf."""
        known = self._known.get(part.body_start)
        if known is None:
            decoded = self._decoded.get(part.body_start)
            known = self._known[part.body_start] = Body(part, self._data, decoded)
        return known

    def trees(self, page: Body) -> tuple[LexborHTMLParser, ...]:
        """Return the elements of a page, for readers that leave them as they are: a tree for each of its pieces.

        Only the last page's are kept: a tree takes 200 kB, and a message may have thousands of pages.
        """
        if self._grown is None or self._grown[0] is not page:
            self._grown = None
            self._grown = page, tuple([LexborHTMLParser(sheet) for sheet in page.sheets])
        return self._grown[1]


def texts(part: MimePart) -> Iterator[MimePart]:
    """Yield the leaves that a reader is shown as text, in order."""
    if part.is_text:
        yield part
    for child in part.parts:
        yield from texts(child)
