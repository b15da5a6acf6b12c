"""What each signature says under the keys that are at hand, if any is of its selector; and what each ARC chain says."""

from itertools import groupby

from forensics.authenticity.chain import chain_row
from forensics.authenticity.judging import Judged, judge
from forensics.authenticity.key_records import KeyRecord, read_record
from forensics.knowledge.suffixes import organization
from forensics.model.rows.keys import KeyRow
from forensics.model.rows.signatures import SignedRow
from forensics.model.rows.verdicts import VerdictRow
from forensics.stages.anchors import unanchored
from forensics.stages.stage import Settings, Tables, Write

NAME = "verdicts"
VERSION = 1
READS = ("keys", "messages", "observations", "occurrences", "signatures")
WRITES = ("verdicts", "chains")
TAKES = ()
ROWS_NEEDED = {"signatures": 1}

_KEYS = "SELECT * FROM keys ORDER BY domain, selector, obtained, first_seen, key"
_SIGNATURES = """
SELECT s.sha256, kind, index, instance, s."domain", selector, algorithm, signed_fields, body_length, signature,
       header_digest, body_hash_stated, body_hash, auid, fields_present, chain, arc_results, faults, body_size,
       lower(from_domain) AS from_domain
FROM signatures s JOIN (SELECT sha256, from_domain FROM messages) USING (sha256)
WHERE kind IN ('ams', 'as') OR EXISTS (
    SELECT 1 FROM keys k WHERE k."domain" = lower(s."domain") AND k.selector = lower(s.selector))
ORDER BY s.sha256, kind, index
"""


class _Signed(SignedRow, frozen=True, kw_only=True):
    from_domain: str


def loads() -> tuple[str, ...]:
    """Return nothing: it imports no module by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Open every signature for whose selector there is a key, and judge every chain."""
    records: dict[tuple[str, str], list[tuple[str, KeyRecord]]] = {}
    keys = list(tables.rows(_KEYS, {}, KeyRow))
    for row in keys:
        records.setdefault((row.domain, row.selector), []).append((row.key, read_record(row.record)))
    loose = unanchored(tables.rows, keys, records)
    for sha256, fields in groupby(tables.rows(_SIGNATURES, {}, _Signed), lambda signed: signed.sha256):
        signatures = [(signed, judge(signed, records, loose)) for signed in fields]
        for signed, judged in signatures:
            if judged is not None:
                write("verdicts", _verdict(signed, judged))
        if (chain := chain_row(sha256, signatures)) is not None:
            write("chains", chain)


def _verdict(signed: _Signed, judged: Judged) -> VerdictRow:
    return VerdictRow(
        sha256=signed.sha256,
        kind=signed.kind,
        index=signed.index,
        key=judged.key,
        header=judged.opened.outcome,
        body="" if signed.kind == "as" else judged.body,
        signed_digest=judged.opened.digest,
        digest_name=judged.opened.digest_name,
        aligned=signed.kind == "dkim" and organization(signed.domain) == organization(signed.from_domain),
        limits=list(judged.limits),
    )
