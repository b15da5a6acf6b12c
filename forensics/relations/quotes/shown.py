"""What a mail shows its reader, in the forms in which quotes are looked for.

Most mails are one plain text below a header without faults: those are read without the MIME reader, which would take
three times as long. All others are read by the parser of their format, a mail's or a store's, which also finds the
bytes of what is cited.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate

from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Located
from forensics.model.items import Limits, ParseContext
from forensics.parsers.identify import message_parser
from forensics.parsers.mail import headers
from forensics.parsers.mail.bodies import Bodies, Body
from forensics.parsers.mail.entity import COPIED, DECODER_OF
from forensics.parsers.mail.mime import Reader
from forensics.parsers.mail.parameters import parse_value
from forensics.parsers.mail.placed_bodies import PlacedBodies
from forensics.parsers.mail.quoted_lines import TextLine, page_lines, text_lines
from forensics.parsers.mail.texts import letters_of
from forensics.replay import decoders

MOST = 1_000_000
"""Characters of a mail that are compared."""
_HEADER = re.compile(rb"(?:[!-9;-~]++:[^\n]*+\n(?:[ \t][^\n]*+\n)*+)++\r?\n")
_MIME_FIELD = re.compile(rb"\ncontent-([a-z-]++)[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)", re.IGNORECASE)
_PLAIN_FIELDS = {b"type", b"transfer-encoding", b"disposition", b"language", b"length", b"description", b"id"}
_SAFE = frozenset(("", "us-ascii", "utf-8", "iso-8859-1", "iso-8859-15", "windows-1252"))
"""Charsets that write ASCII as it is."""
_ITEM = re.compile(r"\n[ \t>|]*+(?:\(?(?:\d{1,2}|[a-z])[.)][ \t]+|[*o\u2022\u00b7-][ \t]+)")
_DECORATIONS = (
    ("http", re.compile(r"https?:[^\s<>\"]*+")),
    ("mailto:", re.compile(r"mailto:[^\s<>\"]*+")),
    ("www.", re.compile(r"www\.[^\s<>\"]*+")),
    ("<", re.compile(r"<(?<!\S<)[^<>\n]{0,200}>")),
    ("[", re.compile(r"\[(?<!\S\[)[^\[\]\n]{0,200}\]")),
    ("@", re.compile(r"@[\w.-]{1,200}")),
    (" at ", re.compile(r" at [\w-]{1,60}(?:\.[\w-]{2,60})+")),
)
"""What clients and lists put in, or write otherwise: links, what stands in brackets, hosts of addresses. Each with what
it begins with, since most texts have few of them."""
_WORD = re.compile(r"\S+")


class Shown:
    """The texts of one mail as a reader is shown them, the plain ones or else the pages, one below the other."""

    def __init__(self, text: str, page: list[TextLine] | None = None, *, has_pages: bool = False) -> None:
        """Take the text and, where it was made of pages, its lines.

        Args:
            text: what is shown.
            page: its lines, where it was made of pages.
            has_pages: whether the mail says it in pages too, which are not read.
        """
        self.text = text
        self.page = page
        self.has_pages = has_pages

    @cached_property
    def letters(self) -> bytes:
        """Its letters and digits: of most mails nobody asks for them, since no other quotes them."""
        return letters_of(self.text)

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, about."""
        return 3 * len(self.text) + 500

    @cached_property
    def bare(self) -> bytes:
        """Its letters without links, hosts, what stands in brackets, numbers of lists, and signs beyond ASCII."""
        return bare(self.text)

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """Where each of its lines begins and ends."""
        return [found.span() for found in re.finditer(r"[^\n]+", self.text)]

    @cached_property
    def _letters_before(self) -> list[int]:
        counts = [len(letters_of(self.text[start:end])) for start, end in self.lines]
        return [0, *accumulate(counts)]

    def words(self, first: int, last: int) -> list[tuple[int, int, int, int]]:
        """Return the words that have letters of a range of `letters`.

        Returns:
            Of each where it stands in the text, and in `letters`; at the ends whole words, which may reach beyond.
        """
        found = []
        number = max(bisect_right(self._letters_before, first) - 1, 0)
        while number < len(self.lines) and self._letters_before[number] < max(last, first + 1):
            at = self._letters_before[number]
            start, end = self.lines[number]
            for word in _WORD.finditer(self.text, start, end):
                size = len(letters_of(word[0]))
                if size and at < last and at + size > first:
                    found.append((*word.span(), at, at + size))
                at += size
            number += 1
        return found

    def depth(self, place: int) -> int:
        """Return how deep the line is quoted in which a place of `letters` stands."""
        start, end = self.lines[max(bisect_right(self._letters_before, place) - 1, 0)]
        return next(text_lines(self.text[start:end])).depth


