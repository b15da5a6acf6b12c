"""A mailbox took a mail in at another time than its last server handed it over."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite_row, clock, counts, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import ticks, time_row
from forensics.model.locations import Location, StepKind
from forensics.model.presence.occurrence import OccurrenceHas
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
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="case.delivery_time",
    version=1,
    title="Received by the mailbox at another time",
    subject=Subject.OCCURRENCE,
    needs=OccurrenceHas.MAILBOX_TIME | OccurrenceHas.TRACE_TIME_1,
    bins=(*nested("later>1d", "later>30d"), *nested("earlier>1d", "earlier>30d")),
    group="mailbox clock",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.MODERATE,
    benign=("moved_by_user", "imported", "clock_skew", "unsolicited"),
    as_delivered=True,
    settle=settle.MAILBOX_OWNER,
    references=("RFC 4155", "kb:X-13", "kb:T-95", "kb:T-74", "kb:O-36"),
)

_SAID = {
    "later": says(
        "rule.case.delivery_time.later",
        one=(
            "The mailbox received the mail at {taken}, {apart} longer after its last server ({received}) than is "
            "usual here; {k} of {n} other mails in this mailbox have its usual delay."
        ),
    ),
    "earlier": says(
        "rule.case.delivery_time.earlier",
        one=(
            "The mailbox received the mail at {taken}, but its last server says that it had it at {received}: "
            "{apart} too early for this mailbox; {k} of its {n} other mails have its usual delay."
        ),
    ),
}

LEAST = 20
"""Other mails of a mailbox from which its own delay is learnt."""

ROWS_NEEDED = {"messages": 2}

# A mailbox has a constant delay: seconds where it was filled as mail came, hours where its separators are local.
# Half of its mails tell it; it says something of one mail where 95 % of the others keep to it.
QUERY = """
WITH times AS (
    SELECT item, source, parent_sha256, location_text, place, stamp.kind AS kind,
           coalesce(stamp.instant, stamp.wall) AS stood
    FROM (SELECT sha256, source, parent_sha256, location_text, unnest(times) AS stamp,
                 generate_subscripts(times, 1) AS place FROM occurrences) JOIN flat.items USING (sha256)
    WHERE stamp.clock = 'mailbox' AND stamp.description = 'Delivery Time'
    UNION ALL
    SELECT item, source, parent_sha256, location_text, -index, kind, coalesce("time".instant, "time".wall)
    FROM flat.stamps JOIN flat.items USING (item) JOIN occurrences USING (sha256)
    WHERE kind IN ('from_line', 'from_line_number') AND "time".clock = 'mailbox'
      AND "time".description = 'Delivery Time'),
apart AS MATERIALIZED (
    SELECT item, source || ' ' || parent_sha256 AS box, location_text, place, kind, stood - arrived AS apart
    FROM times JOIN flat.mails USING (item) WHERE stood IS NOT NULL AND arrived IS NOT NULL),
boxes AS (SELECT box, kind, median(apart) AS usual FROM apart GROUP BY ALL),
kept AS (
    SELECT box, kind, usual, count(DISTINCT item) - 1 AS n,
           count(DISTINCT item) FILTER (abs(apart - usual) <= 2 * 36000000000) AS k
    FROM apart JOIN boxes USING (box, kind) GROUP BY ALL HAVING n >= 20 AND k >= 0.95 * n),
odd AS MATERIALIZED (
    SELECT item, sha256, location_text, place, kind, (apart - usual)::BIGINT AS off, n, k
    FROM apart JOIN kept USING (box, kind) JOIN flat.items USING (item) WHERE abs(apart - usual) > 864000000000),
sought AS (SELECT unnest(list(sha256)) AS sha256 FROM odd),
read AS MATERIALIZED (
    SELECT sha256, parent_sha256, location, location_text, times FROM occurrences SEMI JOIN sought USING (sha256)),
stamps AS (
    SELECT item, arg_min("time", index) AS received FROM flat.stamps SEMI JOIN odd USING (item)
    WHERE kind = 'hop' AND "time".instant IS NOT NULL GROUP BY item)
