r"""Rich Text files (rtf): what they say of themselves, of the program that wrote them and of their sessions.

Source: Rich Text Format Specification 1.9.1.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.model.texts import TextPart
from forensics.parsers import Yielded

_MAGIC = b"{\\rtf"

FORMAT = Format(
    id="rtf",
    title="Rich Text document",
    media_types=("text/rtf", "application/rtf"),
    extensions=(".rtf",),
    version=3,
    begins=(_MAGIC,),
)
SKETCHED_BYTES = 2_000_000
"""Some 200 ms a million bytes: larger ones are mostly pictures, as digits."""


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether it begins as Rich Text does."""
    return head.startswith(_MAGIC)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the document's facts, and what is not read of it."""
    from forensics.parsers.document._rtf_reading import read

    return read(source)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the text that is shown; of a document with notes, margins or frames it is not whole.

    Raises:
        Malformed: it cannot be read.
    """
    from forensics.parsers.text_file import text_of_file

    text = text_of_file(FORMAT.media_types[0], source)
    return (replace(text, locator=replace(text.locator, path="rtf:text")),)
