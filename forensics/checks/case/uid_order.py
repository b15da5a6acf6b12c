"""A mail arrived later than mails that its mailbox numbered after it.

A mailbox gives each mail that is put there the next number (RFC 9051 2.3.1.1), and a mail is put there when it has
arrived. A mail that is moved or copied gets a new number, so that a large number on an old mail says nothing; but no
mail can have a smaller one than mails that were there before it came. Who puts a mail of another time in the place of
one that was there leaves it the number.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite_located, cite_row, clock, counts, settled, span
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import ticks, time_row
from forensics.model.locations import Location, Locator
from forensics.model.presence.occurrence import OccurrenceHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    BenignState,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.uid_order",
    version=2,
    title="Numbered by its mailbox before it arrived",
    subject=Subject.OCCURRENCE,
    needs=OccurrenceHas.UID | OccurrenceHas.TRACE_TIME_1,
    bins=nested("off>1d", "off>7d", "off>30d"),
    group="mailbox clock",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.MODERATE,
    benign=("moved_together", "renumbered", "clock_skew", "unsolicited"),
    as_delivered=True,
    settle=settle.MAILBOX_OWNER,
    references=("RFC 9051 2.3.1.1", "kb:X-12", "kb:T-95", "kb:O-36"),
)

_SAID = says(
    "rule.case.uid_order",
    one=(
        "A mailbox gave the mail the number {number}; of the {n} mails there with the next larger numbers {k} or more "
        "had arrived at least {off} before its newest stamp ({stamp})."
    ),
)

_BY_DATE = says(
    "note.numbered_by_date",
    one="Its Date ({date}) stands where its number does: the mails were numbered by Date, and this one came late.",
)

ROWS_NEEDED = {"messages": 2}

# The numbers of a mailbox are believed where its mails rise with them: 95 % of neighbors, an hour's disorder apart.
# Moves one by one, renumbering and other mailboxes' numbers, which mails bring along, make disorder. Of the ten mails
# with the next larger numbers eight must have arrived before the mail, and half of them after half of those with the
# next smaller. A mail that a copy of the mailbox in the same folder repeats is one.
QUERY = r"""
WITH named AS (
    SELECT sha256, location_text, CASE fact.name WHEN 'maildir.uid' THEN 'file' ELSE 'name' END AS way,
           TRY_CAST(fact.value AS BIGINT) AS number, fact.path AS path, fact.raw AS raw,
           coalesce(list_filter(named, lambda f: f.name = 'maildir.folder')[1].value, '') AS folder
    FROM (SELECT sha256, location_text, named, unnest(named) AS fact FROM occurrences
          WHERE message_sha256 = '' AND len(named) > 0)
    WHERE fact.name IN ('maildir.uid', 'mailbox.number')),
placed AS (
    SELECT sha256, location_text, source, parent_sha256,
           regexp_replace(regexp_extract(location_text, '^(.*)/[^/]*$', 1), '(^|/)(cur|new)$', '') AS within
    FROM occurrences WHERE message_sha256 = ''),
numbered AS (
    SELECT sha256, location_text, way, number, path, raw, folder FROM named
    UNION ALL
    SELECT sha256, location_text, 'field', number, '', ''::BLOB, ''
    FROM flat.given_numbers JOIN flat.items USING (item) JOIN placed USING (sha256)
    WHERE kind = 'uid' AND sha256 NOT IN (SELECT sha256 FROM named)),
stood AS (
    SELECT DISTINCT ON (box, item, number)
           item, location_text, path, raw, number, arrived AS stood, instant AS dated,
           [source, parent_sha256, within, way, folder] AS box
    FROM numbered JOIN placed USING (sha256, location_text) JOIN flat.items USING (sha256) JOIN flat.mails USING (item)
    WHERE arrived IS NOT NULL AND number IS NOT NULL ORDER BY box, item, number, location_text),
risen AS (
    SELECT *, stood >= lag(stood, 1, stood) OVER (PARTITION BY box ORDER BY number, item) - 36000000000 AS rises
    FROM stood),
boxes AS (
    SELECT box FROM risen GROUP BY box
    HAVING count(DISTINCT item) > 20 AND count(*) FILTER (NOT rises) <= 0.05 * count(*)),
beside AS (
    SELECT *, list_sort(list(stood) OVER below) AS below, list_sort(list(stood) OVER above) AS above
    FROM stood SEMI JOIN boxes USING (box)
    WINDOW below AS (PARTITION BY box ORDER BY number, item ROWS BETWEEN 10 PRECEDING AND 1 PRECEDING),
           above AS (PARTITION BY box ORDER BY number, item ROWS BETWEEN 1 FOLLOWING AND 10 FOLLOWING)),
