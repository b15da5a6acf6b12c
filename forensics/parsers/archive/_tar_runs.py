"""Runs of members of a large tar archive, which can be read one without the other.

Only headers are read to find them. What is said of all members must stand before the first, where every run finds it.

Source: POSIX.1-2017 pax.
"""

from collections.abc import Sequence

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Budget, Limits, Range
from forensics.parsers.archive._tar_events import CommonRecords, Member
from forensics.parsers.archive._tar_walk import Walk

CUT_BYTES = 4_000_000
"""A smaller archive is read whole."""
RUN_MEMBERS = 1_000
RUN_BYTES = 16_000_000
"""A run ends at either."""
COMMON_BYTES = 1 << 20
"""What is said of all members must stand in so many bytes."""


def runs(source: ByteSource, limits: Limits) -> Sequence[Range]:
    """Return the runs of an archive, which together are all of it; none where it has to be read whole.

    Args:
        source: the archive.
        limits: an archive that might reach one of them is read whole.
    """
    if source.size <= CUT_BYTES:
        return ()
    starts, sizes, count = [(0, 0)], [0], 0
    for event in Walk(source).events(0, source.size):
        if isinstance(event, CommonRecords) and (count or event.end > COMMON_BYTES):
            return ()
        if not isinstance(event, Member):
            continue
        start, first = starts[-1]
        # Whatever stands before the first member belongs to its run.
        if count and (count - first >= RUN_MEMBERS or event.end - start > RUN_BYTES):
            starts.append((event.start, count))
            sizes.append(0)
        sizes[-1] += event.size
        count += 1
        if count > limits.members:
            return ()
    ends = [*starts[1:], (source.size, count)]
    found = []
    for (start, first), (end, following), size in zip(starts, ends, sizes, strict=True):
        budget = Budget(limits, source.size, end - start)
        if size > budget.total or following - first > budget.items_total:
            return ()
        found.append(Range(start=start, end=end, ordinal=first))
    return found
