"""The records of a zip file as tables, and the headers read from them.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
"""

import struct

import msgspec

from forensics.intake.windows import Window

LOCAL = b"PK\x03\x04"
CENTRAL = b"PK\x01\x02"
DESCRIPTOR = b"PK\x07\x08"
END = b"PK\x05\x06"
END64 = b"PK\x06\x06"
LOCATOR64 = b"PK\x06\x07"
SIGNATURE = b"PK\x05\x05"

Layout = dict[str, tuple[int, int]]
"""Field name to offset and size."""

LOCAL_LAYOUT: Layout = {
    "needed": (4, 2),
    "flags": (6, 2),
    "method": (8, 2),
    "time": (10, 2),
    "date": (12, 2),
    "crc32": (14, 4),
    "stored_size": (18, 4),
    "size": (22, 4),
    "name_length": (26, 2),
    "extra_length": (28, 2),
}
LOCAL_BYTES = 30
CENTRAL_LAYOUT: Layout = {
    "made_by": (4, 2),
    "needed": (6, 2),
    "flags": (8, 2),
    "method": (10, 2),
    "time": (12, 2),
    "date": (14, 2),
    "crc32": (16, 4),
    "stored_size": (20, 4),
    "size": (24, 4),
    "name_length": (28, 2),
    "extra_length": (30, 2),
    "comment_length": (32, 2),
    "disk": (34, 2),
    "internal": (36, 2),
    "external": (38, 4),
    "offset": (42, 4),
}
CENTRAL_BYTES = 46
END_LAYOUT: Layout = {
    "disk": (4, 2),
    "directory_disk": (6, 2),
    "count_here": (8, 2),
    "count": (10, 2),
    "directory_size": (12, 4),
    "directory_start": (16, 4),
    "comment_length": (20, 2),
}
END_BYTES = 22
END64_LAYOUT: Layout = {
    "record_size": (4, 8),
    "disk": (16, 4),
    "directory_disk": (20, 4),
    "count_here": (24, 8),
    "count": (32, 8),
    "directory_size": (40, 8),
    "directory_start": (48, 8),
}
END64_BYTES = 56
LOCATOR64_BYTES = 20

AES_METHOD = 99
AES = 0x9901
STRONG_EXTRA = 0x0017

ENCRYPTED = 1 << 0
LZMA_END = 1 << 1
HAS_DESCRIPTOR = 1 << 3
STRONG = 1 << 6
UTF8 = 1 << 11
ZIP64 = 0x0001
FULL = 0xFFFFFFFF


class Extra(msgspec.Struct, frozen=True):
    """One extra field of a header."""

    id: int
    start: int
    """Offset of its data in the archive (its id and length stand in the four bytes before)."""
    data: bytes


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """A local or central header, as it stands; sizes through the zip64 field where they point to it."""

    start: int
    end: int
    """First byte after name, extra fields and comment."""
    fixed: bytes
    """The part of fixed length."""
    needed: int
    flags: int
    method: int
    time: int
    date: int
    crc32: int
    stored_size: int
    size: int
    name: bytes
    extras: tuple[Extra, ...]
    torn_extra: int = 0
    """Bytes at the end of the extra fields that form none."""
    made_by: int = 0
    comment: bytes = b""
    external: int = 0
    disk: int = 0
    offset: int = -1
    """Stated offset of the local header; -1 in a local header itself."""

    @property
    def central(self) -> bool:
        """Whether this is the central header."""
        return self.offset >= 0

    def range(self, field: str) -> tuple[int, int]:
        """Return where a field stands: one of the layout's names, or ``name``."""
        if field == "name":
            begin = self.start + len(self.fixed)
            return begin, begin + len(self.name)
        at, size = (CENTRAL_LAYOUT if self.central else LOCAL_LAYOUT)[field]
        return self.start + at, self.start + at + size

    def raw(self, field: str) -> bytes:
        """Return the bytes of a field."""
        if field == "name":
            return self.name
        begin, end = self.range(field)
        return self.fixed[begin - self.start : end - self.start]


class Descriptor(msgspec.Struct, frozen=True):
    """The data descriptor after a member's data."""

    start: int
    lead: int
    """Bytes before its fields: 4 where it has a signature."""
    width: int
    """Bytes of each of its sizes."""
    data: bytes
    crc32: int
    stored_size: int
    size: int

    @property
    def end(self) -> int:
        """First byte after it."""
        return self.start + len(self.data)

    def range(self, field: str) -> tuple[int, int]:
        """Return the range of a field."""
        first = self.start + self.lead
        if field == "crc32":
            return first, first + 4
        at = first + 4 + (self.width if field == "size" else 0)
        return at, at + self.width

    def raw(self, field: str) -> bytes:
        """Return the bytes of a field."""
        begin, end = self.range(field)
        return self.data[begin - self.start : end - self.start]


class Aes(msgspec.Struct, frozen=True):
    """The extra field of WinZip's encryption."""

    version: int
    """1: the CRC-32 is stated; 2: the HMAC alone tells damage."""
    strength: int
    """1, 2 or 3; others are not known."""
    method: int
    """Compression method of what is encrypted."""


_CODES = {2: "H", 4: "L", 8: "Q"}


def _compiled(layout: Layout) -> struct.Struct:
    """Make the reader of a layout whose fields stand without gaps after a signature."""
    return struct.Struct("<4x" + "".join(_CODES[size] for _, size in layout.values()))


