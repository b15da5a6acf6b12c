"""Reads JPEG: EXIF and XMP of the application segments, comments, and what follows the picture.

Source: ITU-T T.81 annex B (segments); CIPA DC-008 4.5.4 (APP1); Adobe XMP specification part 3, 1.1.3.
"""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.facts import Timestamp
from forensics.model.items import Padding, ParseContext
from forensics.model.locations import Locator
from forensics.parsers import Yielded
from forensics.parsers import _beside as beside
from forensics.parsers._beside import PICTURE, Piece
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._xmp import gather as gather_xmp
from forensics.parsers.image._exif import Block
from forensics.parsers.image._exif import gather as gather_exif
from forensics.parsers.image._image_facts import image_facts
from forensics.parsers.image._jpeg_end import picture_end
from forensics.parsers.image.jpeg import FORMAT

MAX_SEGMENTS = 10_000
MAX_PICTURES = 32
"""Pictures after the first that become items of their own; those of a phone have one or two."""
MAX_BLOCKS = 8
"""APP1 segments of one picture that are read; a camera writes one or two. Continued XMP packets do not count."""
_FILL_BYTES = 65_536

_EXIF = b"Exif\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_APP1, _COMMENT, _SCAN, _END = 0xE1, 0xFE, 0xDA, 0xD9
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
"""Markers without a segment: TEM, RST0-7, SOI."""


class _Segment(NamedTuple):
    marker: int
    start: int
    """First byte after the length."""
    data: bytes


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield notices, the image's facts and what follows it."""
    gathering = Gathering("jpeg")
    times: dict[str, Timestamp] = {}
    blocks = 0
    for segment in _segments(source, gathering):
        if segment.marker == _COMMENT:
            span = (segment.start, segment.start + len(segment.data))
            text = segment.data.decode("utf-8", "backslashreplace")
            gathering.add_fact("jpeg.comment", text, Locator(path="jpeg:COM", ranges=(span,)), segment.data)
        elif segment.marker == _APP1:
            blocks += not segment.data.startswith(_XMP_EXTENSION)
            if blocks <= MAX_BLOCKS:
                _application(gathering, segment, context.limits.xml_bytes, times)
    if blocks > MAX_BLOCKS:
        gathering.note("limit", f"{blocks} APP1 segments; the first {MAX_BLOCKS} were read")
    behind, fillers = _behind(source, gathering)
    yield from gathering.notices
    yield from fillers
    yield image_facts(gathering, FORMAT.id, times)
    for found in behind:
        yield beside.child(source, found, f"after the picture, at {found.start}")


def _behind(source: ByteSource, gathering: Gathering) -> tuple[list[Piece], list[Padding]]:
    """Return what follows the picture and is an item, and what is filling; tell what follows, or that it has no end."""
    items: list[Piece] = []
    fillers: list[Padding] = []
    if any(notice.code.endswith(("malformed", "truncated")) for notice in gathering.notices):
        return items, fillers
    end = picture_end(source, 0)
    if end is None:
        gathering.note("truncated", "no end-of-image marker: the data end inside the picture")
        return items, fillers
    while found := beside.piece(source, end, source.size):
        fillers.append(beside.filler(end, source.size, found))
        inner = picture_end(source, found.start) if found.kind == PICTURE and len(items) < MAX_PICTURES else None
        found = found._replace(end=inner or source.size)
        gathering.notices.append(beside.notice(found, "jpeg.trailing", "after the end of the picture"))
        items += [found] if found.item else []
        end = found.end
    return items, [*fillers, beside.filler(end, source.size, None)]


def _application(gathering: Gathering, segment: _Segment, limit: int, times: dict[str, Timestamp]) -> None:
    data = segment.data
    if data.startswith(_EXIF):
        lead = len(_EXIF) + 1  # the identifier and one filling byte
        found = gather_exif(gathering, Block(MemoryBytes(data[lead:]), segment.start + lead))
        for name, stamp in found.times.items():
            times.setdefault(name, stamp)
    elif data.startswith(_XMP):
        layer = Layer(data[len(_XMP) :], base=segment.start + len(_XMP))
        for name, stamp in gather_xmp(gathering, layer, "xmp:APP1", limit).items():
            times.setdefault(name, stamp)
    elif data.startswith(_XMP_EXTENSION):
        place = Locator(path="jpeg:APP1", ranges=((segment.start, segment.start + len(data)),))
        gathering.note("xmp_extension", "a continued XMP packet; its continuation is not read", place, len(data))


def _segments(source: ByteSource, gathering: Gathering) -> Iterator[_Segment]:
    """Yield the segments before the first scan; what breaks the chain becomes a notice."""
    position = 2
    for _ in range(MAX_SEGMENTS):
        head = source.read(position, position + 4)
        while head[:2] == b"\xff\xff":  # fill bytes (T.81 B.1.1.2)
            run = source.read(position, position + _FILL_BYTES)
            position += len(run) - len(run.lstrip(b"\xff")) - 1
            head = source.read(position, position + 4)
        if len(head) < 2:
            gathering.note("truncated", f"the data end at {position}, before any picture data")
            return
        if head[0] != 0xFF:
            gathering.note(
                "malformed", f"no marker at {position}; later segments were not read", unread=source.size - position
            )
            return
        marker = head[1]
        if marker in (_SCAN, _END):
            return
        if marker in _ALONE:
            position += 2
            continue
        size = int.from_bytes(head[2:4], "big")
        if size < 2 or len(head) < 4:
            gathering.note(
                "malformed",
                f"segment at {position} has no valid length; later segments were not read",
                unread=source.size - position,
            )
            return
        data = source.read(position + 4, position + 2 + size)
        if len(data) < size - 2:
            gathering.note("truncated", f"the data end inside the segment at {position}")
        yield _Segment(marker, position + 4, data)
        position += 2 + size
    gathering.note(
        "limit", f"more than {MAX_SEGMENTS} segments; later ones were not read", unread=source.size - position
    )
