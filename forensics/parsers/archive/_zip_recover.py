"""Members known only from local headers: in truncated archives, and in ranges that the directory leaves out."""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.intake.windows import RangeBytes, Window, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Budget, Limits
from forensics.parsers.archive import _zip_records as records
from forensics.replay.streams import deflate_length

Recovered = tuple[records.Header, int, records.Descriptor | None]
"""Local header, end of the data, data descriptor."""

_SEARCH_FACTOR = 16
_SEARCHED = 64_000_000
_DEFLATE_BLOCK = 1 << 14
_KNOWN_METHODS = frozenset({0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 14, 18, 19, 20, 93, 94, 95, 96, 97, 98, 99})


class Search(NamedTuple):
    """What bounds the search for members."""

    limits: Limits
    budget: Budget
    """Of the source file: a stream without a stated length is decoded to find its end."""


def recover(source: ByteSource, start: int, end: int, room: int, bounds: Search) -> Iterator[Recovered]:
    """Yield the members whose local headers stand in ``start:end``, at most *room*."""
    part = RangeBytes(source, 0, end)
    window = Window(part, 1 << 16)
    ends = _Ends(window, _SEARCH_FACTOR * (end - start), bounds)
    while room > 0:
        at = window.find(records.LOCAL, start, end)
        if at < 0:
            return
        local = records.read_local(window, at)
        if local is None or not _plausible(local):
            start = at + 4
            continue
        data_end, descriptor = _data_end(part, ends, local)
        yield local, data_end, descriptor
        room -= 1
        start = descriptor.end if descriptor else data_end


def holds_member(source: ByteSource) -> bool:
    """Whether a local header that is more than four bytes by chance stands in the first `_SEARCHED` bytes."""
    window = Window(source, 1 << 16)
    start, end = 0, min(source.size, _SEARCHED)
    while (at := window.find(records.LOCAL, start, end)) >= 0:
        local = records.read_local(window, at)
        if local is not None and _plausible(local):
            return True
        start = at + 4
    return False


def _plausible(local: records.Header) -> bool:
    """Whether this is more than four bytes by chance."""
    return (
        bool(local.name)
        and local.method in _KNOWN_METHODS
        and records.number(local.fixed, records.LOCAL_LAYOUT["needed"]) & 0xFF <= 100
    )


def _data_end(part: ByteSource, ends: "_Ends", local: records.Header) -> tuple[int, records.Descriptor | None]:
    """Return where a member's data end when only its local header says so."""
    if not local.flags & records.HAS_DESCRIPTOR or local.stored_size:
        data_end = min(local.end + local.stored_size, part.size)
        descriptor = None
        if local.flags & records.HAS_DESCRIPTOR:
            descriptor = records.read_descriptor(ends.window, data_end, local.stored_size, local.size)
        return data_end, descriptor
    if local.method == 8 and not local.flags & records.ENCRYPTED:
        chunks = blocks(part, local.end, part.size, _DEFLATE_BLOCK)
        limits, budget = ends.bounds
        stored, size = deflate_length(chunks, limits.memory_bytes, limits.ratio, budget.spend)
        data_end = local.end + stored
        return data_end, records.read_descriptor(ends.window, data_end, stored, size)
    return ends.marked_end(local.end, part.size)


class _Ends:
    """Looks for ends of data by what follows them; bounded, since hostile headers would make each look at all."""

    def __init__(self, window: Window, reach: int, bounds: Search) -> None:
        self.window = window
        self.bounds = bounds
        self._reach = reach

    def marked_end(self, start: int, end: int) -> tuple[int, records.Descriptor | None]:
        """Find a data descriptor that states exactly the bytes before it; else the data reach to the next header."""
        at = start
        while self._reach > 0:
            found = self.window.find(records.DESCRIPTOR, at, end)
            self._reach -= (found if found >= 0 else end) - at + 64
            if found < 0:
                break
            for width in (4, 8):
                tail = self.window.read(found + 8, found + 8 + 2 * width)
                if len(tail) == 2 * width and int.from_bytes(tail[:width], "little") == found - start:
                    size = int.from_bytes(tail[width:], "little")
                    return found, records.read_descriptor(self.window, found, found - start, size)
            at = found + 4
        following = self.window.find(records.LOCAL, start, end)
        return (following if following >= 0 else end), None
