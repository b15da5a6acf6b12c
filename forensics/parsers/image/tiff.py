"""TIFF and the raw formats built on it: EXIF fields and the XMP packet.

Source: TIFF 6.0 section 2; Adobe XMP specification part 3, 1.1.4 (tag 700).
"""

from collections.abc import Iterator

from forensics.model.documents import DocumentFacts
from forensics.model.items import ByteSource, Format, Notice, ParseContext
from forensics.model.locations import Location
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._xmp import gather as gather_xmp
from forensics.parsers.image._exif import Block
from forensics.parsers.image._exif import gather as gather_exif
from forensics.parsers.image.jpeg import image_facts

FORMAT = Format(id="image.tiff", title="TIFF image", media_types=("image/tiff",), extensions=(".tif", ".tiff"))

_XMP_BYTES = 16_000_000
"""Larger packets are not read."""


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether a byte order and the number 42 open it."""
    return head[:4] in (b"II*\0", b"MM\0*")


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[DocumentFacts | Notice]:
    """Yield notices and the image's facts; pixels are not decoded."""
    gathering = Gathering("tiff")
    found = gather_exif(gathering, Block(source, 0))
    times = dict(found.times)
    if found.xmp is not None:
        start, end = found.xmp
        packet = source.read(start, min(end, start + _XMP_BYTES + 1))
        limit = min(context.limits.xml_bytes, _XMP_BYTES)
        for name, stamp in gather_xmp(gathering, Layer(packet, base=start), "xmp:IFD0", limit).items():
            times.setdefault(name, stamp)
    yield from gathering.notices
    yield image_facts(gathering, FORMAT.id, times)
