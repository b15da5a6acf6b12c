"""Google's inner trace field does not stand, in time, where it stands in the header."""

from collections.abc import Iterator
from itertools import pairwise

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, MINUTE, bin_of, cite, clock, settled, span
from forensics.checks._held import kept
from forensics.checks._ids import times_of
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import message
from forensics.examples.times import time
from forensics.model.facts import ClockKind, Timestamp
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
    nested,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="mail.inner_trace",
    version=2,
    title="Google's inner stamp differs in time from its neighbours",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER | MessageHas.TRACE_TIME_1 | MessageHas.INNER_TRACE,
    bins=(*nested("back>5min", "back>1h", "back>1d"), Bin("apart>1d")),
    group="route",
    compare_with="by-host",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("clock_skew", "delayed_sending", "route_rewritten", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("kb:T-73", "kb:O-16"),
)

_SAID = {
    "back": says(
        "rule.mail.inner_trace.back",
        one=(
            "Google's inner stamp and the one beside it go back in time: the upper says {upper}, the lower "
            "({host}) {lower}, {apart} later."
        ),
    ),
    "apart": says(
        "rule.mail.inner_trace.apart",
        one=(
            "Google's inner stamp and the one beside it are {apart} apart: the upper says {upper}, the lower "
            "({host}) {lower}."
        ),
    ),
}

_BACK = ((DAY, "back>1d"), (HOUR, "back>1h"), (5 * MINUTE, "back>5min"))
_FIELDS = {TimeKind.HOP: "Received", TimeKind.INNER_HOP: "X-Received"}


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Hold each inner stamp against the trace fields above and below it; the widest difference counts.

    Measured: in 7,825 of 7,825 genuine mails of lists none goes back by a minute, and none is a day apart.
    """
    pairs = [(_at(lower) - _at(upper), upper, lower) for upper, lower in pairwise(_stamps(message))]
    pairs = [pair for pair in pairs if TimeKind.INNER_HOP in (pair[1].kind, pair[2].kind)]
    if not pairs:
        return
    worst, longest = max(pairs, key=lambda pair: pair[0]), min(pairs, key=lambda pair: pair[0])
    off, upper, lower = worst
    name, reason = bin_of(off, _BACK), None
    if not name and longest[0] < -DAY:
        off, upper, lower = longest
        # The lower stamp, or another below it, agrees with Date: who made it had the mail then, and kept it.
        name, reason = "apart>1d", kept(message, _at(upper))
    if not name:
        return
    words = {"upper": clock(_at(upper)), "lower": clock(_at(lower)), "apart": span(off), "host": lower.owner[:200]}
    yield Observation(
        sentence=_SAID[name.partition(">")[0]](**words),
        bin=name,
        evidence=tuple([cite(_FIELDS[one.kind], one, Role.EITHER) for one in (upper, lower)]),
        suspect=(upper if lower.kind is TimeKind.INNER_HOP else lower).locator.path,
        compare=lower.owner[:200],
        benign=(settled("delayed_sending", State.EXPLAINS, reason),) if reason else (),
    )


def _at(stamp: Timestamp) -> int:
    return stamp.instant if isinstance(stamp.instant, int) else 0


def _stamps(message: Message) -> list[Timestamp]:
    """Return the printed times of trace fields with an instant, topmost first."""
    found = [stamp for stamp in times_of(message, *_FIELDS) if isinstance(stamp.instant, int)]
    return sorted(found, key=lambda stamp: stamp.locator.ranges[0])


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(inner: str, *, below: bool = False, date: str = "2017-03-06T09:59:00+00:00") -> Message:
        path, start = "header:X-Received[0]", 1_000 if below else 100
        stamp = time(inner, path=path, kind=TimeKind.INNER_HOP, start=start, clock=ClockKind.SERVER)
        hops = (("mail.example", "2017-03-06T10:00:00+00:00"), ("mx.example", "2017-03-06T10:00:10+00:00"))
        return message(date, hops=hops, ids=(stamp,))

    yield fires(mail("2017-03-06T10:20:00+00:00"), "later than the server above it", bin="back>5min")
    yield fires(mail("2017-03-06T14:00:00+00:00"), "by hours", bin="back>1h")
    yield fires(mail("2017-06-06T10:00:05+00:00"), "the others were set back by months", bin="back>1d")
    yield fires(mail("2017-03-01T10:00:00+00:00"), "days before the server that handed it on", bin="back>1d")
    yield fires(mail("2017-03-04T09:00:00+00:00", below=True), "handed on two days later", bin="apart>1d")
    held = mail("2017-03-04T09:00:00+00:00", below=True, date="2017-03-04T08:59:58+00:00")
    yield explained(held, "kept for two days: the inner stamp is Date's", by="delayed_sending")
    yield silent(mail("2017-03-06T10:00:05+00:00"), "between its neighbours")
