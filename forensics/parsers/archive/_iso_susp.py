"""System use areas of directory records: Rock Ridge's names, owners, links and times.

Source: IEEE P1281 (SUSP) 5; IEEE P1282 (RRIP) 4; zisofs and AAIP as their authors describe them.
"""

import stat
from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Description
from forensics.model.time_kinds import TimeKind
from forensics.parsers.archive._iso_times import LONG, SHORT

_CONTINUATIONS = 64
"""Of one record; each may stand anywhere on the disc."""
_AREA_BYTES = 1 << 16
_TF = (
    ("created", TimeKind.ROCK_RIDGE_CREATED, Description.CREATION),
    ("modified", TimeKind.ROCK_RIDGE_MODIFIED, Description.MODIFICATION),
    ("accessed", TimeKind.ROCK_RIDGE_ACCESSED, Description.LAST_ACCESS),
    ("attributes", TimeKind.ROCK_RIDGE_CHANGED, Description.METADATA_MODIFICATION),
    ("backup", TimeKind.ROCK_RIDGE_BACKUP, Description.RECORDED),
    ("expires", TimeKind.ROCK_RIDGE_EXPIRES, Description.EXPIRATION),
    ("effective", TimeKind.ROCK_RIDGE_EFFECTIVE, Description.RECORDED),
)
_COMPONENTS = {2: b".", 4: b"..", 8: b""}


class Entry(NamedTuple):
    """One entry of a system use area."""

    signature: bytes
    data: bytes
    """Behind its head of four bytes."""
    start: int
    """Where that stands on the disc."""


class StoredTime(NamedTuple):
    """One time of a TF entry, not yet read."""

    name: str
    what: tuple[TimeKind, Description]
    raw: bytes
    start: int


class RockRidge(NamedTuple):
    """What the entries of one record say."""

    name: bytes | None
    """``None``: none is given."""
    name_places: tuple[tuple[int, int], ...]
    numbers: tuple[tuple[str, str, bytes, int], ...]
    """Mode, owner and the like: name, value, bytes and where these stand."""
    target: bytes | None
    """Of a symbolic link."""
    target_raw: bytes
    """The entries that make it as they stand, flags and lengths among its names."""
    target_places: tuple[tuple[int, int], ...]
    times: tuple[StoredTime, ...]
    child: int | None
    """Block of the folder that was moved elsewhere (CL)."""
    moved: bool
    """Whether it is such a folder at its new place (RE)."""
    areas: tuple[tuple[int, int], ...]
    """Continuation areas on the disc."""
    other: tuple[str, ...]
    """Signatures of entries that are not read."""
    broken: bool
    """Whether an entry does not fit its area, or continuations run in a circle."""

    @property
    def is_file(self) -> bool:
        """Whether its mode, where it has one, is that of a file, and nothing makes it a link or a device."""
        modes = [int(value, 8) for name, value, _, _ in self.numbers if name == "mode"]
        device = any(name == "device_high" for name, _, _, _ in self.numbers)
        return self.target is None and not device and all(stat.S_IFMT(mode) in (0, stat.S_IFREG) for mode in modes)


def entries(source: ByteSource, data: bytes, start: int, block: int) -> tuple[list[Entry], list[tuple[int, int]], bool]:
    """Return the entries of an area and of those that continue it, where these stand, and whether any is broken.

    Args:
        source: the disc.
        data: the area.
        start: where it stands.
        block: bytes of a logical block.
    """
    found: list[Entry] = []
    areas: list[tuple[int, int]] = []
    broken = False
    for _ in range(_CONTINUATIONS):
        following: tuple[int, int] | None = None
        for entry in _entries(data, start):
            if entry is None:
                broken = True
            elif entry.signature == b"CE" and len(entry.data) >= 24:
                place, offset, size = [int.from_bytes(entry.data[at : at + 4], "little") for at in (0, 8, 16)]
                first = place * block + offset
                following = first, first + min(size, _AREA_BYTES)
            else:
                found.append(entry)
        if following is None:
            return found, areas, broken
        if following in areas or following[1] > source.size:
            return found, areas, True
        areas.append(following)
        start, data = following[0], source.read(*following)
    return found, areas, True


