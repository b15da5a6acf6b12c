"""Volume descriptors of a disc: what it says of itself, and where its trees begin.

Source: ECMA-119 8; Joliet specification; El Torito 2.0; ECMA-167 2/9.1.
"""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Description, Fact, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator, quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers.archive._iso_times import LONG, disc_time

SECTOR = 2048
FIRST = 16 * SECTOR
MOST = 64
"""Descriptors of one disc."""
_JOLIET = (b"%/@", b"%/C", b"%/E")
_EL_TORITO = b"EL TORITO SPECIFICATION"
_UDF = (b"BEA01", b"NSR02", b"NSR03", b"BOOT2", b"TEA01", b"CDW02")
_TEXTS = (
    ("system", 8, 40),
    ("volume", 40, 72),
    ("set", 190, 318),
    ("publisher", 318, 446),
    ("preparer", 446, 574),
    ("application", 574, 702),
    ("copyright_file", 702, 739),
    ("abstract_file", 739, 776),
    ("bibliographic_file", 776, 813),
)
_TIMES = (
    ("created", 813, TimeKind.VOLUME_CREATED, Description.CREATION),
    ("modified", 830, TimeKind.VOLUME_MODIFIED, Description.MODIFICATION),
    ("expires", 847, TimeKind.VOLUME_EXPIRES, Description.EXPIRATION),
    ("effective", 864, TimeKind.VOLUME_EFFECTIVE, Description.RECORDED),
)
PRIMARY, JOLIET, ENHANCED = "primary", "joliet", "enhanced"


class Volume(NamedTuple):
    """One descriptor with a tree."""

    kind: str
    number: int
    """Of the descriptor, from 0."""
    start: int
    block: int
    """Bytes of a logical block."""
    blocks: int
    """Logical blocks of the volume."""
    root: tuple[int, int]
    """First byte and size of its root directory."""
    tables: tuple[tuple[int, int], ...]
    """Ranges of its path tables."""
    data: bytes


class Volumes(NamedTuple):
    """What stands in the descriptors."""

    trees: tuple[Volume, ...]
    facts: tuple[Fact, ...]
    times: tuple[Timestamp, ...]
    notices: tuple[Notice, ...]
    claimed: tuple[tuple[int, int], ...]
    boot: int | None
    """First byte of El Torito's catalog."""
    udf: bool


def read_volumes(source: ByteSource) -> Volumes:
    """Read the descriptors up to their end, and the marks of UDF behind it."""
    trees: list[Volume] = []
    facts: list[Fact] = []
    times: list[Timestamp] = []
    notices: list[Notice] = []
    claimed: list[tuple[int, int]] = []
    boot, at, ended = None, FIRST, False
    for index in range(MOST):
        data = source.read(at, at + SECTOR)
        if len(data) < SECTOR or data[1:6] != b"CD001":
            break
        claimed.append((at, at + SECTOR))
        at += SECTOR
        kind = data[0]
        if kind == 255:
            ended = True
            break
        if kind == 0:
            boot = _boot(data, at - SECTOR, index, facts) if boot is None else boot
        elif kind in (1, 2):
            volume = _volume(data, at - SECTOR, index)
            trees.append(volume)
            facts += _facts(volume)
            times += _times(volume)
            _check(volume, source.size, notices)
        else:
            facts.append(_fact(f"iso:descriptor[{index}].type", "descriptor", str(kind), data[:1], at - SECTOR))
    if not ended:
        text = "the list of volume descriptors has no end"
        notices.append(Notice(code="iso.descriptors", text=text, locator=Locator(ranges=((at, at),))))
    marks = list(_udf(source, at))
    claimed += marks
    return Volumes(tuple(trees), tuple(facts), tuple(times), tuple(notices), tuple(claimed), boot, bool(marks))


def both(data: bytes, at: int, size: int) -> tuple[int, int]:
    """Return a number that is written little-endian and big-endian, in both readings."""
    return int.from_bytes(data[at : at + size], "little"), int.from_bytes(data[at + size : at + 2 * size], "big")


