"""The mail was signed at another time than Date says."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._clock_pairs import Comparison, Pair, compare, earliest, utc
from forensics.checks._facts import DAY, HOUR, span, whole_hours
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
    id="mail.signing_time",
    version=2,
    title="Signed at another time than Date",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.SIGNED_TIME,
    bins=(
        *nested("later>1d", "later>7d", "later>30d"),
        *nested("earlier>1h", "earlier>1d"),
        Bin("earlier_whole_hours"),
    ),
    group="signature",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("delayed_sending", "sender_clock", "wrong_offset", "unsolicited"),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("RFC 6376 3.5", "kb:T-70", "kb:A-05", "kb:O-15"),
)

_SAID = {
    "later": says(
        "rule.mail.signing_time.later",
        one="{signer} signed the mail at {signed} UTC, {apart} after Date ({date} UTC).",
    ),
    "earlier": says(
        "rule.mail.signing_time.earlier",
        one="{signer} signed the mail at {signed} UTC, {apart} before Date ({date} UTC).",
    ),
}


def _words(found: Comparison) -> dict[str, str]:
    made, date, late = found
    return {"signer": made.owner[:200] or "?", "signed": utc(made), "date": utc(date), "apart": span(late)}


_PAIR = Pair(
    kinds=(TimeKind.SIGNED,),
    choose=earliest,
    later=((30 * DAY, "later>30d"), (7 * DAY, "later>7d"), (DAY, "later>1d")),
    earlier=((DAY, "earlier>1d"), (HOUR, "earlier>1h")),
    zones=lambda message, found: whole_hours(-found[2]),
    zone="earlier_whole_hours",
    labels=("Date", "signature, t="),
    words=_words,
    said=_SAID["later"],
    said_earlier=_SAID["earlier"],
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare Date with the earliest signature: lists and forwarders sign again, later."""
    return compare(RULE, _PAIR, message)


def _signed(text: str, place: int) -> Timestamp:
    return id_time(text, "", kind=TimeKind.SIGNED, index=place, clock=ClockKind.SIGNER)


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(*times: str) -> Message:
        signed = [_signed(text, place) for place, text in enumerate(times)]
        return message("2017-03-06T10:00:00+00:00", ids=signed)

    yield fires(mail("2017-03-08T10:00:00+00:00"), "signed two days later", bin="later>1d")
    yield fires(mail("2017-03-20T10:00:00+00:00"), "signed two weeks later", bin="later>7d")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "signed three months later", bin="later>30d")
    yield fires(mail("2017-03-06T08:16:00+00:00"), "signed before it was written", bin="earlier>1h")
    yield fires(mail("2017-03-01T08:16:00+00:00"), "signed days before it was written", bin="earlier>1d")
    yield fires(mail("2017-03-06T08:00:02+00:00"), "two hours before: another zone", bin="earlier_whole_hours")
    yield silent(mail("2017-03-06T10:00:05+00:00", "2017-06-06T10:00:00+00:00"), "a list signed again, later")
    yield silent(mail("2017-03-06T22:00:00+00:00"), "sent in the evening")
