"""``views.sql``: the case for anyone who opens its folder with DuckDB, without this program.

Tables are shown as they are, with every instant (100 ns since 1970 UTC) also as a TIMESTAMP, in UTC, its tenths of a
microsecond cut off; findings, ranking and what was set aside are spread from their JSON into columns to read.
"""

from collections.abc import Callable
from pathlib import Path

from forensics.casestore._database import text
from forensics.casestore._files import write_file
from forensics.casestore._schemas import Part, parts
from forensics.casestore._selects import ANY_FOLDER, REPEATED, VIEWS, repeated_query, table_query
from forensics.casestore.case import TABLES_FOLDER, VIEWS_FILE, CaseFolder
from forensics.casestore.tables import table_files
from forensics.model.rows import BY_READERS, TABLES

_TIMES = {
    "messages": {"date_utc": "date.instant", "arrived_utc": "arrived"},
    "documents": {"created_utc": "created.instant", "modified_utc": "modified.instant"},
    "quoted_mails": {"date_utc": "date.instant", "date_wall": "date.wall"},
    "timestamps": {"instant_utc": "instant", "wall_time": "wall"},
    "hops": {"instant_utc": "instant"},
    "ghosts": {"first_utc": "first", "last_utc": "last"},
}
"""Columns that stand behind those of a view, and the instant that each shows."""
_VALIDITY = {"valid_from_utc": "valid_from", "valid_until_utc": "valid_until"}
_SECONDS = {
    "signatures": {"time_utc": "time", "expiration_utc": "expiration"},
    "signed_parts": {"time_utc": "time", **_VALIDITY},
    "signer_keys": _VALIDITY,
    "carried_keys": _VALIDITY,
}
"""The same of instants that are stored in seconds."""

_HOPS = (
    'SELECT r.sha256, u.n AS "number", h."by", h.from_ AS "from", h.with_ AS "with", h.for_ AS "for",'
    " r.queue_ids[n].value AS id, h.instant FROM messages r, unnest(r.hops) WITH ORDINALITY AS u(h, n)"
)

_ITEMS = """
WITH standing AS (
    SELECT o.sha256, o.location, min(o.location_text) AS location_text, min(o.source) AS source,
        o.location->>'$.steps[0].name' AS path,
        coalesce(any_value(m.subject.value), any_value(c.subject.value), '') AS subject,
        coalesce(any_value(m.date), any_value(CASE WHEN d.modified.absence IS NULL THEN d.modified END),
            any_value(d.created), any_value(d.modified)) AS dated
    FROM occurrences o LEFT JOIN messages m USING (sha256) LEFT JOIN documents d USING (sha256)
    LEFT JOIN messages c ON c.sha256 = o.message_sha256
    GROUP BY o.sha256, o.location)
SELECT sha256, location, location_text, source, path, subject, {utc} AS dated_utc, {wall} AS dated_wall FROM standing
"""
"""One row for each place: the subject of the mail, or of the mail around it, and the date that the item claims."""

_FINDINGS = """
SELECT f.rule, f.strength, f.stored->>'$.finding.statement' AS statement, i.location_text AS location, i.source, i.path,
    i.subject, i.dated_utc, i.dated_wall, f.stored->>'$.finding.proposition' AS proposition,
    f.stored->>'$.finding.bin' AS bin, CAST(f.stored->>'$.finding.rate' AS DOUBLE) AS rate,
    CAST(f.stored->>'$.finding.reference.hits' AS BIGINT) AS hits,
    CAST(f.stored->>'$.finding.reference.n' AS BIGINT) AS n, f.cluster, f.sha256, f.id,
    CAST(f.stored->>'$.finding.rule_version' AS BIGINT) AS rule_version, f.stored
FROM ({table}) f LEFT JOIN items i
    ON i.sha256 = f.sha256 AND i.location = CAST(f.stored->'$.finding.item.location' AS VARCHAR)
ORDER BY list_position(['strong', 'moderate', 'weak', 'context'], f.strength), f.rule, f.id
"""