def bare(text: str) -> bytes:
    """Return the letters of a text without what clients and lists add to it or take from it."""
    for sign, decoration in _DECORATIONS:
        if sign in text:
            text = decoration.sub(" ", text)
    return letters_of(_ITEM.sub("\n", "\n" + text).encode("ascii", "ignore").decode())


def read_shown(data: bytes, limits: Limits) -> tuple[Shown, bool]:
    """Read what a mail shows; also return whether all of it is compared."""
    text = _plain(data)
    if text is not None:
        return Shown(text[:MOST]), len(text) <= MOST
    bodies = _read(data, limits).bodies
    plain = [body.text for body in bodies.shown if body.part.media_type == "text/plain"]
    if any(text.strip() for text in plain):
        text = "\n".join(plain)
        return Shown(text[:MOST], has_pages=len(plain) < len(bodies.shown)), len(text) <= MOST
    return _pages(bodies.shown)


def read_pages(data: bytes, limits: Limits) -> Shown:
    """Read what the pages of a mail say, for what its plain text lacks."""
    shown, _ = _pages([body for body in _read(data, limits).bodies.shown if body.part.media_type == "text/html"])
    return shown


def locate(data: bytes, limits: Limits, shown: Shown, start: int, end: int) -> Located:
    """Return a range of what a mail shows with its bytes; without them where they do not stand there as they are."""
    said = shown.text[start:end]
    read = _read(data, limits)
    at = 0
    for body in read.bodies.shown:
        if (body.part.media_type == "text/html") != (shown.page is not None):
            continue
        if shown.page is not None:
            place = body.place(said)
            if place is not None:
                return read.located(body, said, place)
            continue
        if at <= start <= end <= at + len(body.text):
            return read.located(body, said, body.range_of(start - at, end - at) or body.place(said))
        at += len(body.text) + 1
    return read.located(read.bodies.shown[0], said, None)


def _plain(data: bytes) -> str | None:
    """Return the text of a mail that is one plain text; None where the MIME reader has to say what it shows."""
    header = _HEADER.match(data)
    if header is None:
        return None
    fields = {}
    for field in _MIME_FIELD.finditer(b"\n" + header[0]):
        name = field[1].lower()
        if name in fields or name not in _PLAIN_FIELDS:
            return None
        fields[name] = field[2]
    if fields.get(b"disposition", b"inline").strip().lower() != b"inline":
        return None
    kind = parse_value(fields.get(b"type", b"text/plain"))
    charset = kind.parameters.get("charset", "").lower()
    encoding = fields.get(b"transfer-encoding", b"").strip().lower().decode("latin-1")
    if kind.value != "text/plain" or charset not in _SAFE or (encoding not in COPIED and encoding not in DECODER_OF):
        return None
    content = data[header.end() : header.end() + 4 * MOST]
    if encoding in DECODER_OF:
        content = decoders.DECODERS[DECODER_OF[encoding]].whole(content)
    if not content.isascii() and charset not in ("", "utf-8"):
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _read(data: bytes, limits: Limits) -> PlacedBodies:
    """Read the texts of a message, whatever it is kept in, with their places in its bytes."""
    source = MemoryBytes(data)
    parser = message_parser(source)
    assert parser.bodies is not None
    return parser.bodies(source, ParseContext(limits=limits))


def read_bodies(data: bytes, limits: Limits) -> Bodies:
    """Read the texts of a mail as it is sent with their places in its bytes."""
    reader = Reader(data, headers.line_end(data), limits)
    root = reader.message(len(data))
    return Bodies(root, data, reader.leaves.decoded)


def _pages(bodies: Iterable[Body]) -> tuple[Shown, bool]:
    texts: list[str] = []
    lines: list[TextLine] = []
    at = 0
    for body in bodies:
        if body.part.media_type == "text/html":
            text, read = page_lines(body.sheets)
        else:
            text, read = body.text, list(text_lines(body.text))
        if at + len(text) > MOST:
            return Shown("\n".join(texts), lines), False
        lines += [TextLine(line.depth, line.text, at + line.start, at + line.end) for line in read]
        texts.append(text)
        at += len(text) + 1
    return Shown("\n".join(texts), lines), True
