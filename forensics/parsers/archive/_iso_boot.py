"""What a machine boots from a disc: the catalog and its images.

Source: El Torito 2.0 to 2.5.
"""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Fact
from forensics.model.locations import Locator, quote
from forensics.parsers.archive._iso_volumes import SECTOR

_ENTRY = 32
_PLATFORMS = {0: "PC", 1: "PowerPC", 2: "Mac", 0xEF: "EFI"}
_MEDIA = {0: 0, 1: 1_228_800, 2: 1_474_560, 3: 2_949_120}
"""Bytes of the media that an image stands for; without any it is as long as it says."""
_VIRTUAL = 512


class Image(NamedTuple):
    """One image."""

    start: int
    end: int


class Boot(NamedTuple):
    """What the catalog says."""

    facts: tuple[Fact, ...]
    images: tuple[Image, ...]
    claimed: tuple[tuple[int, int], ...]


def read_boot(source: ByteSource, start: int | None) -> Boot:
    """Read the catalog at a place; of one that is not there, nothing."""
    data = source.read(start, start + SECTOR) if start is not None else b""
    if start is None or len(data) < 2 * _ENTRY or data[0] != 1 or data[30:32] != b"\x55\xaa":
        return Boot((), (), ())
    facts = [
        _fact("iso:boot.platform", _PLATFORMS.get(data[1], str(data[1])), data[1:2], start + 1),
    ]
    if maker := data[4:28].rstrip(b"\0 "):
        facts.append(_fact("iso:boot.maker", quote(maker), maker, start + 4))
    images: list[Image] = []
    end = _ENTRY
    for number, at in enumerate(_entries(data)):
        entry = data[at : at + _ENTRY]
        end = at + _ENTRY
        first = int.from_bytes(entry[8:12], "little") * SECTOR
        size = _MEDIA.get(entry[1] & 15, 0) or int.from_bytes(entry[6:8], "little") * _VIRTUAL
        value = f"{'boots' if entry[0] == 0x88 else 'does not boot'}, {size} bytes at {first}"
        facts.append(_fact(f"iso:boot.image[{number}]", value, entry, start + at))
        if 0 < first < source.size and size:
            images.append(Image(first, min(first + size, source.size)))
    return Boot(tuple(facts), tuple(images), ((start, start + end),))


def _entries(data: bytes) -> Iterator[int]:
    """Yield the places of the entries: the first, then those of the sections."""
    yield _ENTRY
    at, left = 2 * _ENTRY, 0
    while at + _ENTRY <= len(data):
        kind = data[at]
        if kind in (0x90, 0x91):
            left = int.from_bytes(data[at + 2 : at + 4], "little")
        elif left and kind in (0, 0x88):
            yield at
            left -= 1
        elif kind != 0x44:  # 0x44 continues an entry
            return
        at += _ENTRY


def _fact(path: str, value: str, raw: bytes, start: int) -> Fact:
    place = Locator(ranges=((start, start + len(raw)),), path=path)
    word = path.partition("[")[0].removeprefix("iso:").replace(".", "_")
    return Fact(name=f"iso.{word}", value=value, raw=raw, locator=place)
