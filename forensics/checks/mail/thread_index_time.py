"""Outlook's or Exchange's Thread-Index was written after the day that Date names."""

from collections.abc import Iterator

from forensics.checks._facts import DAY, bin_of, cite, clock, sender_client, span
from forensics.checks._ids import times_at
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import Absence, Timestamp
from forensics.model.mail import MailMessage
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
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
    id="mail.thread_index_time",
    version=1,
    title="Thread-Index later than Date",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.THREAD_TIME,
    bins=nested("later>1d", "later>7d", "later>30d"),
    group="thread index",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("sender_clock", "date_set_by_tool", "broken_client", "unsolicited"),
    settle="settle.sending_server",
    references=("MS-OXOMSG 2.2.1.3", "kb:T-80", "kb:T-81", "kb:T-82", "kb:T-83", "kb:O-15"),
)

_BINS = ((30 * DAY, "later>30d"), (7 * DAY, "later>7d"), (DAY, "later>1d"))


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Compare Date with the block that this mail's program added: it is made when writing begins, so never after Date.

    Less than a day says nothing: relays that rewrite Date, and wrong zones, shift it by whole hours.
    """
    date = message.date
    stamps = list(times_at(message, "header:Thread-Index[0]/"))
    if isinstance(date, Absence) or not isinstance(date.instant, int) or not stamps:
        return
    last = stamps[-1]
    if not isinstance(last.instant, int) or not (name := bin_of(last.instant - date.instant, _BINS)):
        return
    late = span(last.instant - date.instant)
    yield Observation(
        sentence=Sentence(
            f"rule.{RULE.id}", {"written": clock(last.instant), "date": clock(date.instant), "late": late}
        ),
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT), cite("Thread-Index", last, Role.WITNESS)),
        suspect=date.locator.path,
        compare=sender_client(message),
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(*times: str) -> MailMessage:
        names = ("thread", "reply")
        return message("2017-03-06T10:00:00+00:00", ids=[_at(text, names[n]) for n, text in enumerate(times)])

    yield fires(mail("2017-03-08T10:00:00+00:00"), "begun two days later", bin="later>1d")
    yield fires(mail("2017-03-01T10:00:00+00:00", "2017-03-20T10:00:00+00:00"), "answered later", bin="later>7d")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "begun three months later", bin="later>30d")
    yield silent(mail("2017-03-01T10:00:00+00:00", "2017-03-06T09:50:00+00:00"), "begun ten minutes before")
    yield silent(mail("2017-03-06T17:00:00+00:00"), "seven hours: a relay rewrote Date")


def _at(text: str, name: str) -> Timestamp:
    return id_time(text, f"header:Thread-Index[0]/{name}", "Exchange")
