"""What tells copies of a document's text, made once while its bytes are at hand."""

from msgspec import structs

from forensics.errors import NoText, ParseError
from forensics.model.byte_sources import ByteSource
from forensics.model.documents import DocumentFacts
from forensics.model.items import ParseContext
from forensics.parsers import Parser
from forensics.parsers.text_digest import text_digest

TEXT_BYTES = 8_000_000
"""Bytes of its parts that a document's text is read from: what has more, as lists of a hundred thousand rows, takes
seconds, and is compared only with what has its place or name."""


def worded(facts: DocumentFacts, parser: Parser, source: ByteSource, context: ParseContext) -> DocumentFacts:
    """Return a document's facts with what tells copies of its text.

    Args:
        facts: of the document.
        parser: what reads it.
        source: its bytes.
        context: under which it was read; this reading takes nothing of its budget.

    Raises:
        Exception: whatever a reader of texts fails with that is no fault of the document.
    """
    if parser.text_parts is None or source.size > parser.SKETCHED_BYTES:
        return facts
    limits = structs.replace(
        context.limits,
        expansion=min(context.limits.expansion, TEXT_BYTES),
        xml_bytes=min(context.limits.xml_bytes, TEXT_BYTES),
    )
    try:
        parts = parser.text_parts(source, ParseContext(limits=limits, passwords=context.passwords))
    except (ParseError, NoText):  # broken, or of a program whose texts are not read
        return facts
    if not all(part.whole for part in parts):
        return facts
    return structs.replace(facts, text=text_digest("\n".join([part.text for part in parts])))
