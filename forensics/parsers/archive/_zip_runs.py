"""Runs of members of a large archive, which can be read one without the other.

An archive is cut only where nothing about it is odd, so that each run can be read without knowing the others: members
stand one after the other as the directory lists them, without a byte between, both headers of each say the same,
nothing is encrypted, and what they are said to decode to is well within the limits.

Source: PKWARE APPNOTE.TXT 6.3.10.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.intake.windows import Window
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Budget, Limits, Notice, Range
from forensics.parsers.archive import _zip_end as zip_end
from forensics.parsers.archive import _zip_records as records
from forensics.parsers.archive._zip_gaps import gaps_between

CUT_BYTES = 4_000_000
"""A smaller archive is read whole."""
RUN_MEMBERS = 1_000
RUN_BYTES = 16_000_000
"""A run ends at either; bytes as they are stored."""

_LOCAL = struct.Struct("<6xHH8xLLHH")
"""Flags, method, sizes and lengths of a local header: the rest of it is read with the run."""


class _Placed(NamedTuple):
    """A member where the directory says that it is."""

    entry: int
    """Offset of its central header."""
    start: int
    end: int
    size: int
    """Decoded, as stated."""


def runs(source: ByteSource, limits: Limits) -> Sequence[Range]:
    """Return the runs of an archive, which together are all of it; none where it has to be read whole.

    Args:
        source: the archive.
        limits: an archive that might reach one of them is read whole.
    """
    odd: list[Notice] = []
    ends = zip_end.find_ends(source, odd) if source.size > CUT_BYTES else []
    # An earlier end record is a member's: nothing else stands before the directory.
    if not ends or any(other.ranges[0][0] >= ends[0].directory_start for other in ends[1:]):
        return ()
    end = ends[0]
    if odd or end.shift or end.disk or end.count > limits.members:
        return ()
    if gaps_between([*end.ranges, (0, end.directory_limit)], source.size):
        return ()
    members = _members(source, end)
    starts = [0, *_begins(members)]
    found = []
    for first, following in zip(starts, [*starts[1:], len(members)], strict=True):
        run = members[first:following]
        start, stop = run[0].start if run else 0, members[following].start if following < len(members) else source.size
        budget = Budget(limits, source.size, stop - start)
        if sum([member.size for member in run]) > budget.total or len(run) > budget.items_total:
            return ()
        found.append(Range(start=start, end=stop, ordinal=first, entry=run[0].entry if run else 0))
    return found


def _begins(members: Sequence[_Placed]) -> Iterator[int]:
    """Yield the indices of the members with which another run begins."""
    first = 0
    for index, member in enumerate(members):
        if index - first >= RUN_MEMBERS or member.end - members[first].start > RUN_BYTES:
            if index > first:
                yield index
            first = index


def _members(source: ByteSource, end: zip_end.End) -> list[_Placed]:
    """Return all members, if each begins where the one before it ends, and the directory after the last; else none."""
    directory, near = Window(source, 1 << 18), Window(source, 1 << 12)
    found: list[_Placed] = []
    entry, start = end.directory_start, 0
    while header := records.read_central(directory, entry, end.directory_limit):
        stop = _end(near, header) if header.offset == start and not header.disk else None
        if stop is None or len(found) == end.count:
            return []
        found.append(_Placed(entry, start, stop, header.size))
        entry, start = header.end, stop
    whole = len(found) == end.count and start == end.directory_start and entry == end.directory_limit
    return found if whole else []


def _end(near: Window, header: records.Header) -> int | None:
    """Return where a member with its descriptor ends; ``None`` where no plain one stands at its place."""
    at = header.offset
    local = near.read(at, at + records.LOCAL_BYTES)
    if len(local) < records.LOCAL_BYTES or not local.startswith(records.LOCAL):
        return None
    flags, method, stored_size, size, name_length, extra_length = _LOCAL.unpack(local)
    end: int = at + records.LOCAL_BYTES + name_length + extra_length + header.stored_size
    if (header.flags | flags) & records.ENCRYPTED or method != header.method:
        return None
    deferred = (0,) if flags & records.HAS_DESCRIPTOR else ()
    for here, there in ((stored_size, header.stored_size), (size, header.size)):
        if here not in (there, records.FULL, *deferred):
            return None
    if (header.flags | flags) & records.HAS_DESCRIPTOR:
        descriptor = records.read_descriptor(near, end, header.stored_size, header.size)
        return descriptor.end if descriptor else None
    return end
