"""A mail about a ticket was delivered at another time than the tracker had that number.

A tracker counts what it is told of: all tickets with a smaller number were opened before, all with a larger one after.
Its mail about a new ticket says when that was. Mails about a ticket go on for years, so that a small number on a late
mail says nothing; but none is sent before its ticket was opened.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite_located, cite_row, clock, counts, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import ticks, time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
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
    id="case.ticket_number",
    version=1,
    title="Numbered by a tracker at another time",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_1 | MessageHas.TICKET,
    bins=(*nested("early>1d", "early>7d", "early>30d"), *nested("late>1d", "late>7d", "late>30d")),
    group="list number",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("renumbered", "delayed_sending", "clock_skew", "unsolicited"),
    accuses=("received",),
    as_delivered=True,
    settle=settle.MAILBOX_OWNER,
    references=("RFC 5321 4.4", "kb:X-16", "kb:O-16", "kb:O-17"),
)

_SAID = {
    "early": says(
        "rule.case.ticket_number.early",
        one=(
            "The mail is about number {number} of {tracker}, which was given at least {off} after the time of its "
            "newest stamp ({stamp}), as the tracker's mails about smaller numbers show."
        ),
    ),
    "late": says(
        "rule.case.ticket_number.late",
        one=(
            "The mail says that number {number} of {tracker} is new; it was given at least {off} before the time of "
            "its newest stamp ({stamp}), as mails about larger numbers show."
        ),
    ),
}

ROWS_NEEDED = {"messages": 2}

# Of the ten tickets with the next smaller numbers whose opening a mail tells, eight must have been opened after this
# mail; or, if it tells of one itself, mails about eight of the ten with the next larger numbers must have arrived
# before it. Trackers that were merged or began anew are out of order on both sides.
QUERY = r"""
WITH given AS (
    SELECT item, "by", number, opens, arrived AS stood, place
    FROM flat.given_numbers JOIN flat.mails USING (item)
    WHERE kind = 'ticket' AND arrived IS NOT NULL AND number IS NOT NULL),
tickets AS (
    SELECT "by", number, min(stood) AS first, min(stood) FILTER (opens) AS opened FROM given GROUP BY "by", number),
