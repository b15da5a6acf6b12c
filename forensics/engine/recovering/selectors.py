"""Selectors of a case: which could be decided, what their signatures say under the keys that are known, what to try."""

from collections.abc import Iterator, Sequence

import msgspec

from forensics.authenticity.key_records import read_record
from forensics.authenticity.opening import Opened, open_signature
from forensics.authenticity.pairs import Candidate, Candidates
from forensics.authenticity.recovery import LEAST_BYTES, MOST_BYTES, Signed
from forensics.casestore import Queries
from forensics.model.authentication import HeaderOutcome
from forensics.model.recovering import MISFITS, Misfit

_SELECTORS = """
SELECT lower("domain") AS "domain", lower(selector) AS selector, octet_length(signature)::INTEGER AS size,
       count(DISTINCT sha256) AS mails
FROM signatures
WHERE algorithm IN ('rsa-sha256', 'rsa-sha1') AND octet_length(signature) BETWEEN $least AND $most
      AND $domain IN ('', lower("domain")) AND $selector IN ('', lower(selector))
GROUP BY ALL HAVING mails > 1 ORDER BY mails DESC, "domain", selector, size
"""
# Seals sign no body; whether its hash holds is then no sign. The more names Cc has, the likelier a list reordered or
# dropped some.
_SIGNATURES = """
SELECT s.sha256, kind, index, signature, algorithm, header_digest, list_id, lower(from_address) AS sender,
       coalesce(s.time, arrived // 10000000, 0) AS time,
       8 * (kind <> 'as' AND body_hash <> body_hash_stated)::INTEGER
       + 4 * list_contains(signed_fields, 'sender')::INTEGER
       + CASE WHEN NOT list_contains(signed_fields, 'cc') THEN 0 ELSE least((copies + 1) // 2, 3) END AS risks
FROM signatures s
JOIN (SELECT sha256, list_id, arrived, from_address, len(list_filter(parties, lambda p: p.field = 'cc')) AS copies
      FROM messages) USING (sha256)
WHERE lower("domain") = $domain AND lower(selector) = $selector AND octet_length(signature) = $size
      AND algorithm IN ('rsa-sha256', 'rsa-sha1')
ORDER BY s.sha256, kind, index
"""


class Selector(msgspec.Struct, frozen=True):
    """One selector, signatures of one length: a key is of one length."""

    domain: str
    selector: str
    size: int
    """Bytes of a signature."""
    mails: int

    @property
    def name(self) -> str:
        """As people read it."""
        return f"{self.domain}/{self.selector}"


class _Row(msgspec.Struct, frozen=True):
    sha256: str
    kind: str
    index: int
    signature: bytes
    algorithm: str
    header_digest: str
    list_id: str
    sender: str
    time: int
    risks: int


class Support:
    """What one key opens of its selector."""

    def __init__(self, record: bytes) -> None:
        self.record = record
        self.opened = self.holds = 0
        self.senders: set[str] = set()
        self.first: int | None = None
        self.last: int | None = None

    def add(self, row: _Row, opened: Opened) -> None:
        """Take a signature that it opens."""
        self.opened += 1
        self.holds += opened.outcome is HeaderOutcome.HOLDS
        self.senders.add(row.sender)
        if row.time:
            self.first = row.time if self.first is None else min(self.first, row.time)
            self.last = row.time if self.last is None else max(self.last, row.time)

    def spans(self, time: int) -> bool:
        """Whether it was in use at a time."""
        return self.first is not None and self.last is not None and self.first <= time <= self.last


class Tally(msgspec.Struct, frozen=True):
    """What the signatures of one selector say under the keys that are known."""

    supports: tuple[Support, ...]
    """Of each key, as the keys were given."""
    candidates: Candidates
    """Among those that no key opens."""
    tested: int
    undecided: int
    """Mails with a signature that no key opens."""


def selectors(queries: Queries, domain: str, selector: str) -> Iterator[Selector]:
    """Yield all selectors of which a key could be computed, those that would decide most mails first."""
    asked = {"domain": domain.lower(), "selector": selector.lower(), "least": LEAST_BYTES, "most": MOST_BYTES}
    return queries.rows(_SELECTORS, asked, Selector)


def tally(queries: Queries, selector: Selector, records: Sequence[bytes]) -> Tally:
    """Test keys on all signatures of a selector."""
    supports, candidates = tuple(map(Support, records)), Candidates()
    tested = undecided = 0
    last = ""
    for row, support, opened in _opened(queries, selector, supports):
        tested += 1
        if support is not None:
            support.add(row, opened)
            continue
        undecided += row.sha256 != last
        last = row.sha256
        for digest in _digests(row):
            signed = Signed(row.signature, bytes.fromhex(digest), row.algorithm.removeprefix("rsa-"))
            candidates.add(Candidate(signed, row.sha256, row.list_id, row.risks, row.time))
    return Tally(supports, candidates, tested, undecided)


def misfits(queries: Queries, selector: Selector, supports: Sequence[Support], of: Support) -> tuple[int, list[Misfit]]:
    """Return how many signatures that were made while a key was in use none opens, and the first of them."""
    count, found = 0, list[Misfit]()
    for row, support, _ in _opened(queries, selector, supports):
        if support is None and of.spans(row.time):
            count += 1
            if count <= MISFITS:
                found.append(Misfit(sha256=row.sha256, kind=row.kind, index=row.index))
    return count, found


def _opened(
    queries: Queries, selector: Selector, supports: Sequence[Support]
) -> Iterator[tuple[_Row, Support | None, Opened]]:
    """Yield each signature with the key that opens it."""
    keys = [(support, read_record(support.record)) for support in supports]
    asked = {"domain": selector.domain, "selector": selector.selector, "size": selector.size}
    for row in queries.rows(_SIGNATURES, asked, _Row):
        opened = Opened(HeaderOutcome.OTHER_KEY)
        for support, record in keys:
            opened = open_signature(record, row.signature, row.algorithm, row.header_digest)
            if opened.digest:
                yield row, support, opened
                break
        else:
            yield row, None, opened


def _digests(row: _Row) -> tuple[str, ...]:
    """Return the digests that a signature may have signed, the likeliest first: that of the header as it is here."""
    return (row.header_digest,) if row.header_digest else ()
