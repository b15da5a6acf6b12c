"""If one mail's Date is wrong, all other times of its thread agree: and with no other so few."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec
from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._clocks import DOUBT
from forensics.checks._facts import DAY, HOUR, MINUTE, bin_of, cite_row, clock, offsets, settled, span
from forensics.checks._reasons import TOLD_BY_SERVER
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.times import ticks, time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    BenignState,
    Bin,
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
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.one_wrong_time",
    version=1,
    title="The one Date that all other times of a thread contradict",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.REFERENCES,
    bins=(
        Bin("off>10min", ceiling=Strength.WEAK),
        Bin("off>1h", ("off>10min",), ceiling=Strength.WEAK),
        Bin("off>1d", ("off>10min", "off>1h")),
        Bin("off>30d", ("off>10min", "off>1h", "off>1d")),
    ),
    group="thread",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("sender_clock", "wrong_offset", "told_by_server", "unsolicited"),
    accuses=("date",),
    as_delivered=True,
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5322 3.6.4", "kb:X-01", "kb:O-15", "kb:O-20"),
)

_SAID = says(
    "rule.case.one_wrong_time",
    one=(
        "If this one Date, {date} UTC, is wrong by {off} or more, the {agrees} other times of the mail and of those "
        "next to it in its thread agree. They contradict it {against} times; no other smallest set of wrong times "
        "leaves none that contradict each other."
    ),
)

LEAST = 3
"""Other times, two of them of other mails: with fewer one mail's word stands against another's."""
MOST = 5
"""Other times that are cited."""

ROWS_NEEDED = {"messages": 2}

QUERY = """
WITH wrong AS MATERIALIZED (
    FROM wrong_times WHERE kind = 'date' AND wrong AND NOT supported AND exact AND sets = 1 AND agrees >= 3),
beside AS (
    SELECT w.sha256 AS suspect, t.sha256, t.kind, t."time" FROM wrong_times t JOIN wrong w USING (component)
    WHERE t.wrong = false),
numbered AS (SELECT w.*, item, date, location FROM wrong w JOIN flat.items USING (sha256) JOIN flat.mails USING (item))
SELECT n.sha256, n.date, n.location, n.against, n.agrees, n.earliest, n.latest, b.sha256 AS witness, b.kind,
       i.location AS witness_location, b."time"
FROM numbered n JOIN beside b ON b.suspect = n.sha256 JOIN flat.items i ON i.sha256 = b.sha256
WHERE (n.latest IS NOT NULL AND n.date.instant > n.latest) OR (n.earliest IS NOT NULL AND n.date.instant < n.earliest)
ORDER BY n.sha256, b.kind, b."time".instant, b.sha256
"""

_LABELS = {
    "date": "Date of a mail beside it in its thread",
    "message_id": "Time in a Message-ID",
    "served": "Time of the first server",
}
_BINS = ((30 * DAY, "off>30d"), (DAY, "off>1d"), (HOUR, "off>1h"), (10 * MINUTE, "off>10min"))


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One time that contradicts a Date, or agrees with those that do."""

    sha256: str
    date: TimeRow
    location: Location
    against: int
    agrees: int
    earliest: int | None
    """What the others allow for the Date."""
    latest: int | None
    witness: str
    kind: str
    """``date``, ``message_id`` or ``served``: of its first server."""
    witness_location: Location
    time: TimeRow


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Say how far each Date is from where all other times put it."""
    for _, group in groupby(rows, key=lambda row: row.sha256):
        found = list(group)
        others = {row.witness for row in found} - {found[0].sha256}
        if len(others) > 1 or any(row.witness == row.sha256 for row in found):
            yield from _observation(found)


def _observation(rows: list[Row]) -> Iterator[Observation]:
    first = rows[0]
    at = first.date.instant or 0
    off = max(at - first.latest if first.latest is not None else 0, (first.earliest or at) - at)
    if not (name := bin_of(off, _BINS)):
        return
    # The mail's own server first: what is known of the sender's clock is held against it.
    rows = sorted(rows, key=lambda row: row.witness != row.sha256)
    subjects = [SubjectRef(role=Role.SUSPECT, sha256=first.sha256, location=first.location)]
    for row in rows:
        ref = SubjectRef(role=Role.WITNESS, sha256=row.witness, location=row.witness_location)
        if row.witness != first.sha256 and ref not in subjects and len(subjects) <= MOST:
            subjects.append(ref)
    yield Observation(
        sentence=_SAID(date=clock(at), off=span(off), agrees=str(first.agrees), against=str(first.against)),
        bin=name,
        evidence=(
            cite_row("Date", first.date, Role.SUSPECT, first.sha256, first.location),
            *[_cite(row) for row in rows[:MOST]],
        ),
        suspect=first.date.path,
        subjects=tuple(subjects),
        benign=(*offsets("wrong_offset", off), *_told(rows)),
    )


def _told(rows: list[Row]) -> tuple[BenignState, ...]:
    """One wrong Date is one finding: where the mail's own server had it before, the rule on its trace reports it."""
    at = rows[0].date.instant or 0
    served = [row.time.instant or 0 for row in rows if row.witness == row.sha256 and row.kind == "served"]
    early = at - min(served, default=at)
    return (settled("told_by_server", State.EXPLAINS, TOLD_BY_SERVER(late=span(early))),) if early > DOUBT else ()


def _cite(row: Row) -> Evidence:
    role = Role.SUSPECT if row.witness == row.sha256 else Role.WITNESS
    return cite_row(_LABELS[row.kind], row.time, role, row.witness, row.witness_location)


def _row(date: str, number: int, *, kind: str = "date", latest: str = "2017-03-06T10:10:00+00:00") -> Row:
    return Row(
        sha256="0" * 64,
        date=time_row(date, path="header:Date[0]"),
        location=location("leak/0.eml"),
        against=3,
        agrees=5,
        earliest=None,
        latest=ticks(latest),
        witness=f"{number:064}",
        kind=kind,
        witness_location=location(f"leak/{number}.eml"),
        time=time_row("2017-03-06T10:00:00+00:00", path="header:Date[0]"),
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    days = "2017-05-06T10:00:00+00:00"
    yield fires((_row(days, 1), _row(days, 2)), "two replies, two months before", bin="off>30d")
    served = (_row(days, 0, kind="served"), _row(days, 1))
    yield explained(served, "its own server had it two months before, and a reply", by="told_by_server")
    back = "2017-01-06T10:00:00+00:00"
    after = [replace(row, earliest=ticks("2017-03-06T09:50:00+00:00")) for row in (_row(back, 1), _row(back, 2))]
    yield fires(tuple(after), "two mails that it answers, two months after", bin="off>30d")
    day = "2017-03-08T10:00:00+00:00"
    yield fires((_row(day, 1), _row(day, 2)), "two days", bin="off>1d")
    hours = "2017-03-06T12:00:00+00:00"
    yield fires((_row(hours, 1), _row(hours, 2)), "two hours", bin="off>1h")
    minutes = "2017-03-06T10:40:00+00:00"
    yield fires((_row(minutes, 1), _row(minutes, 2)), "half an hour", bin="off>10min")
    yield silent((_row(days, 1),), "one mail's word against another's")
    near = "2017-03-06T10:15:00+00:00"
    yield silent((_row(near, 1), _row(near, 2)), "five minutes beyond what clocks are off by")