placed AS (
    SELECT *, count(opened) OVER (PARTITION BY "by" ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                  AS smaller,
           list_sort(list(first) OVER (PARTITION BY "by" ORDER BY number ROWS BETWEEN 1 FOLLOWING AND 10 FOLLOWING))
                  AS above
    FROM tickets),
openings AS (
    SELECT "by", row_number() OVER (PARTITION BY "by" ORDER BY number) AS smaller,
           list_sort(list(opened) OVER (PARTITION BY "by" ORDER BY number ROWS BETWEEN 9 PRECEDING AND CURRENT ROW))
                  AS below
    FROM tickets WHERE opened IS NOT NULL),
bounded AS (
    SELECT g.item, g."by", g.number, g.opens, g.stood, g.place, below, above,
           CASE WHEN len(below) = 10 AND below[3] > stood THEN below[3] END AS earliest,
           CASE WHEN len(above) = 10 AND opens AND above[8] < stood THEN above[8] END AS latest
    FROM given g JOIN placed p ON p."by" = g."by" AND p.number = g.number
    LEFT JOIN openings o ON o."by" = p."by" AND o.smaller = p.smaller),
odd AS MATERIALIZED (
    SELECT item, "by", number, place, earliest, latest FROM bounded
    WHERE (earliest IS NOT NULL OR latest IS NOT NULL)
      AND coalesce(below[(len(below) + 1) // 2] <= above[(len(above) + 1) // 2], true)),
sought AS (SELECT unnest(list(sha256)) AS sha256 FROM odd JOIN flat.items USING (item)),
written AS MATERIALIZED (SELECT sha256, given FROM messages SEMI JOIN sought USING (sha256))
SELECT i.sha256, o."by" AS tracker, number, earliest, latest, t."time" AS stamp, w.given[o.place].written AS written,
       location
FROM odd o JOIN flat.items i USING (item) JOIN written w ON w.sha256 = i.sha256
JOIN flat.stamps t ON t.item = o.item AND t.kind = 'hop' AND t.index = 0
ORDER BY i.sha256, o."by", number
"""

_EARLY = ((30 * DAY, "early>30d"), (7 * DAY, "early>7d"), (DAY, "early>1d"))
_LATE = ((30 * DAY, "late>30d"), (7 * DAY, "late>7d"), (DAY, "late>1d"))
NEIGHBORS, WITNESSES = 10, 8


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail that arrived out of order by the number of its ticket."""

    sha256: str
    tracker: str
    number: int
    earliest: int | None
    """Instant at or after which eight of the ten tickets with the next smaller numbers were opened, if it is later."""
    latest: int | None
    """At or before which a mail about eight of the ten with the next larger ones had arrived, if it is earlier."""
    stamp: TimeRow
    written: LocatedRow
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report how far the newest stamp stands outside what its neighbors by number allow."""
    for row in rows:
        at = row.stamp.instant
        if at is None:
            continue
        early = row.earliest - at if row.earliest is not None else 0
        late = at - row.latest if row.latest is not None else 0
        off, side, bins = (early, "early", _EARLY) if early > late else (late, "late", _LATE)
        if name := bin_of(off, bins):
            yield _observation(row, name, side, off, at)


def _observation(row: Row, name: str, side: str, off: int, at: int) -> Observation:
    place = (row.sha256, row.location)
    cited = [cite_row("Received, newest", row.stamp, Role.SUSPECT, *place)]
    if row.written.start is not None:
        cited.append(cite_located("the tracker's number", row.written, Role.WITNESS, *place))
    counted = counts(
        RULE,
        "tickets with the next numbers of the tracker, and at least how many of them are on the wrong side of the mail",
        {"tracker": row.tracker[:200]},
        n=NEIGHBORS,
        k=WITNESSES,
    )
    values = {"number": str(row.number), "tracker": row.tracker[:120], "stamp": clock(at), "off": span(off)}
    return Observation(
        sentence=_SAID[side](**values),
        bin=name,
        evidence=tuple(cited),
        suspect="header:Received[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counted,),
    )


def cases() -> Iterator[Case]:
    """Cases of one mail about a ticket of March."""

    def row(stamp: str, *, opens: bool = False) -> Row:
        march, april = ticks("2017-03-06T10:00:00+00:00"), ticks("2017-04-06T10:00:00+00:00")
        at = ticks(stamp)
        return Row(
            sha256="0" * 64,
            tracker="bugzilla bugs@lists.example",
            number=1000,
            earliest=march if at < march else None,
            latest=april if opens and at > april else None,
            stamp=time_row(stamp, path="header:Received[0]"),
            written=located_row("1000", "header:Subject[0]"),
            location=location(),
        )

    yield fires((row("2017-01-06T10:00:00+00:00"),), "two months before there was such a number", bin="early>30d")
    yield fires((row("2017-02-24T10:00:00+00:00"),), "ten days before", bin="early>7d")
    yield fires((row("2017-03-04T10:00:00+00:00"),), "two days before", bin="early>1d")
    yield fires((row("2017-06-06T10:00:00+00:00", opens=True),), "new in June, numbered in March", bin="late>30d")
    yield fires((row("2017-04-16T10:00:00+00:00", opens=True),), "ten days late", bin="late>7d")
    yield fires((row("2017-04-08T10:00:00+00:00", opens=True),), "two days late", bin="late>1d")
    yield silent((row("2019-06-06T10:00:00+00:00"),), "people write about it for years")
    yield silent((row("2017-03-06T09:00:00+00:00"),), "an hour: two mails passed each other")
