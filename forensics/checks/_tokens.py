"""What servers make once and several mails carry: queue ids, signatures, network ids, and who shares which."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks._copies import TEXTS, different
from forensics.checks._returned import WHOLE
from forensics.model.locations import Location
from forensics.model.rows.located import LocatedRow

# A queue id counts with its host and its stamp: Postfix gives short ids again after months, sendmail 8.9 every day.
# What is only digits and dots is a version (Exchange) or a number that starts again.
QUERY = rf"""
WITH {WHOLE},
hops AS (
    SELECT sha256, unnest(hops) AS hop, unnest(queue_ids) AS id, generate_subscripts(hops, 1) AS place
    FROM messages SEMI JOIN whole USING (sha256)),
tokens AS (
    SELECT sha256, 'queue id' AS kind, lower(hop."by") AS host,
           lower(hop."by") || ' ' || id.value || ' ' || hop.instant AS token, id AS written
    FROM hops
    WHERE id.start > 0 AND hop.instant IS NOT NULL AND NOT regexp_full_match(id.value, '[0-9.]+|.{{1,5}}')
    UNION ALL
    SELECT sha256, 'signature', '', hex(signature), b
    FROM signatures SEMI JOIN whole USING (sha256) WHERE kind = 'dkim' AND octet_length(b.raw) > 9 AND b.start > 0
    UNION ALL
    SELECT sha256, 'network id', '', hex(made.raw),
           {{'value': '', 'raw': made.raw, 'path': made.path, 'start': made.start, 'end': made."end",
             'steps': made.steps, 'rest': made.rest}}
    FROM (SELECT sha256, unnest(timestamps) AS made FROM messages SEMI JOIN whole USING (sha256))
    WHERE made.kind IN ('network_id', 'tenant_network_id')),
shared AS (SELECT token FROM tokens GROUP BY token HAVING count(DISTINCT sha256) > 1),
named AS (
    SELECT DISTINCT ON (token, sha256) * FROM tokens SEMI JOIN shared USING (token) ORDER BY token, sha256,
    written.path),
ways AS (
    SELECT sha256,
           list(lower("by") || ' ' || id || ' ' || instant ORDER BY place) FILTER (instant IS NOT NULL) AS way
    FROM (SELECT sha256, place, id.value AS id, unnest(hop) FROM hops SEMI JOIN named USING (sha256)) GROUP BY sha256)
SELECT t.kind, t.host, t.token, t.written, m.sha256, m.message_id.value AS message_id, m.subject, m.body_sha256,
       m.list_id, {TEXTS}, coalesce(w.way, []) AS way, p.location
FROM named t
JOIN messages m USING (sha256) LEFT JOIN ways w USING (sha256)
JOIN places p USING (sha256)
ORDER BY t.token, m.sha256
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
