"""One key made these signatures: it was recovered from them, and nothing outside them binds it to the domain it names.

Anybody can sign mails of their own invention under a victim's domain. Such a key therefore authenticates nothing; that
one key made all of them is still a fact about them.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
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
    id="case.one_key",
    version=1,
    title="Signed with a key that nothing binds to its domain",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE | MessageHas.OPENED,
    bins=(Bin("unanchored"),),
    group="signature",
    proposition=Proposition.CORROBORATED,
    ceiling=Strength.CONTEXT,
    benign=("small_signer",),
    settle=settle.KEY_RECORD,
    references=("RFC 6376 3.6.1", "kb:A-20"),
)

_SAID = says(
    "rule.case.one_key",
    one=(
        "One key made the signatures of {n} mails under {signer} (selector {selector}), this one among them. It was "
        "recovered from these mails, and nothing outside them shows that {signer} ever published it: it authenticates "
        "none of them."
    ),
)

ROWS_NEEDED = {"verdicts": 2}

QUERY = r"""
WITH made AS MATERIALIZED (
    SELECT item, kind, index, key, count(DISTINCT item) OVER (PARTITION BY key) AS n FROM flat.judged
    WHERE "header" = 'holds' AND list_contains(limits, 'unanchored')),
first AS (SELECT DISTINCT ON (item, key) * FROM made ORDER BY item, key, kind, index)
SELECT i.sha256, location, s."domain", s.selector, f.key, s.b, f.n
FROM first f JOIN flat.items i USING (item)
JOIN signatures s ON s.sha256 = i.sha256 AND s.kind = f.kind AND s.index = f.index
ORDER BY i.item, f.key
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail that a key made which nothing binds to its domain."""

    sha256: str
    location: Location
    domain: str
    selector: str
    key: str
    b: LocatedRow
    n: int
    """Mails that the key made."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each mail."""
    for row in rows:
        values = {"signer": row.domain[:120], "selector": row.selector[:120]}
        made = counts(RULE, "mails that the key made", {**values, "key": row.key}, n=row.n)
        yield Observation(
            sentence=_SAID(**values, n=row.n),
            bin="unanchored",
            evidence=(cite_located("signature", row.b, Role.WITNESS, row.sha256, row.location),),
            suspect="signature",
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(made,),
        )


def _row(n: int) -> Row:
    return Row(
        sha256="0" * 64,
        location=location(),
        domain="example.org",
        selector="s1",
        key="0" * 16,
        b=located_row("mQ1yq0Yv", "header:DKIM-Signature[0]/b", start=300),
        n=n,
    )


def cases() -> Iterator[Case]:
    """Cases with and without such a key."""
    yield fires((_row(2),), "two mails under a selector that nobody knows", bin="unanchored")
    yield silent((), "every key is known, or was recovered from many senders' mail over months")
