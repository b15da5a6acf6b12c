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

# A server without a name is known by how it took the mail. Up to three servers may stand above the usual one; where a
# server is named elsewhere in the archive too, it is counted there. An address in place of a name is another each time.
QUERY = r"""
WITH mails AS MATERIALIZED (
    SELECT sha256, coalesce(date.instant, arrived) AS stood,
           CASE WHEN hops[1]."by" = '' THEN 'with ' || hops[1].with_ ELSE hops[1]."by" END AS last
    FROM messages WHERE len(hops) > 0),
ended AS MATERIALIZED (
    SELECT last AS usual, count(*) AS n FROM mails WHERE last NOT IN ('', 'with ') GROUP BY ALL HAVING count(*) >= 100),
odd AS MATERIALIZED (
    SELECT m.sha256, m.stood, list_transform(h.hops[:4], lambda hop: CASE WHEN hop."by" = '' THEN 'with ' || hop.with_
                                             ELSE hop."by" END) AS hosts
    FROM mails m SEMI JOIN (SELECT last FROM mails GROUP BY last HAVING count(*) <= 3) USING (last)
    JOIN messages h USING (sha256)),
numbered AS (SELECT sha256, stood, hosts, unnest(range(2, len(hosts) + 1)) AS place FROM odd),
above AS MATERIALIZED (
    SELECT sha256, any_value(stood) AS stood, any_value(hosts) AS hosts, min(place) AS place,
           arg_min(usual, place) AS usual, arg_min(e.n, place) AS n
    FROM numbered p JOIN ended e ON e.usual = p.hosts[p.place] GROUP BY sha256),
seen AS (
    SELECT host, count(DISTINCT sha256) AS mails
    FROM (SELECT sha256, unnest([hop."by" FOR hop IN hops]) AS host FROM messages WHERE EXISTS (FROM above))
    SEMI JOIN (SELECT unnest(hosts[:place - 1]) AS host FROM above) USING (host)
    WHERE NOT regexp_full_match(host, '[0-9a-f.:\[\]]*') GROUP BY host),
around AS (
    SELECT a.sha256, count(*) FILTER (m.stood < a.stood) AS before, count(*) FILTER (m.stood > a.stood) AS after
    FROM above a JOIN mails m ON m.last = a.usual GROUP BY ALL)
SELECT a.sha256, a.hosts[1] AS host, a.usual, a.n, a.place, r.before, r.after, coalesce(s.most, 1) AS mails, p.location,
       list_filter(m.timestamps, lambda t: t.kind = 'hop' AND t.index = 0)[1] AS stamp,
       list_filter(m.timestamps, lambda t: t.kind = 'hop' AND t.index = a.place - 1)[1] AS last
FROM above a JOIN around r USING (sha256) JOIN messages m USING (sha256)
LEFT JOIN (SELECT a.sha256, max(s.mails) AS most
           FROM above a JOIN seen s ON list_contains(a.hosts[:a.place - 1], s.host) GROUP BY ALL) s USING (sha256)
JOIN places p USING (sha256)
ORDER BY a.sha256
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
