"""A list server numbered a mail between mails of another time.

A list counts its mails as it sends them: all with a smaller number were delivered before a mail, all with a larger one
after it. Who sets back the times of a mail has to know the number that the list had then.
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
    id="case.list_number",
    version=2,
    title="Numbered by its list at another time",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_1 | MessageHas.LIST_NUMBER,
    bins=nested("off>1d", "off>7d", "off>30d"),
    group="list number",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("server_moved", "imported", "resent", "unsolicited"),
    accuses=("received",),
    as_delivered=True,
    settle=settle.MAILBOX_OWNER,
    references=("RFC 5321 4.4", "kb:X-16", "kb:O-16", "kb:O-17"),
)

_SAID = {
    "early": says(
        "rule.case.list_number.early",
        one=(
            "By its number ({number}) {list} sent the mail at least {off} after the time of its newest stamp ({stamp})."
        ),
    ),
    "late": says(
        "rule.case.list_number.late",
        one=(
            "By its number ({number}) {list} sent the mail at least {off} before the time of its newest stamp "
            "({stamp})."
        ),
    ),
}

ROWS_NEEDED = {"messages": 2}

# A list gives a number to one mail, of which there may be two copies: what many share is no such count.
# Of the ten mails with the next smaller numbers eight must have arrived after the mail, or of the ten with the next
# larger ones eight before it: a few false times among its neighbours accuse no mail. Nor does a run of false times on
# one side, for then the two sides are out of order themselves.
QUERY = r"""
WITH counters AS (
    SELECT numbered_by FROM flat.list_numbers GROUP BY numbered_by HAVING 2 * count(DISTINCT number) >= count(*)),
numbered AS (
    SELECT item, arrived AS stood, numbered_by, number
    FROM flat.list_numbers SEMI JOIN counters USING (numbered_by) JOIN flat.mails USING (item)
    WHERE arrived IS NOT NULL AND number IS NOT NULL),
beside AS (
    SELECT *, list_sort(list(stood) OVER below) AS below,
           list_sort(list(stood) OVER above) AS above
    FROM numbered
    WINDOW below AS (PARTITION BY numbered_by ORDER BY number, item ROWS BETWEEN 10 PRECEDING AND 1 PRECEDING),
           above AS (PARTITION BY numbered_by ORDER BY number, item ROWS BETWEEN 1 FOLLOWING AND 10 FOLLOWING)),
odd AS MATERIALIZED (
    SELECT item, numbered_by, number, below[3] AS earliest, above[8] AS latest
    FROM beside WHERE len(below) = 10 AND len(above) = 10 AND below[5] <= above[5]
        AND (earliest > stood OR latest < stood))
SELECT i.sha256, o.numbered_by, number, earliest, latest, t."time" AS stamp, m.list_number AS written, location
FROM odd o JOIN flat.items i USING (item) JOIN messages m ON m.sha256 = i.sha256
JOIN flat.stamps t ON t.item = o.item AND t.kind = 'hop' AND t.index = 0
ORDER BY i.sha256
"""

_BINS = ((30 * DAY, "off>30d"), (7 * DAY, "off>7d"), (DAY, "off>1d"))
NEIGHBOURS, WITNESSES = 10, 8
"""On one side."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail of a list that arrived out of order by its number."""

    sha256: str
    numbered_by: str
    number: int
    earliest: int
    """Instant at or after which eight of the ten mails with the next smaller numbers arrived."""
    latest: int
    """At or before which eight of the ten with the next larger ones did."""
    stamp: TimeRow
    written: LocatedRow
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report how far the newest stamp stands outside the times of its neighbours by number.

    Measured: of 10,900 mails of two lists none stood a day out of their order, nor did any of 127 of a Yahoo group.
    """
    for row in rows:
        at = row.stamp.instant
        if at is None:
            continue
        early, late = row.earliest - at, at - row.latest
        off, side = (early, "early") if early > late else (late, "late")
        if name := bin_of(off, _BINS):
            yield _observation(row, name, side, off, at)


def _observation(row: Row, name: str, side: str, off: int, at: int) -> Observation:
    place = (row.sha256, row.location)
    cited = [cite_row("Received, newest", row.stamp, Role.SUSPECT, *place)]
    if row.written.start is not None:
        cited.append(cite_located("the list's number", row.written, Role.WITNESS, *place))
    counted = counts(
        RULE,
        "mails with the next numbers of the list, and at least how many of them arrived on the wrong side of the stamp",
        {"list": row.numbered_by[:200]},
        n=NEIGHBOURS,
        k=WITNESSES,
    )
    values = {"number": str(row.number), "list": row.numbered_by[:120], "stamp": clock(at), "off": span(off)}
    return Observation(
        sentence=_SAID[side](**values),
        bin=name,
        evidence=tuple(cited),
        suspect="header:Received[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counted,),
    )


def cases() -> Iterator[Case]:
    """Cases of one mail among others of one list, a month apart each."""
    months = [ticks(f"2017-{month:02}-06T10:00:00+00:00") for month in range(1, 13)]

    def row(stamp: str, place: int) -> Row:
        return Row(
            sha256="0" * 64,
            numbered_by="board@lists.example",
            number=1000 + place,
            earliest=months[place - 3],
            latest=months[place + 2],
            stamp=time_row(stamp, path="header:Received[0]"),
            written=located_row(str(1000 + place), "header:Return-Path[0]"),
            location=location(),
        )

    yield fires((row("2017-01-16T10:00:00+00:00", 8),), "delivered in January, numbered in August", bin="off>30d")
    yield fires((row("2017-05-26T10:00:00+00:00", 8),), "ten days early", bin="off>7d")
    yield fires((row("2017-12-08T10:00:00+00:00", 9),), "two days late", bin="off>1d")
    yield silent((row("2017-06-06T09:00:00+00:00", 8),), "an hour: two mails passed each other")
    yield silent((row("2017-08-20T10:00:00+00:00", 8),), "within the times of its neighbours")
