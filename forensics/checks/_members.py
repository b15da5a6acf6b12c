"""What rules over members of archives share: the latest time of last change that an archive gives a file, in queries.

Archives carry the time of a file's last change along; copying and downloading leave it or make it later.
"""

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


def read_at(row: TimeRow) -> int | None:
    """Return a time's instant, or its reading where no zone is known."""
    return row.instant if row.instant is not None else row.wall
