"""Date is days earlier than the first server's stamp: the mail lay somewhere, or its Date was set back."""

from collections.abc import Iterator

from forensics.checks._facts import DAY, bin_of, cite, clock, sender_client, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.model.facts import Absence, Timestamp
from forensics.model.mail import MailMessage
from forensics.model.rules import (
    Context,
    Has,
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
    id="mail.date_before_first_trace",
    version=1,
    title="Date days before the first server",
    subject=Subject.MESSAGE,
    needs=Has.DATE_INSTANT | Has.TRACE_TIME_1,
    bins=nested("earlier>1d", "earlier>7d", "earlier>30d", "earlier>1y"),
    group="date",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("delayed_sending", "sender_clock", "clock_skew", "route_rewritten", "unsolicited"),
    settle="settle.sending_server",
    references=("RFC 5321 4.4", "kb:D-11", "kb:O-15", "kb:O-33"),
)

_BINS = ((365 * DAY, "earlier>1y"), (30 * DAY, "earlier>30d"), (7 * DAY, "earlier>7d"), (DAY, "earlier>1d"))


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Compare Date with the oldest trace field that can be read."""
    date = message.date
    stamps = [(hop, hop.time) for hop in message.trace if isinstance(hop.time, Timestamp)]
    known = [(hop, stamp, stamp.instant) for hop, stamp in stamps if isinstance(stamp.instant, int)]
    if isinstance(date, Absence) or not isinstance(date.instant, int) or not known:
        return
    # A server may have stamped a wrong time: the earliest stamp of all is what Date must stand before.
    hop, stamp, first = min(known, key=lambda one: one[2])
    early = first - date.instant
    name = bin_of(early, _BINS)
    if not name:
        return
    values = {"date": clock(date.instant), "early": span(early), "first": clock(first)}
    yield Observation(
        sentence=Sentence(f"rule.{RULE.id}", {**values, "host": hop.by[:200] or "?"}),
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT), cite("Received, earliest", stamp, Role.WITNESS)),
        suspect=date.locator.path,
        compare=sender_client(message),
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    hops = (("mx.example", "2017-03-06T10:00:00+00:00"), ("list.example", "2017-03-06T10:01:00+00:00"))
    yield fires(message("2017-03-04T10:00:00+00:00", hops=hops), "two days in an outbox", bin="earlier>1d")
    yield fires(message("2017-02-20T10:00:00+00:00", hops=hops), "two weeks", bin="earlier>7d")
    yield fires(message("2016-12-06T10:00:00+00:00", hops=hops), "three months", bin="earlier>30d")
    yield fires(message("2015-03-06T10:00:00+00:00", hops=hops), "two years", bin="earlier>1y")
    yield silent(message("2017-03-05T12:00:00+00:00", hops=hops), "sent the next morning")
    slow = (("old.example", "2017-04-20T10:00:00+00:00"), ("mx.example", "2017-03-06T10:00:00+00:00"))
    yield silent(message("2017-03-06T09:59:00+00:00", hops=slow), "one server ahead of its time, the next is not")
