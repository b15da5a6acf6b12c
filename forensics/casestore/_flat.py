"""The flat tables: what queries over a whole case ask of every mail, in narrow columns under integer keys.

They are made once, for the first query that names one, and are no part of the case: in memory, or where there are many
mails in a database file below the case's ``tmp/``, which DuckDB reads and drops piece by piece, so that the memory of a
query does not grow with the case. A query that needs raw bytes or other times joins ``messages`` for the few mails that
are left: DuckDB then reads the nested columns of these only.
"""

from pathlib import Path

import duckdb

from forensics.casestore._database import text
from forensics.knowledge.suffixes import organization
from forensics.model.presence.message import KEPT_BY_STORE

IN_MEMORY_BYTES = 12 << 20
"""Of the files of ``messages``, above which the tables go into a file: some 15,000 list mails, whose tables take 100 MB
(measured on 28,000: 6.3 kB a mail). Compressed in a file they take 1.3 kB a mail, and a third more time to make."""

_HOST = "lower(regexp_extract(message_id.value, '[^@]*$'))"
_READER = r"lower(regexp_extract(hop.for_, '[^<>:;,\s]+@[^<>:;,\s]+'))"


def _spread(columns: str, lists: str, where: str = "") -> str:
    """Return the query of a table with a row for each element of nested columns.

    Elements are joined with their item when they are spread: a filter or join before that would copy the lists.
    """
    return f"SELECT item, {columns} FROM (SELECT n, {lists} FROM flat.numbered) JOIN flat.numbers USING (n) {where}"


_TABLES = {
    "items": """
        SELECT (row_number() OVER (ORDER BY sha256))::INTEGER AS item, sha256,
               arg_min(location, location_text) AS location, bool_or(message_sha256 = '') AS alone,
               bool_or(message_sha256 <> '') AS inside, bool_or(status = 'parsed') AS parsed,
               bool_or(restates) AS restates, max(size) AS size
        FROM occurrences GROUP BY sha256""",
    "numbers": "SELECT n, item FROM flat.shown JOIN flat.items USING (sha256) WHERE NOT restates",
    "forms": """
        SELECT row_number() OVER ()::INTEGER AS form, features
        FROM (SELECT DISTINCT form AS features FROM flat.numbered)""",
    "features": """
        SELECT form, split_part(feature, '=', 1) AS kind, feature FROM flat.forms, unnest(features) AS u(feature)""",
    "server_forms": """
        SELECT row_number() OVER ()::INTEGER AS server_form, features
        FROM (SELECT DISTINCT server_form AS features FROM flat.numbered)""",
    "server_features": """
        SELECT server_form, split_part(feature, '=', 1) AS kind, feature
        FROM flat.server_forms, unnest(features) AS u(feature)""",
    "list_numbers": """
        SELECT item, numbered_by, TRY_CAST(list_number.value AS INTEGER) AS number
        FROM flat.numbered JOIN flat.numbers USING (n) WHERE numbered_by <> ''""",
    "given_numbers": _spread(
        """number.kind AS kind, number."by" AS "by", number.opens AS opens,
        TRY_CAST(number.written.value AS BIGINT) AS number, place::INTEGER AS place""",
        "unnest(given) AS number, generate_subscripts(given, 1) AS place",
    ),
    "mails": f"""
        SELECT item, mask, lower(from_address) AS sender, lower(from_domain) AS sender_domain,
               message_id.value AS message_id, {_HOST} AS id_host, subject.value AS subject, client.value AS client,
               list_id, lower(first_hop) AS first_hop, date.instant AS instant, date.wall AS wall,
               date.offset_s AS offset_s, arrived, len(hops)::INTEGER AS hops, f.form AS form, body_sha256,
               letters_sha256, date, message_id AS written_id, v.server_form AS server_form,
               mask & {KEPT_BY_STORE} <> 0 AS stored
        FROM flat.numbered m JOIN flat.numbers USING (n) LEFT JOIN flat.forms f ON f.features = m.form
        LEFT JOIN flat.server_forms v ON v.features = m.server_form""",
    "hops": _spread(
        f"""place::INTEGER AS place, hop."by" AS "by", lower(hop."by") AS host, hop.from_ AS "from",
        hop.with_ AS "with", CASE WHEN contains(hop.for_, '@') THEN {_READER} END AS reader, hop.instant AS instant,
        id""",
        """unnest(hops) AS hop, unnest([id.value FOR id IN queue_ids]) AS id,
        generate_subscripts(hops, 1) AS place""",
    ),
    "stamps": _spread(
        'stamp.kind AS kind, stamp.index::INTEGER AS index, stamp AS "time"',
        "unnest(timestamps) AS stamp",
        """WHERE stamp.kind IN
        ('hop', 'from_line', 'from_line_number', 'message_id', 'network_id', 'tenant_network_id', 'thread_begun')""",
    ),
    "parties": _spread(
        """place::INTEGER AS place, party.field AS field, lower(party.address) AS address,
        lower(party."domain") AS "domain", CASE WHEN party.field = 'from' THEN party."name" END AS "name",
        CASE WHEN written.start IS NOT NULL THEN party.address END AS shown, written""",
        "unnest(parties) AS party, unnest(mailboxes) AS written, generate_subscripts(parties, 1) AS place",
    ),
    "links": _spread(
        "place::INTEGER AS place, reply, last, id",
        """unnest(in_reply_to || "references") AS id, generate_subscripts(in_reply_to || "references", 1) AS place,
        place <= len(in_reply_to) AS reply, place = len(in_reply_to) + len("references") AS last""",
    ),
    "signatures": """
        SELECT item, kind, index, lower("domain") AS "domain", b.start AS start, hash(signature) AS hash,
               CASE WHEN kind <> 'as' AND body_hash_stated <> '' AND coalesce(body_length, 1) > 0
                         AND (body_hash <> '' OR (body_length > 0 AND header_digest <> ''))
                    THEN body_hash = body_hash_stated END AS body_holds
        FROM signatures JOIN flat.items USING (sha256) WHERE kind <> 'google' AND NOT restates""",
}
"""The query of each, in the order in which they are made."""

