"""What servers make once and several mails carry: queue ids, signatures, network ids, and who shares which."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks._copies import TEXTS, different
from forensics.checks._returned import WHOLE
from forensics.model.locations import Location
from forensics.model.rows.located import LocatedRow

# A queue id counts with its host and its stamp: Postfix gives short ids again after months, sendmail 8.9 every day.
# What is only digits and dots is a version (Exchange) or a number that starts again. Shared ones are found by what is
# short; the few mails that have any say how they are written.
QUERY = rf"""
WITH {WHOLE},
instants AS (
    SELECT instant FROM flat.hops WHERE id <> '' AND instant IS NOT NULL GROUP BY ALL HAVING min(item) < max(item)),
ids AS (
    SELECT host, id, instant FROM flat.hops SEMI JOIN instants USING (instant)
    WHERE NOT regexp_full_match(id, '[0-9.]+|.{{0,5}}') GROUP BY ALL HAVING min(item) < max(item)),
hashes AS (SELECT hash FROM flat.signatures WHERE kind = 'dkim' GROUP BY ALL HAVING min(item) < max(item)),
networks AS (
    SELECT "time".raw AS raw FROM flat.stamps WHERE kind IN ('network_id', 'tenant_network_id')
    GROUP BY ALL HAVING min(item) < max(item)),
given AS MATERIALIZED (
    SELECT item, place, host, host || ' ' || id || ' ' || instant AS token
    FROM flat.hops JOIN ids USING (host, id, instant) SEMI JOIN whole USING (item)),
signed AS MATERIALIZED (
    SELECT item, sha256 FROM (SELECT DISTINCT item FROM flat.signatures SEMI JOIN hashes USING (hash))
    SEMI JOIN whole USING (item) JOIN flat.items USING (item)),
made AS MATERIALIZED (
    SELECT item, "time" FROM flat.stamps JOIN networks ON "time".raw = raw SEMI JOIN whole USING (item)
    WHERE kind IN ('network_id', 'tenant_network_id')),
found AS MATERIALIZED (
    SELECT item, sha256, location
    FROM (SELECT item FROM given UNION SELECT item FROM signed UNION SELECT item FROM made)
    JOIN flat.items USING (item)),
sought AS (SELECT unnest(list(sha256)) AS sha256 FROM found),
read AS MATERIALIZED (SELECT sha256, subject, queue_ids, {TEXTS} FROM messages SEMI JOIN sought USING (sha256)),
mails AS (FROM found JOIN read USING (sha256)),
tokens AS MATERIALIZED (
    SELECT item, 'queue id' AS kind, host, token, queue_ids[place] AS written FROM given JOIN mails USING (item)
    WHERE queue_ids[place].start > 0
    UNION ALL
    SELECT item, 'signature', '', hex(signature), b FROM signatures JOIN signed USING (sha256)
    WHERE kind = 'dkim' AND octet_length(b.raw) > 9 AND b.start > 0
    UNION ALL
    SELECT item, 'network id', '', hex("time".raw),
           {{'value': '', 'raw': "time".raw, 'path': "time".path, 'start': "time".start, 'end': "time"."end",
             'steps': "time".steps, 'rest': "time".rest}} FROM made),
shared AS (SELECT token FROM tokens GROUP BY token HAVING min(item) < max(item)),
named AS MATERIALIZED (
    SELECT DISTINCT ON (token, item) * FROM tokens SEMI JOIN shared USING (token) ORDER BY token, item, written.path),
ways AS (
    SELECT item, list(host || ' ' || id || ' ' || instant ORDER BY place) FILTER (instant IS NOT NULL) AS way
    FROM flat.hops SEMI JOIN named USING (item) GROUP BY item)
SELECT t.kind, t.host, t.token, t.written, sha256, f.message_id, m.subject, f.body_sha256, f.list_id, m.texts, m.files,
       coalesce(w.way, []) AS way, location
FROM named t JOIN mails m USING (item) JOIN flat.mails f USING (item) LEFT JOIN ways w USING (item)
ORDER BY t.token, sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One token on one mail that another mail carries too."""

    kind: str
    """``queue id``, ``signature`` or ``network id``."""
    host: str
    """The server of a queue id, else empty."""
    token: str
    written: LocatedRow
    """As written: its bytes count."""
    sha256: str
    message_id: str
    subject: LocatedRow
    body_sha256: str
    list_id: str
    texts: tuple[str, ...]
    files: str
    way: tuple[str, ...]
    """Host, id and stamp of each trace field, newest first."""
    location: Location


def bonds(rows: Iterable[Row]) -> Iterator[tuple[list[Row], list[Row]]]:
    """Yield different mails of which each shares the same tokens with the first, and the rows of these tokens.

    Mails are joined two by two: where one shares a token with a second mail and another with a third, the second and
    the third have no bond.
    """
    by_mail: dict[str, dict[str, Row]] = {}
    by_token: dict[str, list[Row]] = {}
    for row in rows:
        by_mail.setdefault(row.sha256, {})[row.token] = row
        by_token.setdefault(row.token, []).append(row)
    groups: dict[frozenset[str], dict[str, Row]] = {}
    for found in by_token.values():
        first, *others = sorted(different(found), key=lambda row: -len(by_mail[row.sha256]))
        for other in others:
            shared = frozenset(by_mail[first.sha256].keys() & by_mail[other.sha256].keys())
            groups.setdefault(shared, {}).update({first.sha256: first, other.sha256: other})
    for shared, mails in groups.items():
        yield list(mails.values()), [by_mail[sha256][token] for sha256 in mails for token in sorted(shared)]
