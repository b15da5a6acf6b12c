"""The key that opens the signatures before and after it does not open this one.

A damaged header leaves a signature that opens, to another digest. One that does not open was made with another key, or
is no signature: its text was changed, cut or invented.
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
    id="case.signing_key",
    version=1,
    title="Signed with another key than the signer's other mails of that time",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE | MessageHas.TRIED,
    bins=(Bin("alone"),),
    group="signature",
    proposition=Proposition.FORGED,
    ceiling=Strength.STRONG,
    benign=("second_key", "resaved", "unsolicited"),
    as_delivered=True,
    settle=settle.KEY_RECORD,
    references=("RFC 8017 8.2.2", "kb:A-20", "kb:A-21"),
)

_SAID = says(
    "rule.case.signing_key",
    one=(
        "The signature of {signer} (selector {selector}) does not open with the key that opens those of the {before} "
        "mails that were signed before it and of the {after} after it."
    ),
)

LEAST = 4
"""Mails on each side, of the ten nearest at most, all of which the key must open."""

ROWS_NEEDED = {"verdicts": 2 * LEAST + 1}

# A longer or shorter signature is one by another key of the same selector: signers change keys, and their length with
# them. Ed25519 never says that a key is another.
QUERY = r"""
WITH tested AS MATERIALIZED (
    SELECT item, j.kind, j.index, s."domain", lower(s.selector) AS selector, octet_length(s.signature) AS length,
           "header" <> 'other_key' AS opens, coalesce(arrived, m.instant) AS stood
    FROM flat.judged j JOIN flat.items i USING (item) JOIN flat.mails m USING (item)
    JOIN signatures s ON s.sha256 = i.sha256 AND s.kind = j.kind AND s.index = j.index
    WHERE "header" IS NOT NULL AND octet_length(s.signature) > 64),
mixed AS (
    SELECT lower("domain") AS owner, selector, length FROM tested GROUP BY ALL
    HAVING bool_or(opens) AND NOT bool_and(opens)),
near AS (
    SELECT t.*, count(*) OVER before AS before, count(*) FILTER (opens) OVER before AS k_before,
           count(*) OVER after AS after, count(*) FILTER (opens) OVER after AS k_after
    FROM tested t SEMI JOIN mixed m ON m.owner = lower(t."domain") AND m.selector = t.selector AND m.length = t.length
    WHERE stood IS NOT NULL
    WINDOW before AS (PARTITION BY lower("domain"), t.selector, t.length ORDER BY stood, item, kind, index
                      ROWS BETWEEN 10 PRECEDING AND 1 PRECEDING),
           after AS (PARTITION BY lower("domain"), t.selector, t.length ORDER BY stood, item, kind, index
                     ROWS BETWEEN 1 FOLLOWING AND 10 FOLLOWING))
SELECT i.sha256, location, n."domain", n.selector, s.b, before, after
FROM near n JOIN flat.items i USING (item)
JOIN signatures s ON s.sha256 = i.sha256 AND s.kind = n.kind AND s.index = n.index
WHERE NOT opens AND k_before = before AND k_after = after AND before >= 4 AND after >= 4
ORDER BY i.item, n.kind, n.index
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One signature that the key of its neighbours does not open."""

    sha256: str
    location: Location
    domain: str
    selector: str
    b: LocatedRow
    before: int
    """Signatures of the selector before it, ten at most, all of which open."""
    after: int


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each; the query holds the thresholds."""
    for row in rows:
        if row.before < LEAST or row.after < LEAST:
            continue
        values = {"signer": row.domain[:120], "selector": row.selector[:120]}
        near = counts(
            RULE, "nearest signatures of the selector, all of which the key opens", values, n=row.before + row.after
        )
        yield Observation(
            sentence=_SAID(**values, before=str(row.before), after=str(row.after)),
            bin="alone",
            evidence=(cite_located("signature", row.b, Role.SUSPECT, row.sha256, row.location),),
            suspect="signature",
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(near,),
        )


def _row(before: int, after: int) -> Row:
    return Row(
        sha256="0" * 64,
        location=location(),
        domain="example.org",
        selector="s1",
        b=located_row("mQ1yq0Yv", "header:DKIM-Signature[0]/b", start=300),
        before=before,
        after=after,
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of the threshold."""
    yield fires((_row(10, 10),), "the key opens ten before it and ten after", bin="alone")
    yield silent((_row(10, 3),), "three after it are too few: the signer may have changed the key")
