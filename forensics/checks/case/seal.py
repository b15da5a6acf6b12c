"""An ARC seal opens to other ARC fields than those that are here, though the sealer's other seals hold.

A seal covers nothing but ARC fields, which lists and servers leave as they are: neither a footer nor a tagged subject
breaks one. What it covers are the results that the sealer recorded, and the message signatures of the chain.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, counts, settled
from forensics.checks._signed import LEAST, SHARE
from forensics.examples.cases import Case, explained, fires, silent
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
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.seal",
    version=1,
    title="Seal does not match its chain",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE | MessageHas.SEAL_OPENED,
    bins=(Bin("first"), Bin("later"), Bin("vouched")),
    group="signature",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("broken_sealer", "resaved", "unsolicited"),
    settle=settle.RELAYS,
    references=("RFC 8617 4.1.3", "RFC 8617 5.1.1", "RFC 8617 5.2", "kb:O-44"),
)

_SAID = {
    "first": says(
        "rule.case.seal.first",
        one=(
            "The seal of {signer} opens, with a key at hand, to other ARC fields than those here. It covers the "
            "results that the server recorded and its message signature; of the {n} seals of {signer} nearest in "
            "time, {k} hold."
        ),
    ),
    "later": says(
        "rule.case.seal.later",
        one=(
            "The seal of {signer}, number {number} of its chain, opens, with a key at hand, to other ARC fields than "
            "those here; the sets before it are among them. Of the {n} later seals of {signer} nearest in time, {k} "
            "hold."
        ),
    ),
    "vouched": says(
        "rule.case.seal.vouched",
        one=(
            "The seal of {signer}, number {number} of its chain, does not hold, though a later one of {voucher} does, "
            "which covers it as it is and says “pass” of it."
        ),
    ),
}
_SEALER_FAILS = says(
    "note.sealer_fails",
    one="Of the {n} such seals of {signer} nearest in time, {k} hold: it seals some mails wrongly.",
)

ROWS_NEEDED = {"verdicts": 2}

# Servers that digest the fields of others wrongly do so where there are sets before their own.
QUERY = r"""
WITH seals AS MATERIALIZED (
    SELECT item, j.index, j."domain", coalesce(s.instance, 0) AS number, s.chain, j."header" = 'holds' AS holds,
           coalesce(m.arrived, m.instant, 0) AS stood
    FROM flat.judged j JOIN flat.items i USING (item) JOIN flat.mails m USING (item)
    JOIN (SELECT sha256, index, instance, chain FROM signatures WHERE kind = 'as') s
        ON s.sha256 = i.sha256 AND s.index = j.index
    WHERE j.kind = 'as' AND j."header" IN ('holds', 'altered')),
near AS (
    SELECT *, count(*) OVER near AS n, count(*) FILTER (holds) OVER near AS k FROM seals
    WINDOW near AS (PARTITION BY "domain", number > 1 ORDER BY stood, item, index
                    ROWS BETWEEN 10 PRECEDING AND 10 FOLLOWING EXCLUDE CURRENT ROW)),
oldest AS (SELECT DISTINCT ON (item) * FROM near WHERE NOT holds ORDER BY item, number, index)
SELECT i.sha256, location, o."domain", o.number, n, k, s.b,
       coalesce((SELECT min(v."domain") FROM seals v
                 WHERE v.item = o.item AND v.number > o.number AND v.holds AND v.chain = 'pass'), '') AS voucher
FROM oldest o JOIN flat.items i USING (item)
JOIN signatures s ON s.sha256 = i.sha256 AND s.kind = 'as' AND s.index = o.index
ORDER BY i.item
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """The oldest seal of a mail that does not hold."""

    sha256: str
    location: Location
    domain: str
    number: int
    """Its instance; 0: it states none."""
    n: int
    """Seals of the sealer nearest in time, twenty at most: first ones, or later ones, as this is."""
    k: int
    """Of them, those that hold."""
    b: LocatedRow
    voucher: str
    """Domain of a later seal that holds and says ``pass``; empty where there is none."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each of a sealer who is known; a later seal that vouches for it needs no others."""
    for row in rows:
        if row.voucher:
            yield _observation(row, "vouched")
        elif row.n >= LEAST:
            yield _observation(row, "later" if row.number > 1 else "first")


def _observation(row: Row, name: str) -> Observation:
    signer = row.domain[:120]
    values = {"signer": signer, "n": str(row.n), "k": str(row.k)}
    cause = settled("broken_sealer", State.EXPLAINS, _SEALER_FAILS(**values)) if row.k < SHARE * row.n else None
    label = "seals of the sealer nearest in time, and how many of them hold"
    return Observation(
        sentence=_SAID[name](**values, number=str(row.number), voucher=row.voucher[:120]),
        bin=name,
        evidence=(cite_located("seal", row.b, Role.SUSPECT, row.sha256, row.location),),
        suspect="arc",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counts(RULE, label, {"signer": signer}, n=row.n, k=row.k),),
        benign=(cause,) if cause is not None else (),
    )


def _row(k: int, *, n: int = 20, number: int = 1, voucher: str = "") -> Row:
    return Row(
        sha256="0" * 64,
        location=location(),
        domain="example.org",
        number=number,
        n=n,
        k=k,
        b=located_row("mQ1yq0Yv", "header:ARC-Seal[0]/b", start=300),
        voucher=voucher,
    )


def cases() -> Iterator[Case]:
    """Cases of sealers that are known, those that seal wrongly, and one that vouches."""
    yield fires((_row(20),), "all other seals hold", bin="first")
    yield fires((_row(16),), "four others were changed too", bin="first")
    yield fires((_row(20, number=2),), "there are sets before it", bin="later")
    yield fires((_row(0, n=0, voucher="lists.example"),), "a later server says that it held", bin="vouched")
    yield silent((_row(4, n=4),), "too few others to know the sealer")
    yield fires((_row(5, n=5),), "just enough others", bin="first")
    yield explained((_row(15, number=2),), "a quarter of such seals fails", by="broken_sealer")
