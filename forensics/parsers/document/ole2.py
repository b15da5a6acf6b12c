"""Office documents before Office Open XML (doc, xls, ppt and their kin) in compound files, by their property sets.

Of texts, workbooks and presentations what Word, Excel and PowerPoint keep in their own streams is read too; of others
(Visio, Publisher, Project) the property sets alone.

Source: [MS-CFB]; [MS-OLEPS]; [MS-OSHARED] 2.3.3; [MS-DOC]; [MS-XLS]; [MS-PPT].
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.model.texts import TextPart
from forensics.parsers import Yielded

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

FORMAT = Format(
    id="ole2",
    title="Office document in a compound file",
    media_types=(
        "application/x-ole-storage",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.visio",
        "application/vnd.ms-publisher",
        "application/vnd.ms-project",
    ),
    extensions=(".doc", ".dot", ".xls", ".xlt", ".xla", ".ppt", ".pps", ".pot", ".vsd", ".vst", ".pub", ".mpp"),
    version=3,
    begins=(_MAGIC,),
)
SKETCHED_BYTES = 20_000_000


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether a compound file has a document's streams, or property sets, at its root, and is no message."""
    from forensics.errors import ParseError
    from forensics.parsers._compound import root_names
    from forensics.parsers.document._ole2_kinds import is_document

    try:
        return is_document(root_names(source))
    except ParseError:
        return False


def sniff_named(head: bytes, source: ByteSource) -> bool:
    """Whether it is a compound file at all: what is left of a broken document."""
    return head.startswith(_MAGIC)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what was odd, the document's facts, and what is not read of the file.

    Raises:
        Malformed: the compound file's header or directory cannot be read.
    """
    from forensics.parsers.document._ole2_reading import read

    return read(source, context)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a document: what Word shows, the cells of sheets, the words on slides."""
    from forensics.parsers.document._ole2_texts import text_parts as read

    return read(source, context)
