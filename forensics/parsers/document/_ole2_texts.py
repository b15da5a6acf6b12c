from forensics.model.byte_sources import ByteSource
from forensics.model.items import ParseContext
from forensics.model.texts import TextPart


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    return ()
