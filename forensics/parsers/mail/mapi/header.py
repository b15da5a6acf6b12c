"""The header that a stored message was delivered with: one property, read as every header is.

Source: [MS-OXOMSG] 2.2.3 (PidTagTransportMessageHeaders), RFC 5322.
"""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.items import Limits, Notice
from forensics.model.locations import Locator
from forensics.model.mail import MimePart
from forensics.parsers.mail import headers, mime
from forensics.parsers.mail.entity import Entity
from forensics.parsers.mail.mapi.laid_out import Text, text_bytes
from forensics.parsers.mail.mapi.properties import Properties
from forensics.parsers.mail.mapi.values import is_text, size_of

TRANSPORT_HEADERS = 0x007D
_EMPTY = b" \t\r\n\0"


class Header(NamedTuple):
    """A header as it was delivered."""

    text: Text
    root: MimePart
    """Its fields, without a body and without parts."""
    charset: str
    """Claimed by its Content-Type; asked for raw 8-bit text."""
    notices: tuple[Notice, ...]


NONE = Header(
    Text(b"", None, 0),
    MimePart(number="", media_type="", start=0, body_start=0, end=0, headers=()),
    "",
    (),
)
"""Of a message that keeps none."""


def read_header(properties: Properties, limits: Limits) -> Header:
    """Return the header of a message; `NONE` where it keeps no fields."""
    found = properties.get(TRANSPORT_HEADERS)
    if found is None or not is_text(found):
        return NONE
    text = text_bytes(found, limits.memory_bytes, own_layer=True)
    data = text.data.rstrip(b"\0")
    reader = mime.Reader(data, headers.line_end(data), limits)
    block = headers.of_message(data, reader.newline, limits.header_fields)
    if not any(field.name for field in block.fields):
        return NONE
    reader.check_block(block)
    entity = Entity(block.fields, "")
    root = MimePart(
        number="",
        media_type=entity.media_type or "text/plain",
        boundary=entity.boundaries[0] if entity.boundaries else None,
        encoding=entity.encoding,
        disposition=entity.disposition,
        start=0,
        body_start=block.body_start,
        end=block.body_start,
        headers=block.fields,
    )
    charset = entity.content_type.parameters.get("charset", "").lower() if entity.content_type is not None else ""
    size = size_of(found) if found.stored is None else found.stored
    rest = _rest(data, block, found.locator, size, len(text.data))
    return Header(text, root, charset, (*reader.notices, *rest))


def _rest(data: bytes, block: headers.Block, place: Locator, size: int, whole: int) -> Iterator[Notice]:
    """Tell of what stands behind the header: some servers keep those of parts there."""
    behind = data[block.body_start :].strip(_EMPTY)
    if behind:
        locator = Locator(ranges=((block.body_start, len(data)),), path=place.path)
        text = f"{len(behind):,} bytes behind the blank line that ends the header that was delivered; not read"
        yield Notice(code="mapi.header_rest", text=text, locator=locator, unread=len(behind) * size // max(whole, 1))
