"""TIFF and the raw formats built on it: EXIF fields and the XMP packet.

Source: TIFF 6.0 section 2; Adobe XMP specification part 3, 1.1.4 (tag 700).
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded

FORMAT = Format(
    id="image.tiff",
    title="TIFF image",
    media_types=("image/tiff",),
    extensions=(".tif", ".tiff"),
    begins=(b"II*\0", b"MM\0*"),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether a byte order and the number 42 open it."""
    return head.startswith(FORMAT.begins)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield notices and the image's facts; pixels are not decoded."""
    from forensics.parsers.image._tiff_reading import read

    return read(source, context)
