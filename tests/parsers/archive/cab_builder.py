"""Cabinets by hand: every field can be given otherwise than it should be."""

import struct
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from forensics.parsers.archive._cab_blocks import checksum

DATE, TIME = (2016 - 1980) << 9 | 3 << 5 | 4, 5 << 11 | 6 << 5 | 4
"""4 March 2016, 5:06:08."""


class File(NamedTuple):
    name: bytes
    size: int
    offset: int
    folder: int = 0
    attributes: int = 0x20
    date: int = DATE
    time: int = TIME


def stored(data: bytes, step: int = 32_768) -> list[tuple[bytes, int]]:
    """Return the blocks of a stored folder."""
    return [(data[at : at + step], len(data[at : at + step])) for at in range(0, len(data), step)]


def mszip(data: bytes, step: int = 32_768) -> list[tuple[bytes, int]]:
    """Return the blocks of a folder of MSZIP, each with the one before as history."""
    found, history = [], b""
    for at in range(0, len(data), step):
        piece = data[at : at + step]
        engine = (
            zlib.compressobj(9, zlib.DEFLATED, -15, zdict=history)
            if history
            else zlib.compressobj(9, zlib.DEFLATED, -15)
        )
        found.append((b"CK" + engine.compress(piece) + engine.flush(), len(piece)))
        history = (history + piece)[-32_768:]
    return found


def cabinet(
    folders: Sequence[tuple[int, list[tuple[bytes, int]]]],
    files: Sequence[File],
    *,
    reserve: bytes | None = None,
    of_block: int = 0,
    previous: bytes = b"",
    following: bytes = b"",
    sums: bool = True,
) -> bytes:
    """Return a cabinet of folders, each its method and its blocks, and files."""
    flags = (1 if previous else 0) | (2 if following else 0) | (4 if reserve is not None else 0)
    more = b""
    if reserve is not None:
        more += struct.pack("<HBB", len(reserve), 0, of_block) + reserve
    more += previous + following
    listed = b"".join(
        [
            struct.pack("<IIHHHH", one.size, one.offset, one.folder, one.date, one.time, one.attributes)
            + one.name
            + b"\0"
            for one in files
        ]
    )
    files_at = 36 + len(more) + 8 * len(folders)
    at, entries, data = files_at + len(listed), b"", b""
    for method, blocks in folders:
        entries += struct.pack("<IHH", at + len(data), len(blocks), method)
        for raw, size in blocks:
            sizes = struct.pack("<HH", len(raw), size)
            total = checksum(sizes, checksum(raw)) if sums else 0
            data += struct.pack("<I", total) + sizes + b"R" * of_block + raw
    head = struct.pack(
        "<4sIIIIIBBHHHHH",
        *(b"MSCF", 0, at + len(data), 0, files_at, 0, 3, 1, len(folders), len(files), flags, 7, 1),
    )
    return head + more + entries + listed + data