_RANKING = """
SELECT r.rank, r.strength, r.score, coalesce(r.ranked->>'$.conclusion', '') AS conclusion,
    coalesce(r.ranked->>'$.side', '') AS side, array_to_string(r.ranked->>'$.reasons[*]', ' ') AS reasons,
    i.location_text AS location, i.source, i.path, i.subject, i.dated_utc, i.dated_wall,
    r.ranked->>'$.cluster.value' AS cluster, array_to_string(r.ranked->>'$.propositions[*]', ', ') AS propositions,
    array_to_string(r.ranked->>'$.supported_by[*]', ' ') AS supported_by,
    CASE WHEN r.ranked->>'$.item' IS NULL THEN r.ranked->>'$.cluster.members[*].sha256'
        ELSE list_concat([r.ranked->>'$.item.sha256'], r.ranked->>'$.partners[*].sha256') END AS items,
    r.ranked->>'$.findings[*]' AS findings, r.ranked
FROM ({table}) r LEFT JOIN items i
    ON i.sha256 = r.ranked->>'$.item.sha256' AND i.location = CAST(r.ranked->'$.item.location' AS VARCHAR)
ORDER BY r.rank
"""

_SET_ASIDE = """
SELECT s.rule, s.reason, s."group", s.count, s.set_aside->>'$.sample[*].sha256' AS items, s.set_aside
FROM ({table}) s ORDER BY s.rule, s.reason, s."group"
"""

_SPREAD_JSON = {"findings": _FINDINGS, "ranking": _RANKING, "set_aside": _SET_ASIDE}


def write_views(case: CaseFolder) -> dict[str, str]:
    """Write ``views.sql``.

    Returns:
        Path below the case to SHA-256, for the log line that must follow.

    Raises:
        OtherVersion: a table of the case has columns that this version does not know.
        StorageFull: the disk is full.
    """
    lines = ["-- Start DuckDB in this folder, then: .read views.sql"]
    views = view_queries(case, _relative, f"'{TABLES_FOLDER}/contents/*.parquet'")
    # A view of no file would stay empty whatever readers note later: there is none until they do.
    unwritten = {table for table, files in table_files(case, BY_READERS).items() if not files}
    views = [(view, query) for view, query in views if view not in unwritten]
    lines += [f"CREATE OR REPLACE VIEW {view} AS {' '.join(query.split())};" for view, query in views]
    data = "\n".join(lines).encode("ascii") + b"\n"
    return {VIEWS_FILE: write_file(case.path / VIEWS_FILE, data)}


def view_queries(case: CaseFolder, written: Callable[[str, Part, bool], str], contents: str) -> list[tuple[str, str]]:
    """Return the views and their queries in the order in which they can be made.

    Args:
        case: the case.
        written: names the files of a part in SQL; takes the table, the part, and whether the part is all of it.
        contents: all files of `contents` in SQL.

    Raises:
        OtherVersion: a table of the case has columns that this version does not know.
    """
    files = table_files(case)
    repeated = len(files["contents"]) > 1
    found = [(REPEATED, repeated_query(contents))] if repeated else []
    tables = {}
    for table in TABLES:
        alike = parts(case, table, files[table])
        over = [(written(table, part, len(alike) == 1), part.select) for part in alike]
        tables[table] = table_query(table, over, repeated=ANY_FOLDER if repeated else "")
    plain = {table: query for table, query in tables.items() if table not in _SPREAD_JSON}
    found += [(view, _with_times(view, query)) for view, query in (plain | VIEWS | {"hops": _HOPS}).items()]
    found.append(("items", _ITEMS.format(utc=_timestamp("dated.instant"), wall=_timestamp("dated.wall"))))
    found += [(view, query.format(table=tables[view])) for view, query in _SPREAD_JSON.items()]
    return found


def _relative(table: str, part: Part, whole: bool) -> str:
    """Return the files of a part as seen from the case folder."""
    folder = f"{TABLES_FOLDER}/{table}"
    if whole:
        return f"'{folder}/*.parquet'"
    return "[" + ", ".join([text(f"{folder}/{Path(file).name}") for file in part.files]) + "]"


def _with_times(view: str, query: str) -> str:
    shown = [f"{_timestamp(instant)} AS {column}" for column, instant in _TIMES.get(view, {}).items()]
    shown += [f"{_of_seconds(seconds)} AS {column}" for column, seconds in _SECONDS.get(view, {}).items()]
    return f"SELECT *, {', '.join(shown)} FROM ({query})" if shown else query


def _timestamp(instant: str) -> str:
    """Return the TIMESTAMP of an instant, rounded down: SQL's division goes towards zero."""
    return f"make_timestamp({instant} // 10 - CASE WHEN {instant} % 10 < 0 THEN 1 ELSE 0 END)"


def _of_seconds(seconds: str) -> str:
    """Return the TIMESTAMP of seconds since 1970; none where a forged number lies beyond every calendar."""
    return f"CASE WHEN abs({seconds}) < 100000000000 THEN make_timestamp({seconds} * 1000000) END"
