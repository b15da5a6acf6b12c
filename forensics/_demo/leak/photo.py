"""JPEG pictures of coloured squares, encoded here, with the EXIF block of an invented camera.

The encoder is baseline JPEG (ITU-T T.81) with one DC coefficient a block: small, valid, and free of anyone's pixels.
"""

import struct
from dataclasses import dataclass
from datetime import datetime
from random import Random

from forensics._demo.leak.clock import paris, wall

_DC_LENGTHS = (0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
_DC_VALUES = tuple(range(12))
_STEP = 16


@dataclass(frozen=True)
class Shot:
    """What the camera noted."""

    taken: datetime
    changed: datetime
    software: str = "Lumivert LV-20 v1.02"
    make: str = "Lumivert"
    model: str = "LV-20"


def _codes() -> dict[int, tuple[int, int]]:
    """Huffman codes of the DC table: category to (code, length); T.81 annex C."""
    table, code, values = {}, 0, iter(_DC_VALUES)
    for length, count in enumerate(_DC_LENGTHS, start=1):
        for _ in range(count):
            table[next(values)] = (code, length)
            code += 1
        code <<= 1
    return table


def _scan(width: int, height: int, rng: Random) -> bytes:
    codes, bits, count = _codes(), 0, 0
    previous = [0, 0, 0]
    for row in range(height // 8):
        for _ in range(width // 8):
            levels = (rng.randrange(-30, 30) - row, rng.randrange(-8, 8), rng.randrange(-8, 8))
            for index, level in enumerate(levels):
                difference = level - previous[index]
                previous[index] = level
                size = abs(difference).bit_length()
                code, length = codes[size]
                extra = difference if difference >= 0 else difference + (1 << size) - 1
                # End of block is the only code of the AC table: two zero bits.
                bits = ((bits << length | code) << size | extra) << 2
                count += length + size + 2
    padding = -count % 8
    bits = bits << padding | (1 << padding) - 1
    return bits.to_bytes((count + padding) // 8, "big").replace(b"\xff", b"\xff\x00")


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def _ifd(entries: list[tuple[int, int, int, bytes]], start: int) -> bytes:
    """Write one directory at *start* of the TIFF block: entries are (tag, type, count, value)."""
    head, tail = struct.pack("<H", len(entries)), b""
    free = start + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in entries:
        if len(value) <= 4:
            field = value.ljust(4, b"\0")
        else:
            field = struct.pack("<I", free + len(tail))
            tail += value + b"\0" * (len(value) % 2)
        head += struct.pack("<HHI", tag, kind, count) + field
    return head + struct.pack("<I", 0) + tail


def _ascii(tag: int, text: str) -> tuple[int, int, int, bytes]:
    value = text.encode("ascii") + b"\0"
    return tag, 2, len(value), value


def _exif(shot: Shot, width: int, height: int) -> bytes:
    taken, changed = [f"{wall(value, paris(value)):%Y:%m:%d %H:%M:%S}" for value in (shot.taken, shot.changed)]
    first = [_ascii(0x010F, shot.make), _ascii(0x0110, shot.model), (0x0112, 3, 1, struct.pack("<H", 1))]
    first += [_ascii(0x0131, shot.software), _ascii(0x0132, changed), (0x8769, 4, 1, struct.pack("<I", 0))]
    second = [(0x9000, 7, 4, b"0230"), _ascii(0x9003, taken), _ascii(0x9004, taken)]
    second += [(0xA002, 4, 1, struct.pack("<I", width)), (0xA003, 4, 1, struct.pack("<I", height))]
    start = 8 + len(_ifd(first, 8))
    first[-1] = (0x8769, 4, 1, struct.pack("<I", start))
    return b"Exif\0\0" + b"II*\0" + struct.pack("<I", 8) + _ifd(first, 8) + _ifd(second, start)


def write(shot: Shot, rng: Random, width: int = 320, height: int = 240) -> bytes:
    """Write the picture; sides are multiples of 8."""
    quantisation = b"\0" + bytes([_STEP]) * 64
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"".join([bytes((index, 0x11, 0)) for index in (1, 2, 3)])
    dc_table = b"\x00" + bytes(_DC_LENGTHS) + bytes(_DC_VALUES)
    ac_table = b"\x10" + bytes((0, 1)) + bytes(14) + b"\x00"
    start = b"\x03" + b"".join([bytes((index, 0)) for index in (1, 2, 3)]) + bytes((0, 63, 0))
    return (
        b"\xff\xd8"
        + _segment(0xE1, _exif(shot, width, height))
        + _segment(0xDB, quantisation)
        + _segment(0xC0, frame)
        + _segment(0xC4, dc_table + ac_table)
        + _segment(0xDA, start)
        + _scan(width, height, rng)
        + b"\xff\xd9"
    )
