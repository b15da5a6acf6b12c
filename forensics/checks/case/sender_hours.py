"""A mail was written at an hour of the day at which its sender otherwise never writes: an aid to order, no more."""

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
    id="case.sender_hours",
    version=1,
    title="Hour at which the sender never writes",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_OFFSET | MessageHas.FROM,
    bins=(Bin("never"),),
    group="hours",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.CONTEXT,
    benign=("delayed_sending", "wrong_offset", "shared_account", "unsolicited"),
    accuses=("date",),
    settle=settle.SENDING_SERVER,
    references=("kb:D-08",),
)

_SAID = says(
    "rule.case.sender_hours",
    one=(
        "The mail was written at about {hour} by its sender's clock; none of the {n} other mails of "
        "{sender} was written then or in the adjacent hours."
    ),
)

LEAST = 50
"""Other mails of the sender that show their hour."""

ROWS_NEEDED = {"messages": 2}

# Hours are those of the sender's own clock, as Date writes it. Three hours are empty: the mail's, and those beside it.
QUERY = """
WITH mails AS (
    SELECT item, sender, wall // 36000000000 % 24 AS hour FROM flat.mails
    WHERE wall IS NOT NULL AND offset_s IS NOT NULL AND sender <> ''),
hours AS (SELECT sender, hour, count(*) AS k FROM mails GROUP BY ALL),
senders AS (SELECT sender, sum(k)::BIGINT AS n FROM hours GROUP BY sender HAVING sum(k) > 50),
around AS (
    SELECT a.sender, a.hour, sum(b.k)::BIGINT AS near FROM hours a JOIN senders USING (sender)
    JOIN hours b ON b.sender = a.sender AND (b.hour - a.hour + 24) % 24 IN (0, 1, 23) GROUP BY ALL)
SELECT sha256, m.sender, m.hour, (s.n - 1)::BIGINT AS n, w.date, location
FROM mails m JOIN senders s USING (sender) JOIN around r ON r.sender = m.sender AND r.hour = m.hour AND r.near = 1
JOIN flat.mails w USING (item) JOIN flat.items USING (item)
ORDER BY sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail at an hour of its own."""

    sha256: str
    sender: str
    hour: int
    n: int
    date: TimeRow
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each mail of a sender with many."""
    for row in rows:
        if row.n < LEAST:
            continue
        values = {"sender": row.sender[:120], "hour": f"{row.hour:02}:00", "n": str(row.n)}
        yield Observation(
            sentence=_SAID(**values),
            bin="never",
            evidence=(cite_row("Date", row.date, Role.SUSPECT, row.sha256, row.location),),
            suspect="header:Date[0]",
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(
                counts(
                    RULE,
                    "other mails of the sender, and how many of them within an hour of this one's",
                    {"sender": row.sender},
                    n=row.n,
                    k=0,
                ),
            ),
        )


def cases() -> Iterator[Case]:
    """Cases of a sender with many mails, and with few."""

    def row(n: int) -> Row:
        date = time_row("2017-03-06T03:30:00+01:00", path="header:Date[0]")
        return Row(sha256="0" * 64, sender="anna@example.org", hour=3, n=n, date=date, location=location())

    yield fires((row(400),), "at half past three at night, once in 400", bin="never")
    yield silent((row(20),), "too few mails to know their hours")
