"""Every time of every item, read back from a case's tables in the order of a timeline.

First lines are found by moments alone, and only the items that have them are read. For all lines DuckDB sorts the
times, with numbers in the place of places, so that memory does not grow.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache

import msgspec

from forensics.casestore import Queries
from forensics.model.codec import encode
from forensics.model.facts import TICKS_PER_SECOND, Description
from forensics.model.instants import FIRST, LAST, OFFSET_LIMIT_S
from forensics.model.lines import ItemTime
from forensics.model.rows.times import TimeRow, timestamp
from forensics.reader.lines import Lines
from forensics.reader.places import AT, CONTENT, FIRST_PLACE, numbered

_DAY = 86_400 * TICKS_PER_SECOND
"""No moment lies further below what the time reads: that of a day without a time of day is its midnight."""
_SPARE = 100
"""Times that are looked at beyond twice as many as are asked for: most often these have all of the moments sought."""
_MOST_BY_ITEMS = 2_000
"""Of so many lines the items are looked for first; for more, all times are sorted."""
_KNOWN = 1024
"""Rows that are not decoded again: most times of one mail stand near each other."""
_CHOSEN = "starts_with(sha256, $starts) AND ($place = '' OR (sha256 = '' AND location_text = $place)) {places}"
_ONLY = {
    "digests": "AND sha256 IN (SELECT sha256 FROM {chosen})",
    "places": "AND location IN (SELECT location FROM {chosen})",
}
"""Of contents and of places, where some were chosen."""
_OF_ITEMS = " AND sha256 IN (SELECT unnest($digests::VARCHAR[]))"
_TIMES = f"""
    SELECT sha256, unnest(timestamps) AS "time" FROM messages
    WHERE starts_with(sha256, $starts) AND $place = '' {{digests}}
    UNION ALL
    SELECT sha256, unnest(timestamps) FROM documents WHERE starts_with(sha256, $starts) AND $place = '' {{digests}}
    UNION ALL
    SELECT sha256, unnest(times) FROM occurrences WHERE {_CHOSEN}
"""
_TICKS = 'coalesce("time".instant, "time".wall)'
_DATED = {False: f"{_TICKS} IS NOT NULL"}
_SHIFT = f"""CASE WHEN abs("time".offset_s) <= {OFFSET_LIMIT_S} AND "time".offset_s % 60 = 0
    THEN "time".offset_s * {TICKS_PER_SECOND} ELSE 0 END"""
_DATED[True] = f"""CASE WHEN "time".instant IS NOT NULL
    THEN "time".instant >= {FIRST} - {_SHIFT} AND "time".instant < {LAST} - {_SHIFT}
    ELSE "time".wall >= {FIRST} AND "time".wall < {LAST} END"""
"""Whether a time has a date, and whether `forensics.model.instants.written` can write it."""
_LEAST = f"""
SELECT count(*) AS n, arg_min({{{{'ticks': {_TICKS}, 'sha256': sha256}}}}, {_TICKS}, {{most}}) AS least,
       count(*) FILTER ({_TICKS} < {FIRST + _DAY} OR {_TICKS} >= {LAST - _DAY}) AS beyond
FROM ({_TIMES}) WHERE {{dated}} ORDER BY n
"""
_UNTIL = f"SELECT DISTINCT sha256 FROM ({_TIMES}) WHERE {{dated}} AND {_TICKS} <= $until ORDER BY sha256"
_ROWS = f"""
    SELECT 0 AS origin, {CONTENT} AS key, subject.value AS title, timestamps AS times
    FROM messages WHERE starts_with(sha256, $starts) AND $place = '' {{digests}} {{items}}
    UNION ALL
    SELECT 1, {CONTENT}, NULL, timestamps
    FROM documents WHERE starts_with(sha256, $starts) AND $place = '' {{digests}} {{items}}
    UNION ALL
    SELECT 2, {AT}, NULL, times FROM occurrences WHERE {_CHOSEN} {{items}}
"""
_SPOOLED = "SELECT title, times FROM {rows}"
_DESCRIPTIONS = ", ".join([f"'{description}'" for description in sorted(Description)])
_FOUND = f"""
WITH standing AS (
    SELECT 2 AS of, stand AS key, place, text FROM {{table}}
    UNION ALL SELECT 0, content, place, text FROM ({FIRST_PLACE})),
rows AS (SELECT row_number() OVER () AS number, origin, key, times FROM {{rows}}),
spread AS (
    SELECT number, origin, place, text, unnest(times) AS "time", generate_subscripts(times, 1) AS n
    FROM rows JOIN standing ON rows.key = standing.key AND (origin = 2) = (of = 2)),
dated AS (
    SELECT number, origin, place, text, n, {_TICKS} AS ticks,
        list_position([{_DESCRIPTIONS}], "time".description)::UTINYINT AS description,
        CASE WHEN "time".instant IS NOT NULL THEN 10 WHEN "time".precision = 'day' THEN {_DAY}
            WHEN "time".precision = 'ms' THEN 10000 WHEN "time".precision IN ('us', '100 ns') THEN 10
            ELSE {TICKS_PER_SECOND} END AS unit
    FROM spread WHERE {{dated}})
