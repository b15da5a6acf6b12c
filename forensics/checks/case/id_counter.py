"""Exchange counted a mail's id between mails of another time."""

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
    id="case.id_counter",
    version=1,
    title="Message-ID counted at another time",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.COUNTED_ID,
    bins=nested("off>7d", "off>30d", "off>180d"),
    group="message id",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("imported", "delayed_sending", "sender_clock", "unsolicited"),
    accuses=(
        "date",
        "message-id",
    ),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("kb:T-50", "kb:X-16", "kb:O-15", "kb:O-17"),
)

_SAID = {
    "early": says(
        "rule.case.id_counter.early",
        one="Its counter ({counter}) shows that the server created the Message-ID at least {off} after Date ({date}).",
    ),
    "late": says(
        "rule.case.id_counter.late",
        one=(
            "Its counter ({counter}) shows that the server created the Message-ID at least {off} before Date ({date})."
        ),
    ),
}

ROWS_NEEDED = {"messages": 2}

# 32 digits name the store, the rest counts its mails. The counter of a mail bounds its time: it was counted after all
# with a smaller one, and before all with a larger one. The second bound counts: one false Date accuses one.
QUERY = r"""
WITH mails AS (
    SELECT item, instant AS stood, regexp_extract(message_id, '^([0-9A-F]{32})[0-9A-F]{4,8}@', 1) AS store,
           ('0x' || regexp_extract(message_id, '^[0-9A-F]{32}([0-9A-F]{4,8})@', 1)) AS digits
    FROM flat.mails WHERE instant IS NOT NULL AND length(split_part(message_id, '@', 1)) BETWEEN 36 AND 40),
counted AS (SELECT *, CAST(digits AS BIGINT) AS counter FROM mails WHERE store <> ''),
bounded AS (
    SELECT *, (count(*) OVER (PARTITION BY store)) - 1 AS n,
           max(stood, 2) OVER (PARTITION BY store ORDER BY counter, item
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
           min(stood, 2) OVER (PARTITION BY store ORDER BY counter, item
                               ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS after
    FROM counted),
odd AS MATERIALIZED (
    FROM bounded WHERE n >= 5 AND (before[2] > stood OR after[2] < stood))
SELECT sha256, store, counter, n, coalesce(before, []) AS before, coalesce(after, []) AS after, date,
       written_id AS message_id, location
FROM odd JOIN flat.mails USING (item) JOIN flat.items USING (item)
ORDER BY sha256
"""

_BINS = ((180 * DAY, "off>180d"), (30 * DAY, "off>30d"), (7 * DAY, "off>7d"))
WITNESSES = 2


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail of a store with five others, out of order by its counter."""

    sha256: str
    store: str
    counter: int
    n: int
    before: list[int]
    """Instants of the two latest Dates of mails with smaller counters, latest first."""
    after: list[int]
    """Of the two earliest with larger ones, earliest first."""
    date: TimeRow
    message_id: LocatedRow
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report how far Date stands outside the bounds that two mails on that side agree on.

    Measured: of 962 pairs of neighbours 938 rise, and 24 fall, by hours mostly.
    """
    for row in rows:
        at = row.date.instant
        if at is None:
            continue
        early = row.before[1] - at if len(row.before) > 1 else 0
        late = at - row.after[1] if len(row.after) > 1 else 0
        off, side = (early, "early") if early > late else (late, "late")
        if name := bin_of(off, _BINS):
            yield _observation(row, name, side, off, at)


def _observation(row: Row, name: str, side: str, off: int, at: int) -> Observation:
    place = (row.sha256, row.location)
    cited = [cite_row("Date", row.date, Role.SUSPECT, *place)]
    if row.message_id.start is not None:
        cited.append(cite_located("Message-ID", row.message_id, Role.WITNESS, *place))
    values = {"counter": f"{row.counter:X}", "date": clock(at), "off": span(off)}
    counted = counts(
        RULE,
        "other mails in the store, and at least how many of them are on the wrong side of Date by their counters",
        {"store": row.store},
        n=row.n,
        k=WITNESSES,
    )
    return Observation(
        sentence=_SAID[side](**values),
        bin=name,
        evidence=tuple(cited),
        suspect="header:Date[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counted,),
    )


def cases() -> Iterator[Case]:
    """Cases of one mail among ten of the same store, a month apart each."""
    months = [ticks(f"2017-{month:02}-06T10:00:00+00:00") for month in range(1, 11)]

    def row(date: str, place: int) -> Row:
        return Row(
            sha256="0" * 64,
            store="0" * 32,
            counter=0x1000 + place,
            n=10,
            before=months[:place][::-1][:2],
            after=months[place:][:2],
            date=time_row(date, path="header:Date[0]"),
            message_id=located_row(f"{'0' * 32}{0x1000 + place:08X}@mail.example", "header:Message-ID[0]"),
            location=location(),
        )

    yield fires((row("2017-01-16T10:00:00+00:00", 8),), "January by Date, August by its counter", bin="off>30d")
    yield fires((row("2016-01-16T10:00:00+00:00", 8),), "a year and a half", bin="off>180d")
    yield fires((row("2017-09-16T10:00:00+00:00", 7),), "late by ten days", bin="off>7d")
    yield silent((row("2017-08-01T10:00:00+00:00", 8),), "a few days: it waited")
    yield silent((row("2017-10-20T10:00:00+00:00", 9),), "one other mail has a false Date, or this one")
