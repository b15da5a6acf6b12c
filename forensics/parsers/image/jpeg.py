"""JPEG: EXIF and XMP of the application segments, and comments.

Source: ITU-T T.81 annex B (segments); CIPA DC-008 4.5.4 (APP1); Adobe XMP specification part 3, 1.1.3.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded

FORMAT = Format(
    id="image.jpeg",
    title="JPEG image",
    media_types=("image/jpeg",),
    extensions=(".jpg", ".jpeg", ".jpe"),
    version=2,
    begins=(b"\xff\xd8\xff",),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether a start-of-image marker and a further marker open it."""
    return head.startswith(FORMAT.begins)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield notices, the image's facts and what follows it; pixels are not decoded."""
    from forensics.parsers.image._jpeg_reading import read

    return read(source, context)
