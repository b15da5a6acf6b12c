"""A file that is text itself, or a page: no parser reads facts from it."""

from forensics.model.items import ByteSource
from forensics.model.locations import Locator
from forensics.model.texts import TextPart
from forensics.parsers.mail import charsets
from forensics.parsers.mail.bodies import MAX_BYTES
from forensics.parsers.mail.markup import sheets
from forensics.parsers.mail.page_text import page_text

_PAGE = "text/html"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def text_of_file(media_type: str, source: ByteSource) -> TextPart:
    """Return the text of a file, in the charset that its bytes tell of.

    Args:
        media_type: ``text/html`` is read as a page, any other type as it stands.
        source: its bytes; of very many only the first are read.
    """
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
