"""Outlook's or Exchange's Thread-Index was written after the day that Date names."""

from collections.abc import Iterator, Sequence

from forensics.checks import settle
from forensics.checks._clock_pairs import Comparison, Pair, compare, utc
from forensics.checks._facts import DAY, span
from forensics.checks._ids import nearest
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import Timestamp
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
    id="mail.thread_index_time",
    version=1,
    title="Thread-Index later than Date",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.THREAD_TIME,
    bins=nested("later>1d", "later>7d", "later>30d"),
    group="thread index",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("sender_clock", "date_set_by_tool", "broken_client", "unsolicited"),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("MS-OXOMSG 2.2.1.3", "kb:T-80", "kb:T-81", "kb:T-82", "kb:T-83", "kb:O-15"),
)

_SAID = says(
    "rule.mail.thread_index_time",
    one="Thread-Index says that the mail was started at {written} UTC, {late} after Date ({date} UTC).",
)


def _last(stamps: Sequence[Timestamp], others: Sequence[Timestamp]) -> Comparison | None:
    """Choose the block that this mail's program added: the last one of the first field."""
    return nearest([stamp for stamp in stamps if stamp.index == 0][-1:], others)


_PAIR = Pair(
    kinds=(TimeKind.THREAD_BEGUN, TimeKind.THREAD_REPLY),
    choose=_last,
    later=((30 * DAY, "later>30d"), (7 * DAY, "later>7d"), (DAY, "later>1d")),
    labels=("Date", "Thread-Index"),
    words=lambda found: {"written": utc(found[0]), "date": utc(found[1]), "late": span(found[2])},
    said=_SAID,
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare Date with the block that this mail's program added: it is made when writing begins, so never after Date.

    Less than a day says nothing: relays that rewrite Date, and wrong zones, shift it by whole hours.
    """
    return compare(RULE, _PAIR, message)


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(*times: str) -> Message:
        kinds = (TimeKind.THREAD_BEGUN, TimeKind.THREAD_REPLY)
        ids = [id_time(text, "Exchange", kind=kinds[place]) for place, text in enumerate(times)]
        return message("2017-03-06T10:00:00+00:00", ids=ids)

    yield fires(mail("2017-03-08T10:00:00+00:00"), "begun two days later", bin="later>1d")
    yield fires(mail("2017-03-01T10:00:00+00:00", "2017-03-20T10:00:00+00:00"), "answered later", bin="later>7d")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "begun three months later", bin="later>30d")
    yield silent(mail("2017-03-01T10:00:00+00:00", "2017-03-06T09:50:00+00:00"), "begun ten minutes before")
    yield silent(mail("2017-03-06T17:00:00+00:00"), "seven hours: a relay rewrote Date")
