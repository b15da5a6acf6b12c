"""Times of RAR archives: DOS times with their refinement, local to the packer; Unix times and FILETIMEs, UTC.

Source: technote.txt of WinRAR 3 (EXT_TIME) and of RAR 5 ("File time record").
"""

from collections.abc import Iterator

from forensics.model.facts import TICKS_PER_SECOND, Absence, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers import _counted_times as counted
from forensics.parsers.archive._rar_model import Block

_EXTENDED = (
    ("modified", Description.MODIFICATION),
    ("created", Description.CREATION),
    ("accessed", Description.LAST_ACCESS),
    ("archived", Description.ADDED),
)
_UNIX, _MODIFIED, _CREATED, _ACCESSED, _NANOSECONDS = 1, 2, 4, 8, 0x10


def dos_time(block: Block, at: int, path: str) -> Timestamp:
    """Return a DOS time: two seconds fine, without an offset; all zero means "not set"."""
    raw = block.data[at : at + 4]
    return _local(block, _wall(raw), raw, ((at, at + 4),), path, TimeKind.RAR_DOS, Precision.TWO_SECONDS, "modified")


def extended_times(block: Block, dos_at: int, at: int, path: str) -> Iterator[Timestamp]:
    """Yield the times of the field behind a header of RAR 3: to a second and 100 ns, with the DOS times they refine."""
    data = block.data
    if at + 2 > len(data):
        return
    flags, at = int.from_bytes(data[at : at + 2], "little"), at + 2
    for place, (name, _) in enumerate(_EXTENDED):
        mode = flags >> 12 - 4 * place & 15
        if not mode & 8:
            continue
        dos = dos_at if place == 0 else at
        if place:
            at += 4
        count = mode & 3
        if at + count > len(data):
            return
        raw, more = data[dos : dos + 4], data[at : at + count]
        wall = _wall(raw)
        if isinstance(wall, int):
            # The bytes given are the upper ones of three.
            wall += int.from_bytes(bytes(3 - count) + more, "little") + (TICKS_PER_SECOND if mode & 4 else 0)
        precision = (Precision.SECOND, Precision.MILLISECOND, Precision.MICROSECOND, Precision.TICK)[count]
        if count == 1:
            precision = Precision.SECOND
        ranges = (
            ((dos, dos + 4), (at, at + count)) if place == 0 and count else ((dos, at + count if place else dos + 4),)
        )
        raw = b"".join([data[start:end] for start, end in ranges])
        yield _local(block, wall, raw, ranges, path, TimeKind.RAR_LOCAL, precision, name)
        at += count


def _local(
    block: Block,
    wall: int | Absence,
    raw: bytes,
    ranges: tuple[tuple[int, int], ...],
    path: str,
    kind: TimeKind,
    precision: Precision,
    name: str,
) -> Timestamp:
    place = _place(block, ranges, f"{path}.{name}" + (".dos" if kind is TimeKind.RAR_DOS else ""))
    return counted.local_to_packer(wall, raw, place, kind, dict(_EXTENDED)[name], precision=precision)


def _place(block: Block, ranges: tuple[tuple[int, int], ...], path: str) -> Locator:
    places = tuple([(block.at + start, block.at + end) for start, end in ranges])
    return Locator(ranges=places, path=path, steps=block.locator(0, 0, path).steps)


def _wall(raw: bytes) -> int | Absence:
    if len(raw) < 4:
        return Absence.NOT_PRESENT
    return counted.dos_wall(int.from_bytes(raw[2:], "little"), int.from_bytes(raw[:2], "little"))


def unix_time(block: Block, at: int, path: str, name: str, description: Description, kind: TimeKind) -> Timestamp:
    """Return a Unix time of four bytes."""
    raw = block.data[at : at + 4]
    ticks = int.from_bytes(raw, "little") * TICKS_PER_SECOND
    return _utc(block, ticks, ((at, at + 4),), f"{path}.{name}", description, kind, Precision.SECOND)


def filetime(block: Block, at: int, path: str, name: str, description: Description, kind: TimeKind) -> Timestamp:
    """Return a FILETIME; 0 means "not set"."""
    ticks = counted.filetime(block.data[at : at + 8])
    return _utc(block, ticks, ((at, at + 8),), f"{path}.{name}", description, kind, Precision.TICK)


def unix_fine(
    block: Block, at: int, fine: int, path: str, name: str, description: Description, kind: TimeKind
) -> Timestamp:
    """Return a Unix time whose nanoseconds stand elsewhere; what is finer than 100 ns stands in the raw bytes alone."""
    seconds = int.from_bytes(block.data[at : at + 4], "little")
    nanoseconds = int.from_bytes(block.data[fine : fine + 4], "little") & 0x3FFFFFFF
    ticks: int | Absence = seconds * TICKS_PER_SECOND + nanoseconds // 100
    if nanoseconds >= 1_000_000_000:
        ticks = Absence.UNPARSABLE
    ranges = ((at, at + 4), (fine, fine + 4))
    return _utc(block, ticks, ranges, f"{path}.{name}", description, kind, Precision.TICK)


def unix_nanoseconds(
    block: Block, at: int, path: str, name: str, description: Description, kind: TimeKind
) -> Timestamp:
    """Return nanoseconds since 1970; what is finer than 100 ns stands in the raw bytes alone."""
    ticks = int.from_bytes(block.data[at : at + 8], "little") // 100
    return _utc(block, ticks, ((at, at + 8),), f"{path}.{name}", description, kind, Precision.TICK)


def time_record(block: Block, at: int, end: int, path: str) -> Iterator[Timestamp]:
    """Yield the times of the extra record of RAR 5."""
    flags, at = block.data[at] if at < end else 0, at + 1
    wanted = [one for one, bit in zip(_EXTENDED, (_MODIFIED, _CREATED, _ACCESSED), strict=False) if flags & bit]
    width = 4 if flags & _UNIX else 8
    fine = at + width * len(wanted)
    for place, (name, description) in enumerate(wanted):
        begin, beyond = at + width * place, fine + 4 * place
        if begin + width > end:
            return
        name = f"record.{name}"
        if width == 8:
            yield filetime(block, begin, path, name, description, TimeKind.RAR_FILETIME)
        elif flags & _NANOSECONDS and beyond + 4 <= end:
            yield unix_fine(block, begin, beyond, path, name, description, TimeKind.RAR_UNIX)
        else:
            yield unix_time(block, begin, path, name, description, TimeKind.RAR_UNIX)


def _utc(
    block: Block,
    ticks: int | Absence,
    ranges: tuple[tuple[int, int], ...],
    path: str,
    description: Description,
    kind: TimeKind,
    precision: Precision,
) -> Timestamp:
    raw = b"".join([block.data[start:end] for start, end in ranges])
    return counted.in_utc(ticks, raw, _place(block, ranges, path), kind, description, precision=precision)
