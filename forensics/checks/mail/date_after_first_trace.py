"""Date is later than the first server's stamp: the mail was received before it says it was written."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import (
    DAY,
    HOUR,
    MINUTE,
    bin_of,
    cite,
    clock,
    host_named,
    offsets,
    settled,
    span,
    whole_hours,
)
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.model.facts import Absence
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
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
    id="mail.date_after_first_trace",
    version=2,
    title="Date later than the first server's stamp",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.TRACE_TIME_1,
    bins=(
        Bin("later>10min"),
        # 18 of 4,705 mails of one list, 2 of 11,000 at two others: over the alarm budget where that list is left out.
        Bin("later>1h", ("later>10min",), ceiling=Strength.WEAK),
        Bin("later>1d", ("later>10min", "later>1h")),
        Bin("later_whole_hours"),
    ),
    group="date",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("sender_clock", "wrong_offset", "clock_skew", "route_rewritten", "unsolicited"),
    accuses=("date",),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("RFC 5321 4.4", "RFC 5322 3.6.1", "kb:D-11"),
)

_SAID = says(
    "rule.mail.date_after_first_trace",
    one="Date says {date} UTC, {late} after the first server ({host}) had stamped the mail at {first} UTC.",
)
_SERVERS_AGREE = says(
    "note.servers_agree",
    one="{servers} servers stamped the mail before its Date; one slow clock cannot explain that.",
)

_BINS = ((DAY, "later>1d"), (HOUR, "later>1h"), (10 * MINUTE, "later>10min"))


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare Date with the oldest trace field; a later Date is a wrong clock or a Date that was made afterwards."""
    date, known = message.date, message.stamped
    if isinstance(date, Absence) or not isinstance(date.instant, int) or not known:
        return
    hop, stamp, first = known[-1]
    late = date.instant - first
    name = "later_whole_hours" if whole_hours(late) else bin_of(late, _BINS)
    # Below an unread stamp the first server is not known; Date must then be later than all that can be read.
    if not name or (hop is not message.trace[-1] and date.instant <= max(at for _, _, at in known)):
        return
    host = hop.by if len(hop.by) < 200 else ""
    yield Observation(
        sentence=_SAID(date=clock(date.instant), host=host_named(host), first=clock(first), late=span(late)),
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT), cite("Received, oldest", stamp, Role.WITNESS)),
        suspect=date.locator.path,
        keys={"host": host} if host else {},
        benign=(*offsets("wrong_offset", late), *_skew(date.instant, [at for _, _, at in known])),
    )


def _skew(date: int, hops: list[int]) -> tuple[BenignState, ...]:
    """One slow server cannot explain a Date that is later than two servers' stamps."""
    earlier = sum(at < date - 10 * MINUTE for at in hops)
    return (settled("clock_skew", State.EXCLUDED, _SERVERS_AGREE(servers=earlier)),) if earlier > 1 else ()


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    hop = (("mx.example", "10:00:00"),)
    yield fires(message("2017-03-06T10:20:00+00:00", hops=hop), "twenty minutes later", bin="later>10min")
    yield fires(message("2017-03-06T12:45:00+00:00", hops=hop), "two hours and three quarters later", bin="later>1h")
    zone = message("2017-03-06T11:59:50+00:00", hops=hop)
    yield fires(zone, "two hours later: another zone, most likely", bin="later_whole_hours")
    slow = message("2017-03-06T11:58:00+00:00", hops=hop)
    yield fires(slow, "two hours less two minutes: more than zones and a quick delivery", bin="later>1h")
    yield fires(message("2017-05-06T10:30:00+00:00", hops=hop), "two months later", bin="later>1d")
    yield silent(message("2017-03-06T10:09:00+00:00", hops=hop), "nine minutes: clocks of those days")
    yield silent(message("2017-03-01T10:00:00+00:00", hops=hop), "days earlier: sent from an outbox, or moderated")
    yield silent(message("2017-03-06T12:05:00+02:00", hops=hop), "the same hour, written in another zone")
