"""Which parser reads an item: the first of `PARSERS` whose ``sniff`` agrees; a name only breaks ties."""

from typing import Protocol, cast

from forensics.model.items import ByteSource, Format
from forensics.parsers import PARSERS, load
from forensics.parsers.mail import emlx, mbox, rfc5322
from forensics.parsers.mail.start import behind_junk

_BEGINS: dict[str, tuple[bytes, ...]] = {
    "document.ooxml": (b"PK",),
    "document.odf": (b"PK",),
    "archive.zip": (b"PK", b"MZ"),
    "image.jpeg": (b"\xff\xd8\xff",),
    "image.tiff": (b"II*\0", b"MM\0*"),
}
_HOLDS = {"document.pdf": b"%PDF-"}
"""What a parser's ``sniff`` insists on, at the beginning or within 1024 bytes: without it, it need not be imported."""


_PACKAGES = ("document.ooxml", "document.odf", "archive.zip")
_ZIP_END = b"PK\x05\x06"
_ZIP_TAIL = 1 << 17
"""Where a zip's end record is sought: before a comment of at most 65,535 bytes and as much again behind it."""
_CONTAINERS = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"!BDN",
    b"\x78\x9f\x3e\x22",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
    b"MSWIM",
    b"!<arch>",
    b"ITSF",
    b"SQLite format 3\0",
    b"0707",
    b"\xc7\x71",
    b"\x71\xc7",
)
"""Beginnings of containers (OLE2, PST, TNEF, 7-Zip, RAR and so on): a zip at the end of one is a part of it."""
_TAR = (257, b"ustar")


class _Package(Protocol):
    """A parser that knows its format by the end of the bytes too."""

    def sniff_inside(self, source: ByteSource) -> bool:
        """Whether the bytes end as the format does, whatever they begin with."""


def identify(head: bytes, source: ByteSource, name: bytes, declared: str = "") -> str | None:
    """Return the entry of `PARSERS` that reads an item, or ``None``.

    Content decides. A name counts three times: a mail before a property list may be Apple Mail's without its length,
    a mailbox whose beginning was cut off looks like text with mails in it, and text that begins with a header field may
    be a mail with a poor header. They are read as what their name, or for a mail the type that its container declares,
    says. What no other parser takes may still end as a zip: readers of zips begin at the end. A full header behind some
    lines of text is a mail's, unless a container says that it is something else.

    Args:
        head: its first 4096 bytes, fewer if shorter.
        source: all its bytes.
        name: its file name as stored; may be empty.
        declared: media type that its container declares; may be empty.
    """
    if _named(name, emlx.FORMAT) and emlx.sniff_named(head, source):
        return "mail.emlx"
    for parser in PARSERS:
        if _possible(parser, head) and load(parser).sniff(head, source):
            return parser
    if _named(name, mbox.FORMAT) and mbox.sniff_inside(source):
        return "mail.mbox"
    if (declared in rfc5322.FORMAT.media_types or _named(name, rfc5322.FORMAT)) and rfc5322.sniff_named(head):
        return "mail.rfc5322"
    if packed := _behind(head, source):
        return packed
    return "mail.rfc5322" if not declared and behind_junk(head) else None


def _behind(head: bytes, source: ByteSource) -> str | None:
    """Return the parser of the zip that stands behind other bytes, or ends a split archive."""
    if head.startswith(_CONTAINERS) or head.startswith(_TAR[1], _TAR[0]):
        return None
    if _ZIP_END not in source.read(max(0, source.size - _ZIP_TAIL), source.size):
        return None
    return next((parser for parser in _PACKAGES if cast(_Package, load(parser)).sniff_inside(source)), None)


def _named(name: bytes, format_: Format) -> bool:
    return name.lower().endswith(tuple([suffix.encode("ascii") for suffix in format_.extensions]))


def _possible(parser: str, head: bytes) -> bool:
    return head.startswith(_BEGINS.get(parser, b"")) and _HOLDS.get(parser, b"") in head[:1024]
