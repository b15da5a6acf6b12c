"""The texts of old Office documents, a part each: what Word shows, the cells of each sheet, the words on slides."""

from forensics.errors import NoText
from forensics.model.byte_sources import ByteSource
from forensics.model.items import ParseContext
from forensics.model.texts import TextPart
from forensics.parsers._compound_stream import Stream
from forensics.parsers.document._ole2_kinds import kind_of
from forensics.parsers.document._ole2_reading import TEXTS, opened


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a document.

    Raises:
        NoText: it is of a program whose texts are not read.
        Malformed: the compound file's header or directory cannot be read.
    """
    file = opened(source)
    reader = TEXTS.get(kind_of(file.storage.below("")))
    if reader is None:
        raise NoText("a document of a program whose texts are not read")
    most = context.limits.memory_bytes

    def stream(name: str) -> Stream | None:
        return file.stream(name, most)

    return tuple(reader(stream))
