"""A signature names a selector that nearly no other mail of its domain has, amid mails of the same route with another.

Who signs with a key of their own under a victim's domain needs a selector, and the victim's own is taken. Domains
change theirs too: then the old one stops, so only a selector that was in use before and after counts.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.knowledge.births import selector_windows
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
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
    id="case.signing_selector",
    version=1,
    title="Signed with a selector that its domain does not otherwise use",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE,
    # Providers sign a few mails with another of their selectors: 7 in 21,000 mails of lists that no rule was made on.
    bins=(Bin("alone", ceiling=Strength.WEAK), Bin("few", ceiling=Strength.WEAK)),
    group="signature",
    compare_with="list",
    proposition=Proposition.FORGED,
    ceiling=Strength.MODERATE,
    benign=("second_key", "unsolicited"),
    as_delivered=True,
    settle=settle.KEY_RECORD,
    references=("RFC 6376 3.1", "kb:O-46", "kb:O-47"),
)

_SAID = says(
    "rule.case.signing_selector",
    one=(
        "The signature of {signer} has selector {selector}, as no other mail of the archive has; by the same route "
        "({route}) came {before} mails before it and {after} after it that {signer} signed with selector {usual}."
    ),
    many=(
        "The signature of {signer} has selector {selector}, as {n} mails of the archive have; by the same route "
        "({route}) came {before} mails before it and {after} after it that {signer} signed with selector {usual}."
    ),
)

MOST, EACH_SIDE, TOGETHER = 3, 5, 20
"""Mails of the whole archive that have the selector, at most; mails with another before and after it, and of both sides
together, at least. On 16,900 signed mails of four lists three mails are so, and two with half of these."""

ROWS_NEEDED = {"messages": TOGETHER + 1}

QUERY = r"""
WITH routes AS (
    SELECT item, coalesce(arrived, m.instant) AS stood,
           CASE WHEN list_id <> '' THEN list_id WHEN contains(host, ':') THEN ''
                ELSE coalesce(organization, '') END AS route
    FROM flat.mails m LEFT JOIN (SELECT item, host FROM flat.hops WHERE place = 1) USING (item)
    LEFT JOIN flat.organizations ON "name" = host),
signed AS MATERIALIZED (
    SELECT item, lower(s."domain") AS signer, lower(selector) AS selector, min(index) AS index
    FROM signatures s JOIN flat.items USING (sha256) WHERE kind = 'dkim' AND selector <> '' GROUP BY ALL),
used AS (SELECT signer, selector, count(*) AS n FROM signed GROUP BY ALL),
rare AS (
    SELECT item, signer, selector, index, n, route, stood
    FROM signed JOIN used USING (signer, selector) JOIN routes USING (item) WHERE n <= 3 AND stood IS NOT NULL),
usual AS MATERIALIZED (
    SELECT signer, selector AS usual, route, stood FROM signed JOIN routes USING (item)
    SEMI JOIN (SELECT signer FROM rare) USING (signer) SEMI JOIN (SELECT signer, selector FROM used WHERE n >= 20)
        USING (signer, selector)
    WHERE stood IS NOT NULL),
beside AS (
    SELECT r.item, r.signer, r.selector, r.index, r.n, r.route, usual, count(*) FILTER (u.stood < r.stood) AS before,
           count(*) FILTER (u.stood > r.stood) AS after
    FROM rare r JOIN usual u USING (signer, route) GROUP BY ALL
    HAVING before >= 5 AND after >= 5 AND before + after >= 20),
chosen AS (SELECT DISTINCT ON (item) * FROM beside ORDER BY item, before + after DESC, signer, selector, usual)
SELECT i.sha256, location, c.signer, c.selector, c.n, c.route, c.usual, c.before, c.after, s.b
FROM chosen c JOIN flat.items i USING (item)
JOIN signatures s ON s.sha256 = i.sha256 AND s.kind = 'dkim' AND s.index = c.index
ORDER BY i.item
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail with a selector that few have."""

    sha256: str
    location: Location
    signer: str
    selector: str
    n: int
    """Mails of the archive with that selector."""
    route: str
    usual: str
    """Selector of most of the signer's other mails of that route."""
    before: int
    """Of these, mails that arrived before it."""
    after: int
    b: LocatedRow


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each whose selector was not seen elsewhere, in the mail of others."""
    known = selector_windows()
    for row in rows:
        enough = min(row.before, row.after) >= EACH_SIDE and row.before + row.after >= TOGETHER
        if row.n <= MOST and enough and (row.signer, row.selector) not in known:
            yield _observation(row)


def _observation(row: Row) -> Observation:
    values = {"signer": row.signer[:120], "selector": row.selector[:120], "usual": row.usual[:120]}
    label = "mails that the signer signed with the other selector, by the same route, before it and after it"
    return Observation(
        sentence=_SAID(
            row.n, **values, route=row.route[:120] or "no server", before=str(row.before), after=str(row.after)
        ),
        bin="alone" if row.n == 1 else "few",
        evidence=(cite_located("signature", row.b, Role.SUSPECT, row.sha256, row.location),),
        suspect="signature",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counts(RULE, label, values, n=row.before + row.after),),
    )


def _row(n: int = 1, before: int = 10, after: int = 10, selector: str = "mail7", signer: str = "example.org") -> Row:
    return Row(
        sha256="0" * 64,
        location=location(),
        signer=signer,
        selector=selector,
        n=n,
        route="list.example",
        usual="s1",
        before=before,
        after=after,
        b=located_row("mQ1yq0Yv", "header:DKIM-Signature[0]/b", start=300),
    )


def cases() -> Iterator[Case]:
    """Cases of how many have the selector, and of what stands around them."""
    yield fires((_row(),), "no other mail has it", bin="alone")
    yield fires((_row(n=3),), "two others have it", bin="few")
    yield fires((_row(before=5, after=15),), "few before it", bin="alone")
    yield silent((_row(n=4),), "a selector in use")
    yield silent((_row(before=4, after=30),), "the signer changed its selector before")
    yield silent((_row(before=30, after=4),), "the signer changes its selector")
    yield silent((_row(before=9, after=10),), "too few others to know the signer")
    yield silent((_row(selector="20230601", signer="gmail.com"),), "a selector that others have seen")
