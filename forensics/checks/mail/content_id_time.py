"""A picture or attachment got its id after the day that Date names."""

from collections.abc import Iterator

from forensics.checks._facts import DAY, bin_of, cite, sender_client, shown, span
from forensics.checks._ids import latest
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import Timestamp
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
    id="mail.content_id_time",
    version=1,
    title="Picture or attachment younger than Date",
    subject=Subject.MESSAGE,
    needs=Has.DATE | Has.CONTENT_ID_TIME,
    bins=nested("later>1d", "later>7d", "later>30d"),
    group="content id",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("sender_clock", "date_set_by_tool", "unsolicited"),
    settle="settle.sending_server",
    references=(*[f"kb:C-{row:02d}" for row in range(1, 6)], "kb:O-15", "kb:O-19"),
)

_BINS = ((30 * DAY, "later>30d"), (7 * DAY, "later>7d"), (DAY, "later>1d"))
_ENDS = ("/Content-ID", "/X-Attachment-Id")


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Compare the youngest id with Date: older ones were quoted or uploaded before, younger ones cannot be.

    Below a day says nothing: Outlook's ids hold the local wall clock, and Exchange writes Date in UTC.
    """
    date = message.date
    if not isinstance(date, Timestamp):
        return
    found = latest([stamp for stamp in message.timestamps if stamp.locator.path.endswith(_ENDS)], date)
    if found is None or not (name := bin_of(found[1], _BINS)):
        return
    youngest, late = found
    values = {"made": shown(youngest), "scheme": youngest.scheme, "date": shown(date), "apart": span(late)}
    yield Observation(
        sentence=Sentence(f"rule.{RULE.id}", values),
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT), cite("id of a part", youngest, Role.WITNESS)),
        suspect=date.locator.path,
        compare=sender_client(message),
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(*times: str) -> MailMessage:
        ids = [id_time(text, f"part:{place}/Content-ID", "Outlook picture") for place, text in enumerate(times, 1)]
        return message("2017-03-06T10:00:00+00:00", ids=ids)

    yield fires(mail("2017-03-08T10:00:00"), "two days later", bin="later>1d")
    yield fires(mail("2016-01-01T10:00:00", "2017-03-18T10:00:00"), "one of two, twelve days later", bin="later>7d")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "three months later", bin="later>30d")
    yield silent(mail("2015-03-06T10:00:00"), "quoted from an old mail")
    yield silent(mail("2017-03-06T21:00:00"), "a zone of the east")
