"""7z archives: the header with its byte places, and every file as a child item; solid folders are decoded once.

Source: 7zFormat.txt and Methods.txt of the 7-Zip sources.
"""

import zlib
from collections.abc import Iterator

from forensics.intake.windows import Window
from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded, RangeDecoder
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.parsers.archive._programs import PROGRAMS, STUB_BYTES

SIGNATURE = b"7z\xbc\xaf\x27\x1c"
_START_BYTES = 32


def _decode(encoded: Encoded) -> Iterator[bytes]:
    from forensics.parsers.archive._7z_decode import decode

    return decode(encoded)


def _closed(encoded: Encoded) -> bool:
    from forensics.parsers.archive._7z_decode import closed

    return closed(encoded)


FORMAT = Format(
    id="7z",
    title="7z archive",
    media_types=("application/x-7z-compressed",),
    extensions=(".7z", ".cb7"),
    begins=(SIGNATURE, *PROGRAMS),
    decoders=(RangeDecoder(name="7z/1", decode=_decode, closed=_closed),),
    damaged=("7z.truncated", "7z.damaged", "7z.crc"),
    over_budget=("7z.expansion_limit",),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* opens a 7z archive, or a program that unpacks the one inside it."""
    return head.startswith(SIGNATURE) or (head.startswith(PROGRAMS) and archive_start(source) is not None)


def archive_start(source: ByteSource) -> int | None:
    """Return where the archive begins: at the beginning, or in a program where the start header's CRC-32 is right."""
    if source.read(0, len(SIGNATURE)) == SIGNATURE:
        return 0
    window, at = Window(source, 1 << 16), 1
    while (at := window.find(SIGNATURE, at, min(source.size, STUB_BYTES))) >= 0:
        start = window.read(at, at + _START_BYTES)
        if len(start) == _START_BYTES and zlib.crc32(start[12:]) == int.from_bytes(start[8:12], "little"):
            return at
        at += 1
    return None


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the archive's facts, then its files in the order of its header.

    Files whose bytes cannot be had are children without content, with the reason as a notice.

    Raises:
        WrongFormat: no archive begins here.
    """
    from forensics.parsers.archive._7z_children import read

    return read(source, context)
