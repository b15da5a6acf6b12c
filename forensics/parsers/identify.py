"""Which parser reads an item: the first of `PARSERS` whose ``sniff`` agrees; a name only breaks ties."""

from functools import cache

from forensics.model.byte_sources import ByteSource
from forensics.parsers import MESSAGES, Parser, every, load
from forensics.parsers.archive._programs import PROGRAMS

_TAIL_BYTES = 1 << 17
"""Where a format's end is sought: that of a zip stands before a comment of at most 65,535 bytes and as much again
behind it."""
_HEAD_BYTES = 4096
_AS_SENT = "mail.rfc5322"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Beginning of a compound file (OLE2), of which some are read, and none is what stands at its end."""
_CONTAINERS = (
    b"ISc(",
    b"MSWIM",
    b"!<arch>",
    b"ITSF",
    b"SQLite format 3\0",
    b"0707",
    b"\x60\xea",
    b"\x1f\x9d",
    b"EVF",
    b"QFI\xfb",
    b"KDMV",
    b"conectix",
    b"vhdxfile",
    b"\xc7\x71",
    b"\x71\xc7",
)
"""Beginnings of containers that no parser reads (cpio, images of disks and so on): what stands at the end of one
is a part of it."""
_ARCHIVES = "archive."
_MAGIC_BYTES = 3
"""Shorter beginnings stand in files of any kind."""


def identify(head: bytes, source: ByteSource, name: bytes, declared: str = "") -> str | None:
    """Return the entry of `PARSERS` that reads an item, or ``None``.

    Content decides. A name, or the type that a container declares, counts where a format says so: a mail before a
    property list may be Apple Mail's without its length, a mailbox whose beginning was cut off looks like text with
    mails in it, and text that begins with a header field may be a mail with a poor header. What no parser takes may
    still stand behind other bytes: readers of zips begin at the end, and a full header behind some lines of text is a
    mail's, unless a container says that it is something else.

    Args:
        head: its first 4096 bytes, fewer if shorter.
        source: all its bytes.
        name: its file name as stored; may be empty.
        declared: media type that its container declares; may be empty.
    """
    said = _said(name, declared)
    for parser in said:
        if parser.FORMAT.name_first and parser.sniff_named(head, source):
            return parser.name
    for parser in _beginning(head[:1]):
        if parser.FORMAT.may_open(head) and parser.sniff(head, source):
            return parser.name
    for parser in said:
        if parser.sniff_named(head, source):
            return parser.name
    return _inside(head, source, declared)


def cutter(head: bytes, source: ByteSource) -> Parser | None:
    """Return the parser that can cut a source, by its content alone; ``None``: it is read whole."""
    for parser in _beginning(head[:1]):
        if parser.FORMAT.may_open(head) and parser.sniff(head, source):
            return parser if parser.cut else None
    return None


@cache
def _beginning(first: bytes) -> tuple[Parser, ...]:
    """Return the parsers of formats that may begin with a byte, in their order; of all where there is none."""
    return tuple(
        [one for one in every() if not one.FORMAT.begins or any(b.startswith(first) for b in one.FORMAT.begins)]
    )


def message_parser(source: ByteSource) -> Parser:
    """Return the parser that reads the texts of an item which is a message, by its content alone.

    What begins as no other message does is one as it is sent, however poor its header.
    """
    head = source.read(0, min(source.size, _HEAD_BYTES))
    for parser in map(load, MESSAGES):
        if parser.FORMAT.may_open(head) and (parser.sniff(head, source) or parser.sniff_named(head, source)):
            return parser
    return load(_AS_SENT)


def _said(name: bytes, declared: str) -> list[Parser]:
    """Return the parsers whose format a file name or a declared type says."""
    extensions, media_types = _names()
    _, dot, extension = name.rpartition(b".")
    found = [*extensions.get(extension.lower(), ())] if dot else []
    return [*found, *[parser for parser in media_types.get(declared, ()) if parser not in found]]


@cache
def _names() -> tuple[dict[bytes, list[Parser]], dict[str, list[Parser]]]:
    """Return parsers by extension, in lower case without the dot, and by media type."""
    extensions, media_types = dict[bytes, list[Parser]](), dict[str, list[Parser]]()
    for parser in every():
        for extension in parser.FORMAT.extensions:
            extensions.setdefault(extension[1:].encode("ascii"), []).append(parser)
        for media_type in parser.FORMAT.media_types:
            media_types.setdefault(media_type, []).append(parser)
    return extensions, media_types


@cache
def _archives() -> tuple[bytes, ...]:
    """Return how archives begin that are read: one whose ``sniff`` refuses it is damaged, and holds what it ends with.

    Those that are known by their end are left out: it may be their own. A program may unpack what stands at its end.
    """
    formats = [parser.FORMAT for parser in every() if parser.name.startswith(_ARCHIVES) and not parser.FORMAT.ends]
    return tuple(
        [magic for one in formats for magic in one.begins if len(magic) >= _MAGIC_BYTES and magic not in PROGRAMS]
    )


def _inside(head: bytes, source: ByteSource, declared: str) -> str | None:
    """Return the parser of what stands behind other bytes, or ends a split archive."""
    packed = head.startswith((*_CONTAINERS, _COMPOUND, *_archives()))
    tail = b"" if packed else source.read(max(0, source.size - _TAIL_BYTES), source.size)
    for parser in every():
        ends = parser.FORMAT.ends
        # An end that was found is better evidence than what a container declares; without one it is the other way.
        if (ends in tail if ends else not declared) and parser.sniff_inside(head, source):
            return parser.name
    return None
