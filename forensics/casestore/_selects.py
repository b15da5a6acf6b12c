"""The queries that make a table of its files, and the views over tables, for our own readers and for ``views.sql``."""

from collections.abc import Sequence

from forensics.casestore._database import columns, element, name, sql_type, struct
from forensics.model.comparing import COMPARED
from forensics.model.presence import document
from forensics.model.presence.message import ADDED_BY_KEYS, ADDED_BY_ORIGINAL, PART
from forensics.model.rows import TABLES

OF_CONTENTS = frozenset(
    {
        "contents",
        "messages",
        "signatures",
        "signed_parts",
        "carried_keys",
        "quoted_mails",
        "documents",
        "archives",
        "archive_members",
    }
)
"""Tables of contents: several units may have met the same content, and the view shows the rows of one of them."""
REPEATED = "repeated_contents"
"""Contents of which rows are left out, and the file name of each unit whose rows of it are."""


ANY_FOLDER = "d.unit = parse_filename(r.filename)"
"""Condition of ``repeated`` wherever the files are; who knows their folder compares whole paths, which is cheaper."""


def repeated_query(files: str) -> str:
    """Return the query of `REPEATED`: of the units that met the same content, all but that which read it furthest.

    Nearly all contents are met once: only those whose digests' hashes occur twice are compared.

    Args:
        files: the files of `contents`, as an SQL list or pattern.
    """
    often = f"SELECT hash(sha256) FROM read_parquet({files}) GROUP BY ALL HAVING count(*) > 1"
    furthest = "CASE status WHEN 'parsed' THEN 0 WHEN 'partial' THEN 1 ELSE 2 END"
    return (
        f"SELECT DISTINCT sha256, unit FROM (SELECT sha256, {furthest} AS furthest, parse_filename(filename) AS unit,"
        " min((furthest, unit)) OVER (PARTITION BY sha256) AS first"
        f" FROM read_parquet({files}, filename = true) WHERE hash(sha256) IN ({often})) WHERE unit <> first[2]"
    )


def standing_query(files: str, of_unit: str) -> str:
    """Return the query of number (``n``, from 1) and digest of the rows of a table that `REPEATED` leaves.

    Args:
        files: the table's files, as an SQL list or pattern.
        of_unit: the condition under which file ``r.filename`` is that of ``d.unit``.
    """
    return (
        "SELECT n, r.sha256 FROM (SELECT row_number() OVER () AS n, sha256, filename"
        f" FROM read_parquet({files}, filename = true)) AS r"
        f" ANTI JOIN {REPEATED} AS d ON d.sha256 = r.sha256 AND {of_unit}"
    )


def table_query(table: str, parts: Sequence[tuple[str, Sequence[str]]], *, repeated: str = "") -> str:
    """Return the query of one table.

    Args:
        table: name of the table.
        parts: files with the same columns, as an SQL list or pattern, and the expression of each column over them;
            none: the table is empty.
        repeated: leave out what `REPEATED` says: the condition under which file ``r.filename`` is that of ``d.unit``;
            empty: nothing is left out.
    """
    kinds = columns(TABLES[table])
    if not parts:
        empty = ", ".join([f"CAST(NULL AS {sql_type(kind)}) AS {name(column)}" for column, kind in kinds.items()])
        return f"SELECT {empty} WHERE false"
    return " UNION ALL ".join([_part(table, files, select, repeated=repeated) for files, select in parts])


def _part(table: str, files: str, select: Sequence[str], *, repeated: str) -> str:
    pairs = zip(select, map(name, columns(TABLES[table])), strict=True)
    shown = ", ".join([column if column == expression else f"{expression} AS {column}" for expression, column in pairs])
    if not repeated or table not in OF_CONTENTS:
        return f"SELECT {shown} FROM read_parquet({files})"
    return (
        f"SELECT {shown} FROM read_parquet({files}, filename = true) AS r"
        f" ANTI JOIN {REPEATED} AS d ON d.sha256 = r.sha256 AND {repeated}"
    )


def _timestamps() -> str:
    time = struct(element(columns(TABLES["messages"])["timestamps"]))
    assert time is not None
    times = ", ".join([f"t.{name(column)}" for column in columns(time)])
    spread = "SELECT r.sha256, '{origin}' AS origin, {times} FROM {table} r, unnest(r.{column}) AS u(t)"
    parts = [
        spread.format(origin="message", times=times, table="messages", column="timestamps"),
        spread.format(origin="document", times=times, table="documents", column="timestamps"),
        spread.format(origin="archive", times=times, table="archive_members", column="times"),
        spread.format(origin="container", times=times, table="occurrences", column="times"),
        f"SELECT r.sha256, 'archive' AS origin, {times} FROM archives r, unnest(r.members) AS v(m),"
        " unnest(m.times) AS u(t)",
    ]
    return " UNION ALL ".join(parts)


_ADDED = " ".join([f"WHEN '{kind} {outcome}' THEN {bits}" for (kind, outcome), bits in ADDED_BY_KEYS.items()])
_COMPARED = ", ".join([f"'{outcome}'" for outcome in sorted(COMPARED)])

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
    "judged_parts": (
        "SELECT p.* REPLACE (coalesce(v.outcome, p.outcome) AS outcome, coalesce(v.key, p.key) AS key,"
        " coalesce(v.signers, p.signers) AS signers, coalesce(nullif(v.issuer, ''), p.issuer) AS issuer,"
        " coalesce(v.valid_from, p.valid_from) AS valid_from, coalesce(v.valid_until, p.valid_until) AS valid_until),"
        " coalesce(v.obtained, CASE WHEN p.issued <> '' THEN 'mail' ELSE '' END) AS obtained,"
        " coalesce(v.origin, '') AS origin, coalesce(v.carriers, 0) AS carriers"
        " FROM signed_parts p LEFT JOIN signer_verdicts v ON v.sha256 = p.sha256 AND v.index = p.index"
    ),
    "message_masks": (
        "SELECT sha256, mask | coalesce(added, 0) | coalesce(original, 0) AS mask FROM messages LEFT JOIN ("
        f"SELECT sha256, bit_or(CASE kind || ' ' || header {_ADDED} ELSE 0 END)::BIGINT AS added FROM"
        f" (SELECT sha256, kind, header FROM verdicts UNION ALL SELECT sha256, '{PART}', outcome FROM signer_verdicts)"
        " GROUP BY sha256)"
        " USING (sha256) LEFT JOIN ("
        f"SELECT DISTINCT sha256, {ADDED_BY_ORIGINAL} AS original FROM counterparts"
        f" WHERE outcome IN ({_COMPARED})) USING (sha256)"
    ),
    "document_masks": (
        "SELECT sha256, mask | coalesce(original, 0) AS mask FROM documents LEFT JOIN ("
        f"SELECT DISTINCT sha256, {document.ADDED_BY_ORIGINAL} AS original FROM counterparts"
        f" WHERE outcome IN ({_COMPARED})) USING (sha256)"
    ),
}
"""Views for rules and readers alike: the first place of each content, what nested columns hold, what signed parts
say under all keys at hand, and what messages and documents show once keys were tried and originals compared."""