SELECT sha256, parent_sha256, CASE WHEN place > 0 THEN times[place] ELSE s."time" END AS stamp, received, location, off,
       n, k
FROM odd o JOIN read USING (sha256, location_text) JOIN stamps USING (item)
LEFT JOIN flat.stamps s ON s.item = o.item AND s.kind = o.kind AND s.index = -place
ORDER BY sha256, location_text, o.kind
"""

_INSIDE = frozenset((StepKind.MBOX_MESSAGE, StepKind.UNQUOTED, StepKind.STREAM))
_BY_MAILBOX = frozenset(
    (TimeKind.SEPARATOR, TimeKind.SEPARATOR_NUMBER, TimeKind.EMLX_RECEIVED, TimeKind.EMLX_VIEWED, TimeKind.EMLX_SENT)
)
"""Times that stand in the mailbox's file, not in the mail."""
_LATER = ((30 * DAY, "later>30d"), (DAY, "later>1d"))
_EARLIER = ((30 * DAY, "earlier>30d"), (DAY, "earlier>1d"))


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail at one place, a day or more off its mailbox's own delay."""

    sha256: str
    parent_sha256: str
    """Of the mailbox, where that is a file; empty where it is a folder."""
    stamp: TimeRow
    received: TimeRow
    location: Location
    off: int
    """Ticks after the last server's stamp, less what is usual in this mailbox."""
    n: int
    """Other mails of the mailbox."""
    k: int
    """Of them, those within two hours of the usual delay."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each place; moves by hand append old mail to a folder, so being later says less than being earlier."""
    for row in rows:
        name = bin_of(row.off, _LATER) if row.off > 0 else bin_of(-row.off, _EARLIER)
        at = row.stamp.instant if row.stamp.instant is not None else row.stamp.wall
        received = row.received.instant
        if not name or at is None or received is None or row.n < LEAST:
            continue
        values = {"taken": clock(at), "received": clock(received), "apart": span(row.off), "k": str(row.k)}
        side = "later" if row.off > 0 else "earlier"
        counted = counts(
            RULE, "other mails in the mailbox, and how many of them have its usual delay", {}, n=row.n, k=row.k
        )
        place = (row.sha256, row.location)
        yield Observation(
            sentence=_SAID[side](**values, n=str(row.n)),
            bin=name,
            evidence=(
                cite_row("Received, newest", row.received, Role.EITHER, *place),
                cite_row("received by the mailbox", row.stamp, Role.EITHER, *_holder(row)),
            ),
            suspect="header:Received[0]",
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(counted,),
        )


def _holder(row: Row) -> tuple[str, Location]:
    """Return what the mailbox's time stands in: the mailbox, or the mail itself."""
    if row.stamp.kind not in _BY_MAILBOX:
        return row.sha256, row.location
    steps = list(row.location.steps)
    while steps[-1].kind in _INSIDE:
        steps.pop()
    return row.parent_sha256, Location(tuple(steps))


def cases() -> Iterator[Case]:
    """Cases on both sides, around the threshold."""

    def row(taken: str) -> Row:
        received = "2017-03-06T10:00:00+00:00"
        return Row(
            sha256="0" * 64,
            parent_sha256="1" * 64,
            stamp=time_row(taken, path="mbox:from[7]", kind=TimeKind.SEPARATOR),
            received=time_row(received, path="header:Received[0]"),
            location=location(),
            off=ticks(taken) - ticks(received),
            n=400,
            k=399,
        )

    yield fires((row("2017-03-08T10:00:00+00:00"),), "taken in two days later", bin="later>1d")
    yield fires((row("2017-05-08T10:00:00+00:00"),), "taken in two months later", bin="later>30d")
    yield fires((row("2017-03-04T10:00:00+00:00"),), "taken in before its last server had it", bin="earlier>1d")
    yield fires((row("2016-03-04T10:00:00+00:00"),), "a year before", bin="earlier>30d")
    yield silent((row("2017-03-06T21:00:00+00:00"),), "a local separator")
