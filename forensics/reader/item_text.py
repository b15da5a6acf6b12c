"""The texts of one item: those of a message, or a file that is text itself."""

from forensics.errors import NoText
from forensics.model.items import ByteSource, ParseContext
from forensics.model.summary import ItemFacts
from forensics.model.texts import Text
from forensics.parsers import recorded
from forensics.parsers.text_file import text_of_file


def has_text(facts: ItemFacts) -> bool:
    """Whether texts can be read from an item."""
    parser = recorded(facts.parser)
    return facts.media_type.startswith("text/") or (parser is not None and parser.text_parts is not None)


def text_of(facts: ItemFacts, source: ByteSource) -> Text:
    """Return the texts of an item.

    Args:
        facts: what it is.
        source: its bytes.

    Raises:
        NoText: it is neither a message nor a text.
    """
    parser = recorded(facts.parser)
    if parser is not None and parser.text_parts is not None:
        return Text(ref=facts.ref, parts=parser.text_parts(source, ParseContext()))
    if not has_text(facts):
        raise NoText(f"{facts.ref.location.text} is {facts.media_type or 'of no known type'}: its text is not read")
    return Text(ref=facts.ref, parts=(text_of_file(facts.media_type, source),))
