"""The header of an attachment says that the sender's file was made or changed after the day that Date names."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._clock_pairs import Pair, compare, latest
from forensics.checks._facts import DAY, shown, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import ClockKind
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
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
    accuses=(
        "date",
        "body",
    ),
    settle=settle.SENDER_COPY,
    references=("RFC 2183 2.4", "kb:C-06", "kb:O-15", "kb:O-26"),
)

_SAID = says(
    "rule.mail.attachment_date",
    one="An attachment's header dates the sender's file {filed}, {apart} after Date ({date}).",
)

_PAIR = Pair(
    kinds=(
        TimeKind.FILE_CREATED,
        TimeKind.FILE_MODIFIED,
    ),  # the time of reading moves whenever the sender opens their copy
    choose=latest,
    later=((30 * DAY, "later>30d"), (7 * DAY, "later>7d"), (DAY, "later>1d")),
    labels=("Date", "date of the file"),
    words=lambda found: {"filed": shown(found[0]), "date": shown(found[1]), "apart": span(found[2])},
    said=_SAID,
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare the latest of them with Date: a file cannot be sent before it is made."""
    return compare(RULE, _PAIR, message)


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(changed: str, kind: TimeKind = TimeKind.FILE_MODIFIED) -> Message:
        stamp = id_time(changed, "", kind=kind, clock=ClockKind.FILE_SYSTEM)
        return message("2017-03-06T10:00:00+00:00", ids=(stamp,))

    yield fires(mail("2017-03-08T10:00:00+00:00"), "changed two days after the mail", bin="later>1d")
    yield fires(mail("2017-03-18T10:00:00+00:00", TimeKind.FILE_CREATED), "made twelve days after", bin="later>7d")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "three months after", bin="later>30d")
    yield silent(mail("2017-03-06T09:00:00+00:00"), "an hour before")
    yield silent(mail("2017-06-06T10:00:00+00:00", TimeKind.FILE_READ), "read again later")
