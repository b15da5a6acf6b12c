"""Builds TNEF streams: attributes with level, number, length and checksum, and lists of MAPI properties."""

import struct
from collections.abc import Iterable
from uuid import UUID

SIGNATURE = b"\x78\x9f\x3e\x22"
I2, LONG, BOOLEAN, OBJECT, STRING8, STRING, TIME, BINARY = 2, 3, 11, 13, 0x1E, 0x1F, 0x40, 0x102
COMMON = "{00062008-0000-0000-C000-000000000046}"
IID_MESSAGE = UUID("00020307-0000-0000-C000-000000000046").bytes_le
VERSION, CODEPAGE = 0x00089006, 0x00069007
SUBJECT, SENT, RECEIVED, MODIFIED, CLASS, BODY, FROM = (
    0x00018004,
    0x00038005,
    0x00038006,
    0x00038020,
    0x00078008,
    0x0002800C,
    0x00008000,
)
PROPERTIES, RECIPIENTS, RENDERING, TITLE, DATA, ATTACHMENT, CREATED = (
    0x00069003,
    0x00069004,
    0x00069002,
    0x00018010,
    0x0006800F,
    0x00069005,
    0x00038012,
)
OF_ATTACHMENTS = (RENDERING, TITLE, DATA, ATTACHMENT, CREATED)


def attribute(number: int, value: bytes, *, length: int | None = None, checksum: int | None = None) -> bytes:
    level = 2 if number in OF_ATTACHMENTS else 1
    stated = len(value) if length is None else length
    summed = sum(value) & 0xFFFF if checksum is None else checksum
    return struct.pack("<BII", level, number, stated) + value + struct.pack("<H", summed)


def stream(*attributes: bytes, key: int = 0x1234) -> bytes:
    return SIGNATURE + struct.pack("<H", key) + b"".join(attributes)


def head(codepage: int = 1252) -> bytes:
    return attribute(VERSION, b"\0\0\1\0") + attribute(CODEPAGE, struct.pack("<II", codepage, 0))


def padded(value: bytes) -> bytes:
    return value + bytes(-len(value) % 4)


def counted(*values: bytes) -> bytes:
    return struct.pack("<I", len(values)) + b"".join([struct.pack("<I", len(one)) + padded(one) for one in values])


def prop(number: int, kind: int, value: bytes, name: str = "") -> bytes:
    """Return a property; *value* as it stands behind tag and name."""
    return struct.pack("<HH", kind, number) + (named(name) if name else b"") + value


def named(name: str) -> bytes:
    group, _, what = name.partition("/")
    lead = UUID(group).bytes_le
    if what.startswith("0x"):
        return lead + struct.pack("<II", 0, int(what, 16))
    text = what.encode("utf-16-le") + b"\0\0"
    return lead + struct.pack("<II", 1, len(text)) + padded(text)


def text8(number: int, value: bytes, name: str = "") -> bytes:
    return prop(number, STRING8, counted(value + b"\0"), name)


def text(number: int, value: str, name: str = "") -> bytes:
    return prop(number, STRING, counted(value.encode("utf-16-le") + b"\0\0"), name)


def number(tag: int, value: int, name: str = "") -> bytes:
    return prop(tag, LONG, struct.pack("<I", value), name)


def time(tag: int, ticks: int, name: str = "") -> bytes:
    return prop(tag, TIME, struct.pack("<Q", ticks), name)


def properties(*found: bytes) -> bytes:
    return struct.pack("<I", len(found)) + b"".join(found)


def rows(*found: Iterable[bytes]) -> bytes:
    return struct.pack("<I", len(found)) + b"".join([properties(*row) for row in found])


def date(*parts: int) -> bytes:
    """Return year, month, day, hour, minute, second and weekday (0 is Sunday)."""
    return struct.pack("<7H", *parts)


def rendering(kind: int = 1) -> bytes:
    return attribute(RENDERING, struct.pack("<HIHHI", kind, 0xFFFFFFFF, 0, 0, 0))


def sender(name: bytes, address: bytes) -> bytes:
    shown, written = name + b"\0", address + b"\0"
    return (
        struct.pack("<HHHH", 4, 16 + len(shown) + len(written), len(shown), len(written)) + shown + written + bytes(8)
    )
