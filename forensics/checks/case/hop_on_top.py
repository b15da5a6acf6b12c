"""A server that hardly any mail shows stamped a mail above the one with which the ways of all others end."""

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
    version=1,
    title="Server above the usual last one",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_2,
    bins=(Bin("above"),),
    group="route",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.MODERATE,
    benign=("other_way", "resent", "server_moved", "imported", "unsolicited"),
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

LEAST, AROUND = 100, 10
"""Mails that end with the usual server, and those of them that do so before and after the mail: a mailbox that moves to
another server begins with a few mails of it, and ends there from then on."""

ROWS_NEEDED = {"messages": 2}

# A server without a name is known by how it took the mail. Up to three servers may stand above the usual one; where a
# server is named elsewhere in the archive too, it is counted there. An address in place of a name is another each time.
QUERY = r"""
WITH tops AS MATERIALIZED (
    SELECT item, CASE WHEN "by" = '' THEN 'with ' || "with" ELSE "by" END AS last FROM flat.hops WHERE place = 1),
lasts AS MATERIALIZED (SELECT last, count(*) AS n FROM tops GROUP BY last),
ended AS (SELECT last AS usual, n FROM lasts WHERE n >= 100 AND last NOT IN ('', 'with ')),
odd AS (SELECT item FROM tops SEMI JOIN (FROM lasts WHERE n <= 3) USING (last)),
hosts AS MATERIALIZED (
    SELECT item, place, CASE WHEN "by" = '' THEN 'with ' || "with" ELSE "by" END AS host
    FROM flat.hops SEMI JOIN odd USING (item) WHERE place <= 4),
above AS MATERIALIZED (
    SELECT item, min(place) AS place, arg_min(usual, place) AS usual, arg_min(n, place) AS n
    FROM hosts JOIN ended ON usual = host WHERE place > 1 GROUP BY item),
higher AS MATERIALIZED (
    SELECT item, h.place, host FROM hosts h JOIN above a USING (item) WHERE h.place < a.place),
seen AS (
    SELECT "by" AS host, count(DISTINCT item) AS mails
    FROM flat.hops SEMI JOIN higher ON higher.host = "by" WHERE NOT regexp_full_match("by", '[0-9a-f.:\[\]]*')
    GROUP BY "by"),
tops_of AS (
    SELECT item, arg_min(host, place) AS host, max(mails) AS most
    FROM higher LEFT JOIN seen USING (host) GROUP BY item),
around AS (
    SELECT a.item, count(*) FILTER (coalesce(m.instant, m.arrived) < coalesce(o.instant, o.arrived)) AS before,
           count(*) FILTER (coalesce(m.instant, m.arrived) > coalesce(o.instant, o.arrived)) AS after
    FROM above a JOIN flat.mails o USING (item) JOIN tops t ON t.last = a.usual JOIN flat.mails m ON m.item = t.item
    GROUP BY a.item)
SELECT sha256, host, usual, n, a.place, before, after, coalesce(most, 1) AS mails, location, newest."time" AS stamp,
       usually."time" AS last
FROM above a JOIN around USING (item) JOIN tops_of USING (item) JOIN flat.items USING (item)
LEFT JOIN flat.stamps newest ON (newest.item, newest.kind, newest.index) = (a.item, 'hop', 0)
LEFT JOIN flat.stamps usually ON (usually.item, usually.kind, usually.index) = (a.item, 'hop', a.place - 1)
ORDER BY sha256
"""

MOST = 3
"""Mails that may show the server."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail whose newest server tops three mails at most, and whose second to fourth one ends many others."""

    sha256: str
    host: str
    usual: str
    n: int
    """Mails that end with the usual server."""
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
            ("Received, newest", row.stamp, Role.SUSPECT),
            ("Received, usually the newest", row.last, Role.WITNESS),
        ]
        cited = tuple([cite_row(label, stamp, role, *place) for label, stamp, role in stamps if stamp is not None])
        if row.n < LEAST or min(row.before, row.after) < AROUND or row.mails > MOST or not cited:
            continue
        values = {"host": row.host[:120], "usual": row.usual[:120], "n": str(row.n), "mails": str(row.mails)}
        yield Observation(
            sentence=_SAID(**values, above=str(row.place - 1)),
            bin="above",
            evidence=cited,
            suspect="header:Received[0]",
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(counts(RULE, "mails that end with the usual server", {"usual": row.usual[:200]}, n=row.n),),
        )


def cases() -> Iterator[Case]:
    """Cases of a mailbox of thousands."""

    def row(n: int = 7_000, *, after: int = 3_000, mails: int = 1) -> Row:
        return Row(
            sha256="0" * 64,
            host="relay.example.net",
            usual="mx.example.org",
            n=n,
            place=2,
            before=n - after,
            after=after,
            mails=mails,
            location=location(),
            stamp=time_row("10:00:05", path="header:Received[0]"),
            last=time_row("10:00:01", path="header:Received[1]"),
        )

    yield fires((row(),), "one server more than all others", bin="above")
    yield fires((row(mails=3),), "three mails have it", bin="above")
    yield silent((row(mails=4),), "a server that others pass too")
    yield silent((row(40, after=20),), "too few mails to know where they end")
    yield silent((row(after=2),), "the first mails after the mailbox moved")
