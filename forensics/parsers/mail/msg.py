"""Outlook messages (``.msg``, ``.oft``): properties in a compound file, and every one with its bytes.

What is no mail (an appointment, a contact, a task, a note) has the same form and is read as it is: its class says what
it is. A message attached to a message is a storage in the same file: its item is a frame of that storage
(``parsers/_compound.py``), read by this format again, at any depth.

Source: [MS-OXMSG], [MS-CFB].
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded, RangeDecoder
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import HeaderField
from forensics.model.texts import TextPart
from forensics.parsers import Yielded

if TYPE_CHECKING:
    from forensics.parsers.mail.placed_bodies import PlacedBodies

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FRAME = b"\0OLE storage/1\0\0"
_PROPERTIES = "__properties_version1.0"
_NAMES = "__substg1.0_".encode("utf-16-le")
_SEARCHED = 1 << 20


def _storage(encoded: Encoded) -> Iterator[bytes]:
    """Give the frame of the storage whose path is the parameter."""
    from forensics.parsers.mail._msg_storage import decode_storage

    return decode_storage(encoded)


def _stream(encoded: Encoded) -> Iterator[bytes]:
    """Give the stream whose path is the parameter."""
    from forensics.parsers.mail._msg_storage import decode_stream

    return decode_stream(encoded)


FORMAT = Format(
    id="mail.msg",
    title="Outlook message",
    media_types=("application/vnd.ms-outlook",),
    extensions=(".msg", ".oft"),
    begins=(_COMPOUND, _FRAME),
    decoders=(
        RangeDecoder(name="ole-storage/1", decode=_storage, picks=True),
        RangeDecoder(name="ole-stream/1", decode=_stream, picks=True),
    ),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether a compound file, or the frame of a storage in one, has the properties of a message at its root.

    Documents of old Office formats are compound files too.
    """
    from forensics.errors import ParseError
    from forensics.parsers._compound import root_names

    try:
        return _PROPERTIES in root_names(source)
    except ParseError:
        return False


def sniff_named(head: bytes, source: ByteSource) -> bool:
    """Whether a compound file holds names of properties somewhere: what is left of a broken message."""
    if not head.startswith(_COMPOUND):
        return False
    size = source.size
    return _NAMES in source.read(0, _SEARCHED) or _NAMES in source.read(max(0, size - _SEARCHED), size)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what was odd, the message, and its attachments.

    Raises:
        Malformed: the compound file's header or directory cannot be read.
    """
    from forensics.parsers.mail._msg_reading import read

    return read(source, context)


def header_fields(source: ByteSource, context: ParseContext) -> tuple[HeaderField, ...]:
    """Return the header fields that a message was delivered with."""
    from forensics.parsers.mail._msg_reading import fields

    return fields(source, context)


def bodies(source: ByteSource, context: ParseContext) -> "PlacedBodies":
    """Return the texts of the message with their places."""
    from forensics.parsers.mail._msg_reading import bodies as read

    return read(source, context)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a message that a reader is shown."""
    return bodies(source, context).text_parts()