odd AS MATERIALIZED (
    SELECT item, location_text, path, raw, number, dated, above[8] AS latest FROM beside
    WHERE len(above) = 10 AND above[8] < stood AND len(below) >= 5 AND below[(len(below) + 1) // 2] <= above[5]),
sought AS (SELECT unnest(list(sha256)) AS sha256 FROM odd JOIN flat.items USING (item)),
places AS MATERIALIZED (SELECT sha256, location_text, location FROM occurrences SEMI JOIN sought USING (sha256)),
written AS MATERIALIZED (SELECT sha256, given FROM messages SEMI JOIN sought USING (sha256))
SELECT p.sha256, number, latest, dated, t."time" AS stamp, o.path AS path, o.raw AS raw,
       list_filter(w.given, lambda g: g.kind = 'uid')[1].written AS written, p.location AS location
FROM odd o JOIN flat.items i USING (item) JOIN places p ON p.sha256 = i.sha256 AND p.location_text = o.location_text
JOIN written w ON w.sha256 = i.sha256
JOIN flat.stamps t ON t.item = o.item AND t.kind = 'hop' AND t.index = 0
ORDER BY p.sha256, p.location_text
"""

_BINS = ((30 * DAY, "off>30d"), (7 * DAY, "off>7d"), (DAY, "off>1d"))
NEIGHBORS, WITNESSES = 10, 8


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail at one place that arrived after mails with larger numbers."""

    sha256: str
    number: int
    latest: int
    """Instant at or before which eight of the ten mails with the next larger numbers arrived."""
    dated: int | None
    """Instant of Date."""
    stamp: TimeRow
    path: str
    """Where the name of its file says the number; empty: a header field does."""
    raw: bytes
    """The digits there."""
    written: LocatedRow | None
    """That field."""
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report how far the newest stamp stands after those of mails that were numbered later.

    Seen: of 697 mails that one list got from three mailboxes, a month each, none stands an hour out of its order; over
    the year, when each month began anew, they have none.
    """
    for row in rows:
        at = row.stamp.instant
        name = bin_of(at - row.latest, _BINS) if at is not None else ""
        if at is None or not name:
            continue
        values = {"number": str(row.number), "stamp": clock(at), "off": span(at - row.latest)}
        counted = counts(
            RULE,
            "mails with the next larger numbers of the mailbox, and at least how many of them arrived before the mail",
            {},
            n=NEIGHBORS,
            k=WITNESSES,
        )
        place = (row.sha256, row.location)
        yield Observation(
            sentence=_SAID(**values, n=str(NEIGHBORS), k=str(WITNESSES)),
            bin=name,
            evidence=(cite_row("Received, newest", row.stamp, Role.EITHER, *place), *_number(row)),
            suspect="header:Received[0]",
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(counted,),
            benign=_causes(row),
        )


def _causes(row: Row) -> tuple[BenignState, ...]:
    """Imports append by Date, and programs sort by it: a mail that was late then stands where its Date belongs."""
    if row.dated is not None and row.dated <= row.latest:
        return (settled("renumbered", State.EXPLAINS, _BY_DATE(date=clock(row.dated))),)
    return ()


def _number(row: Row) -> Iterator[Evidence]:
    """Quote where the number stands: the name of the file, or a field."""
    label = "the mailbox's number"
    if row.path:
        yield Evidence(
            role=Role.EITHER,
            label=label,
            value=str(row.number),
            raw=row.raw,
            locator=Locator(path=row.path),
            sha256=row.sha256,
            location=row.location,
        )
    elif row.written is not None and row.written.start is not None:
        yield cite_located(label, row.written, Role.EITHER, row.sha256, row.location)


def cases() -> Iterator[Case]:
    """Cases of one mail before others of its mailbox, which came a month apart each."""
    eighth = ticks("2017-08-06T10:00:00+00:00")

    def row(stamp: str, *, path: str = "file:name/uid", date: str = "") -> Row:
        return Row(
            sha256="0" * 64,
            number=1000,
            latest=eighth,
            dated=ticks(date or stamp),
            stamp=time_row(stamp, path="header:Received[0]"),
            path=path,
            raw=b"1000",
            written=None if path else located_row("1000", "header:X-UID[0]"),
            location=location(),
        )

    yield fires((row("2017-12-06T10:00:00+00:00"),), "arrived in December, numbered in spring", bin="off>30d")
    yield fires((row("2017-08-16T10:00:00+00:00", path=""),), "ten days late, by a header field", bin="off>7d")
    yield fires((row("2017-08-08T10:00:00+00:00"),), "two days late", bin="off>1d")
    late = row("2017-08-16T10:00:00+00:00", date="2017-03-06T10:00:00+00:00")
    yield explained((late,), "numbered by Date, in a mailbox that was filled anew", by="renumbered")
    yield silent((row("2017-08-07T09:00:00+00:00"),), "delayed by a day")
    yield silent((row("2017-03-07T10:00:00+00:00"),), "in order")
