"""Which parser reads an item: the first of `PARSERS` whose ``sniff`` agrees; a name only breaks ties."""

from forensics.model.items import ByteSource
from forensics.parsers import PARSERS, load
from forensics.parsers.mail import mbox


def identify(head: bytes, source: ByteSource, name: bytes) -> str | None:
    """Return the entry of `PARSERS` that reads an item, or ``None``.

    Content decides. A name counts once: a mailbox whose beginning was cut off looks like text with mails in it, and
    is read as a mailbox if its name says so.

    Args:
        head: its first 4096 bytes, fewer if shorter.
        source: all its bytes.
        name: its file name as stored; may be empty.
    """
    for parser in PARSERS:
        if load(parser).sniff(head, source):
            return parser
    if name.lower().endswith(tuple(suffix.encode() for suffix in mbox.FORMAT.extensions)) and mbox.sniff_inside(source):
        return "mail.mbox"
    return None
