"""The header of an attachment says that the sender's file was made or changed after the day that Date names."""

from collections.abc import Iterator

from forensics.checks._facts import DAY, bin_of, cite, sender_client, shown, span
from forensics.checks._ids import latest
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.examples.times import time
from forensics.model.facts import ClockKind, Description, Timestamp
from forensics.model.mail import MailMessage
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
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
    id="mail.attachment_date",
    version=1,
    title="File dates of an attachment later than Date",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.FILE_DATE,
    bins=nested("later>1d", "later>7d", "later>30d"),
    group="attachment clock",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("sender_clock", "date_set_by_tool", "unsolicited"),
    settle="settle.sender_copy",
    references=("RFC 2183 2.4", "kb:C-06", "kb:O-15", "kb:O-26"),
)

_BINS = ((30 * DAY, "later>30d"), (7 * DAY, "later>7d"), (DAY, "later>1d"))
_KINDS = ("/creation-date", "/modification-date")
"""The third, read-date, moves whenever the sender opens his copy."""


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Compare the latest of them with Date: a file cannot be sent before it is made."""
    date = message.date
    if not isinstance(date, Timestamp):
        return
    found = latest([stamp for stamp in message.timestamps if stamp.locator.path.endswith(_KINDS)], date)
    if found is not None and (name := bin_of(found[1], _BINS)):
        filed, late = found
        yield Observation(
            sentence=Sentence(f"rule.{RULE.id}", {"filed": shown(filed), "date": shown(date), "apart": span(late)}),
            bin=name,
            evidence=(cite("Date", date, Role.SUSPECT), cite("date of the file", filed, Role.WITNESS)),
            suspect=date.locator.path,
            compare=sender_client(message),
        )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(changed: str, kind: str = "modification-date") -> MailMessage:
        path = f"part:2/Content-Disposition/{kind}"
        stamp = time(changed, path=path, clock=ClockKind.FILE_SYSTEM, description=Description.MODIFICATION)
        return message("2017-03-06T10:00:00+00:00", ids=(stamp,))

    yield fires(mail("2017-03-08T10:00:00+00:00"), "changed two days after the mail", bin="later>1d")
    yield fires(mail("2017-03-18T10:00:00+00:00", "creation-date"), "made twelve days after", bin="later>7d")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "three months after", bin="later>30d")
    yield silent(mail("2017-03-06T09:00:00+00:00"), "an hour before")
    yield silent(mail("2017-06-06T10:00:00+00:00", "read-date"), "read again later")
