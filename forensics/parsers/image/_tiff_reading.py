"""Reads TIFF: EXIF fields and the XMP packet.

Source: TIFF 6.0 section 2; Adobe XMP specification part 3, 1.1.4 (tag 700).
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import ParseContext
from forensics.parsers import Yielded
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._xmp import gather as gather_xmp
from forensics.parsers.image._exif import Block
from forensics.parsers.image._exif import gather as gather_exif
from forensics.parsers.image._image_facts import image_facts
from forensics.parsers.image.tiff import FORMAT

_XMP_BYTES = 16_000_000
"""Larger packets are not read."""


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield notices and the image's facts."""
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
