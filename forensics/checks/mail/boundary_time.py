"""A MIME boundary was made at another time than Date says; the sending program makes both when it sends."""

from collections.abc import Iterator

from forensics.checks._facts import DAY, HOUR, bin_of, cite, sender_client, shown, span
from forensics.checks._ids import far_off, in_a_zone, nearest, times_at, zones_apart
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import Timestamp
from forensics.model.mail import MailMessage
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Sentence,
    Strength,
    Subject,
    nested,
)

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
    settle="settle.sending_server",
    references=(
        *[f"kb:B-{row:02d}" for row in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)],
        "kb:O-15",
    ),
)

_COUNTS = frozenset(("Gmail", "QQMail", "Yahoo", "maildrop"))
"""Schemes of nothing but digits, of which some happen to be a time."""


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Compare the outermost boundary that carries a time with Date; those within may come from a forwarded mail."""
    outer = next(times_at(message, "part:", "/boundary"), None)
    if outer is None or not isinstance(message.date, Timestamp):
        return
    found = nearest((outer,), (message.date,))
    if found is None:
        return
    made, date, late = found
    zone = abs(late) > HOUR // 2 and in_a_zone(message, made, date)
    if zone and not isinstance(made.instant, int):
        return  # Exchange writes Date in UTC, and Outlook's boundary holds the time of its place.
    if zone or zones_apart(late):
        name = "whole_hours"
    elif late > 0:
        name = bin_of(late, ((DAY, "later>1d"), (HOUR, "later>1h")))
    else:
        name = bin_of(-late, ((DAY, "earlier>1d"), (HOUR, "earlier>1h")))
    if not name or (_guessed(message, made) and far_off(message, made, late)):
        return
    values = {"made": shown(made), "scheme": made.scheme, "date": shown(date), "apart": span(late)}
    yield Observation(
        sentence=Sentence(f"rule.{RULE.id}.{'later' if late > 0 else 'earlier'}", values),
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT), cite("boundary", made, Role.WITNESS)),
        suspect=date.locator.path,
        compare=sender_client(message),
    )


def _guessed(message: MailMessage, made: Timestamp) -> bool:
    """Whether the form may be that of another program; a mail with Gmail's id has Gmail's boundary."""
    of_gmail = made.scheme == "Gmail" and message.message_id.value.endswith("@mail.gmail.com")
    return made.scheme in _COUNTS and not of_gmail


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(*times: str) -> MailMessage:
        ids = [id_time(text, f"part:{place}/boundary", "Gmail") for place, text in enumerate(times)]
        return message("2017-03-06T10:00:00+00:00", ids=ids)

    yield fires(mail("2017-03-06T11:14:00+00:00"), "an hour and a quarter later", bin="later>1h")
    yield fires(mail("2017-05-06T10:17:00+00:00"), "two months later: Date was set back", bin="later>1d")
    yield fires(mail("2017-03-06T08:41:00+00:00"), "an hour and a quarter earlier", bin="earlier>1h")
    yield fires(mail("2016-05-06T10:17:00+00:00"), "ten months earlier", bin="earlier>1d")
    yield fires(mail("2017-03-06T04:00:00+00:00"), "six hours: another zone", bin="whole_hours")
    yield fires(mail("2017-03-06T04:02:00+00:00"), "no zone: two minutes more", bin="earlier>1h")
    named = id_time("2009-05-06T10:17:00+00:00", "part:0/boundary", "Gmail")
    own = message("2017-03-06T10:00:00+00:00", ids=(named,), message_id="x@mail.gmail.com")
    yield fires(own, "years earlier, in a mail with Gmail's id", bin="earlier>1d")
    yield silent(mail("2009-05-06T10:17:00+00:00"), "digits that are a time of other years by chance")
    there = id_time("2017-03-06T12:00:00", "part:0/boundary", "Outlook")
    yield silent(message(hops=(("mx.example", "2017-03-06T12:00:04+02:00"),), ids=(there,)), "a server's wall clock")
    yield silent(mail("2017-03-06T10:00:36+00:00"), "sent after half a minute of second thoughts")
    yield silent(mail("2017-03-06T10:00:00+00:00", "2016-01-06T10:00:00+00:00"), "a forwarded mail within")
    local = id_time("2017-03-06T10:00:00", "part:0/boundary", "Outlook")
    yield silent(message("2017-03-06T10:00:00+05:00", ids=(local,)), "the same wall clock")
