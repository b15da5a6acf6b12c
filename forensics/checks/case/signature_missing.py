"""A mail lacks the signature that all mails of its sender before and after it have."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_row, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.signature_missing",
    version=2,
    title="Signature missing between signed mails of one sender",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_1 | MessageHas.FROM,
    bins=(Bin("unsigned"),),
    group="signature",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("other_way", "other_device", "signature_removed", "unsolicited"),
    settle=settle.SENDING_SERVER,
    references=("RFC 6376 3.5", "kb:O-45", "kb:O-47"),
)

_SAID = says(
    "rule.case.signature_missing",
    one="The mail is not signed by {organization}; the {before} mails of {sender} before it and the {after} after it "
    "are.",
)

LEAST = 4
"""Signed mails of the sender that must stand on each side, of the ten nearest at most."""

ROWS_NEEDED = {"messages": 2}

# The signer is of the sender's organization, or a domain above or below theirs: some hosters sign for all below a
# public suffix.
QUERY = r"""
WITH mails AS MATERIALIZED (
    SELECT item, sender, sender_domain, organization, coalesce(arrived, instant) AS stood, hops
    FROM flat.mails JOIN flat.organizations ON "name" = sender_domain WHERE sender <> ''),
signed AS MATERIALIZED (
    SELECT DISTINCT item FROM flat.signatures JOIN flat.organizations s ON "name" = "domain" JOIN mails m USING (item)
    WHERE kind = 'dkim' AND (m.organization = s.organization
        OR ends_with('.' || "domain", '.' || sender_domain) OR ends_with('.' || sender_domain, '.' || "domain"))),
judged AS (SELECT *, item IN (FROM signed) AS signed FROM mails WHERE stood IS NOT NULL),
mixed AS (
    SELECT sender FROM judged GROUP BY sender
    HAVING count(*) FILTER (signed) >= 8 AND count(*) FILTER (NOT signed) > 0),
near AS (
    SELECT *, count(*) OVER before AS n_before, count(*) FILTER (signed) OVER before AS k_before,
           count(*) OVER after AS n_after, count(*) FILTER (signed) OVER after AS k_after
    FROM judged SEMI JOIN mixed USING (sender)
    WINDOW before AS (PARTITION BY sender ORDER BY stood, item ROWS BETWEEN 10 PRECEDING AND 1 PRECEDING),
           after AS (PARTITION BY sender ORDER BY stood, item ROWS BETWEEN 1 FOLLOWING AND 10 FOLLOWING))
SELECT sha256, n.sender, organization, date, n_before AS before, n_after AS after, location
FROM near n JOIN flat.items USING (item) JOIN flat.mails USING (item)
WHERE NOT signed AND n.hops > 0 AND k_before = n_before AND k_after = n_after AND n_before >= 4 AND n_after >= 4
ORDER BY sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An unsigned mail between signed ones of its sender."""

    sha256: str
    sender: str
    organization: str
    date: TimeRow | None
    before: int
    """Mails of the sender before it, ten at most, all signed."""
    after: int
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each; the query holds the thresholds."""
    for row in rows:
        if row.before >= LEAST and row.after >= LEAST:
            yield _observation(row)


def _observation(row: Row) -> Observation:
    n = row.before + row.after
    cited = () if row.date is None else (cite_row("Date", row.date, Role.SUSPECT, row.sha256, row.location),)
    return Observation(
        sentence=_SAID(sender=row.sender, organization=row.organization, before=str(row.before), after=str(row.after)),
        bin="unsigned",
        evidence=cited,
        suspect="header:DKIM-Signature[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(
            counts(RULE, "nearest mails of the sender, all signed by the same domain", {"sender": row.sender}, n=n),
        ),
    )


def _row(before: int, after: int) -> Row:
    return Row(
        sha256="0" * 64,
        sender="anna@example.org",
        organization="example.org",
        date=time_row("2017-03-06T10:00:00+01:00", path="header:Date[0]"),
        before=before,
        after=after,
        location=location(),
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of the threshold."""
    yield fires((_row(10, 10),), "ten signed before, ten after", bin="unsigned")
    yield silent((_row(10, 2),), "two after it are too few")
