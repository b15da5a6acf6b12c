"""What a document or image shows of what rules may need."""

from enum import IntFlag

from forensics.model.documents import DocumentFacts
from forensics.model.time_kinds import XMP


class DocumentHas(IntFlag):
    """Presence bits of a document or image; their numbers stand in cases and never change."""

    NOTHING = 0
    CREATED = 1 << 0
    """The format's own creation time, as an instant or a wall time."""
    CREATED_INSTANT = 1 << 1
    MODIFIED = 1 << 2
    MODIFIED_INSTANT = 1 << 3
    AUTHOR = 1 << 4
    LAST_AUTHOR = 1 << 5
    PICTURE = 1 << 6
    """An image; every other document is an office document or a PDF."""
    OFFICE = 1 << 7
    DATED = 1 << 8
    """The format's own creation or last-saved time, as an instant or a wall time."""
    TWO_BLOCKS = 1 << 9
    """Times of the document stand in its own block (Info, EXIF) and in XMP."""


def presence(document: DocumentFacts) -> int:
    """Return the `DocumentHas` bits of a document or image."""
    mask = DocumentHas.PICTURE if document.format.startswith("image.") else DocumentHas.OFFICE
    if document.author.value:
        mask |= DocumentHas.AUTHOR
    if document.last_author.value:
        mask |= DocumentHas.LAST_AUTHOR
    for stamp, known, instant in (
        (document.created, DocumentHas.CREATED, DocumentHas.CREATED_INSTANT),
        (document.modified, DocumentHas.MODIFIED, DocumentHas.MODIFIED_INSTANT),
    ):
        if stamp is not None and isinstance(stamp.wall, int):
            mask |= known | DocumentHas.DATED
            if isinstance(stamp.instant, int):
                mask |= instant
    if _blocks(document) == 2:
        mask |= DocumentHas.TWO_BLOCKS
    return int(mask)


def _blocks(document: DocumentFacts) -> int:
    """Return in how many of its two blocks a document has times."""
    return len({stamp.kind in XMP for stamp in document.timestamps if isinstance(stamp.wall, int)})
