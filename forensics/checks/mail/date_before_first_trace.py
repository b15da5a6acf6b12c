"""Date is days earlier than the first server's stamp: the mail lay somewhere, or its Date was set back."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite, clock, settled, span
from forensics.checks._held import held
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import Absence, ClockKind
from forensics.model.mail import Message, TraceField
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="mail.date_before_first_trace",
    version=2,
    title="Date days before the first server's stamp",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER | MessageHas.DATE_INSTANT | MessageHas.TRACE_TIME_1,
    bins=nested("earlier>1d", "earlier>7d", "earlier>30d", "earlier>1y"),
    group="date",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("delayed_sending", "sender_clock", "clock_skew", "route_rewritten", "unsolicited"),
    accuses=("date",),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("RFC 5321 4.4", "kb:D-11", "kb:O-15", "kb:O-33"),
)

_SAID = says(
    "rule.mail.date_before_first_trace",
    one=(
        "Date says {date} UTC, {early} before any server had the mail; the earliest stamp is from {host}, {first} UTC."
    ),
)
_UNNAMED = says(
    "rule.mail.date_before_first_trace.unnamed",
    one=(
        "Date says {date} UTC, {early} before any server had the mail; the earliest stamp, {first} UTC, names no "
        "host: {stamp}"
    ),
)

_BINS = ((365 * DAY, "earlier>1y"), (30 * DAY, "earlier>30d"), (7 * DAY, "earlier>7d"), (DAY, "earlier>1d"))


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare Date with the oldest trace field that can be read."""
    date, known = message.date, message.stamped
    if isinstance(date, Absence) or not isinstance(date.instant, int) or not known:
        return
    # A server may have stamped a wrong time: the earliest stamp of all is what Date must stand before.
    hop, stamp, first = min(known, key=lambda one: one[2])
    early = first - date.instant
    name = bin_of(early, _BINS)
    if not name:
        return
    values = {"date": clock(date.instant), "early": span(early), "first": clock(first)}
    reason = held(message, stamp, hop.by)
    yield Observation(
        sentence=_SAID(**values, host=hop.by[:200]) if hop.by else _UNNAMED(**values, stamp=_words(hop)),
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT), cite("Received, earliest", stamp, Role.WITNESS)),
        suspect=date.locator.path,
        keys={"host": hop.by} if hop.by else {},
        benign=(settled("delayed_sending", State.EXPLAINS, reason),) if reason else (),
    )


def _words(hop: TraceField) -> str:
    """Return what stands in a trace field before its date."""
    body = hop.raw.partition(b":")[2]
    return " ".join(body.rpartition(b";")[0].decode("utf-8", "replace").split())[:100]


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    hops = (("mx.example", "2017-03-06T10:00:00+00:00"), ("list.example", "2017-03-06T10:01:00+00:00"))
    yield fires(message("2017-03-04T10:00:00+00:00", hops=hops), "two days in an outbox", bin="earlier>1d")
    yield fires(message("2017-02-20T10:00:00+00:00", hops=hops), "two weeks", bin="earlier>7d")
    yield fires(message("2016-12-06T10:00:00+00:00", hops=hops), "three months", bin="earlier>30d")
    yield fires(message("2015-03-06T10:00:00+00:00", hops=hops), "two years", bin="earlier>1y")
    inner = id_time("2017-03-04T10:00:05+00:00", "", kind=TimeKind.INNER_HOP, clock=ClockKind.SERVER)
    kept = message("2017-03-04T10:00:00+00:00", hops=hops, ids=(inner,))
    yield explained(kept, "the provider had it at once", by="delayed_sending")
    signed = id_time("2017-03-04T11:00:00+00:00", "", kind=TimeKind.SIGNED, clock=ClockKind.SIGNER)
    kept = message("2017-03-04T10:00:00+00:00", hops=hops, ids=(signed,))
    yield explained(kept, "signed an hour after it was written", by="delayed_sending")
    late = id_time("2017-03-06T10:00:00+00:00", "", kind=TimeKind.SIGNED, clock=ClockKind.SIGNER)
    yield fires(message("2017-03-04T10:00:00+00:00", hops=hops, ids=(late,)), "signed late too", bin="earlier>1d")
    approved = (("Approved", "board@list.example"),)
    passed = message("2017-03-04T10:00:00+00:00", hops=hops, fields=approved, list_id="list.example")
    yield explained(passed, "a moderator passed it", by="delayed_sending")
    alone = message("2017-03-04T10:00:00+00:00", hops=hops, fields=approved)
    yield fires(alone, "a moderator's field in a letter to one person", bin="earlier>1d")
    own = (("mail.example.org", "2017-03-06T10:00:00+00:00"), *hops[1:])
    waited = message("2017-03-04T10:00:00+00:00", hops=own, fields=approved, list_id="list.example")
    yield fires(waited, "it waited before the sender's own server had it", bin="earlier>1d")
    again = id_time("2017-03-06T09:59:50+00:00", "", kind=TimeKind.RESENT_DATE)
    yield explained(message("2017-03-04T10:00:00+00:00", hops=hops, ids=(again,)), "sent on", by="delayed_sending")
    yield silent(message("2017-03-05T12:00:00+00:00", hops=hops), "sent the next morning")
    slow = (("old.example", "2017-04-20T10:00:00+00:00"), ("mx.example", "2017-03-06T10:00:00+00:00"))
    yield silent(message("2017-03-06T09:59:00+00:00", hops=slow), "one server ahead of its time, the next is not")
