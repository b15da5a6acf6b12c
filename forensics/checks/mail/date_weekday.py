"""The weekday that Date names is not the weekday of its day: whoever wrote it did not ask a calendar."""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, cite, clock, settled
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.model.facts import Absence
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.date_weekday",
    version=1,
    title="Weekday and date disagree",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE | MessageHas.WEEKDAY,
    bins=(Bin("mismatch"),),
    group="date",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("broken_client", "weekday_other_zone", "unsolicited"),
    accuses=("date",),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("RFC 5322 3.3", "kb:D-01", "kb:O-19"),
)

_SAID = says("rule.mail.date_weekday", one="Date names {named}, but {date} was a {true}.")
_WEEKDAY_NOT_UTC = says("note.weekday_not_utc", one="The weekday is not that of the UTC day either.")

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMED = {name.lower().encode(): day for day in _DAYS for name in (day, day[:3])}
_LEAD = re.compile(rb"\s{0,20}([A-Za-z]{3,9})\.?,?\s{0,20}(?:\d{1,2})[\s-]{0,5}[A-Za-z]{3,9}\.?[\s-]{0,5}(\d+)")
_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare the weekday with the written calendar day, not with UTC's."""
    date = message.date
    if isinstance(date, Absence) or not isinstance(date.wall, int) or message.weekday == _weekday(date.wall):
        return
    written = _LEAD.match(date.raw)
    # Only the usual order with a four-digit year is judged: in any other the fault may be our reading.
    if written is None or len(written[2]) != 4:
        return
    named = _NAMED.get(written[1].lower(), "")
    true = _DAYS[_weekday(date.wall)]
    if not named or named == true:
        return
    utc = isinstance(date.instant, int) and _DAYS[_weekday(date.instant)] == named
    yield Observation(
        sentence=_SAID(named=named, true=true, date=clock(date.wall)[:10]),
        bin="mismatch",
        evidence=(cite("Date", date, Role.SUSPECT),),
        suspect=date.locator.path,
        benign=() if utc else (settled("weekday_other_zone", State.EXCLUDED, _WEEKDAY_NOT_UTC(utc_day=named)),),
    )


def _weekday(ticks: int) -> int:
    return (ticks // DAY + _EPOCH_WEEKDAY) % 7


def cases() -> Iterator[Case]:
    """Cases of the weekday, and of the ways in which our reading could be wrong."""
    yield fires(message(weekday="Tue"), "Tuesday written on a Monday", bin="mismatch")
    yield fires(message("2017-03-06T23:30:00-05:00", weekday="Tue"), "the weekday of UTC's day", bin="mismatch")
    yield silent(message(), "the true weekday")
    yield silent(message("2017-03-06T23:30:00-05:00"), "the local weekday, while UTC is a day on")
    yield silent(message(raw_date=b"Tue, 6 Mar 17 10:00:00 +0000"), "two-digit year: the century is our reading")
    yield silent(message(raw_date=b"lun., 6 mars 2017 10:00:00 +0000"), "a weekday that is not English")
