"""A file that is text itself, a page, or Rich Text: no parser reads facts from it."""

import re

from forensics.model.byte_sources import ByteSource
from forensics.model.locations import Locator
from forensics.model.texts import TextPart
from forensics.parsers._rich_words import rich_words
from forensics.parsers.mail import charsets
from forensics.parsers.mail.bodies import MAX_BYTES
from forensics.parsers.mail.markup import sheets
from forensics.parsers.mail.page_text import page_text

_PAGE = "text/html"
_RICH = "text/rtf"
_LEFT_OUT = re.compile(rb"\\(?:footnote|header[lrf]?|footer[lrf]?|annotation|shptxt)(?![a-z0-9])")
"""Destinations that the library passes over."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def text_of_file(media_type: str, source: ByteSource) -> TextPart:
    """Return the text of a file, in the charset that its bytes tell of.

    Args:
        media_type: ``text/html`` is read as a page, ``text/rtf`` by its control words, any other type as it stands.
        source: its bytes; of very many only the first are read.

    Raises:
        Malformed: Rich Text that cannot be read.
    """
    if media_type == _RICH:
        return _rich(source)
    raw, page = source.read(0, MAX_BYTES), media_type == _PAGE
    charset = "utf-16" if raw.startswith(_UTF_16) else charsets.find_charset(raw) or "utf-8"
    decoded = charsets.decode(raw, charset)
    text = charsets.decode_raw(raw) if decoded is None else decoded
    return TextPart(
        text=page_text(sheets(text)) if page else text,
        media_type=_PAGE if page else "text/plain",
        charset=charset,
        locator=Locator(ranges=((0, len(raw)),)),
        whole=len(raw) == source.size,
    )


def _rich(source: ByteSource) -> TextPart:
    """Return the text of a Rich Text file; of one with notes, margins or frames it is not whole: those are not read."""
    raw = source.read(0, MAX_BYTES)
    text = rich_words(raw)
    return TextPart(
        text=text,
        media_type="text/plain",
        charset="windows-1252",
        locator=Locator(ranges=((0, len(raw)),)),
        whole=len(raw) == source.size and _LEFT_OUT.search(raw) is None,
    )
