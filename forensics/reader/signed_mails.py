"""Which mails are signed, by sender and year, and of which a signature holds."""

import msgspec

from forensics.model.summary import SignedMails
from forensics.stages.observed import Rows

MOST = 15
"""Domains of senders that are shown, those with the most signed mails."""
_TICKS_PER_US = 10

_SIGNED = f"""
WITH signed AS (
    SELECT from_domain AS "domain",
           coalesce(strftime(make_timestamp(arrived // {_TICKS_PER_US}), '%Y'), '') AS year, opened, author
    FROM messages SEMI JOIN (SELECT sha256 FROM signatures WHERE kind <> 'google') USING (sha256)
    LEFT JOIN (SELECT DISTINCT sha256, true AS opened FROM verdicts
               WHERE header IN ('holds', 'altered') AND kind <> 'google') USING (sha256)
    LEFT JOIN (SELECT DISTINCT sha256, true AS author FROM observations
               WHERE rule = 'case.authenticated' AND bin = 'author') USING (sha256)),
senders AS (SELECT "domain", count(*) AS n FROM signed GROUP BY "domain" ORDER BY n DESC, "domain" LIMIT {MOST})
SELECT "domain", year, count(*) AS signed, count(opened) AS opened, count(author) AS authenticated
FROM signed JOIN senders s USING ("domain") GROUP BY "domain", year, s.n ORDER BY s.n DESC, "domain", year
"""
_DOMAINS = """
SELECT count(DISTINCT from_domain) AS n
FROM messages SEMI JOIN (SELECT sha256 FROM signatures WHERE kind <> 'google') USING (sha256) ORDER BY n
"""


class _Count(msgspec.Struct, frozen=True):
    n: int


def signed_mails(rows: Rows) -> tuple[SignedMails, ...]:
    """Return the signed mails of the senders' domains that have the most, those first, each by years of arrival."""
    return tuple(rows(_SIGNED, {}, SignedMails))


def signing_domains(rows: Rows) -> int:
    """Return how many domains of senders have signed mails."""
    return sum(row.n for row in rows(_DOMAINS, {}, _Count))
