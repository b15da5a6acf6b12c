"""Date lies after the day on which the archive was captured or examined."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite, clock, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.model.facts import Absence
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.date_after_as_of",
    version=1,
    title="Date after the archive was captured",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT,
    bins=nested("after>2d", "after>1y"),
    group="date",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("sender_clock", "as_of_wrong", "unsolicited"),
    accuses=("date",),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("RFC 5322 3.6.1", "kb:D-14"),
)

_SAID = says(
    "rule.mail.date_after_as_of",
    one="Date says {date} UTC, {late} after {as_of}, when the archive was captured or examined.",
)

TOLERANCE = 2 * DAY
_BINS = ((365 * DAY, "after>1y"), (TOLERANCE, "after>2d"))


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare Date with as-of; two days cover every zone and a day given without a time."""
    date = message.date
    if isinstance(date, Absence) or not isinstance(date.instant, int):
        return
    name = bin_of(date.instant - context.as_of, _BINS)
    if not name:
        return
    values = {
        "date": clock(date.instant),
        "as_of": clock(context.as_of)[:10],
        "late": span(date.instant - context.as_of),
    }
    yield Observation(
        sentence=_SAID(**values),
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT),),
        suspect=date.locator.path,
    )


def cases() -> Iterator[Case]:
    """Cases around as-of, which is 2026-01-01."""
    yield fires(message("2026-02-01T10:00:00+00:00"), "a month after as-of", bin="after>2d")
    yield fires(message("2037-03-06T10:00:00+00:00"), "eleven years after as-of", bin="after>1y")
    yield silent(message("2026-01-02T10:00:00+00:00"), "the next day: as-of may be given as a day")
    yield silent(message(), "years before as-of")
