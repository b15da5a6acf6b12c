"""The texts of an item, read again from its source."""

import msgspec

from forensics.model.findings import ItemRef
from forensics.model.locations import Location, Locator


class TextPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text of an item."""

    text: str
    """Decoded, with the line ends of its bytes; of a page the words that a reader is shown, a block or cell a line."""
    media_type: str
    """``text/plain`` or ``text/html``: what it was made of."""
    charset: str
    """By which it was decoded, as mail names it."""
    locator: Locator
    """The bytes of the item that carry it, still in their transfer encoding; ``path`` names the part of a mail."""
    whole: bool
    """Whether all of it was read; of very long texts only the beginning is."""
    quoted: tuple[tuple[int, int], ...] = ()
    """Of a page: the lines that it marks as quoted, as ranges of characters of ``text``. Of a plain text none: there
    ``>`` stands before them."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that a message carries: an item of its own."""

    sha256: str
    """Empty where it was not read."""
    name: str
    """Its file name as the message states it; may be empty."""
    size: int
    """Bytes."""
    media_type: str
    """What it is; empty where that is not known."""
    declared_type: str
    """What the message says that it is; may be empty."""
    status: str
    """``parsed``, ``partial``, ``unread`` or ``skipped``."""
    location: Location


class Text(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an item says. It is text of the evidence as it stands: it may hold control and bidirectional characters."""

    ref: ItemRef
    parts: tuple[TextPart, ...]
    """In the order of the item; empty where a mail has no text."""

    @property
    def shown(self) -> str:
        """The plain texts, one below the other; those made of pages where there is no plain one."""
        plain = [part for part in self.parts if part.media_type == "text/plain"]
        return "\n".join([part.text for part in plain or self.parts])
