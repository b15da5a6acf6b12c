"""EXIF blocks (a TIFF structure), alone as TIFF files or inside JPEG segments; read by exifread, located by us.

Source: CIPA DC-008 (EXIF 2.32) 4.6; TIFF 6.0 section 2.
"""

import struct
from typing import NamedTuple, cast

from exifread.core.exceptions import ExifError
from exifread.core.exif_header import ExifHeader
from exifread.core.ifd_tag import IfdTag

from forensics.errors import LimitExceeded
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers._gathering import Gathering
from forensics.parsers._quiet import quiet
from forensics.parsers._stream import SourceFile
from forensics.parsers._written_dates import WrittenDate, exif_date, is_exif_offset, is_exif_subsecond

MAX_READS = 400_000
MAX_BYTES = 64_000_000
"""What exifread may read in one block: structures that point at themselves end here."""

_FAULTS = (
    ExifError,
    LimitExceeded,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)
"""What exifread lets out on broken blocks, and our own budget."""

_FIELDS = {
    "Image Make": "exif.make",
    "Image Model": "exif.model",
    "Image Software": "exif.software",
    "Image ProcessingSoftware": "exif.processing_software",
    "Image HostComputer": "exif.host_computer",
    "Image Artist": "exif.artist",
    "Image Copyright": "exif.copyright",
    "Image ImageDescription": "exif.description",
    "Image DocumentName": "exif.document_name",
    "EXIF CameraOwnerName": "exif.owner_name",
    "EXIF BodySerialNumber": "exif.body_serial_number",
    "EXIF LensMake": "exif.lens_make",
    "EXIF LensModel": "exif.lens_model",
    "EXIF LensSerialNumber": "exif.lens_serial_number",
    "EXIF ImageUniqueID": "exif.image_unique_id",
    "GPS GPSLatitudeRef": "exif.gps_latitude_ref",
    "GPS GPSLongitudeRef": "exif.gps_longitude_ref",
}
"""Text fields of interest, by exifread's name."""
_TIMES = (
    ("EXIF DateTimeOriginal", "EXIF SubSecTimeOriginal", "EXIF OffsetTimeOriginal", TimeKind.EXIF_ORIGINAL),
    ("EXIF DateTimeDigitized", "EXIF SubSecTimeDigitized", "EXIF OffsetTimeDigitized", TimeKind.EXIF_DIGITIZED),
    ("Image DateTime", "EXIF SubSecTime", "EXIF OffsetTime", TimeKind.EXIF_CHANGED),
    ("Thumbnail DateTime", "", "", TimeKind.EXIF_THUMBNAIL),
)
_MEANS = {
    TimeKind.EXIF_ORIGINAL: Description.CREATION,
    TimeKind.EXIF_DIGITIZED: Description.DIGITIZED,
    TimeKind.EXIF_CHANGED: Description.MODIFICATION,
    TimeKind.EXIF_THUMBNAIL: Description.MODIFICATION,
}
_DIRECTORIES = {"Image": "IFD0", "Thumbnail": "IFD1", "EXIF": "Exif", "GPS": "GPS"}
_XMP = "Image ApplicationNotes"


class _Field(NamedTuple):
    raw: bytes
    text: str
    span: tuple[int, int] | None
    path: str


class Block(NamedTuple):
    """One EXIF block and where it stands in the item."""

    source: ByteSource
    base: int
    """Offset of the TIFF header in the item."""


class Exif(NamedTuple):
    """What a caller goes on with."""

    times: dict[str, Timestamp]
    """By exifread's name, ``EXIF DateTimeOriginal``."""
    xmp: tuple[int, int] | None
    """Range in the block of an XMP packet (TIFF tag 700)."""


def gather(gathering: Gathering, block: Block) -> Exif:
    """Add the facts and times of one block; what exifread cannot read becomes a notice."""
    order = {b"II": "<", b"MM": ">"}.get(block.source.read(0, 2))
    if order is None:
        gathering.note("exif_malformed", f"no byte order at {block.base}", Locator(ranges=((block.base, block.base),)))
        return Exif({}, None)
    tags = _read(gathering, block, order)
    for name, fact in _FIELDS.items():
        if (field := _text(tags, name, block)) is not None:
            gathering.add_fact(fact, field.text, _locator(field.path, field), field.raw)
    times: dict[str, Timestamp] = {}
    for date, subsecond, offset, kind in _TIMES:
        stamp = _time(gathering, tags, (date, subsecond, offset), kind, block)
        if stamp is not None:
            times[date] = stamp
    position = _gps_time(gathering, tags, block, order)
    if position is not None:
        times["GPS"] = position
    xmp = tags.get(_XMP)
    return Exif(times, None if xmp is None else (xmp.field_offset, xmp.field_offset + xmp.field_length))


def _read(gathering: Gathering, block: Block, order: str) -> dict[str, IfdTag]:
    file = SourceFile(block.source, max_reads=MAX_READS, max_bytes=MAX_BYTES)
    header = ExifHeader(file, "I" if order == "<" else "M", 0, 0, False, detailed=False)  # type: ignore[arg-type]
    with quiet("exifread"):
        try:
            directories = header.list_ifd()
        except _FAULTS as error:
            gathering.note("exif_damaged", f"the list of EXIF directories is damaged: {_plain(error)}")
            directories = []
        for number, start in enumerate(directories):
            name = ("Image", "Thumbnail")[number] if number < 2 else f"IFD {number}"
            header.detailed = number == 0  # only there exifread skips the XMP tag otherwise
            _dump(gathering, header, start, name)
        header.detailed = False
        exif = header.tags.get("Image ExifOffset")
        if isinstance(exif, IfdTag) and exif.values and isinstance(exif.values[0], int):
            _dump(gathering, header, exif.values[0], "EXIF")
    return {name: tag for name, tag in header.tags.items() if isinstance(tag, IfdTag)}


