"""Which parser reads an item: the first of `PARSERS` whose ``sniff`` agrees; a name only breaks ties."""

from forensics.model.items import ByteSource, Format
from forensics.parsers import PARSERS, load
from forensics.parsers.mail import mbox, rfc5322
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


def identify(head: bytes, source: ByteSource, name: bytes, declared: str = "") -> str | None:
    """Return the entry of `PARSERS` that reads an item, or ``None``.

    Content decides. A name counts twice: a mailbox whose beginning was cut off looks like text with mails in it, and
    text that begins with a header field may be a mail with a poor header. They are read as what their name, or for a
    mail the type that its container declares, says. A full header behind some lines of text is a mail's, unless a
    container says that it is something else.

    Args:
        head: its first 4096 bytes, fewer if shorter.
        source: all its bytes.
        name: its file name as stored; may be empty.
        declared: media type that its container declares; may be empty.
    """
    for parser in PARSERS:
        if _possible(parser, head) and load(parser).sniff(head, source):
            return parser
    if _named(name, mbox.FORMAT) and mbox.sniff_inside(source):
        return "mail.mbox"
    if (declared in rfc5322.FORMAT.media_types or _named(name, rfc5322.FORMAT)) and rfc5322.sniff_named(head):
        return "mail.rfc5322"
    if not declared and behind_junk(head):
        return "mail.rfc5322"
    return None


def _named(name: bytes, format_: Format) -> bool:
    return name.lower().endswith(tuple([suffix.encode("ascii") for suffix in format_.extensions]))


def _possible(parser: str, head: bytes) -> bool:
    return head.startswith(_BEGINS.get(parser, b"")) and _HOLDS.get(parser, b"") in head[:1024]
