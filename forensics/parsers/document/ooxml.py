"""Office Open XML packages (docx, xlsx, pptx and their kin): core, extended and custom properties.

Source: ECMA-376 part 2 (OPC), part 1 sections 22.2 and 22.3.
"""

from collections.abc import Iterator, Mapping

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.model.sheet_cells import SheetCells
from forensics.model.texts import TextPart
from forensics.parsers import Yielded
from forensics.parsers.archive.zip import FORMAT as ZIP
from forensics.parsers.document._package_names import CONTENT_TYPES, first_name, holds

FORMAT = Format(
    id="ooxml",
    title="Office Open XML document",
    media_types=(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    extensions=(".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm", ".dotx", ".xltx", ".potx", ".xlsb", ".ppsx"),
    version=8,
    begins=(b"PK",),
    ends=ZIP.ends,
)
SKETCHED_BYTES = 20_000_000


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether it is a zip file with a content types part at its top."""
    if not head.startswith(FORMAT.begins):
        return False
    return first_name(head).lower() == CONTENT_TYPES.lower() or sniff_inside(head, source)


def sniff_inside(head: bytes, source: ByteSource) -> bool:
    """Whether the zip that ends *source* lists a content types part."""
    return holds(source, [CONTENT_TYPES])


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the package's archive facts, its document facts, embedded pictures and files, and notices.

    Raises:
        WrongFormat: not a zip file.
    """
    from forensics.parsers.document._ooxml_reading import read

    return read(source, context)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a document: body, notes, comments, cells, slides."""
    from forensics.parsers.document._ooxml_texts import text_parts as read

    return read(source, context)


def sheet_cells(source: ByteSource, context: ParseContext) -> Mapping[str, SheetCells]:
    """Return where the cells of a workbook stand in its texts; nothing of a text or of slides."""
    from forensics.parsers.document._ooxml_texts import sheet_cells as read

    return read(source, context)
