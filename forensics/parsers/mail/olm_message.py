"""Messages as Outlook for Mac exports them: XML files in a zip (``.olm``), their attachments beside them.

Source: no specification; the elements as Outlook 2011 to 2019 for Mac write them (``OPFMessageCopy...``).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import HeaderField
from forensics.model.texts import TextPart
from forensics.parsers import Yielded
from forensics.parsers.mail._olm_decoder import XML_TEXT

if TYPE_CHECKING:
    from forensics.parsers.mail.placed_bodies import PlacedBodies

FORMAT = Format(
    id="mail.olm_message",
    title="Message of Outlook for Mac",
    media_types=("application/x-olm-message",),
    extensions=(),
    begins=(b"<email", b"<?xml", b"\xef\xbb\xbf<"),
    holds=b"<OPFMessage",
    decoders=(XML_TEXT,),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether an element of a message stands in the element that holds messages."""
    return FORMAT.may_open(head) and b"<email" in head[:1024]


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what was odd, and the message; of a file with several an item for each."""
    from forensics.parsers.mail._olm_reading import read

    return read(source, context)


def header_fields(source: ByteSource, context: ParseContext) -> tuple[HeaderField, ...]:
    """Return the header fields that a message was delivered with."""
    from forensics.parsers.mail._olm_reading import fields

    return fields(source, context)


def bodies(source: ByteSource, context: ParseContext) -> "PlacedBodies":
    """Return the texts of the message with their places."""
    from forensics.parsers.mail._olm_reading import bodies as read

    return read(source, context)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a message that a reader is shown."""
    return bodies(source, context).text_parts()
