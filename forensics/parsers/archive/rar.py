"""RAR archives, versions 1.5 to 5: their headers with byte places, and every file as a child item.

Headers and files that are only stored are read here. What is packed is unpacked by UnRAR, from the optional package
``unrar2-cffi``: without it such files are children without content.

Source: technote.txt of WinRAR 3 and 5; the headers and the encryption of headers as UnRAR's sources describe them.
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

SIGNATURE = b"Rar!\x1a\x07"


def _decode(encoded: Encoded) -> Iterator[bytes]:
    from forensics.parsers.archive._rar_unpack import decode

    return decode(encoded)


def _decode_header(encoded: Encoded) -> Iterator[bytes]:
    from forensics.parsers.archive._rar_crypt import decode

    return decode(encoded)


def _closed(encoded: Encoded) -> bool:
    from forensics.parsers.archive._rar_unpack import closed

    return closed(encoded)


def _closed_header(encoded: Encoded) -> bool:
    return not any(_decode_header(encoded))


FORMAT = Format(
    id="rar",
    title="RAR archive",
    media_types=("application/vnd.rar", "application/x-rar", "application/x-rar-compressed"),
    extensions=(".rar", ".cbr"),
    begins=(SIGNATURE, *PROGRAMS),
    decoders=(
        RangeDecoder(name="rar/1", decode=_decode, closed=_closed),
        RangeDecoder(name="rar-header/1", decode=_decode_header, closed=_closed_header),
    ),
    damaged=("rar.truncated", "rar.damaged", "rar.crc"),
    over_budget=("rar.expansion_limit",),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* opens a RAR archive, or a program that unpacks the one inside it."""
    return marker(head) or (head.startswith(PROGRAMS) and archive_start(source) is not None)


def marker(data: bytes, at: int = 0) -> bool:
    """Whether the mark of an archive of version 1.5 to 4, or of 5, stands there."""
    return data.startswith((SIGNATURE + b"\0", SIGNATURE + b"\1\0"), at)


def archive_start(source: ByteSource) -> int | None:
    """Return where the archive begins: at the beginning, or in a program where the first header's checksum is right."""
    if marker(source.read(0, 8)):
        return 0
    window, at = Window(source, 1 << 16), 1
    while (at := window.find(SIGNATURE, at, min(source.size, STUB_BYTES))) >= 0:
        if _first_header(window.read(at, at + 64)):
            return at
        at += 1
    return None


def _first_header(data: bytes) -> bool:
    if data[6:7] == b"\0":
        size = int.from_bytes(data[12:14], "little")
        stated = int.from_bytes(data[7:9], "little")
        return data[9:10] == b"\x73" and 13 <= size <= 57 and zlib.crc32(data[9 : 7 + size]) & 0xFFFF == stated
    # Version 5: a size of one byte is enough for the first header of every archive that is made.
    size = data[12] if len(data) > 12 else 0x80
    return (
        data[6:8] == b"\1\0" and size < 52 and zlib.crc32(data[12 : 13 + size]) == int.from_bytes(data[8:12], "little")
    )


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the archive's facts, then its files in their order.

    Files whose bytes cannot be had are children without content, with the reason as a notice.

    Raises:
        WrongFormat: no archive begins here.
    """
    from forensics.parsers.archive._rar_children import read

    return read(source, context)
