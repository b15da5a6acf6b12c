"""What servers make once and several mails carry: queue ids, signatures, network ids, and who shares which."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks._copies import TEXTS, different
from forensics.checks._returned import WHOLE
from forensics.model.locations import Location
from forensics.model.rows.located import LocatedRow

_PLAIN = "[0-9.]+|.{0,5}"
"""Queue ids that come again: of digits and dots alone they are a version (Exchange) or a number that starts again."""

# A queue id counts with its host and its stamp: Postfix gives short ids again after months, sendmail 8.9 every day.
# What may be shared is found by hashes; the few mails that have any of it tell whether it is, and how it is written.
QUERY = rf"""
WITH {WHOLE},
instants AS (
    SELECT instant FROM flat.hops WHERE id <> '' AND instant IS NOT NULL GROUP BY ALL HAVING min(item) < max(item)),
timed AS MATERIALIZED (SELECT item, id, instant FROM flat.hops SEMI JOIN instants USING (instant) WHERE id <> ''),
keys AS MATERIALIZED (
    SELECT item, hash(id, instant) AS key FROM timed WHERE NOT regexp_full_match(id, '{_PLAIN}')
    UNION ALL SELECT item, hash FROM flat.signatures WHERE kind = 'dkim'
    UNION ALL SELECT item, hash("time".raw) FROM flat.stamps WHERE kind IN ('network_id', 'tenant_network_id')),
alike AS (SELECT key FROM keys GROUP BY key HAVING min(item) < max(item)),
found AS MATERIALIZED (
    SELECT item, sha256, location FROM (SELECT DISTINCT item FROM keys SEMI JOIN alike USING (key))
    SEMI JOIN whole USING (item) JOIN flat.items USING (item)),
sought AS (SELECT unnest(list(sha256)) AS sha256 FROM found),
read AS MATERIALIZED (SELECT sha256, subject, queue_ids, {TEXTS} FROM messages SEMI JOIN sought USING (sha256)),
hops AS MATERIALIZED (
    SELECT item, host, id, place, host || ' ' || id || ' ' || instant AS token
    FROM flat.hops SEMI JOIN found USING (item) WHERE instant IS NOT NULL),
tokens AS MATERIALIZED (
    SELECT item, 'queue id' AS kind, host, token, queue_ids[place] AS written
    FROM hops JOIN found USING (item) JOIN read USING (sha256)
    WHERE queue_ids[place].start > 0 AND NOT regexp_full_match(id, '{_PLAIN}')
    UNION ALL
    SELECT item, 'signature', '', hex(signature), b FROM signatures SEMI JOIN sought USING (sha256)
    JOIN found USING (sha256)
    WHERE kind = 'dkim' AND octet_length(b.raw) > 9 AND b.start > 0
    UNION ALL
    SELECT item, 'network id', '', hex("time".raw),
           {{'value': '', 'raw': "time".raw, 'path': "time".path, 'start': "time".start, 'end': "time"."end",
             'steps': "time".steps, 'rest': "time".rest}}
    FROM flat.stamps SEMI JOIN found USING (item) WHERE kind IN ('network_id', 'tenant_network_id')),
shared AS (SELECT token FROM tokens GROUP BY token HAVING min(item) < max(item)),
named AS (
    SELECT DISTINCT ON (token, item) * FROM tokens SEMI JOIN shared USING (token) ORDER BY token, item, written.path),
ways AS (SELECT item, list(token ORDER BY place) AS way FROM hops GROUP BY item)
SELECT t.kind, t.host, t.token, t.written, sha256, m.message_id, r.subject, m.body_sha256, m.list_id, r.texts, r.files,
       coalesce(w.way, []) AS way, location
FROM named t JOIN found USING (item) JOIN read r USING (sha256) JOIN flat.mails m USING (item)
LEFT JOIN ways w USING (item)
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
