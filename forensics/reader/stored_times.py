"""Every time of every item, read back from a case's tables in the order of a timeline."""

from collections.abc import Iterator

import msgspec

from forensics.casestore import Queries
from forensics.model.lines import ItemTime
from forensics.model.locations import Location
from forensics.model.rows.times import TimeRow, timestamp


class _Time(msgspec.Struct, frozen=True):
    sha256: str
    location: Location
    title: str
    time: TimeRow


_TIMES = """
WITH first AS (
    SELECT sha256, min_by(location, location_text) AS location, min(location_text) AS location_text,
           min_by(name, location_text) AS name
    FROM occurrences GROUP BY sha256),
timed AS (
    SELECT sha256, location, subject.value AS title, timestamps AS times, location_text, 0 AS origin
    FROM messages JOIN first USING (sha256)
    UNION ALL
    SELECT sha256, location, name, timestamps, location_text, 1 FROM documents JOIN first USING (sha256)
    UNION ALL
    SELECT sha256, location, name, times, location_text, 2 FROM occurrences),
spread AS (
    SELECT t.sha256, t.location, t.location_text, t.title, t.origin, u.time, u.n,
        CASE WHEN u.time.instant IS NOT NULL THEN 10 WHEN u.time.precision = 'day' THEN 864000000000
            WHEN u.time.precision = 'ms' THEN 10000 WHEN u.time.precision IN ('us', '100 ns') THEN 10
            ELSE 10000000 END AS unit,
        coalesce(u.time.instant, u.time.wall) AS ticks
    FROM timed t, unnest(t.times) WITH ORDINALITY AS u("time", n)
    WHERE starts_with(t.sha256, $starts) AND ($place = '' OR (t.sha256 = '' AND t.location_text = $place)))
SELECT sha256, location, title, "time" FROM spread WHERE ticks IS NOT NULL
ORDER BY ticks - ((ticks % unit) + unit) % unit, location_text, "time".description, sha256, title, origin, n
"""
"""A local time stands where its reading would, were it UTC, as finely as it is written; an instant to the microsecond:
what is alike in that is ordered by place."""


def read_times(queries: Queries, *, starts: str = "", place: str = "") -> Iterator[ItemTime]:
    """Yield every time that has an instant or a calendar reading, by moment, place and description.

    Args:
        queries: the case.
        starts: only of items whose SHA-256 starts so; empty: all.
        place: location of an item that was not read and so has no digest: only times of what stands there.
    """
    for row in queries.rows(_TIMES, {"starts": starts, "place": place}, _Time):
        yield ItemTime(sha256=row.sha256, location=row.location, title=row.title, time=timestamp(row.time))