_NAMES = """
SELECT host AS "name" FROM flat.hops
UNION SELECT regexp_extract(lower("from"), '^[a-z0-9.-]*') FROM flat.hops
UNION SELECT first_hop FROM flat.mails UNION SELECT sender_domain FROM flat.mails UNION SELECT id_host FROM flat.mails
UNION SELECT "domain" FROM flat.parties UNION SELECT "domain" FROM flat.signatures
"""
"""Every name that rules ask for the organization of."""


_JUDGED = """
SELECT s.item, s.kind, s.index, s."domain", start, key, header, signed_digest, aligned, limits,
       CASE WHEN header = 'holds' THEN true WHEN header = 'altered' AND NOT coalesce(untestable, false)
            THEN coalesce(rest_holds, false) END AS header_holds,
       body_holds OR (body_holds IS NOT NULL AND body_steps IS NOT NULL) AS body_holds, header_steps, body_steps
FROM flat.signatures s JOIN flat.items USING (item) LEFT JOIN verdicts USING (sha256, kind, index)
LEFT JOIN (SELECT sha256, kind, index, flatten(list(steps ORDER BY field) FILTER (part = 'header')) AS header_steps,
                  bool_and(clears OR field IN ('sender', 'content-transfer-encoding', 'mime-version'))
                      FILTER (part = 'header') AS rest_holds,
                  bool_or(part = 'untestable') AS untestable,
                  any_value(steps) FILTER (part = 'body' AND clears) AS body_steps
           FROM repairs GROUP BY ALL) USING (sha256, kind, index)
"""
"""What is known of each signature once keys were tried and honest damage undone; it is made of what stages write.

A header holds where it does once a server's own changes are undone: lists write their own Sender, and whoever encodes a
body again writes its encoding, which the body answers for; but who restores a subject or a recipient knows what was
signed, not who changed it."""
JUDGED_OF = frozenset({"verdicts", "repairs"})


def make_judged(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """Make ``flat.judged`` anew; the other flat tables are there, and `JUDGED_OF` are in the search path.

    Raises:
        duckdb.Error: a table cannot be read, or the disk is full.
    """
    connection.execute(f"CREATE OR REPLACE TABLE {catalog}.flat.judged AS {_JUDGED}")


def make(connection: duckdb.DuckDBPyConnection, catalog: str, file: Path | None, messages: str, shown: str) -> None:
    """Make the flat tables in a catalog of their own, in its schema ``flat``.

    Args:
        connection: where ``occurrences`` and ``signatures`` are in the search path; so is the catalog afterwards.
        catalog: its name.
        file: database file to make; none: in memory.
        messages: query of all rows of ``messages``, in a fixed order.
        shown: query of the numbers (``n``, from 1 in that order) and ``sha256`` of those that count.

    Raises:
        duckdb.Error: a table cannot be read, or the disk is full.
    """
    (schema,) = connection.execute("SELECT current_schema()").fetchall()[0]
    connection.execute(f"ATTACH {text(str(file) if file else ':memory:')} AS {catalog}")
    connection.execute(f"CREATE SCHEMA {catalog}.flat")
    connection.execute(f"SET search_path = {text(search_path(schema, catalog))}")
    connection.execute(f"CREATE VIEW {catalog}.flat.numbered AS SELECT row_number() OVER () AS n, * FROM ({messages})")
    connection.execute(f"CREATE VIEW {catalog}.flat.shown AS {shown}")
    for table, query in _TABLES.items():
        connection.execute(f"CREATE TABLE {catalog}.flat.{table} AS {query}")
    names = [name for (name,) in connection.execute(_NAMES).fetchall() if name]
    pairs = "SELECT unnest($1::VARCHAR[]) AS name, unnest($2::VARCHAR[]) AS organization"
    found = [organization(name) for name in names]
    connection.execute(f"CREATE TABLE {catalog}.flat.organizations AS {pairs}", [names, found])


def attach(connection: duckdb.DuckDBPyConnection, catalog: str, file: Path, schema: str) -> None:
    """Show flat tables that were made in a file, to a connection to another database whose tables are of a schema."""
    connection.execute(f"ATTACH {text(str(file))} AS {catalog}")
    connection.execute(f"SET search_path = {text(search_path(schema, catalog))}")


def search_path(schema: str, catalog: str) -> str:
    """Return the search path in which unqualified names are of a schema, and ``flat.`` of a catalog of flat tables."""
    return f"memory.{schema},{catalog}.flat"
