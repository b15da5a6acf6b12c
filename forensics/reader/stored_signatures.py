"""What the signatures of some mails of a case say, as it was last judged."""

from collections.abc import Iterable

from forensics.casestore import Queries
from forensics.model.key_lines import SignatureVerdict
from forensics.model.rows.chains import ChainRow

_SIGNATURES = """
WITH named AS (SELECT key, min(origin) AS origin FROM keys GROUP BY key),
undone AS (
    SELECT sha256, kind, index,
           array_agg(field ORDER BY field) FILTER (part = 'header') AS mended_header,
           any_value(steps) FILTER (part = 'body') AS mended_body,
           coalesce(min(field) FILTER (part = 'untestable'), '') AS untestable
    FROM repairs GROUP BY ALL)
SELECT s.sha256, s.kind, s.index, s."domain", s.selector, s.algorithm, coalesce(v.header, '') AS header,
       CASE WHEN s.kind = 'as' THEN '' WHEN s.body_hash_stated = '' OR s.body_hash = '' THEN 'untested'
            WHEN s.body_hash <> s.body_hash_stated THEN 'altered'
            WHEN s.body_length < s.body_size THEN 'surplus' ELSE 'holds' END AS body,
       coalesce(n.origin, '') AS origin, coalesce(v.aligned, false) AS aligned, coalesce(v.limits, []) AS limits,
       coalesce(u.mended_header, []) AS mended_header,
       coalesce(u.mended_body, []) AS mended_body, coalesce(u.untestable, '') AS untestable
FROM signatures s LEFT JOIN verdicts v ON v.sha256 = s.sha256 AND v.kind = s.kind AND v.index = s.index
LEFT JOIN named n ON n.key = v.key
LEFT JOIN undone u ON u.sha256 = s.sha256 AND u.kind = s.kind AND u.index = s.index
WHERE s.sha256 IN (SELECT unnest($digests::VARCHAR[])) ORDER BY s.sha256, s.kind DESC, s.index
"""
_CHAIN = "SELECT * FROM chains WHERE sha256 = $digest ORDER BY sha256"


def read_signatures(queries: Queries, digests: Iterable[str]) -> tuple[SignatureVerdict, ...]:
    """Return what the signatures of some mails say: DKIM first, then those of ARC."""
    return tuple(queries.rows(_SIGNATURES, {"digests": sorted(set(digests))}, SignatureVerdict))


def read_chain(queries: Queries, digest: str) -> ChainRow | None:
    """Return what a verifier with the keys at hand says of the ARC chain of a mail; none where it has no chain."""
    return next(iter(queries.rows(_CHAIN, {"digest": digest}, ChainRow)), None)
