"""Header blocks of tar archives: fields by their place, numbers in every form, checksums, and which dialect it is.

Source: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"; star(5).
"""

import re
from typing import NamedTuple

BLOCK = 512
ZEROS = bytes(BLOCK)
_CHECKSUM = slice(148, 156)

PLACES: dict[str, tuple[int, int]] = {
    "name": (0, 100),
    "mode": (100, 108),
    "uid": (108, 116),
    "gid": (116, 124),
    "size": (124, 136),
    "mtime": (136, 148),
    "checksum": (148, 156),
    "typeflag": (156, 157),
    "linkname": (157, 257),
    "magic": (257, 265),
    "uname": (265, 297),
    "gname": (297, 329),
    "devmajor": (329, 337),
    "devminor": (337, 345),
    "prefix": (345, 500),
    # GNU's own fields, where POSIX has the prefix
    "gnu.atime": (345, 357),
    "gnu.ctime": (357, 369),
    "gnu.offset": (369, 381),
    "gnu.realsize": (483, 495),
    # star's, behind a shorter prefix
    "star.prefix": (345, 476),
    "star.realsize": (452, 464),
    "star.atime": (476, 488),
    "star.ctime": (488, 500),
}
"""First and last byte of each field in its block."""

V7, USTAR, GNU, STAR = "v7", "ustar", "gnu", "star"

_OCTAL = re.compile(rb"[ \0]{0,16}(-?[0-7]{1,16})(?=[ \0]|$)")
_PLAIN_SUM = re.compile(rb"[ \0]{0,6}[0-7]{2,8}(?:[ \0]|\Z)")
_STAR_TIME = re.compile(rb"[0-7]{11} [0-7]{11} ")


class Header(NamedTuple):
    """One block of 512 bytes that heads something."""

    start: int
    block: bytes
    dialect: str
    sum_holds: bool
    """Whether the checksum is that of the block."""
    signed: bool = False
    """Whether it is so if bytes are counted as signed numbers, as some early programs did."""

    def raw(self, field: str) -> bytes:
        """Return a field as it stands."""
        first, last = PLACES[field]
        return self.block[first:last]

    def range(self, field: str) -> tuple[int, int]:
        """Return where it stands in the archive."""
        first, last = PLACES[field]
        return self.start + first, self.start + last

    def text(self, field: str) -> bytes:
        """Return a field up to its first NUL."""
        return self.raw(field).partition(b"\0")[0]

    def number(self, field: str) -> int | None:
        """Return the number of a field; ``None`` where it is blank or holds none."""
        return number(self.raw(field))

    def is_blank(self, field: str) -> bool:
        """Whether nothing is written in a field."""
        return not self.raw(field).strip(b" \0")

    @property
    def typeflag(self) -> bytes:
        """What kind of thing it heads."""
        return self.block[156:157]

    @property
    def long_name(self) -> bytes:
        """Its name with the prefix that its dialect has."""
        name = self.text("name")
        prefix = b""
        if self.dialect == USTAR:
            prefix = self.text("prefix")
        elif self.dialect == STAR:
            prefix = self.text("star.prefix")
        return prefix + b"/" + name if prefix else name


def number(raw: bytes) -> int | None:
    """Return a number in octal digits, or in base 256 where the first bit is set; ``None`` where there is none."""
    if raw[0] & 0x80:
        # The marking bit is no part of the number; the next one is its sign.
        value = int.from_bytes(raw, "big") & (1 << 8 * len(raw) - 1) - 1
        return value - (1 << 8 * len(raw) - 1) if raw[0] & 0x40 else value
    found = _OCTAL.match(raw)
    return int(found[1], 8) if found else None


def read_header(block: bytes, start: int) -> Header | None:
    """Return the header in a block; ``None`` where it can be none.

    A block whose checksum does not hold is one if it has the magic and a size that can be read, or none: somebody
    changed it.
    """
    if len(block) < BLOCK:
        return None
    holds, signed = _checked(block)
    magic = block[257:265]
    if not holds and not magic.startswith((b"ustar\0", b"ustar ")):
        return None
    if not holds and number(block[124:136]) is None and block[124:136].strip(b" \0"):
        return None
    return Header(start, block, _dialect(block, magic), holds, signed)


def is_header(block: bytes) -> bool:
    """Whether a block is a header beyond doubt: its checksum holds."""
    return len(block) == BLOCK and _PLAIN_SUM.match(block[_CHECKSUM]) is not None and _checked(block)[0]


def has_sum(data: bytes, at: int) -> bool:
    """Whether digits alone stand where a header that begins at *at* has its checksum."""
    return _PLAIN_SUM.match(data, at + 148, at + 156) is not None


def _checked(block: bytes) -> tuple[bool, bool]:
    stated = number(block[_CHECKSUM])
    if stated is None:
        return False, False
    plain = sum(block) - sum(block[_CHECKSUM]) + 8 * 0x20
    if plain == stated:
        return plain > 8 * 0x20, False
    # As signed numbers, bytes from 128 on count 256 less.
    high = len(block.translate(None, _LOW)) - len(block[_CHECKSUM].translate(None, _LOW))
    return plain - 256 * high == stated, True


_LOW = bytes(range(128))


def _dialect(block: bytes, magic: bytes) -> str:
    if magic == b"ustar  \0":
        return GNU
    if magic.startswith(b"ustar"):
        # GNU's magic without its end, as some programs write it, still means GNU's fields.
        if magic.startswith(b"ustar "):
            return GNU
        return STAR if block[508:512] == b"tar\0" or _has_star_times(block) else USTAR
    return STAR if block[508:512] == b"tar\0" else V7


def _has_star_times(block: bytes) -> bool:
    return block[475] == 0 and _STAR_TIME.fullmatch(block[476:500]) is not None


def opens(head: bytes) -> bool:
    """Whether content that begins so is a tar archive."""
    if len(head) < BLOCK or (head[257:262] != b"ustar" and _PLAIN_SUM.match(head[_CHECKSUM]) is None):
        return False
    found = read_header(head[:BLOCK], 0)
    if found is None:
        return False
    if found.dialect != V7:
        return True
    numbers = ("mode", "uid", "gid", "size", "mtime")
    return head[0] != 0 and all(found.is_blank(field) or found.number(field) is not None for field in numbers)