SELECT ticks - ((ticks % unit) + unit) % unit AS moment, text::INTEGER AS text, description, place::INTEGER AS place,
    origin::UTINYINT AS origin, number::INTEGER AS number, n::INTEGER AS n
FROM dated
"""
"""Where each time is found: the number of its row in `_SPOOLED` and its own in that. A local time stands where its
reading would, were it UTC, as finely as it is written; an instant to the microsecond: what is alike in that is ordered
by place."""
_SORTED = """
SELECT moment, text, description, place, number, n FROM {found}
ORDER BY moment, text, description, place, origin, n
"""
"""A query of its own: what is joined for the one would take the memory of the other."""


class _Moment(msgspec.Struct, frozen=True):
    ticks: int
    sha256: str


class _Least(msgspec.Struct, frozen=True):
    n: int
    least: list[_Moment] | None
    beyond: int
    """How many lie outside the years 1 to 9999, or so near their ends that their offset decides."""


class _Item(msgspec.Struct, frozen=True):
    sha256: str


class _Row(msgspec.Struct, frozen=True):
    title: str | None
    times: list[TimeRow]


class _Time(msgspec.Struct, frozen=True):
    moment: int
    text: int
    description: int
    place: int
    number: int
    n: int


class StoredTimes:
    """The times of a case that have a date, by moment, place and description.

    Args:
        queries: the case.
        starts: only of items whose SHA-256 starts so; empty: all.
        place: location of an item that was not read and so has no digest: only times of what stands there.
        written: leave out those that have no calendar form in the years 1 to 9999.
        chosen: table of the places whose items are wanted, as `forensics.reader.selecting.Selected` makes it; empty:
            all.
    """

    def __init__(
        self, queries: Queries, *, starts: str = "", place: str = "", written: bool = False, chosen: str = ""
    ) -> None:
        self._queries = queries
        self._given = {"starts": starts, "place": place}
        self._written = written
        self._dated = _DATED[written]
        self._only = {name: sql.format(chosen=chosen) if chosen else "" for name, sql in _ONLY.items()}
        self._n: int | None = None

    def lines(self) -> Lines[ItemTime]:
        """Return them; the first of them go on to the last that has moment, place and description of the last."""
        return Lines(self._read, self._count)

    def _count(self) -> int:
        if self._n is None:
            self._least(1)
        return self._n or 0

    def _least(self, most: int) -> list[_Moment]:
        """Return the items that have the least readings, as many readings as are asked for; counts all on the way."""
        row = self._leasts(most, _DATED[False])
        if self._written and row.beyond:  # seldom: the offset of every time would have to be read
            row = self._leasts(most, self._dated)
        self._n = row.n
        return sorted(row.least or (), key=lambda one: one.ticks)

    def _leasts(self, most: int, dated: str) -> _Least:
        (row,) = self._queries.rows(_LEAST.format(most=most, dated=dated, **self._only), self._given, _Least)
        return row

    def _read(self, most: int | None) -> Iterator[ItemTime]:
        items = self._having(most) if most is not None and most <= _MOST_BY_ITEMS else None
        n, last = 0, None
        for row, time in self._sorted(items):
            key = (row.moment, row.text, row.description)
            if most is not None and n >= most and key != last:
                return
            n, last = n + 1, key
            yield time

    def _having(self, most: int) -> list[str]:
        """Return the digests of all items that have one of the first moments, and of few others."""
        asked = 2 * most + _SPARE
        least = self._least(asked)
        if len(least) < asked:
            return sorted({one.sha256 for one in least})
        until = least[max(most, 1) - 1].ticks + _DAY
        if least[-1].ticks > until:
            return sorted({one.sha256 for one in least if one.ticks <= until})
        query = _UNTIL.format(dated=self._dated, **self._only)
        rows = self._queries.rows(query, {**self._given, "until": until}, _Item)
        return [row.sha256 for row in rows]

    def _rows(self, items: list[str] | None, sql: str, given: Mapping[str, object]) -> AbstractContextManager[str]:
        """Return what rows are read from, twice: those of few items are looked for once."""
        return nullcontext(f"({sql})") if items is None else self._queries.kept(sql, given, contents=items)

    def _sorted(self, items: list[str] | None) -> Iterator[tuple[_Time, ItemTime]]:
        """Yield all times of some items, or of all."""
        queries, chosen = self._queries, "" if items is None else _OF_ITEMS
        given: Mapping[str, object] = {**self._given, "digests": items or []}
        where = f"WHERE {_CHOSEN.format(**self._only)} {chosen}"
        with (
            self._rows(items, _ROWS.format(items=chosen, **self._only), given) as rows,
            numbered(queries, "location_text", where, given) as places,
            queries.kept(_FOUND.format(table=places.table, rows=rows, dated=self._dated), given) as found,
            queries.spool(map(encode, queries.rows(_SPOOLED.format(rows=rows), given, _Row))) as spool,
        ):
            row_of = lru_cache(_KNOWN)(lambda number: msgspec.json.decode(spool[number], type=_Row))
            for at in queries.rows(_SORTED.format(found=found), given, _Time):
                row = row_of(at.number)
                sha256, location, name = places.get(at.place)
                title = name if row.title is None else row.title
                time = timestamp(row.times[at.n - 1])
                yield at, ItemTime(sha256=sha256, location=location, title=title, time=time)
