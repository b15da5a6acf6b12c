"""The texts of one item: those that a reader of a mail is shown, or a file that is text itself."""

from forensics.errors import NoText
from forensics.model.items import MemoryBytes, ParseContext
from forensics.model.locations import Locator
from forensics.model.mail import Message
from forensics.model.summary import ItemFacts
from forensics.model.texts import Text, TextPart
from forensics.parsers import recorded
from forensics.parsers.mail import charsets
from forensics.parsers.mail.bodies import MAX_BYTES, Bodies, Body
from forensics.parsers.mail.markup import sheets
from forensics.parsers.mail.page_text import page_text

_PAGE = "text/html"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def is_mail(facts: ItemFacts) -> bool:
    """Whether an item was read as a message that has header fields."""
    parser = recorded(facts.parser)
    return parser is not None and parser.header_fields is not None


def has_text(facts: ItemFacts) -> bool:
    """Whether texts can be read from an item."""
    return is_mail(facts) or facts.media_type.startswith("text/")


def text_of(facts: ItemFacts, data: bytes) -> Text:
    """Return the texts of an item.

    Args:
        facts: what it is.
        data: its bytes.

    Raises:
        NoText: it is neither a mail nor a text.
    """
    if not has_text(facts):
        raise NoText(f"{facts.ref.location.text} is {facts.media_type or 'of no known type'}: its text is not read")
    if is_mail(facts):
        message = _message(facts, data)
        parts = [_part(body) for body in Bodies(message.tree.root, data).shown] if message is not None and message.tree is not None else []
    else:
        parts = [_file(facts.media_type, data)]
    return Text(ref=facts.ref, parts=tuple(parts))


def _message(facts: ItemFacts, data: bytes) -> Message | None:
    parser = recorded(facts.parser)
    for found in parser.parse(MemoryBytes(data), facts.ref.location, ParseContext()) if parser is not None else ():
        if isinstance(found, Message):
            return found
    return None


def _part(body: Body) -> TextPart:
    part, page = body.part, body.part.media_type == _PAGE
    ranges = ((body.start, body.start + len(body.raw)),)
    return TextPart(
        text=page_text(body.sheets) if page else body.text,
        media_type=_PAGE if page else "text/plain",
        charset=part.charset_found or part.charset or "utf-8",
        locator=Locator(ranges=ranges, path=f"part:{part.number or '1'}"),
        whole=not body.cut,
    )


def _file(media_type: str, data: bytes) -> TextPart:
    raw, page = data[:MAX_BYTES], media_type == _PAGE
    charset = "utf-16" if raw.startswith(_UTF_16) else charsets.find_charset(raw) or "utf-8"
    decoded = charsets.decode(raw, charset)
    text = charsets.decode_raw(raw) if decoded is None else decoded
    return TextPart(
        text=page_text(sheets(text)) if page else text,
        media_type=_PAGE if page else "text/plain",
        charset=charset,
        locator=Locator(ranges=((0, len(raw)),)),
        whole=len(raw) == len(data),
    )