def _entries(data: bytes, start: int) -> Iterator[Entry | None]:
    """Yield the entries of an area; ``None`` for one that does not fit."""
    at = 0
    while at + 4 <= len(data):
        size = data[at + 2]
        if data[at : at + 2] in (b"\0\0", b"ST"):
            return
        if size < 4 or at + size > len(data):
            yield None
            return
        yield Entry(data[at : at + 2], data[at + 4 : at + size], start + at + 4)
        at += size


def rock_ridge(found: list[Entry], areas: list[tuple[int, int]], *, broken: bool) -> RockRidge:
    """Return what entries say."""
    name, target, target_raw = bytearray(), bytearray(), bytearray()
    named = linked = moved = False
    name_places: list[tuple[int, int]] = []
    target_places: list[tuple[int, int]] = []
    numbers: list[tuple[str, str, bytes, int]] = []
    times: list[StoredTime] = []
    child: int | None = None
    other: list[str] = []
    separate = False
    for entry in found:
        data, place = entry.data, (entry.start, entry.start + len(entry.data))
        if entry.signature == b"NM" and data:
            named = True
            name += {2: b".", 4: b".."}.get(data[0] & 6, data[1:])
            name_places.append(place)
        elif entry.signature == b"SL" and data:
            linked = True
            separate = _link(target, data[1:], separate=separate)
            target_raw += data
            target_places.append(place)
        elif entry.signature == b"PX":
            numbers += _numbers(entry, (("mode", 0), ("links", 8), ("uid", 16), ("gid", 24), ("inode", 32)))
        elif entry.signature == b"PN":
            numbers += _numbers(entry, (("device_high", 0), ("device_low", 8)))
        elif entry.signature == b"TF" and data:
            times += _times(entry)
        elif entry.signature == b"CL" and len(data) >= 4:
            child = int.from_bytes(data[:4], "little")
        elif entry.signature == b"RE":
            moved = True
        elif entry.signature not in (b"SP", b"ER", b"RR", b"PD", b"ES", b"PL"):
            other.append(entry.signature.decode("latin-1"))
    return RockRidge(
        bytes(name) if named else None,
        tuple(name_places),
        tuple(numbers),
        bytes(target) if linked else None,
        bytes(target_raw),
        tuple(target_places),
        tuple(times),
        child,
        moved,
        tuple(areas),
        tuple(other),
        broken,
    )


def _numbers(entry: Entry, fields: tuple[tuple[str, int], ...]) -> Iterator[tuple[str, str, bytes, int]]:
    for name, at in fields:
        raw = entry.data[at : at + 8]
        if len(raw) == 8:
            value = int.from_bytes(raw[:4], "little")
            yield name, f"{value:06o}" if name == "mode" else str(value), raw, entry.start + at


def _link(target: bytearray, data: bytes, *, separate: bool) -> bool:
    """Add the components of a link; return whether the next one begins a component of its own."""
    at = 0
    while at + 2 <= len(data):
        flags, size = data[at], data[at + 1]
        if separate and target != b"/":
            target += b"/"
        if flags & 8:
            target += b"/"
        else:
            target += _COMPONENTS.get(flags & 6, data[at + 2 : at + 2 + size])
        separate = not flags & 1
        at += 2 + size
    return separate


def _times(entry: Entry) -> Iterator[StoredTime]:
    flags, at = entry.data[0], 1
    width = LONG if flags & 0x80 else SHORT
    for bit, (name, kind, description) in enumerate(_TF):
        if flags & 1 << bit:
            raw = entry.data[at : at + width]
            if len(raw) == width:
                yield StoredTime(name, (kind, description), raw, entry.start + at)
            at += width
