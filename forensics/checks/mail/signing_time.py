"""The mail was signed at another time than Date says."""

from collections.abc import Iterator

from forensics.checks._facts import DAY, HOUR, bin_of, cite, clock, sender_client, span, whole_hours
from forensics.checks._ids import times_at
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import Absence, ClockKind
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
    settle="settle.sending_server",
    references=("RFC 6376 3.5", "kb:T-70", "kb:A-05", "kb:O-15"),
)

_LATER = ((30 * DAY, "later>30d"), (7 * DAY, "later>7d"), (DAY, "later>1d"))
_EARLIER = ((DAY, "earlier>1d"), (HOUR, "earlier>1h"))


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Compare Date with the earliest signature: lists and forwarders sign again, later."""
    date = message.date
    signed = [(stamp, stamp.instant) for stamp in times_at(message, "header:DKIM-Signature[", "/t")]
    known = [(stamp, at) for stamp, at in signed if isinstance(at, int)]
    if isinstance(date, Absence) or not isinstance(date.instant, int) or not known:
        return
    stamp, first = min(known, key=lambda one: one[1])
    late = first - date.instant
    if whole_hours(-late):
        name = "earlier_whole_hours"
    else:
        name = bin_of(late, _LATER) if late > 0 else bin_of(-late, _EARLIER)
    if not name:
        return
    values = {"signer": stamp.owner[:200] or "?", "signed": clock(first), "date": clock(date.instant)}
    yield Observation(
        sentence=Sentence(f"rule.{RULE.id}.{'later' if late > 0 else 'earlier'}", {**values, "apart": span(late)}),
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT), cite("signature, t=", stamp, Role.WITNESS)),
        suspect=date.locator.path,
        compare=sender_client(message),
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(*times: str) -> MailMessage:
        path = "header:DKIM-Signature[{}]/t"
        ids = [id_time(text, path.format(place), "", ClockKind.SIGNER) for place, text in enumerate(times)]
        return message("2017-03-06T10:00:00+00:00", ids=ids)

    yield fires(mail("2017-03-08T10:00:00+00:00"), "signed two days later", bin="later>1d")
    yield fires(mail("2017-03-20T10:00:00+00:00"), "signed two weeks later", bin="later>7d")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "signed three months later", bin="later>30d")
    yield fires(mail("2017-03-06T08:16:00+00:00"), "signed before it was written", bin="earlier>1h")
    yield fires(mail("2017-03-01T08:16:00+00:00"), "signed days before it was written", bin="earlier>1d")
    yield fires(mail("2017-03-06T08:00:02+00:00"), "two hours before: another zone", bin="earlier_whole_hours")
    yield silent(mail("2017-03-06T10:00:05+00:00", "2017-06-06T10:00:00+00:00"), "a list signed again, later")
    yield silent(mail("2017-03-06T22:00:00+00:00"), "sent in the evening")
