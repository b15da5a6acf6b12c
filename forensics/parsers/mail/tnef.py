"""What Outlook wraps into mail that leaves Exchange (TNEF, ``winmail.dat``): a message by its properties.

Older attributes stand beside the properties; where both say something, both are kept. Attachments are child items, an
attached message one of the same format.

Source: [MS-OXTNEF].
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import HeaderField
from forensics.model.texts import TextPart
from forensics.parsers import Yielded

if TYPE_CHECKING:
    from forensics.parsers.mail.placed_bodies import PlacedBodies

_SIGNATURE = b"\x78\x9f\x3e\x22"

FORMAT = Format(
    id="mail.tnef",
    title="Outlook's TNEF (winmail.dat)",
    media_types=("application/vnd.ms-tnef", "application/ms-tnef"),
    extensions=(".tnef",),
    begins=(_SIGNATURE,),
    restates=True,
    damaged=("tnef.checksum", "tnef.truncated", "tnef.length"),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether the content begins with the signature, whatever its name."""
    return head.startswith(_SIGNATURE)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what was odd, the message, and its attachments.

    Raises:
        Truncated: it ends within its signature.
    """
    from forensics.parsers.mail._tnef_message import read

    return read(source, context)


def header_fields(source: ByteSource, context: ParseContext) -> tuple[HeaderField, ...]:
    """Return the header fields that the message was delivered with, if it keeps any."""
    from forensics.parsers.mail._tnef_message import stored_in
    from forensics.parsers.mail.mapi.message import stored_headers

    return stored_headers(stored_in(source, context).message, context)


def bodies(source: ByteSource, context: ParseContext) -> "PlacedBodies":
    """Return the texts of the message with their places."""
    from forensics.parsers.mail._tnef_message import stored_in
    from forensics.parsers.mail.mapi.message import stored_bodies

    return stored_bodies(stored_in(source, context).message, context)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of the message that a reader is shown."""
    return bodies(source, context).text_parts()
