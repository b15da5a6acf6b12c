"""The texts of a message as a reader is shown them, each with the bytes that carry it."""

from forensics.model.locations import Locator
from forensics.model.mail import MimePart
from forensics.model.texts import TextPart
from forensics.parsers.mail.bodies import Bodies, Body
from forensics.parsers.mail.page_text import page_text


def text_parts_of(root: MimePart, data: bytes) -> tuple[TextPart, ...]:
    """Return the texts of a message, in its order.

    Args:
        root: its MIME tree.
        data: its bytes.
    """
    return tuple([_part(body) for body in Bodies(root, data).shown])


def _part(body: Body) -> TextPart:
    part, page = body.part, body.part.media_type == "text/html"
    return TextPart(
        text=page_text(body.sheets) if page else body.text,
        media_type=part.media_type,
        charset=part.charset_found or part.charset or "utf-8",
        locator=Locator(ranges=((body.start, body.start + len(body.raw)),), path=f"part:{part.number or '1'}"),
        whole=not body.cut,
    )
