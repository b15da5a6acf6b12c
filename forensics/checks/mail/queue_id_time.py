"""A server's queue id was made at another time than the stamp beside it says; the server makes both at one moment."""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, MINUTE, bin_of, cite, clock, host_named, span
from forensics.checks._ids import beyond, far_off, spelled, times_of, zones_apart
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import ClockKind, Timestamp
from forensics.model.mail import Message, TraceField
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
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
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="mail.queue_id_time",
    version=2,
    title="Queue id made at another time than its stamp",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_1 | MessageHas.HOP_ID_TIME,
    bins=(
        *nested("off>10min", "off>1h"),
        # A gateway that gave every mail the same id is known: no count makes this more.
        Bin("off>1d", ("off>10min", "off>1h"), Strength.MODERATE),
        Bin("whole_hours"),
    ),
    group="queue ids",
    compare_with="by-host",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("id_by_chance", "route_rewritten", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("kb:D-13", "kb:T-60", "kb:T-61", "kb:T-63", "kb:T-64", "kb:T-65", "kb:O-16"),
)

_SAID = says(
    "rule.mail.queue_id_time",
    one=(
        "{host} stamped the mail at {printed} UTC, but its own queue id beside the stamp was made at {made} UTC, "
        "{off} apart; ids of {scheme} have this form. Stamps in this mail that disagree with their id: {count}."
    ),
)

_LEAST = 10 * MINUTE
_BINS = ((DAY, "off>1d"), (HOUR, "off>1h"), (_LEAST, "off>10min"))
_SERVERS = re.compile(rb"Exim|Postfix|Zmailer|\(8\.[1-9]\d\.", re.IGNORECASE)
_LATE = frozenset(("sendmail",))
"""Servers that queue a mail under an id and stamp it hours later, or print local time in the id."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare each queue id with the stamp of its own trace field; report the one that is farthest off."""
    worst: tuple[TraceField, Timestamp, Timestamp, int, int] | None = None
    count = 0
    for hop, made, stamp, off in _pairs(message, context.as_of):
        if made.scheme in _LATE and abs(off) <= DAY:
            continue
        count += 1
        if worst is None or abs(off) > abs(worst[3]):
            worst = (hop, made, stamp, off, stamp.instant if isinstance(stamp.instant, int) else 0)
    if worst is None:
        return
    hop, made, stamp, off, printed = worst
    values = {"host": host_named(hop.by), "scheme": made.scheme, "off": span(off), "count": str(count)}
    values |= {"made": clock(made.instant if isinstance(made.instant, int) else 0), "printed": clock(printed)}
    yield Observation(
        sentence=_SAID(**values),
        bin="whole_hours" if zones_apart(off) else bin_of(abs(off), _BINS),
        evidence=(cite("Received", stamp, Role.SUSPECT), cite("its queue id", made, Role.WITNESS)),
        suspect=stamp.locator.path,
        compare=hop.by[:200],
    )


def _pairs(message: Message, as_of: int) -> Iterator[tuple[TraceField, Timestamp, Timestamp, int]]:
    """Yield the hops whose id was made at another time than their stamp says, with both and by how much it is later."""
    ids = {stamp.index: stamp for stamp in reversed(times_of(message, TimeKind.HOP_ID))}  # the first reading counts
    for hop, stamp, at in message.stamped:
        made = ids.get(hop.index)
        if made is None or not isinstance(made.instant, int):
            continue
        off = made.instant - at
        if made.scheme in _LATE and isinstance(stamp.wall, int):
            off = min(off, made.instant - stamp.wall, key=abs)
        if abs(off) <= _LEAST or beyond(made, as_of):
            continue
        if not far_off(message, made, off) or _known(hop, made):
            yield hop, made, stamp, off


def _known(hop: TraceField, made: Timestamp) -> bool:
    """Whether a queue id has the form that it seems to have, because its field names the server."""
    return spelled(made) or _SERVERS.search(hop.raw) is not None


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    hops = (("mx.example", "2017-03-06T10:00:00+00:00"),)

    def mail(text: str, scheme: str = "Exim", program: str = "") -> Message:
        made = id_time(text, scheme, kind=TimeKind.HOP_ID, clock=ClockKind.SERVER)
        return message(hops=hops, ids=(made,), program=program)

    yield fires(mail("2017-03-06T10:16:00+00:00"), "a quarter of an hour", bin="off>10min")
    yield fires(mail("2017-03-06T12:46:00+00:00"), "nearly three hours", bin="off>1h")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "three months: the stamp was set back", bin="off>1d")
    yield fires(mail("2017-03-06T08:00:00+00:00"), "two hours: another zone", bin="whole_hours")
    yield fires(mail("2017-03-06T08:01:00+00:00"), "two hours less a minute: no zone", bin="off>1h")
    yield fires(mail("2017-03-16T08:00:00+00:00", "sendmail"), "ten days, by sendmail", bin="off>1d")
    yield fires(mail("2019-03-06T09:59:58+00:00", program="(Exim 4.80) "), "years, at an Exim", bin="off>1d")
    sent = id_time("2019-03-06T10:00:00+00:00", scheme="Mutt")
    queued = id_time("2019-03-06T10:00:02+00:00", "Exim", kind=TimeKind.HOP_ID, clock=ClockKind.SERVER)
    yield fires(message(hops=hops, ids=(sent, queued)), "years, and the Message-ID agrees", bin="off>1d")
    yield silent(mail("2019-03-06T09:59:58+00:00"), "years: a token of another server's form")
    future = mail("2047-03-06T09:59:58+00:00", "sendmail", "(8.14.7/8.14.7) ")
    yield silent(future, "later than the archive: a token of another form")
    yield silent(mail("2017-03-06T09:59:58+00:00"), "two seconds")
    yield silent(mail("2017-03-06T05:10:00+00:00", "sendmail"), "queued hours before by a filter")
