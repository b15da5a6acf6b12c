"""The queries that make a table of its files, and the views over tables, for our own readers and for ``views.sql``."""

from collections.abc import Sequence

from forensics.casestore._database import columns, element, name, sql_type, struct
from forensics.model.rows import TABLES

OF_CONTENTS = frozenset({"contents", "messages", "signatures", "documents", "archives"})
"""Tables of contents: several units may have met the same content, and the view shows the rows of one of them."""
REPEATED = "repeated_contents"


def repeated_query(files: str) -> str:
    """Return the query of contents that several units met, and the file name of the one that read them furthest.

    Args:
        files: the files of `contents`, as an SQL list or pattern.
    """
    furthest = "CASE status WHEN 'parsed' THEN 0 WHEN 'partial' THEN 1 ELSE 2 END"
    return (
        f"SELECT sha256, min_by(unit, (furthest, unit)) AS unit FROM (SELECT sha256, {furthest} AS furthest,"
        f" parse_filename(filename) AS unit FROM read_parquet({files}, filename = true))"
        " GROUP BY sha256 HAVING count(DISTINCT unit) > 1"
    )


def table_query(table: str, parts: Sequence[tuple[str, Sequence[str]]], *, repeated: bool = False) -> str:
    """Return the query of one table.

    Args:
        table: name of the table.
        parts: files with the same columns, as an SQL list or pattern, and the expression of each column over them;
            none: the table is empty.
        repeated: leave out what `REPEATED` says.
    """
    kinds = columns(TABLES[table])
    if not parts:
        empty = ", ".join([f"CAST(NULL AS {sql_type(kind)}) AS {name(column)}" for column, kind in kinds.items()])
        return f"SELECT {empty} WHERE false"
    return " UNION ALL ".join([_part(table, files, select, repeated=repeated) for files, select in parts])


def _part(table: str, files: str, select: Sequence[str], *, repeated: bool) -> str:
    pairs = zip(select, map(name, columns(TABLES[table])), strict=True)
    shown = ", ".join([column if column == expression else f"{expression} AS {column}" for expression, column in pairs])
    if not repeated or table not in OF_CONTENTS:
        return f"SELECT {shown} FROM read_parquet({files})"
    return (
        f"SELECT {shown} FROM read_parquet({files}, filename = true) AS r WHERE NOT EXISTS"
        f" (SELECT 1 FROM {REPEATED} AS d WHERE d.sha256 = r.sha256 AND d.unit <> parse_filename(r.filename))"
    )


def _timestamps() -> str:
    time = struct(element(columns(TABLES["messages"])["timestamps"]))
    assert time is not None
    times = ", ".join([f"t.{name(column)}" for column in columns(time)])
    spread = "SELECT r.sha256, '{origin}' AS origin, {times} FROM {table} r, unnest(r.{column}) AS u(t)"
    parts = [
        spread.format(origin="message", times=times, table="messages", column="timestamps"),
        spread.format(origin="document", times=times, table="documents", column="timestamps"),
        spread.format(origin="container", times=times, table="occurrences", column="times"),
        f"SELECT r.sha256, 'archive' AS origin, {times} FROM archives r, unnest(r.members) AS v(m),"
        " unnest(m.times) AS u(t)",
    ]
    return " UNION ALL ".join(parts)


VIEWS = {
    "places": (
        "SELECT sha256, arg_min(location, location_text) AS location, min(location_text) AS location_text"
        " FROM occurrences GROUP BY sha256"
    ),
    "timestamps": _timestamps(),
    "parties": (
        'SELECT sha256, p.field, p."name", p.address, p.domain, written'
        " FROM (SELECT sha256, unnest(parties) AS p, unnest(mailboxes) AS written FROM messages)"
    ),
}
"""Views for rules and readers alike: the first place of each content, and what nested columns hold."""

HOST_NAMES = """
WITH hosts AS (SELECT h."by", h.from_ AS "from" FROM messages, unnest(hops) AS u(h)),
names AS (
    SELECT lower("by") AS "name" FROM hosts
    UNION SELECT regexp_extract(lower("from"), '^[a-z0-9.-]*') FROM hosts
    UNION SELECT lower(first_hop) FROM messages
    UNION SELECT lower(from_domain) FROM messages
    UNION SELECT regexp_extract(lower(message_id.value), '[^@]*$') FROM messages
    UNION SELECT lower(p."domain") FROM messages, unnest(parties) AS u(p)
    UNION SELECT lower("domain") FROM signatures)
SELECT "name" FROM names WHERE "name" <> '' ORDER BY "name"
"""
"""Every name that rules ask for the organization of, lower case: of servers, of senders and readers, behind the @ of
identifiers, of signers."""
