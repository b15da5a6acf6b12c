"""The texts of one item: those of a message, or a file that is text itself."""

from forensics.engine.desk.protocol import Wanted
from forensics.engine.desk.sources import Sources
from forensics.errors import NoText
from forensics.model.items import ParseContext
from forensics.model.texts import TextPart
from forensics.parsers import recorded
from forensics.parsers.text_file import text_of_file


def texts_of(wanted: Wanted, sources: Sources) -> tuple[TextPart, ...]:
    """Return the texts of an item.

    Raises:
        NoText: it is neither a message nor a text; its source is not read for this.
    """
    parser = recorded(wanted.parser)
    if parser is not None and parser.text_parts is not None:
        return parser.text_parts(sources.source(wanted), ParseContext())
    if not wanted.media_type.startswith("text/"):
        raise NoText(f"{wanted.text} is {wanted.media_type or 'of no known type'}: its text is not read")
    return (text_of_file(wanted.media_type, sources.source(wanted)),)
