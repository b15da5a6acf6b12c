"""Finding a zip's central directory from its end record.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.14 to 4.3.16.
"""

from collections.abc import Iterator

import msgspec

from forensics.intake.windows import Window
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.parsers.archive import _zip_records as records

TAIL_BYTES = 1 << 20
"""How far from the end the end record is sought: a comment has at most 65,535 bytes, the rest is for trailing data."""


OTHERS = 8
"""Directories beside the one that is taken that are read."""
_CANDIDATES = 64
"""End records that are looked at."""


class End(msgspec.Struct, frozen=True, kw_only=True):
    """Where the directory stands."""

    directory_start: int
    directory_limit: int
    """Start of the end records: no entry reaches beyond."""
    shift: int
    """What has to be added to every stated offset: bytes put before the archive."""
    count: int
    disk: int
    """Number of this volume; the members of others are out of reach."""
    comment: bytes
    ranges: tuple[tuple[int, int], ...]
    """What the end records themselves take; the end record first."""


class _Stated(msgspec.Struct):
    """Numbers of the end records."""

    start: int
    size: int
    count: int
    limit: int
    disk: int
    ranges: list[tuple[int, int]]


def find_end(source: ByteSource, notices: list[Notice]) -> End | None:
    """Return where the directory stands, or ``None`` if no end record leads to one."""
    found = find_ends(source, notices)
    return found[0] if found else None


def find_ends(source: ByteSource, notices: list[Notice]) -> list[End]:
    """Return where a directory stands: the one that is taken, then up to `OTHERS` that another reader may take."""
    base = max(0, source.size - TAIL_BYTES)
    tail = source.read(base, source.size)
    exact: list[End] = []
    loose: list[End] = []
    at = tail.rfind(records.END)
    while at >= 0 and len(loose) < _CANDIDATES:
        if at + records.END_BYTES <= len(tail):
            fixed = tail[at : at + records.END_BYTES]
            length = records.number(fixed, records.END_LAYOUT["comment_length"])
            found = _ends_at(source, base + at, fixed, length)
            (exact if at + records.END_BYTES + length == len(tail) else loose).extend(found)
        at = tail.rfind(records.END, 0, at)
    records_at = {end.ranges[0] for end in exact}
    if len(records_at) > 1:
        text = f"{len(records_at)} end records reach exactly to the end; the last is taken"
        notices.append(Notice(code="zip.end_ambiguous", text=text, locator=Locator(ranges=tuple(sorted(records_at)))))
    ends: dict[tuple[int, int], End] = {}
    for end in (*exact, *loose):
        ends.setdefault((end.directory_start, end.shift), end)
    chosen = list(ends.values())[: OTHERS + 1]
    if chosen and chosen[0].shift:
        text = f"offsets are off by {chosen[0].shift}: bytes were put before the archive, or taken away"
        notices.append(Notice(code="zip.shifted", text=text, locator=Locator(ranges=chosen[0].ranges[:1])))
    return chosen


def _ends_at(source: ByteSource, start: int, fixed: bytes, length: int) -> list[End]:
    """Return where the end record at *start* leads: by its zip64 record first, and by its own numbers."""
    stop = min(start + records.END_BYTES + length, source.size)
    plain = _Stated(
        start=records.number(fixed, records.END_LAYOUT["directory_start"]),
        size=records.number(fixed, records.END_LAYOUT["directory_size"]),
        count=records.number(fixed, records.END_LAYOUT["count"]),
        limit=start,
        disk=records.number(fixed, records.END_LAYOUT["disk"]),
        ranges=[(start, stop)],
    )
    wide = _widened(source, start, plain)
    return [end for stated in (wide, plain) if stated for end in _led(source, start, stated)]


def _led(source: ByteSource, start: int, stated: _Stated) -> Iterator[End]:
    """Yield where one record leads: right before itself, as most readers take it, and to the place that it states."""
    if stated.count == 0 and stated.size == 0:
        yield _end(source, stated, stated.limit, 0, start)
        return
    for begin in dict.fromkeys((stated.limit - stated.size, stated.start)):
        if 0 <= begin < stated.limit and source.read(begin, begin + 4) == records.CENTRAL:
            yield _end(source, stated, begin, begin - stated.start, start)


def _end(source: ByteSource, stated: _Stated, begin: int, shift: int, start: int) -> End:
    if shift and not _leads(source, begin, shift):
        # The directory moved, the members did not: their offsets hold as stated.
        shift = 0
    return End(
        directory_start=begin,
        directory_limit=stated.limit,
        shift=shift,
        count=stated.count,
        disk=stated.disk,
        comment=source.read(start + records.END_BYTES, stated.ranges[0][1]),
        ranges=tuple(stated.ranges),
    )


def _leads(source: ByteSource, begin: int, shift: int) -> bool:
    """Whether the first entry's local header stands at its shifted offset, and not at the stated one."""
    window = Window(source, 1 << 12)
    header = records.read_central(window, begin, source.size)
    if header is None:
        return True
    local = source.read(max(header.offset + shift, 0), header.offset + shift + 4)
    return local == records.LOCAL or source.read(header.offset, header.offset + 4) != records.LOCAL


def _widened(source: ByteSource, start: int, plain: _Stated) -> _Stated | None:
    """Return the zip64 end record's numbers; ``None`` where there is none."""
    locator = source.read(max(0, start - records.LOCATOR64_BYTES), start)
    if len(locator) < records.LOCATOR64_BYTES or not locator.startswith(records.LOCATOR64):
        return None
    place = int.from_bytes(locator[8:16], "little")
    near = start - records.LOCATOR64_BYTES - records.END64_BYTES
    for at in (place, near):
        fixed = source.read(at, at + records.END64_BYTES) if 0 <= at < start else b""
        if len(fixed) == records.END64_BYTES and fixed.startswith(records.END64):
            stop = min(at + 12 + records.number(fixed, records.END64_LAYOUT["record_size"]), start)
            return _Stated(
                start=records.number(fixed, records.END64_LAYOUT["directory_start"]),
                size=records.number(fixed, records.END64_LAYOUT["directory_size"]),
                count=records.number(fixed, records.END64_LAYOUT["count"]),
                limit=at,
                disk=records.number(fixed, records.END64_LAYOUT["disk"]),
                ranges=[
                    *plain.ranges,
                    (at, max(stop, at + records.END64_BYTES)),
                    (start - records.LOCATOR64_BYTES, start),
                ],
            )
    return None


def leads_to_directory(source: ByteSource) -> bool:
    """Whether an end record leads to a directory, whatever stands before the archive."""
    end = find_end(source, [])
    if end is None:
        return False
    return records.read_central(Window(source, 1 << 12), end.directory_start, end.directory_limit) is not None