def _volume(data: bytes, start: int, index: int) -> Volume:
    block = both(data, 128, 2)[0] or SECTOR
    joliet = data[0] == 2 and data[88:91] in _JOLIET
    kind = PRIMARY if data[0] == 1 else JOLIET if joliet else ENHANCED
    table = both(data, 132, 4)[0]
    places = [int.from_bytes(data[at : at + 4], "little") for at in (140, 144)]
    places += [int.from_bytes(data[at : at + 4], "big") for at in (148, 152)]
    root = both(data, 158, 4)[0] * block, both(data, 166, 4)[0]
    tables = tuple([(place * block, place * block + table) for place in places if place])
    return Volume(kind, index, start, block, both(data, 80, 4)[0], root, tables, data)


def _facts(volume: Volume) -> Iterator[Fact]:
    base = f"iso:descriptor[{volume.number}]"
    yield _fact(f"{base}.kind", "tree", volume.kind, volume.data[:1], volume.start)
    for name, start, end in _TEXTS:
        raw = volume.data[start:end]
        even = raw[: len(raw) & ~1]
        value = even.decode("utf-16-be", "replace") if volume.kind == JOLIET else quote(raw.rstrip(b" \0"))
        if value.strip(" \0"):
            yield _fact(f"{base}.{name}", name, value.strip(" \0"), raw, volume.start + start)
    for name, at, size in (("blocks", 80, 4), ("block_bytes", 128, 2)):
        raw = volume.data[at : at + 2 * size]
        yield _fact(f"{base}.{name}", name, str(both(volume.data, at, size)[0]), raw, volume.start + at)
    used = volume.data[883:1395]
    if used.strip(b"\0 "):
        raw = used.rstrip(b"\0 ")
        yield _fact(f"{base}.application_use", "application_use", quote(raw), raw, volume.start + 883)


def _times(volume: Volume) -> Iterator[Timestamp]:
    for name, at, kind, description in _TIMES:
        raw = volume.data[at : at + LONG]
        path = f"iso:descriptor[{volume.number}].{name}"
        stamp = disc_time(raw, volume.start + at, (kind, description), path, volume.number)
        if stamp is not None:
            yield stamp


def _check(volume: Volume, size: int, notices: list[Notice]) -> None:
    for name, at, width in (("number of blocks", 80, 4), ("block size", 128, 2), ("path table size", 132, 4)):
        little, big = both(volume.data, at, width)
        if little != big:
            text = f"the {name} of a volume is {little} little-endian, {big} big-endian: the first is used"
            place = Locator(ranges=((volume.start + at, volume.start + at + 2 * width),))
            notices.append(Notice(code="iso.both_endian", text=text, locator=place))
    stated = volume.blocks * volume.block
    if stated > size:
        text = f"the volume has {stated} bytes as it says, the file {size}: it is cut off"
        notices.append(Notice(code="iso.size", text=text, locator=Locator(ranges=((volume.start, volume.start),))))


def _boot(data: bytes, start: int, index: int, facts: list[Fact]) -> int | None:
    base = f"iso:descriptor[{index}]"
    for name, first, last in (("boot_system", 7, 39), ("boot_id", 39, 71)):
        raw = data[first:last].rstrip(b"\0 ")
        if raw:
            facts.append(_fact(f"{base}.{name}", name, quote(raw), raw, start + first))
    if not data.startswith(_EL_TORITO, 7):
        return None
    place = int.from_bytes(data[71:75], "little") * SECTOR
    facts.append(_fact(f"{base}.boot_catalog", "boot_catalog", str(place), data[71:75], start + 71))
    return place


def _udf(source: ByteSource, at: int) -> Iterator[tuple[int, int]]:
    """Yield the descriptors of UDF's recognition sequence that follow."""
    for _ in range(MOST):
        if source.read(at + 1, at + 6) not in _UDF:
            return
        yield at, at + SECTOR
        at += SECTOR


def _fact(path: str, name: str, value: str, raw: bytes, start: int) -> Fact:
    return Fact(
        name=f"iso.{name}", value=value, raw=raw, locator=Locator(ranges=((start, start + len(raw)),), path=path)
    )
