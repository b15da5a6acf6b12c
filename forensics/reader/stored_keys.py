"""Keys of a case and what they open; selectors that its signatures use, and which key they need."""

from collections.abc import Iterator
from itertools import islice

import msgspec

from forensics.casestore import Queries
from forensics.engine.dates import rfc3339
from forensics.knowledge.signing_platforms import platform_of
from forensics.knowledge.suffixes import organization
from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.key_lines import AtHand, KeyLine, KeyUse
from forensics.reader.lines import Lines

_SECONDS_END = 253_402_300_800
"""End of the year 9999: a signature may state any number."""
_OPENED = "(header = 'holds' OR signed_digest <> '')"
_KEYS = f"""
SELECT key, any_value("domain") AS "domain", any_value(selector) AS selector, any_value(record) AS record,
       min(obtained) AS obtained, list_sort(list(DISTINCT origin)) AS origins, min(first_seen) AS first_seen,
       max(last_seen) AS last_seen, coalesce(any_value(opens), 0)::BIGINT AS opens,
       coalesce(any_value(holds), 0)::BIGINT AS holds, coalesce(any_value(mails), 0)::BIGINT AS mails
FROM keys LEFT JOIN (
    SELECT key, count(*) AS opens, count(*) FILTER (header = 'holds') AS holds, count(DISTINCT sha256) AS mails
    FROM verdicts WHERE {_OPENED} GROUP BY key) USING (key)
GROUP BY key ORDER BY "domain", selector, first_seen, key
"""
_KEY_COUNT = "SELECT count(DISTINCT key) AS n FROM keys ORDER BY n"
_USES = f"""
WITH opening AS (
    SELECT sha256, kind, index, header, {_OPENED} AS opened, obtained
    FROM verdicts LEFT JOIN (SELECT key, min(obtained) AS obtained FROM keys GROUP BY key) USING (key)),
signed AS (
    SELECT s.sha256, lower("domain") AS "domain", lower(selector) AS selector, lower(algorithm) AS algorithm,
           coalesce(time, arrived // {TICKS_PER_SECOND}) AS moment, header, coalesce(opened, false) AS opened, obtained,
           bool_or(coalesce(opened, false)) OVER (PARTITION BY s.sha256) AS decided
    FROM signatures s JOIN (SELECT sha256, arrived FROM messages) USING (sha256)
    LEFT JOIN opening o ON o.sha256 = s.sha256 AND o.kind = s.kind AND o.index = s.index)
SELECT "domain", selector, algorithm, count(*) AS signatures, count(DISTINCT sha256) AS mails, min(moment) AS first,
       max(moment) AS last, count(*) FILTER (opened) AS opened,
       count(DISTINCT sha256) FILTER (NOT decided) AS decides,
       CASE WHEN bool_or(opened AND obtained = 'file') THEN 'file' WHEN bool_or(opened) THEN 'recovered'
            WHEN bool_or(header IN ('untested', 'altered')) THEN 'untested'
            WHEN bool_or(header IS NOT NULL) THEN 'other'
            WHEN any_value(k.selector) IS NOT NULL THEN 'untested' ELSE 'none' END AS at_hand
FROM signed LEFT JOIN (SELECT DISTINCT "domain", selector FROM keys) k USING ("domain", selector)
GROUP BY "domain", selector, algorithm ORDER BY decides DESC, mails DESC, "domain", selector, algorithm
"""


class _KeyRow(msgspec.Struct, frozen=True):
    key: str
    domain: str
    selector: str
    record: bytes
    obtained: str
    origins: list[str]
    first_seen: int | None
    last_seen: int | None
    opens: int
    holds: int
    mails: int


class _UseRow(msgspec.Struct, frozen=True):
    domain: str
    selector: str
    algorithm: str
    signatures: int
    mails: int
    first: int | None
    last: int | None
    opened: int
    decides: int
    at_hand: str


class _Count(msgspec.Struct, frozen=True):
    n: int


def read_keys(queries: Queries) -> Lines[KeyLine]:
    """Return the keys of a case by domain, selector and time."""

    def read(most: int | None) -> Iterator[KeyLine]:
        return islice(map(_key, queries.rows(_KEYS, {}, _KeyRow)), most)

    return Lines(read, lambda: next(iter(queries.rows(_KEY_COUNT, {}, _Count))).n)


def read_uses(queries: Queries) -> Lines[KeyUse]:
    """Return selectors that signatures use; first those whose missing keys would decide most mails."""

    def read(most: int | None) -> Iterator[KeyUse]:
        return islice(map(_use, queries.rows(_USES, {}, _UseRow)), most)

    return Lines(read, lambda: sum(1 for _ in queries.rows(_USES, {}, _UseRow)))


def _key(row: _KeyRow) -> KeyLine:
    from forensics.authenticity.key_records import read_record
    from forensics.authenticity.limits import of_key

    record = read_record(row.record)
    return KeyLine(
        key=row.key,
        domain=row.domain,
        selector=row.selector,
        algorithm=record.kind,
        bits=record.bits,
        obtained=row.obtained,
        origins=tuple(row.origins),
        first_seen=utc(row.first_seen),
        last_seen=utc(row.last_seen),
        limits=tuple(of_key(record)),
        opens=row.opens,
        holds=row.holds,
        mails=row.mails,
    )


def _use(row: _UseRow) -> KeyUse:
    platform = platform_of(row.domain)
    return KeyUse(
        domain=row.domain,
        selector=row.selector,
        algorithm=row.algorithm,
        signatures=row.signatures,
        mails=row.mails,
        first=utc(row.first),
        last=utc(row.last),
        at_hand=AtHand(row.at_hand),
        opened=row.opened,
        decides=row.decides,
        organization=organization(row.domain),
        platform=platform.operator if platform else "",
    )


def utc(seconds: int | None) -> str:
    """Return unix seconds as RFC 3339 UTC; empty where there are none, or no calendar has them."""
    if seconds is None or not 0 <= seconds < _SECONDS_END:
        return ""
    return rfc3339(seconds * TICKS_PER_SECOND)
