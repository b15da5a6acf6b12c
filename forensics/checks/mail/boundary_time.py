"""A MIME boundary was made at another time than Date says; the sending program makes both when it sends."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._clock_pairs import Comparison, Pair, compare, first
from forensics.checks._facts import DAY, HOUR, shown, span
from forensics.checks._ids import far_off, in_a_zone, zones_apart
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Rule,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="mail.boundary_time",
    version=2,
    title="Boundary made at another time than Date",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE | MessageHas.BOUNDARY_TIME,
    bins=(*nested("later>1h", "later>1d"), *nested("earlier>1h", "earlier>1d"), Bin("whole_hours")),
    group="boundary",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("sender_clock", "wrong_offset", "delayed_sending", "date_set_by_tool", "broken_client", "unsolicited"),
    accuses=(
        "date",
        "body",
    ),
    of_program=True,
    settle=settle.SENDING_SERVER,
    references=(
        *[f"kb:B-{row:02d}" for row in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)],
        "kb:O-15",
    ),
)

_SAID = {
    "later": says(
        "rule.mail.boundary_time.later",
        one=(
            "The boundary between the parts was made at {made}, {apart} after Date ({date}); boundaries of "
            "{scheme} have this form."
        ),
    ),
    "earlier": says(
        "rule.mail.boundary_time.earlier",
        one=(
            "The boundary between the parts was made at {made}, {apart} before Date ({date}); boundaries of "
            "{scheme} have this form."
        ),
    ),
}

_COUNTS = frozenset(("Gmail", "QQMail", "Yahoo", "maildrop"))
"""Schemes of nothing but digits, of which some happen to be a time."""


def _zones(message: Message, found: Comparison) -> bool:
    return zones_apart(found[2]) or _in_a_zone(message, found)


def _in_a_zone(message: Message, found: Comparison) -> bool:
    made, date, late = found
    return abs(late) > HOUR // 2 and in_a_zone(message, made, date)


def _doubted(message: Message, found: Comparison) -> bool:
    """Whether the form may be that of another program; a mail with Gmail's id has Gmail's boundary.

    Exchange writes Date in UTC, and Outlook's boundary holds the time of its place: then both are one moment.
    """
    made, _, late = found
    if not isinstance(made.instant, int) and _in_a_zone(message, found):
        return True
    of_gmail = made.scheme == "Gmail" and message.message_id.value.endswith("@mail.gmail.com")
    return made.scheme in _COUNTS and not of_gmail and far_off(message, made, late)


def _words(found: Comparison) -> dict[str, str]:
    made, date, late = found
    return {"made": shown(made), "scheme": made.scheme, "date": shown(date), "apart": span(late)}


_PAIR = Pair(
    kinds=(TimeKind.BOUNDARY,),
    choose=first,
    later=((DAY, "later>1d"), (HOUR, "later>1h")),
    earlier=((DAY, "earlier>1d"), (HOUR, "earlier>1h")),
    zones=_zones,
    zone="whole_hours",
    doubted=_doubted,
    labels=("Date", "boundary"),
    words=_words,
    said=_SAID["later"],
    said_earlier=_SAID["earlier"],
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare the outermost boundary that carries a time with Date; those within may come from a forwarded mail."""
    return compare(RULE, _PAIR, message)


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(*times: str) -> Message:
        ids = [id_time(text, "Gmail", kind=TimeKind.BOUNDARY, index=place) for place, text in enumerate(times)]
        return message("2017-03-06T10:00:00+00:00", ids=ids)

    yield fires(mail("2017-03-06T11:14:00+00:00"), "an hour and a quarter later", bin="later>1h")
    yield fires(mail("2017-05-06T10:17:00+00:00"), "two months later: Date was set back", bin="later>1d")
    yield fires(mail("2017-03-06T08:41:00+00:00"), "an hour and a quarter earlier", bin="earlier>1h")
    yield fires(mail("2016-05-06T10:17:00+00:00"), "ten months earlier", bin="earlier>1d")
    yield fires(mail("2017-03-06T04:00:00+00:00"), "six hours: another zone", bin="whole_hours")
    yield fires(mail("2017-03-06T04:02:00+00:00"), "no zone: two minutes more", bin="earlier>1h")
    named = id_time("2009-05-06T10:17:00+00:00", "Gmail", kind=TimeKind.BOUNDARY)
    own = message("2017-03-06T10:00:00+00:00", ids=(named,), message_id="x@mail.gmail.com")
    yield fires(own, "years earlier, in a mail with Gmail's id", bin="earlier>1d")
    yield silent(mail("2009-05-06T10:17:00+00:00"), "digits that are a time of other years by chance")
    there = id_time("2017-03-06T12:00:00", "Outlook", kind=TimeKind.BOUNDARY)
    yield silent(message(hops=(("mx.example", "2017-03-06T12:00:04+02:00"),), ids=(there,)), "a server's wall clock")
    yield silent(mail("2017-03-06T10:00:36+00:00"), "sent after half a minute of second thoughts")
    yield silent(mail("2017-03-06T10:00:00+00:00", "2016-01-06T10:00:00+00:00"), "a forwarded mail within")
    local = id_time("2017-03-06T10:00:00", "Outlook", kind=TimeKind.BOUNDARY)
    yield silent(message("2017-03-06T10:00:00+05:00", ids=(local,)), "the same wall clock")
