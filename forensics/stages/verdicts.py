"""What each signature says under the keys that are at hand; what no key at hand is for has no row."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from forensics.authenticity.key_records import KeyRecord, read_record
from forensics.authenticity.limits import of_signature
from forensics.authenticity.opening import first_that_opens
from forensics.knowledge.suffixes import organization
from forensics.model.rows.keys import KeyRow
from forensics.model.rows.verdicts import VerdictRow
from forensics.stages.anchors import unanchored
from forensics.stages.stage import Settings, Tables, Write

NAME = "verdicts"
VERSION = 1
READS = ("keys", "messages", "observations", "occurrences", "signatures")
WRITES = ("verdicts",)
TAKES = ()

_KEYS = "SELECT * FROM keys ORDER BY domain, selector, obtained, first_seen, key"
_SIGNATURES = """
SELECT s.sha256, kind, index, lower("domain") AS "domain", lower(selector) AS selector, algorithm, signed_fields,
       signature, header_digest,
       CASE WHEN kind = 'as' THEN '' WHEN body_hash_stated = '' OR body_hash = '' THEN 'untested'
            WHEN body_hash <> body_hash_stated THEN 'altered' ELSE 'holds' END AS body,
       lower(from_domain) AS from_domain
FROM signatures s JOIN (SELECT sha256, from_domain FROM messages) USING (sha256)
SEMI JOIN keys k ON k."domain" = lower(s."domain") AND k.selector = lower(s.selector)
ORDER BY s.sha256, kind, index
"""


class _Signed(msgspec.Struct, frozen=True):
    sha256: str
    kind: str
    index: int
    domain: str
    selector: str
    algorithm: str
    signed_fields: list[str]
    signature: bytes
    header_digest: str
    body: str
    from_domain: str


def loads() -> tuple[str, ...]:
    """Return nothing: it imports no module by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Open every signature for whose selector there is a key."""
    records: dict[tuple[str, str], list[tuple[str, KeyRecord]]] = {}
    keys = list(tables.rows(_KEYS, {}, KeyRow))
    for row in keys:
        records.setdefault((row.domain, row.selector), []).append((row.key, read_record(row.record)))
    loose = unanchored(tables.rows, keys, records)
    if records:
        for verdict in _verdicts(tables.rows(_SIGNATURES, {}, _Signed), records, loose):
            write("verdicts", verdict)


def _verdicts(
    rows: Iterable[_Signed], records: dict[tuple[str, str], list[tuple[str, KeyRecord]]], loose: Collection[str]
) -> Iterator[VerdictRow]:
    for row in rows:
        keys = records[row.domain, row.selector]
        name, opened = first_that_opens(keys, row.signature, row.algorithm, row.header_digest)
        key = name or keys[0][0]
        record = dict(keys)[key]
        yield VerdictRow(
            sha256=row.sha256,
            kind=row.kind,
            index=row.index,
            key=key,
            header=opened.outcome,
            body=row.body,
            signed_digest=opened.digest,
            digest_name=opened.digest_name,
            aligned=row.kind == "dkim" and organization(row.domain) == organization(row.from_domain),
            limits=of_signature(
                record, row.algorithm, row.signed_fields, row.body, row.domain, "", anchored=key not in loose
            ),
        )
