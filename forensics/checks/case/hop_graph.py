"""A server took the mail from another that hands it nothing in any other mail of the year."""

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
    id="case.hop_graph",
    version=2,
    title="Two servers that never appear together otherwise",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_2,
    bins=(Bin("once"),),
    group="route",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.WEAK,
    benign=("other_way", "resent", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("RFC 5321 4.4", "kb:F-22", "kb:X-10", "kb:O-30", "kb:O-39"),
)

_SAID = says(
    "rule.case.hop_graph",
    one=(
        "{taker} received the mail from {giver}: in no other mail of that year do the two appear next to each "
        "other, though {taker} made {taken} stamps and {giver} {given}."
    ),
)

LEAST_TAKEN, LEAST_STAMPED = 100, 50
"""Stamps of the taking organization, and of the handing one, within the year."""

ROWS_NEEDED = {"messages": 2}

# A year is counted by what the newest server says.
QUERY = r"""
WITH stamps AS (
    SELECT item, place, arrived // 315576000000000 AS year, organization AS taker,
           lead(organization) OVER (PARTITION BY item ORDER BY place) AS giver
    FROM flat.hops LEFT JOIN flat.organizations ON "name" = host JOIN flat.mails USING (item)
    WHERE hops > 1 AND arrived IS NOT NULL),
takers AS (SELECT taker AS organization, year, count(*) AS n FROM stamps WHERE taker IS NOT NULL GROUP BY ALL),
edges AS (
    SELECT taker, giver, year, min(item) AS item, min(place) AS place
    FROM stamps WHERE taker <> giver GROUP BY ALL HAVING count(*) = 1)
SELECT sha256, e.taker, e.giver, t.n AS taken, g.n AS given, location, upper."time" AS upper, lower."time" AS lower
FROM edges e JOIN takers t ON t.organization = e.taker AND t.year = e.year AND t.n >= 100
JOIN takers g ON g.organization = e.giver AND g.year = e.year AND g.n >= 50
JOIN flat.items USING (item)
LEFT JOIN flat.stamps upper ON upper.item = e.item AND upper.kind = 'hop' AND upper.index = e.place - 1
LEFT JOIN flat.stamps lower ON lower.item = e.item AND lower.kind = 'hop' AND lower.index = e.place
ORDER BY sha256, e.place
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One pair of neighbours in a trace that no other mail of the year has."""

    sha256: str
    taker: str
    giver: str
    taken: int
    given: int
    location: Location
    upper: TimeRow | None
    lower: TimeRow | None


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each pair of busy servers that stand beside each other once."""
    for row in rows:
        place = (Role.SUSPECT, row.sha256, row.location)
        stamps = [stamp for stamp in (row.upper, row.lower) if stamp is not None]
        if row.taken < LEAST_TAKEN or row.given < LEAST_STAMPED or not stamps:
            continue
        values = {"taker": row.taker[:100], "giver": row.giver[:100], "taken": str(row.taken), "given": str(row.given)}
        counted = counts(
            RULE,
            "stamps of the receiving organization that year, and how many of them follow the sending one",
            {"taker": row.taker[:200], "giver": row.giver[:200]},
            n=row.taken,
            k=1,
            sample=(row.sha256,),
        )
        yield Observation(
            sentence=_SAID(**values),
            bin="once",
            evidence=tuple([cite_row("Received", stamp, *place) for stamp in stamps]),
            suspect=stamps[0].path,
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(counted,),
        )


def cases() -> Iterator[Case]:
    """Cases of busy and of rare servers."""

    def row(taken: int, given: int) -> Row:
        return Row(
            sha256="0" * 64,
            taker="lists.example",
            giver="isp.example",
            taken=taken,
            given=given,
            location=location(),
            upper=time_row("10:00:05", path="header:Received[0]"),
            lower=time_row("10:00:01", path="header:Received[1]"),
        )

    yield fires((row(4_000, 600),), "two busy servers, once", bin="once")
    yield silent((row(4_000, 3),), "a server that is seldom seen")
    yield silent((row(40, 600),), "a server that takes little")
