"""The Message-ID was made at another time than Date says; most programs make both at one moment."""

from collections.abc import Iterator

from forensics.checks._facts import DAY, HOUR, bin_of, cite, sender_client, shown, span
from forensics.checks._ids import COMPOSING, nearest, times_at, zones_apart
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import ClockKind, Timestamp
from forensics.model.mail import MailMessage
from forensics.model.rules import (
    Bin,
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
    id="mail.message_id_time",
    version=1,
    title="Message-ID made at another time than Date",
    subject=Subject.MESSAGE,
    needs=Has.DATE | Has.ID_TIME,
    bins=(*nested("later>1h", "later>1d"), *nested("earlier>1h", "earlier>1d"), Bin("whole_hours")),
    group="message id",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("sender_clock", "wrong_offset", "date_set_by_tool", "delayed_sending", "broken_client", "unsolicited"),
    settle="settle.sending_server",
    references=(*[f"kb:T-{row:02d}" for row in range(1, 47)], "kb:D-07", "kb:O-15", "kb:O-18"),
)


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Compare the reading of the first Message-ID that is nearest to Date with it.

    Programs that make the id when a mail is begun may be earlier, and servers that give one to a mail without may be
    hours off either way: only what they cannot be counts.
    """
    if not isinstance(message.date, Timestamp):
        return
    found = nearest(times_at(message, "header:Message-ID[0]/"), (message.date,))
    if found is None:
        return
    made, date, late = found
    name = _bin(late, made)
    if not name:
        return
    values = {"made": shown(made), "scheme": made.scheme, "date": shown(date), "apart": span(late)}
    yield Observation(
        sentence=Sentence(f"rule.{RULE.id}.{'later' if late > 0 else 'earlier'}", values),
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT), cite("Message-ID", made, Role.WITNESS)),
        suspect=date.locator.path,
        compare=sender_client(message),
    )


def _bin(late: int, made: Timestamp) -> str:
    exact = made.clock is ClockKind.SENDER and made.scheme.partition(" or ")[0] not in COMPOSING
    if exact and zones_apart(late):
        return "whole_hours"
    if late > 0:
        return bin_of(late, ((DAY, "later>1d"), (HOUR, "later>1h")) if exact else ((DAY, "later>1d"),))
    if exact:
        return bin_of(-late, ((DAY, "earlier>1d"), (HOUR, "earlier>1h")))
    return "earlier>1d" if made.clock is ClockKind.SERVER and -late > DAY else ""


def cases() -> Iterator[Case]:
    """Cases of client, composing and server ids, on both sides of the thresholds."""
    date = "2017-03-06T10:00:00+01:00"

    def mail(*ids: Timestamp) -> MailMessage:
        return message(date, ids=ids)

    yield fires(mail(id_time("2017-03-06T10:17:00+00:00")), "an hour and a quarter later", bin="later>1h")
    yield fires(mail(id_time("2017-05-06T10:17:11+00:00")), "two months later: Date was set back", bin="later>1d")
    yield fires(mail(id_time("2017-03-06T07:41:00+00:00")), "an hour and a quarter earlier", bin="earlier>1h")
    yield fires(mail(id_time("2016-03-06T07:41:00+00:00")), "a year earlier", bin="earlier>1d")
    yield fires(mail(id_time("2017-03-06T15:00:00+00:00")), "six hours: another zone", bin="whole_hours")
    yield fires(mail(id_time("2017-03-09T10:00:00", scheme="Pine")), "begun days after Date", bin="later>1d")
    yield silent(mail(id_time("2017-03-06T09:00:01+00:00")), "a second later")
    yield silent(mail(id_time("2017-03-06T10:00:00", scheme="Sylpheed")), "the same wall clock")
    yield silent(mail(id_time("2017-03-01T10:00:00", scheme="Alpine")), "begun days before it was sent")
    server = id_time("2017-03-06T13:30:00+00:00", scheme="Postfix", clock=ClockKind.SERVER)
    yield silent(mail(server), "a server gave the id hours later")
    both = (id_time("2017-03-06T10:00:00+00:00", scheme="Postfix"), id_time("2017-03-06T10:00:00", scheme="Mutt"))
    yield silent(mail(*both), "two schemes fit, and one of them agrees")
