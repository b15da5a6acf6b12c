"""Which of the recovered keys nothing binds to their domain: what the archive says of their use, for `anchoring`."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from forensics.authenticity.anchoring import Use, in_use, in_window, outdone
from forensics.authenticity.key_records import KeyRecord
from forensics.authenticity.opening import first_that_opens
from forensics.knowledge.suffixes import organization
from forensics.model.authentication import HeaderOutcome
from forensics.model.keys import Obtained
from forensics.model.rows.keys import KeyRow
from forensics.stages.observed import Rows

_SIGNED = """
SELECT s.sha256, lower("domain") AS "domain", lower(selector) AS selector, algorithm, signature, header_digest, sender,
       coalesce(s.time, arrived) AS signed, arrived, o.sha256 IS NULL AND kind <> 'as' AND body_hash <> ''
       AND body_hash = body_hash_stated AS clean
FROM signatures s
JOIN (SELECT sha256, lower(from_address) AS sender, arrived // 10_000_000 AS arrived FROM messages) USING (sha256)
LEFT JOIN (SELECT DISTINCT sha256 FROM observations WHERE rule NOT LIKE 'case.%') o USING (sha256)
SEMI JOIN (SELECT "domain", selector FROM keys WHERE obtained = 'recovered') k
    ON k."domain" = lower(s."domain") AND k.selector = lower(s.selector)
ORDER BY s.sha256, kind, index
"""
_WROTE = """
SELECT lower(from_address) AS sender, arrived // 10_000_000 AS arrived, count(*) AS mails FROM messages
WHERE from_address <> '' AND arrived IS NOT NULL GROUP BY ALL ORDER BY ALL
"""
_ADDRESSED = """
SELECT p.address AS sender, o.organization AS writer
FROM flat.parties p JOIN flat.mails m USING (item) JOIN flat.organizations o ON o."name" = m.sender_domain
WHERE p.field IN ('to', 'cc') AND p.address IN (SELECT unnest($senders::VARCHAR[])) GROUP BY ALL ORDER BY ALL
"""
"""By whose mails senders are addressed."""


class _Signed(msgspec.Struct, frozen=True):
    sha256: str
    domain: str
    selector: str
    algorithm: str
    signature: bytes
    header_digest: str
    sender: str
    signed: int | None
    arrived: int | None
    clean: bool


class _Wrote(msgspec.Struct, frozen=True):
    sender: str
    arrived: int
    mails: int


class _Addressed(msgspec.Struct, frozen=True):
    sender: str
    writer: str


def unanchored(
    rows: Rows, keys: Sequence[KeyRow], records: Mapping[tuple[str, str], Sequence[tuple[str, KeyRecord]]]
) -> frozenset[str]:
    """Return the recovered keys that nothing binds to their domain, by their names.

    Args:
        rows: of the case; observations are those of rules on one item.
        keys: all of the case.
        records: domain and selector to the name and record of each key.
    """
    recovered = {row.key for row in keys if row.obtained == Obtained.RECOVERED}
    if not recovered:
        return frozenset()
    uses = {row.key: Use(row.domain, row.selector, recovered=row.key in recovered) for row in keys}
    for row in rows(_SIGNED, {}, _Signed):
        same = records[row.domain, row.selector]
        name, opened = first_that_opens(same, row.signature, row.algorithm, row.header_digest)
        if opened.digest:
            clean = row.clean and opened.outcome is HeaderOutcome.HOLDS
            uses[name].add(row.sha256, row.sender, row.signed, row.arrived, clean=clean)
    of_selector = {name: [uses[key] for key, _ in same] for name, same in records.items()}
    free = {key for key in recovered if not outdone(uses[key], of_selector[uses[key].domain, uses[key].selector])}
    seen = {key for key in free if in_window(uses[key])}
    return frozenset(recovered - seen - _used(rows, {key: uses[key] for key in free - seen}))


def _used(rows: Rows, uses: Mapping[str, Use]) -> frozenset[str]:
    """Return the keys that several people used who are known from mails of others."""
    wrote = _wrote(rows, uses)
    likely = {key: use for key, use in uses.items() if in_use(use, wrote[key], use.regular)}
    senders = sorted({sender for use in likely.values() for sender in use.regular})
    writers: dict[str, set[str]] = {}
    for row in rows(_ADDRESSED, {"senders": senders}, _Addressed) if senders else ():
        writers.setdefault(row.sender, set()).add(row.writer)
    found = set()
    for key, use in likely.items():
        known = [sender for sender in use.regular if _others(writers.get(sender, set()), sender, use.domain)]
        if in_use(use, wrote[key], known):
            found.add(key)
    return frozenset(found)


def _wrote(rows: Rows, uses: Mapping[str, Use]) -> dict[str, int]:
    """Return by key how many mails its senders wrote while it was in use."""
    keys: dict[str, list[str]] = {}
    for key, use in uses.items():
        for sender in use.senders:
            keys.setdefault(sender, []).append(key)
    wrote = dict.fromkeys(uses, 0)
    for row in rows(_WROTE, {}, _Wrote) if keys else ():
        for key in keys.get(row.sender, ()):
            first, last = uses[key].arrivals or (0, 0)
            wrote[key] += row.mails if first <= row.arrived <= last else 0
    return wrote


def _others(writers: Collection[str], sender: str, domain: str) -> bool:
    """Whether somebody wrote to a sender who is of another organization than they and the signing domain."""
    return bool(set(writers) - {organization(sender.rpartition("@")[2]), organization(domain)})
