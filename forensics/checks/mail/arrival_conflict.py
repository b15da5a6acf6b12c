"""Exchange prints an arrival twice in one field, for people and as FILETIME; the two differ."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite, clock, span
from forensics.checks._ids import times_of
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import TICKS_PER_SECOND, ClockKind
from forensics.model.mail import Message
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
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="mail.arrival_conflict",
    version=1,
    title="Printed arrival differs from its FILETIME",
    subject=Subject.MESSAGE,
    needs=MessageHas.ORIGINAL_ARRIVAL,
    bins=(Bin("differs"),),
    group="route",
    compare_with="first_hop",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    contradiction=True,
    benign=("route_rewritten", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("kb:T-67", "kb:O-16"),
)

_SAID = says(
    "rule.mail.arrival_conflict",
    one="Exchange printed the arrival as {printed}, and beside it, in the same field, as {counted}: {apart} apart.",
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare the two to the second; the printed fraction is cut or padded by some versions.

    Measured: 2,943 of 2,943 genuine fields agree.
    """
    found = times_of(message, TimeKind.ARRIVAL, TimeKind.ARRIVAL_FILETIME)
    stamps = {stamp.kind: stamp for stamp in found if stamp.index == 0}
    printed, counted = stamps.get(TimeKind.ARRIVAL), stamps.get(TimeKind.ARRIVAL_FILETIME)
    if printed is None or counted is None:
        return
    if not isinstance(printed.instant, int) or not isinstance(counted.instant, int):
        return
    apart = counted.instant - printed.instant
    if -TICKS_PER_SECOND < apart < 2 * TICKS_PER_SECOND:
        return
    values = {"printed": clock(printed.instant), "counted": clock(counted.instant), "apart": span(apart)}
    yield Observation(
        sentence=_SAID(**values),
        bin="differs",
        evidence=(cite("printed", printed, Role.EITHER), cite("FILETIME", counted, Role.EITHER)),
        suspect=printed.locator.path,
    )


def cases() -> Iterator[Case]:
    """Cases of both answers."""

    def mail(printed: str, counted: str) -> Message:
        first = id_time(printed, "", kind=TimeKind.ARRIVAL, clock=ClockKind.SERVER)
        second = id_time(counted, "Exchange", kind=TimeKind.ARRIVAL_FILETIME, clock=ClockKind.SERVER)
        return message(ids=(first, second))

    yield fires(mail("2017-03-02T10:00:00+00:00", "2017-03-06T10:00:00+00:00"), "only one was set back", bin="differs")
    yield silent(mail("2017-03-06T10:00:00+00:00", "2017-03-06T10:00:01+00:00"), "rounded up")
