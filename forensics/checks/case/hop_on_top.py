"""A server that hardly any mail shows stamped a mail above the one with which the ways of all others end, or below."""

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
    id="case.hop_on_top",
    version=2,
    title="Server above the usual last one",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_2,
    bins=(Bin("above"), Bin("below")),
    group="route",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.MODERATE,
    benign=("other_way", "resent", "server_moved", "imported", "unsolicited"),
    as_delivered=True,
    settle=settle.MAILBOX_OWNER,
    references=("RFC 5321 4.4", "kb:A-40", "kb:X-10", "kb:O-30", "kb:O-39"),
)

_SAID = says(
    "rule.case.hop_on_top",
    one=(
        "{host} stamped the mail above {usual}, where the routes of {n} mails in this archive end, before it and "
        "after it. Mails that show {host}: {mails}; servers above the usual one: {above}."
    ),
)
_BELOW = says(
    "rule.case.hop_on_top.below",
    one=(
        "{host} stamped the mail between the last server and {usual}, from which the last server took {n} mails in "
        "this archive, before it and after it. Mails that show {host}: {mails}; servers between the two: {above}."
    ),
)

LEAST, AROUND = 100, 10
"""Mails that end with the usual server, and those of them that do so before and after the mail: a mailbox that moves to
another server begins with a few mails of it, and ends there from then on."""

ROWS_NEEDED = {"messages": 2}

# What holds of the newest server holds of the one below it, where the newest is a usual one: ``depth`` is 1 or 2. A
# server without a name is known by how it took the mail. Up to three servers may stand above the usual one; where a
# server is named elsewhere in the archive too, it is counted there. An address in place of a name is another each time.
QUERY = r"""
WITH tops AS MATERIALIZED (
    SELECT item, place AS depth, CASE WHEN "by" = '' THEN 'with ' || "with" ELSE "by" END AS last
    FROM flat.hops WHERE place <= 2),
lasts AS MATERIALIZED (SELECT depth, last, count(*) AS n FROM tops GROUP BY depth, last),
ended AS (SELECT depth, last AS usual, n FROM lasts WHERE n >= 100 AND last NOT IN ('', 'with ')),
rare AS (SELECT item, depth FROM tops SEMI JOIN (FROM lasts WHERE n <= 3) USING (depth, last)),
odd AS MATERIALIZED (
    FROM rare WHERE depth = 1
    UNION ALL SELECT r.item, 2 FROM rare r JOIN tops t USING (item) JOIN ended e ON e.depth = 1 AND e.usual = t.last
    WHERE r.depth = 2 AND t.depth = 1),
hosts AS MATERIALIZED (
    SELECT item, depth, place, CASE WHEN "by" = '' THEN 'with ' || "with" ELSE "by" END AS host
    FROM flat.hops JOIN odd USING (item) WHERE place BETWEEN depth AND depth + 3),
above AS MATERIALIZED (
    SELECT item, h.depth, min(place) AS place, arg_min(usual, place) AS usual, arg_min(n, place) AS n
    FROM hosts h JOIN ended e ON e.usual = h.host AND e.depth = h.depth WHERE place > h.depth GROUP BY item, h.depth),
higher AS MATERIALIZED (
    SELECT item, depth, h.place, host FROM hosts h JOIN above a USING (item, depth) WHERE h.place < a.place),
seen AS (
    SELECT "by" AS host, count(DISTINCT item) AS mails
    FROM flat.hops SEMI JOIN higher ON higher.host = "by" WHERE NOT regexp_full_match("by", '[0-9a-f.:\[\]]*')
    GROUP BY "by"),
tops_of AS (
    SELECT item, depth, arg_min(host, place) AS host, max(mails) AS most
    FROM higher LEFT JOIN seen USING (host) GROUP BY item, depth),
around AS (
    SELECT a.item, a.depth,
           count(*) FILTER (coalesce(m.instant, m.arrived) < coalesce(o.instant, o.arrived)) AS before,
           count(*) FILTER (coalesce(m.instant, m.arrived) > coalesce(o.instant, o.arrived)) AS after
    FROM above a JOIN flat.mails o USING (item) JOIN tops t ON t.last = a.usual AND t.depth = a.depth
    JOIN flat.mails m ON m.item = t.item
    GROUP BY a.item, a.depth)
SELECT sha256, depth, host, usual, n, a.place, before, after, coalesce(most, 1) AS mails, location,
       newest."time" AS stamp, usually."time" AS last
FROM above a JOIN around USING (item, depth) JOIN tops_of USING (item, depth) JOIN flat.items USING (item)
LEFT JOIN flat.stamps newest ON newest.item = a.item AND newest.kind = 'hop' AND newest.index = a.depth - 1
LEFT JOIN flat.stamps usually ON usually.item = a.item AND usually.kind = 'hop' AND usually.index = a.place - 1
ORDER BY sha256, depth
"""

MOST = 3
"""Mails that may show the server."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail whose newest or second server has that place in three mails at most, and a later one in many."""

    sha256: str
    depth: int
    """1: of the newest server; 2: of the one below it."""
    host: str
    usual: str
    n: int
    """Mails that have the usual server in its place."""
    place: int
    """Of the usual server in the mail, 1 = newest."""
    before: int
    after: int
    mails: int
    """Mails that show the server above it anywhere; the most of them, where there are several above."""
    location: Location
    stamp: TimeRow | None
    last: TimeRow | None


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each mail that stands among many which end one server earlier."""
    for row in rows:
        place = (row.sha256, row.location)
        stamps = [
            (f"Received, {row.depth} from the top", row.stamp, Role.SUSPECT),
            (f"Received, usually {row.depth} from the top", row.last, Role.WITNESS),
        ]
        cited = tuple([cite_row(label, stamp, role, *place) for label, stamp, role in stamps if stamp is not None])
        if row.n < LEAST or min(row.before, row.after) < AROUND or row.mails > MOST or not cited:
            continue
        name, said = ("above", _SAID) if row.depth == 1 else ("below", _BELOW)
        values = {"host": row.host[:120], "usual": row.usual[:120], "n": str(row.n), "mails": str(row.mails)}
        yield Observation(
            sentence=said(**values, above=str(row.place - row.depth)),
            bin=name,
            evidence=cited,
            suspect=f"header:Received[{row.depth - 1}]",
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(
                counts(RULE, "mails that have the usual server in its place", {"usual": row.usual[:200]}, n=row.n),
            ),
        )


def cases() -> Iterator[Case]:
    """Cases of a mailbox of thousands."""

    def row(n: int = 7_000, *, after: int = 3_000, mails: int = 1, depth: int = 1) -> Row:
        return Row(
            sha256="0" * 64,
            depth=depth,
            host="relay.example.net",
            usual="mx.example.org",
            n=n,
            place=depth + 1,
            before=n - after,
            after=after,
            mails=mails,
            location=location(),
            stamp=time_row("10:00:05", path="header:Received[0]"),
            last=time_row("10:00:01", path="header:Received[1]"),
        )

    yield fires((row(),), "one server more than all others", bin="above")
    yield fires((row(mails=3),), "three mails have it", bin="above")
    yield fires((row(depth=2),), "one server more between the last two", bin="below")
    yield silent((row(mails=4),), "a server that others pass too")
    yield silent((row(40, after=20),), "too few mails to know where they end")
    yield silent((row(after=2),), "the first mails after the mailbox moved")
