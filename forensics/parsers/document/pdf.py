"""PDF: what the document information dictionary and the XMP packet say (read by pikepdf, never repaired on disk).

Source: ISO 32000-1 14.3.3 (information dictionary), 14.3.2 (metadata streams), 7.9.4 (dates).
"""

import re
from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import HOLDS_BYTES, Format, ParseContext
from forensics.model.locations import Location
from forensics.model.texts import TextPart
from forensics.parsers import Yielded

FORMAT = Format(
    id="pdf",
    title="PDF document",
    media_types=("application/pdf",),
    extensions=(".pdf",),
    version=3,
    holds=b"%PDF-",
)

_MAIL = re.compile(rb"From |[!-9;-~]{1,100}:")
SKETCHED_BYTES = 1_000_000
"""Of a larger one a scan makes no sketch of the text: drawings of megabytes take a second."""


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether ``%PDF-`` stands in the first 1024 bytes (ISO 32000-1 annex H, note 13), and no mail quotes it there."""
    return head.startswith(FORMAT.holds) or (FORMAT.holds in head[:HOLDS_BYTES] and _MAIL.match(head) is None)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what stands before and after the document, notices, and the document's facts.

    Raises:
        Malformed: no cross-reference data and no objects from which it could be rebuilt.
    """
    from forensics.parsers.document._pdf_reading import read

    return read(source, context)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a document's pages."""
    from forensics.parsers.document._pdf_texts import text_parts as read

    return read(source, context)
