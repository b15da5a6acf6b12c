"""A picture or attachment got its id after the day that Date names."""

import re
from collections.abc import Iterator

from forensics.checks._facts import DAY, bin_of, cite, sender_client, shown, span
from forensics.checks._ids import far_off, latest, nearest
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import Timestamp
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
    id="mail.content_id_time",
    version=2,
    title="Picture or attachment younger than Date",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE | MessageHas.CONTENT_ID_TIME,
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
_AT = re.compile(r"part:[\d.]{1,60}/(?:Content-ID|X-Attachment-Id)(?=/|\Z)")
_COUNTS = frozenset(("Gmail picture", "Gmail attachment"))
"""Two thirds of all tokens of their form are times of some year between 1990 and 2050."""


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Compare the youngest id with Date: older ones were quoted or uploaded before, younger ones cannot be.

    Below a day says nothing: Outlook's ids hold the local wall clock, and Exchange writes Date in UTC.
    """
    date = message.date
    if not isinstance(date, Timestamp):
        return
    found = latest(_readings(message, date), date)
    if found is None or not (name := bin_of(found[1], _BINS)):
        return
    youngest, late = found
    if youngest.scheme in _COUNTS and not _of_gmail(message) and far_off(message, youngest, late):
        return
    values = {"made": shown(youngest), "scheme": youngest.scheme, "date": shown(date), "apart": span(late)}
    yield Observation(
        sentence=Sentence(f"rule.{RULE.id}", values),
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT), cite("id of a part", youngest, Role.WITNESS)),
        suspect=date.locator.path,
        compare=sender_client(message),
    )


def _readings(message: MailMessage, date: Timestamp) -> Iterator[Timestamp]:
    """Yield one reading of each id: the nearest to Date, where its token fits two schemes."""
    tokens: dict[str, list[Timestamp]] = {}
    for stamp in message.timestamps:
        if at := _AT.match(stamp.locator.path):
            tokens.setdefault(at[0], []).append(stamp)
    for readings in tokens.values():
        if found := nearest(readings, (date,)):
            yield found[0]


def _of_gmail(message: MailMessage) -> bool:
    return message.message_id.value.endswith("@mail.gmail.com")


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(*times: str) -> MailMessage:
        ids = [id_time(text, f"part:{place}/Content-ID", "Outlook picture") for place, text in enumerate(times, 1)]
        return message("2017-03-06T10:00:00+00:00", ids=ids)

    yield fires(mail("2017-03-08T10:00:00"), "two days later", bin="later>1d")
    yield fires(mail("2016-01-01T10:00:00", "2017-03-18T10:00:00"), "one of two, twelve days later", bin="later>7d")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "three months later", bin="later>30d")
    path, far = "part:1/Content-ID", "2024-06-06T10:00:00+00:00"
    gmail = message(ids=(id_time(far, path, "Gmail picture"),), message_id="x@mail.gmail.com")
    yield fires(gmail, "years later, in a mail with Gmail's id", bin="later>30d")
    yield silent(message(ids=(id_time(far, path, "Gmail picture"),)), "letters that are a time by chance")
    two = (id_time(far, path, "Gmail picture"), id_time("2017-03-06T09:00:00+00:00", f"{path}/1", "Gmail picture"))
    yield silent(message(ids=two, message_id="x@mail.gmail.com"), "two schemes fit, and one of them agrees")
    yield silent(mail("2015-03-06T10:00:00"), "quoted from an old mail")
    yield silent(mail("2017-03-06T21:00:00"), "a zone of the east")
