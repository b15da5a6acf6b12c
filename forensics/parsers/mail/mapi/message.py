"""The message that MAPI properties make, whatever store or file keeps them.

Source: [MS-OXCMSG], [MS-OXOMSG], [MS-OXPROPS].
"""

from collections.abc import Iterator

from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.mail import HeaderField, Message
from forensics.model.texts import TextPart
from forensics.parsers.mail.mapi.properties import StoredMessage


def read_stored(stored: StoredMessage, context: ParseContext) -> Iterator[Message | ChildItem | Notice]:
    """Yield what was odd, the message, and its attachments.

    Args:
        stored: its properties, recipients and attachments.
        context: limits.
    """
    raise NotImplementedError


def stored_texts(stored: StoredMessage, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a stored message that a reader is shown."""
    raise NotImplementedError


def stored_headers(stored: StoredMessage, context: ParseContext) -> tuple[HeaderField, ...]:
    """Return the header fields that a stored message was delivered with; none where it keeps none."""
    raise NotImplementedError
