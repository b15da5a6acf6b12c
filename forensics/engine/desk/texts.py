"""The texts of one item: those of a message, or a file that is text itself."""

from forensics.engine.desk.protocol import Wanted
from forensics.engine.desk.sources import Sources
from forensics.errors import NoText
from forensics.knowledge.unread import plain_kind
from forensics.model.items import ParseContext
from forensics.model.texts import TextPart
from forensics.parsers import recorded
from forensics.parsers.text_file import text_of_file


def texts_of(wanted: Wanted, sources: Sources) -> tuple[TextPart, ...]:
    """Return the texts of an item.

    Raises:
        NoText: it is neither a message nor a text, or a document of a kind whose text is not read.
        ParseError: it cannot be read; `Locked` where a password is missing.
    """
    parser = recorded(wanted.parser)
    if parser is not None and parser.text_parts is not None:
        return parser.text_parts(
            sources.source(wanted), ParseContext(limits=sources.limits, passwords=sources.passwords)
        )
    if not wanted.media_type.startswith("text/") and plain_kind(wanted.media_type) != "text":
        raise NoText(f"{wanted.text} is {wanted.media_type or 'of no known type'}: its text is not read")
    return (text_of_file(wanted.media_type, sources.source(wanted)),)
