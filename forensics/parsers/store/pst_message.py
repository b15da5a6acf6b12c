"""A message of an Outlook store: the stream of its node, as `_pst_stream.py` lays it out.

Source: [MS-PST] 2.4.5 and 2.4.6.
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

_MAGIC = b"\x89PSTNODE"

FORMAT = Format(
    id="mail.pst_message",
    title="Message of an Outlook store",
    media_types=("application/x-outlook-stored-message",),
    extensions=(),
    begins=(_MAGIC,),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* opens the stream of a node."""
    return head.startswith(_MAGIC)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the message, its attachments, and what was odd.

    Raises:
        ParseError: the stream is not whole, or the node has no properties.
    """
    from forensics.parsers.mail.mapi.message import read_stored
    from forensics.parsers.store._pst_message_reading import read_message

    return read_stored(read_message(source), context)


def header_fields(source: ByteSource, context: ParseContext) -> tuple[HeaderField, ...]:
    """Return the header fields that the message was delivered with, if it keeps them."""
    from forensics.parsers.mail.mapi.message import stored_headers
    from forensics.parsers.store._pst_message_reading import read_message

    return stored_headers(read_message(source), context)


def bodies(source: ByteSource, context: ParseContext) -> "PlacedBodies":
    """Return the texts of the message with their places."""
    from forensics.parsers.mail.mapi.message import stored_bodies
    from forensics.parsers.store._pst_message_reading import read_message

    return stored_bodies(read_message(source), context)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts that a reader is shown."""
    return bodies(source, context).text_parts()
