"""Which times of threads cannot all be right, and the fewest that must be wrong so that all others agree.

Only threads in which a mail is dated after one that answers it are looked at, and of these only the mails at odds with
those next to them.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from forensics.checks._clocks import SERVED
from forensics.checks._facts import DAY
from forensics.model.rows.times import TimeRow
from forensics.model.rows.wrong_times import WrongTimeRow
from forensics.model.time_kinds import TimeKind
from forensics.relations.readings import Mail, Reading, clash, doubt, pairs
from forensics.relations.smallest import solve
from forensics.stages.stage import Settings, Tables, Write

NAME = "clocks"
VERSION = 1
READS = ("messages", "occurrences", "threads")
WRITES = ("wrong_times",)
TAKES = ()
ROWS_NEEDED = {"threads": 2}

_FROM = {
    "date": (TimeKind.DATE, TimeKind.SUBMITTED),
    "served": (TimeKind.HOP,),
    "message_id": (TimeKind.MESSAGE_ID,),
}
"""What each reading may be read from."""
MOST = 20_000
"""Mails of one thread that are held against each other."""

_MAILS = f"""
WITH dated AS MATERIALIZED (
    SELECT item, number, parent, thread, instant
    FROM threads JOIN flat.items USING (sha256) JOIN flat.mails USING (item)
    WHERE parent IS NOT NULL OR number IN (SELECT parent FROM threads)),
timed AS MATERIALIZED (FROM dated LEFT JOIN ({SERVED.format(of="dated")}) USING (item)),
odd AS MATERIALIZED (
    SELECT unnest([r.number, p.number]) AS number FROM timed r JOIN timed p ON p.number = r.parent
    WHERE p.instant > least(r.instant, r.served) + 6000000000),
below AS MATERIALIZED (SELECT DISTINCT t.number FROM timed t SEMI JOIN odd ON odd.number = t.parent),
above AS MATERIALIZED (SELECT DISTINCT parent AS number FROM timed SEMI JOIN odd USING (number)),
near AS MATERIALIZED (
    SELECT item FROM timed SEMI JOIN (
        FROM odd UNION FROM below UNION FROM above
        UNION SELECT number FROM timed SEMI JOIN below ON below.number = timed.parent
        UNION SELECT parent FROM timed SEMI JOIN above USING (number)) USING (number)),
made AS (
    SELECT item, arg_min("time", "time".instant) AS made FROM flat.stamps SEMI JOIN near USING (item)
    WHERE kind = 'message_id' GROUP BY item),
stamped AS (
    SELECT item, arg_max("time", index) AS stamped
    FROM near JOIN timed USING (item) JOIN flat.stamps s USING (item)
    WHERE s.kind = 'hop' AND s."time".instant = served GROUP BY item)
SELECT sha256, thread, number, parent, t.instant AS date, stamped.instant AS served, made.instant AS message_id,
       [one FOR one IN [date, stamped, made] IF one IS NOT NULL] AS times
FROM near JOIN timed t USING (item) JOIN flat.items USING (item) JOIN flat.mails USING (item)
LEFT JOIN stamped USING (item) LEFT JOIN made USING (item)
ORDER BY thread, number, sha256
"""


class _Mail(Mail, frozen=True):
    sha256: str
    thread: int
    times: list[TimeRow]
    """As they stand in the mail: of Date, of the first server, of its Message-ID."""


def loads() -> tuple[str, ...]:
    """Return nothing: it imports no module by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Solve what contradicts itself in each thread."""
    for _, group in groupby(tables.rows(_MAILS, {}, _Mail), key=lambda mail: mail.thread):
        mails = list(group)[:MOST]
        for row in _rows(mails):
            write("wrong_times", row)


class _Beside(NamedTuple):
    """A time that a reading is held against."""

    reading: Reading
    after: bool
    """Whether it must not be earlier."""
    clashes: bool


def _rows(mails: Sequence[_Mail]) -> Iterator[WrongTimeRow]:
    numbers: dict[Reading, int] = {}
    beside: dict[Reading, list[_Beside]] = {}
    conflicts: set[tuple[int, int]] = set()
    for first, second in pairs(mails):
        clashes = clash(first, second)
        beside.setdefault(first, []).append(_Beside(second, True, clashes))
        beside.setdefault(second, []).append(_Beside(first, False, clashes))
        if clashes:
            conflicts.add((numbers.setdefault(first, len(numbers)), numbers.setdefault(second, len(numbers))))
    readings = list(numbers)
    for solved in solve(conflicts):
        wrong = {readings[number] for number in solved.always}
        component = min([mails[readings[number].mail].number for number in solved.readings])
        for number in sorted(solved.readings):
            reading = readings[number]
            mail = mails[reading.mail]
            sound = [one for one in beside[reading] if one.reading not in wrong]
            yield WrongTimeRow(
                sha256=mail.sha256,
                kind=reading.kind,
                time=next(time for time in mail.times if time.kind in _FROM[reading.kind]),
                component=component,
                times=len(solved.readings),
                least=solved.least,
                exact=solved.exact,
                sets=solved.sets,
                wrong=True if number in solved.always else False if number in solved.never else None,
                against=sum([one.clashes for one in beside[reading]]),
                agrees=len(sound),
                earliest=max([_bound(reading, one) for one in sound if not one.after], default=None),
                latest=min([_bound(reading, one) for one in sound if one.after], default=None),
                supported=reading.kind == "date" and mail.served is not None and abs(mail.served - reading.at) <= DAY,
            )


def _bound(reading: Reading, beside: _Beside) -> int:
    """Return what another time allows for a reading."""
    off = doubt(reading.kind, beside.reading.kind)
    return beside.reading.at + off if beside.after else beside.reading.at - off
