"""Keys of authors of a case and what they open; authors whose signatures need one."""

from collections.abc import Iterator
from itertools import islice

import msgspec

from forensics.casestore import Queries
from forensics.model.signer_lines import SignerAtHand, SignerKeyLine, SignerUse
from forensics.reader.lines import Lines
from forensics.reader.stored_keys import utc

_KEYS = """
WITH found AS (
    SELECT "key", obtained, any_value(origin) AS origin, count(*) AS tested,
           count(*) FILTER (outcome = 'holds') AS holds, count(DISTINCT sha256) AS mails
    FROM signer_verdicts GROUP BY "key", obtained),
at_hand AS (
    SELECT "key", arg_min(k, origin) AS k, 'file' AS obtained, list_sort(list(DISTINCT origin)) AS origins
    FROM signer_keys k GROUP BY "key"
    UNION ALL
    SELECT "key", {'kind': k.kind, 'key': k."key", 'ids': k.ids, 'raw': k.raw, 'names': k.names,
                   'addresses': k.addresses, 'issuer': k.issuer, 'valid_from': k.valid_from,
                   'valid_until': k.valid_until, 'origin': k.sha256}, 'archive', [k.sha256]
    FROM (SELECT "key", arg_min(c, sha256) AS k FROM carried_keys c GROUP BY "key")
    SEMI JOIN (SELECT "key" FROM found WHERE obtained = 'archive') USING ("key"))
SELECT k.kind, "key", k.names, k.addresses, k.issuer, a.obtained, a.origins, k.valid_from, k.valid_until,
       coalesce(tested, 0) AS tested, coalesce(holds, 0) AS holds, coalesce(mails, 0) AS mails
FROM at_hand a LEFT JOIN found f USING ("key", obtained)
ORDER BY k.addresses, "key", a.obtained
"""
_USES = """
WITH parts AS (
    SELECT p.sha256, p.kind, p."key", p.issuer, p."time", p.obtained, lower(m.from_address) AS sender,
           p.outcome NOT IN ('holds', 'other_key') AS undecided,
           CASE WHEN p.kind IN ('smime', 'smime_opaque') THEN 'smime' ELSE 'openpgp' END AS method,
           right(p."key", CASE WHEN p.kind IN ('smime', 'smime_opaque') THEN 64 ELSE 16 END) AS signer
    FROM judged_parts p JOIN (SELECT sha256, from_address FROM messages) m USING (sha256)
    WHERE p."key" <> '' AND p.outcome IN ('holds', 'other_key', 'no_key')),
senders AS (
    SELECT method, signer, list(sender ORDER BY n DESC, sender)[:3] AS senders
    FROM (SELECT method, signer, sender, count(*) AS n FROM parts WHERE sender <> '' GROUP BY ALL) GROUP BY ALL)
SELECT method AS kind, arg_max("key", length("key")) AS "key", coalesce(any_value(s.senders), []) AS senders,
       coalesce(max(nullif(issuer, '')), '') AS issuer, count(DISTINCT sha256) AS mails,
       min("time") AS first, max("time") AS last,
       CASE WHEN bool_or(obtained = 'file') THEN 'file' WHEN bool_or(obtained = 'mail') THEN 'mail'
            WHEN bool_or(obtained = 'archive') THEN 'archive' ELSE 'none' END AS at_hand,
       count(DISTINCT sha256) FILTER (undecided) AS decides
FROM parts LEFT JOIN senders s USING (method, signer)
GROUP BY method, signer ORDER BY decides DESC, mails DESC, method, signer
"""


class _KeyRow(msgspec.Struct, frozen=True):
    kind: str
    key: str
    names: list[str]
    addresses: list[str]
    issuer: str
    obtained: str
    origins: list[str]
    valid_from: int | None
    valid_until: int | None
    tested: int
    holds: int
    mails: int


class _UseRow(msgspec.Struct, frozen=True):
    kind: str
    key: str
    senders: list[str]
    issuer: str
    mails: int
    first: int | None
    last: int | None
    at_hand: str
    decides: int


def read_signer_keys(queries: Queries) -> Lines[SignerKeyLine]:
    """Return the certificates and OpenPGP keys of a case by address."""

    def read(most: int | None) -> Iterator[SignerKeyLine]:
        return islice(map(_key, queries.rows(_KEYS, {}, _KeyRow)), most)

    return Lines(read, lambda: sum(1 for _ in queries.rows(_KEYS, {}, _KeyRow)))


def read_signers(queries: Queries) -> Lines[SignerUse]:
    """Return the authors who sign; first those whose missing keys would decide most mails."""

    def read(most: int | None) -> Iterator[SignerUse]:
        return islice(map(_use, queries.rows(_USES, {}, _UseRow)), most)

    return Lines(read, lambda: sum(1 for _ in queries.rows(_USES, {}, _UseRow)))


def _key(row: _KeyRow) -> SignerKeyLine:
    return SignerKeyLine(
        kind=row.kind,
        key=row.key,
        names=tuple(row.names),
        addresses=tuple(row.addresses),
        issuer=row.issuer,
        obtained=row.obtained,
        origins=tuple(row.origins),
        valid_from=utc(row.valid_from),
        valid_until=utc(row.valid_until),
        tested=row.tested,
        holds=row.holds,
        mails=row.mails,
    )


def _use(row: _UseRow) -> SignerUse:
    return SignerUse(
        kind=row.kind,
        key=row.key,
        senders=tuple(row.senders),
        issuer=row.issuer,
        mails=row.mails,
        first=utc(row.first),
        last=utc(row.last),
        at_hand=SignerAtHand(row.at_hand),
        decides=row.decides,
    )
