"""A server of the mail's way appears in no other mail until months after this one arrived, by its newest stamp."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite_row, clock, counts, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import ticks, time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.host_before_time",
    version=1,
    title="Server that otherwise appears later",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_1,
    bins=nested("ahead>90d", "ahead>1y"),
    group="route",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.WEAK,
    benign=("clock_skew", "imported", "other_way", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("kb:F-21", "kb:O-16", "kb:O-17"),
)

_SAID = says(
    "rule.case.host_before_time",
    one=(
        "The mail arrived on {own} through {host}; the next of {n} other mails that came through it arrived on "
        "{other}, {apart} later."
    ),
)

LEAST = 10
"""Other mails that show the server."""

ROWS_NEEDED = {"messages": 2}

# A server's first sighting is the second earliest in the archive's mails; the earliest is the candidate's own. The gap
# between them is twenty times the mean of all later ones: with seldom servers any gap happens.
QUERY = """
WITH stamps AS (
    SELECT DISTINCT host, item, arrived FROM flat.hops JOIN flat.mails USING (item)
    WHERE contains(host, '.') AND arrived IS NOT NULL),
hosts AS (
    SELECT host, count(*) AS n, min(arrived, 2) AS firsts, max(arrived) AS last, arg_min(item, arrived) AS item
    FROM stamps GROUP BY host HAVING count(*) > 10),
early AS MATERIALIZED (
    SELECT item, host, (n - 1)::BIGINT AS n, firsts[1] AS own, firsts[2] AS other FROM hosts
    WHERE other - own > 90 * 864000000000 AND (other - own)::DOUBLE * (n - 1) > 20 * (last - other)),
shown AS (
    SELECT item, host, arg_min("time", index) AS stamp
    FROM early JOIN flat.stamps USING (item) WHERE kind = 'hop' AND lower("time".owner) = host GROUP BY ALL)
SELECT sha256, host, n, own, other, location, stamp
FROM early JOIN shown USING (item, host) JOIN flat.items USING (item)
ORDER BY sha256, host
"""

_BINS = ((365 * DAY, "ahead>1y"), (90 * DAY, "ahead>90d"))


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail and a server that no other mail shows within three months after it."""

    sha256: str
    host: str
    n: int
    own: int
    other: int
    location: Location
    stamp: TimeRow


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each server of a mail that appears months too early."""
    for row in rows:
        name = bin_of(row.other - row.own, _BINS)
        if not name or row.n < LEAST:
            continue
        values = {"host": row.host[:200], "own": clock(row.own)[:10], "other": clock(row.other)[:10], "n": str(row.n)}
        yield Observation(
            sentence=_SAID(**values, apart=span(row.other - row.own)),
            bin=name,
            evidence=(cite_row("Received", row.stamp, Role.SUSPECT, row.sha256, row.location),),
            suspect=row.stamp.path,
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(counts(RULE, "other mails with this server, all of them later", {"host": row.host}, n=row.n),),
        )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def row(own: str, n: int = 200) -> Row:
        return Row(
            sha256="0" * 64,
            host="mx.example",
            n=n,
            own=ticks(own),
            other=ticks("2017-03-06T10:00:00+00:00"),
            location=location(),
            stamp=time_row(own, path="header:Received[1]"),
        )

    yield fires((row("2016-10-06T10:00:00+00:00"),), "five months before its second sighting", bin="ahead>90d")
    yield fires((row("2015-03-06T10:00:00+00:00"),), "two years before", bin="ahead>1y")
    yield silent((row("2017-02-01T10:00:00+00:00"),), "a month before: a new server's first mail")
    yield silent((row("2015-03-06T10:00:00+00:00", 4),), "a server that is seldom seen")
