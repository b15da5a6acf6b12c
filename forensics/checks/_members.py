"""What rules over a file's time of last change share: the one that an archive gives it, and how much later another is.

Archives carry the time of a file's last change along; copying and downloading leave it or make it later.
"""

from forensics.checks._facts import DAY, LOCAL, bin_of
from forensics.model.facts import Description
from forensics.model.rows.times import TimeRow
from forensics.model.sentences import says
from forensics.model.time_kinds import MEMBER_MODIFIED

_KINDS = ", ".join([f"'{kind}'" for kind in sorted(MEMBER_MODIFIED)])
LATEST = f"""list_sort([{{'stood': coalesce(t.instant, t.wall), 'time': t}} FOR t IN times
                      IF t.kind IN ({_KINDS}) AND t.description = '{Description.MODIFICATION.value}'
                      AND coalesce(t.instant, t.wall) IS NOT NULL], 'DESC')[1]"""
"""Of an occurrence: the latest time at which its archive says that the file was changed."""

ALIKE = 3
"""Files of one archive of which one time for all is no chance."""
ONE_TIME = says(
    "note.one_member_time",
    one="All {n} files of the archive carry this one time: the packing program set it.",
)


_BINS = ((30 * DAY, "newer>30d"), (DAY, "newer>1d"), (LOCAL, "newer>14h"))


def later(at: TimeRow, changed: TimeRow) -> tuple[str, int]:
    """Return the bin of a time that is later than that of a file's last change, and by how many ticks as they are read.

    A local time stands for 14 h on either side, which the smallest bin has; two for twice as many. The bin is empty
    where it is not later by that.
    """
    one, other = _read(at), _read(changed)
    if one is None or other is None:
        return "", 0
    both_local = at.instant is None and changed.instant is None
    return bin_of(one - other - (LOCAL if both_local else 0), _BINS), one - other


def _read(row: TimeRow) -> int | None:
    return row.instant if row.instant is not None else row.wall