def _dump(gathering: Gathering, header: ExifHeader, start: int, name: str) -> None:
    try:
        header.dump_ifd(start, name)
    except _FAULTS as error:
        gathering.note("exif_damaged", f"EXIF directory {name} is damaged: {_plain(error)}")


def _text(tags: dict[str, IfdTag], name: str, block: Block) -> _Field | None:
    """Return an ASCII field up to its first NUL, as exifread and we both read it."""
    tag = tags.get(name)
    if tag is None or not isinstance(tag.values, str | bytes):
        return None
    stored = block.source.read(tag.field_offset, tag.field_offset + min(tag.field_length, MAX_BYTES))
    if not stored:
        return None  # it would stand behind the end
    raw = stored.partition(b"\0")[0]
    value = tag.values.encode("utf-8", "surrogatepass") if isinstance(tag.values, str) else tag.values
    directory, _, field = name.rpartition(" ")
    path = f"exif:{_DIRECTORIES.get(directory, directory)}/{field}"
    if raw != value:
        return _Field(value, value.decode("utf-8", "backslashreplace"), None, path)
    start = block.base + tag.field_offset
    return _Field(raw, raw.decode("utf-8", "backslashreplace"), (start, start + len(raw)), path)


def _locator(path: str, *fields: _Field) -> Locator:
    spans = tuple(field.span for field in fields if field.span is not None)
    return Locator(path=path, ranges=spans if len(spans) == len(fields) else ())


def _time(
    gathering: Gathering,
    tags: dict[str, IfdTag],
    names: tuple[str, str, str],
    kind: TimeKind,
    block: Block,
) -> Timestamp | None:
    date = _text(tags, names[0], block)
    if date is None:
        return None
    fields, subsecond, offset = [date], "", ""
    if (extra := _text(tags, names[1], block)) is not None and extra.text.strip():
        if is_exif_subsecond(extra.text):
            fields.append(extra)
            subsecond = extra.text
        else:
            gathering.note("exif_subsecond", f"{extra.path} is not a number", _locator(extra.path, extra))
    if (extra := _text(tags, names[2], block)) is not None and extra.text.strip(" :"):
        if is_exif_offset(extra.text):
            fields.append(extra)
            offset = extra.text
        else:
            gathering.note("exif_offset", f"{extra.path} is not an offset", _locator(extra.path, extra))
    reading = exif_date(date.text, subsecond, offset)
    description = _MEANS[kind]
    clock, owner = _clock(gathering, description)
    raw = b"".join(field.raw for field in fields)
    return gathering.add_time(reading, kind, description, _locator(date.path, *fields), raw, clock=clock, owner=owner)


def _clock(gathering: Gathering, description: Description) -> tuple[ClockKind, str]:
    """Return whose clock: the camera's, unless a program names itself and the time is that of the last change."""
    software = gathering.first("exif.software")
    camera = " ".join(part for part in (gathering.first("exif.make"), gathering.first("exif.model")) if part)
    if description is Description.MODIFICATION and (software or not camera):
        return ClockKind.APPLICATION, software
    return ClockKind.CAMERA, camera


def _gps_time(gathering: Gathering, tags: dict[str, IfdTag], block: Block, order: str) -> Timestamp | None:
    """Read date and time of the position; both are UTC by definition (4.6.6, GPSTimeStamp)."""
    date, time = _text(tags, "GPS GPSDate", block), tags.get("GPS GPSTimeStamp")
    if date is None or time is None or time.field_length != 24:
        return None
    raw = block.source.read(time.field_offset, time.field_offset + 24)
    if len(raw) != 24:
        return None
    start = block.base + time.field_offset
    clock = _Field(raw, "", (start, start + 24), "exif:GPS/GPSTimeStamp")
    day = exif_date(f"{date.text.rstrip(' ')} 00:00:00")
    reading = _with_clock(day, struct.unpack(f"{order}6I", raw))
    return gathering.add_time(
        reading,
        TimeKind.EXIF_POSITION,
        Description.POSITION,
        _locator("exif:GPS/GPSTimeStamp", date, clock),
        date.raw + raw,
        clock=ClockKind.CAMERA,
        owner="GPS",
    )


def _with_clock(day: WrittenDate, parts: tuple[int, ...]) -> WrittenDate:
    unparsable = WrittenDate(Absence.UNPARSABLE, Absence.UNPARSABLE, Absence.UNPARSABLE, Precision.SECOND)
    if isinstance(day.wall, Absence):
        return day
    if 0 in parts[1::2]:
        return unparsable
    ticks = 0
    for (top, bottom), unit, bound in zip(_pairs(parts), (3600, 60, 1), (24, 60, 61), strict=True):
        if top >= bound * bottom:
            return unparsable
        ticks += top * unit * TICKS_PER_SECOND // bottom
    instant = day.wall + ticks
    whole = parts[4] % parts[5] == 0
    return WrittenDate(instant, instant, 0, Precision.SECOND if whole else Precision.MILLISECOND)


def _pairs(parts: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    return cast(tuple[tuple[int, int], ...], tuple(zip(parts[::2], parts[1::2], strict=True)))


def _plain(error: BaseException) -> str:
    return "".join(char if " " <= char <= "~" else "?" for char in (str(error) or type(error).__name__)[:120])
