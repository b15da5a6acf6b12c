"""What signed parts say once a key is at hand that did not come with their mail: from a file, or from another mail.

The scan made ready what a key is needed for, so no mail is read again. A key of a file comes before the same key in
mails, which anybody could write: that it made several of them is then all that is known.
"""

from collections.abc import Sequence
from itertools import groupby

import msgspec

from forensics.errors import Interrupted, StorageFull
from forensics.model.rows.signer_verdicts import SignerVerdictRow
from forensics.model.signed_parts import PartOutcome, Ready
from forensics.stages.running import fault, noted
from forensics.stages.stage import Settings, Tables, Write

NAME = "signers"
VERSION = 1
READS = ("signed_parts", "signer_keys", "carried_keys")
WRITES = ("signer_verdicts", "notices")
TAKES = ()
ROWS_NEEDED = {"signed_parts": 1}

_TRIED = """
WITH carried AS (
    SELECT "key", arg_min(k, sha256) AS k, min(sha256) AS sha256, count(DISTINCT sha256) AS carriers
    FROM carried_keys k GROUP BY "key"),
given AS (SELECT "key", arg_min(k, origin) AS k, min(origin) AS origin FROM signer_keys k GROUP BY "key"),
at_hand AS (
    SELECT k.kind, k."key", unnest(k.ids) AS id, k.raw, k.addresses, k.issuer, k.valid_from, k.valid_until,
           'file' AS obtained, g.origin, coalesce(carriers, 0) AS carriers
    FROM given g LEFT JOIN (SELECT "key", carriers FROM carried) USING ("key")
    UNION ALL
    SELECT k.kind, k."key", unnest(k.ids), k.raw, k.addresses, k.issuer, k.valid_from, k.valid_until,
           'archive', sha256, carriers
    FROM carried ANTI JOIN given USING ("key"))
SELECT p.sha256, p.index, p.outcome, p.digest_name, p.digests, p.value, p.method, k.kind, k."key", k.raw,
       k.addresses, k.issuer, k.valid_from, k.valid_until, obtained, origin, carriers
FROM signed_parts p JOIN at_hand k
    ON k.id = p."key" AND (k.kind = 'smime') = (p.kind IN ('smime', 'smime_opaque'))
WHERE (p.outcome = 'no_key' AND len(p.digests) > 0) OR (p.outcome = 'holds' AND obtained = 'file')
ORDER BY p.sha256, p.index, obtained DESC, k."key"
"""


class _Tried(msgspec.Struct, frozen=True):
    """A signed part, and a key that it may be of."""

    sha256: str
    index: int
    outcome: str
    digest_name: str
    digests: list[str]
    value: bytes
    method: str
    kind: str
    key: str
    raw: bytes
    addresses: list[str]
    issuer: str
    valid_from: int | None
    valid_until: int | None
    obtained: str
    origin: str
    carriers: int


def loads() -> tuple[str, ...]:
    """Return nothing: it imports no module by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Try the keys that each part's signature names."""
    for (sha256, _), rows in groupby(tables.rows(_TRIED, {}, _Tried), lambda row: (row.sha256, row.index)):
        try:
            write("signer_verdicts", _verdict(list(rows)))
        except (Interrupted, StorageFull):
            raise
        except Exception:  # noqa: BLE001  a key on which a library crashes must not hide the others
            write("notices", noted(fault("engine.signers_fault", sha256)))


def _verdict(rows: Sequence[_Tried]) -> SignerVerdictRow:
    """Return what the first key says that made the signature; else what the first key says."""
    said = [(row, _outcome(row)) for row in rows]
    row, outcome = next((one for one in said if one[1] is PartOutcome.HOLDS), said[0])
    return SignerVerdictRow(
        sha256=row.sha256,
        index=row.index,
        outcome=outcome,
        key=row.key,
        obtained=row.obtained,
        origin=row.origin,
        carriers=row.carriers,
        signers=row.addresses,
        issuer=row.issuer,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _outcome(row: _Tried) -> PartOutcome:
    if row.outcome == PartOutcome.HOLDS:
        return PartOutcome.HOLDS  # the key that came with the mail is the very one
    from forensics.authenticity.trying import tried  # loads what certificates need, where there is a signed part

    ready = Ready(digests=tuple(map(bytes.fromhex, row.digests)), value=row.value, method=row.method)
    return tried(ready, row.digest_name, row.kind, row.raw)