_LOCAL = _compiled(LOCAL_LAYOUT)
_CENTRAL = _compiled(CENTRAL_LAYOUT)


def number(data: bytes, place: tuple[int, int]) -> int:
    """Return the little-endian number at a place of a layout."""
    at, size = place
    return int.from_bytes(data[at : at + size], "little")


def read_extras(data: bytes, start: int) -> tuple[tuple[Extra, ...], int]:
    """Return the extra fields of a header and how many bytes at its end form none."""
    found: list[Extra] = []
    at = 0
    while at + 4 <= len(data):
        size = data[at + 2] | data[at + 3] << 8
        if at + 4 + size > len(data):
            break
        found.append(Extra(data[at] | data[at + 1] << 8, start + at + 4, data[at + 4 : at + 4 + size]))
        at += 4 + size
    return tuple(found), len(data) - at


def read_aes(extras: tuple[Extra, ...]) -> Aes | None:
    """Return what the extra field of WinZip's encryption says; ``None`` where there is none whole."""
    for extra in extras:
        if extra.id == AES and len(extra.data) >= 7 and extra.data[2:4] == b"AE":
            return Aes(number(extra.data, (0, 2)), extra.data[4], number(extra.data, (5, 2)))
    return None


def read_local(window: Window, start: int) -> Header | None:
    """Return the local header at *start*, or ``None`` if none stands there whole."""
    fixed = window.read(start, start + LOCAL_BYTES)
    if len(fixed) < LOCAL_BYTES or not fixed.startswith(LOCAL):
        return None
    needed, flags, method, time, date, crc32, stored_size, size, name_length, extra_length = _LOCAL.unpack(fixed)
    name_end = start + LOCAL_BYTES + name_length
    end = name_end + extra_length
    rest = window.read(start + LOCAL_BYTES, end)
    if len(rest) < end - start - LOCAL_BYTES:
        return None
    extras, torn = read_extras(rest[name_length:], name_end)
    size, stored_size, _ = _zip64(extras, (size, stored_size, 0))
    return Header(
        start=start,
        end=end,
        fixed=fixed,
        needed=needed,
        flags=flags,
        method=method,
        time=time,
        date=date,
        crc32=crc32,
        stored_size=stored_size,
        size=size,
        name=rest[:name_length],
        extras=extras,
        torn_extra=torn,
    )


def read_central(window: Window, start: int, limit: int) -> Header | None:
    """Return the central header at *start* if it ends by *limit*, or ``None``."""
    fixed = window.read(start, start + CENTRAL_BYTES)
    if len(fixed) < CENTRAL_BYTES or not fixed.startswith(CENTRAL):
        return None
    (
        made_by, needed, flags, method, time, date, crc32, stored_size, size,
        name_length, extra_length, comment_length, disk, _, external, offset,
    ) = _CENTRAL.unpack(fixed)  # fmt: skip
    extra_end = name_length + extra_length
    end = start + CENTRAL_BYTES + extra_end + comment_length
    if end > limit:
        return None
    rest = window.read(start + CENTRAL_BYTES, end)
    extras, torn = read_extras(rest[name_length:extra_end], start + CENTRAL_BYTES + name_length)
    size, stored_size, offset = _zip64(extras, (size, stored_size, offset))
    return Header(
        start=start,
        end=end,
        fixed=fixed,
        needed=needed,
        flags=flags,
        method=method,
        time=time,
        date=date,
        crc32=crc32,
        stored_size=stored_size,
        size=size,
        name=rest[:name_length],
        extras=extras,
        torn_extra=torn,
        made_by=made_by,
        comment=rest[extra_end:],
        external=external,
        disk=disk,
        offset=offset,
    )


def _zip64(extras: tuple[Extra, ...], stated: tuple[int, int, int]) -> tuple[int, int, int]:
    """Replace each stated number that is all ones by the next of the zip64 field, in the field's fixed order."""
    if FULL not in stated:
        return stated
    found = list(stated)
    for extra in extras:
        if extra.id == ZIP64:
            at = 0
            for place, value in enumerate(stated):
                if value == FULL and at + 8 <= len(extra.data):
                    found[place] = int.from_bytes(extra.data[at : at + 8], "little")
                    at += 8
            break
    return found[0], found[1], found[2]


def read_descriptor(window: Window, start: int, stored_size: int, size: int) -> Descriptor | None:
    """Return the data descriptor at *start*.

    It has no length of its own: the form (signature or not, 4 or 8 byte sizes) is the one whose sizes agree with the
    directory's. Without agreement a signature still marks the short form.
    """
    data = window.read(start, start + 24)
    signed = data.startswith(DESCRIPTOR)
    for lead in (4, 0) if signed else (0,):
        for width in (4, 8):
            end = lead + 4 + 2 * width
            if len(data) >= end:
                found = _descriptor(data, start, lead, width)
                if (found.stored_size, found.size) == (stored_size, size):
                    return found
    return _descriptor(data, start, 4, 4) if signed and len(data) >= 16 else None


def _descriptor(data: bytes, start: int, lead: int, width: int) -> Descriptor:
    stored = number(data, (lead + 4, width))
    size = number(data, (lead + 4 + width, width))
    whole = data[: lead + 4 + 2 * width]
    return Descriptor(start, lead, width, whole, number(data, (lead, 4)), stored, size)
