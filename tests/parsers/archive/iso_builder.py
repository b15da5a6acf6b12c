"""Discs by hand: sectors, descriptors, directory records, with everything that a test may want to break."""

import struct

SECTOR = 2048
TIME = bytes((116, 3, 4, 5, 6, 7, 4))
"""4 March 2016, 5:06:07 at +01:00."""


def both(value: int, size: int) -> bytes:
    return value.to_bytes(size, "little") + value.to_bytes(size, "big")


def susp(signature: bytes, data: bytes) -> bytes:
    return signature + bytes((len(data) + 4, 1)) + data


def px(mode: int) -> bytes:
    return susp(b"PX", both(mode, 4) + both(1, 4) + both(1000, 4) + both(100, 4))


def nm(name: bytes, flags: int = 0) -> bytes:
    return susp(b"NM", bytes((flags,)) + name)


def ce(block: int, offset: int, size: int) -> bytes:
    return susp(b"CE", both(block, 4) + both(offset, 4) + both(size, 4))


SP = susp(b"SP", b"\xbe\xef\0")


def record(
    name: bytes, block: int, size: int, flags: int = 0, use: bytes = b"", *, time: bytes = TIME, xar: int = 0
) -> bytes:
    """Return a directory record."""
    pad = b"" if len(name) % 2 else b"\0"
    body = bytes((xar,)) + both(block, 4) + both(size, 4) + time + bytes((flags, 0, 0)) + both(1, 2)
    body += bytes((len(name),)) + name + pad + use
    body += b"\0" * ((len(body) + 1) % 2)
    return bytes((len(body) + 1,)) + body


def long_time(text: bytes = b"2016030405060742", quarters: int = 4) -> bytes:
    return text + quarters.to_bytes(1, "little", signed=True)


def descriptor(
    kind: int, root: tuple[int, int], blocks: int, *, escape: bytes = b"", volume: bytes = b"VOLUME", table: int = 0
) -> bytes:
    """Return a volume descriptor that names a root directory."""
    data = bytearray(SECTOR)
    data[0:7] = bytes((kind,)) + b"CD001\x01"
    data[40 : 40 + len(volume)] = volume
    data[80:88] = both(blocks, 4)
    data[88 : 88 + len(escape)] = escape
    data[128:132] = both(SECTOR, 2)
    data[132:140] = both(16 if table else 0, 4)
    data[140:144] = struct.pack("<I", table)
    data[156:190] = record(b"\0", *root, 2)[:34]
    for at in (813, 830):
        data[at : at + 17] = long_time()
    for at in (847, 864):
        data[at : at + 17] = b"0" * 16 + b"\0"
    return bytes(data)


TERMINATOR = b"\xffCD001\x01".ljust(SECTOR, b"\0")
UDF = b"".join([(b"\0" + mark + b"\x01").ljust(SECTOR, b"\0") for mark in (b"BEA01", b"NSR02", b"TEA01")])


def folder(block: int, *records: bytes, use: bytes = b"", parent: int = 0) -> bytes:
    """Return the sector of a directory with its own two records."""
    own = record(b"\0", block, SECTOR, 2, use) + record(b"\1", parent or block, SECTOR, 2)
    return (own + b"".join(records)).ljust(SECTOR, b"\0")


def disc(sectors: dict[int, bytes], *descriptors: bytes, size: int = 40, system: bytes = b"") -> bytes:
    """Return a disc of *size* sectors, what each holds by number, descriptors from the sixteenth on."""
    data = bytearray(size * SECTOR)
    data[: len(system)] = system
    for number, sector in [*enumerate(descriptors, 16), *sectors.items()]:
        data[number * SECTOR : number * SECTOR + len(sector)] = sector
    return bytes(data)
