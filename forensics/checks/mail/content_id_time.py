"""A picture or attachment got its id after the day that Date names."""

from collections.abc import Iterator, Sequence

from forensics.checks import settle
from forensics.checks._clock_pairs import Comparison, Pair, compare, latest
from forensics.checks._facts import DAY, shown, span
from forensics.checks._ids import far_off, nearest
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
    id="mail.content_id_time",
    version=2,
    title="Image or attachment newer than Date",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE | MessageHas.CONTENT_ID_TIME,
    bins=nested("later>1d", "later>7d", "later>30d"),
    group="content id",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("sender_clock", "date_set_by_tool", "unsolicited"),
    accuses=(
        "date",
        "body",
    ),
    settle=settle.SENDING_SERVER,
    references=(*[f"kb:C-{row:02d}" for row in range(1, 6)], "kb:O-15", "kb:O-19"),
)

_SAID = says(
    "rule.mail.content_id_time",
    one="The id of an image or attachment was made at {made} ({scheme}), {apart} after Date ({date}).",
)

_COUNTS = frozenset(("Gmail picture", "Gmail attachment"))
"""Two thirds of all tokens of their form are times of some year between 1990 and 2050."""


def _youngest(stamps: Sequence[Timestamp], others: Sequence[Timestamp]) -> Comparison | None:
    """Choose the latest id; of one whose token fits two schemes the reading nearest to Date counts."""
    tokens: dict[tuple[TimeKind, int], list[Timestamp]] = {}
    for stamp in stamps:
        tokens.setdefault((stamp.kind, stamp.index), []).append(stamp)
    near = [found[0] for readings in tokens.values() if (found := nearest(readings, others))]
    return latest(near, others)


def _doubted(message: Message, found: Comparison) -> bool:
    """Whether letters are a time by chance; a mail with Gmail's id has Gmail's ids of parts."""
    made, _, late = found
    of_gmail = message.message_id.value.endswith("@mail.gmail.com")
    return made.scheme in _COUNTS and not of_gmail and far_off(message, made, late)


def _words(found: Comparison) -> dict[str, str]:
    made, date, late = found
    return {"made": shown(made), "scheme": made.scheme, "date": shown(date), "apart": span(late)}


_PAIR = Pair(
    kinds=(TimeKind.CONTENT_ID, TimeKind.ATTACHMENT_ID),
    choose=_youngest,
    later=((30 * DAY, "later>30d"), (7 * DAY, "later>7d"), (DAY, "later>1d")),
    doubted=_doubted,
    labels=("Date", "id of a part"),
    words=_words,
    said=_SAID,
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare the youngest id with Date: older ones were quoted or uploaded before, younger ones cannot be.

    Below a day says nothing: Outlook's ids hold the local wall clock, and Exchange writes Date in UTC.
    """
    return compare(RULE, _PAIR, message)


def _picture(text: str, scheme: str, place: int = 1) -> Timestamp:
    return id_time(text, scheme, kind=TimeKind.CONTENT_ID, index=place)


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(*times: str) -> Message:
        ids = [_picture(text, "Outlook picture", place) for place, text in enumerate(times, 1)]
        return message("2017-03-06T10:00:00+00:00", ids=ids)

    yield fires(mail("2017-03-08T10:00:00"), "two days later", bin="later>1d")
    yield fires(mail("2016-01-01T10:00:00", "2017-03-18T10:00:00"), "one of two, twelve days later", bin="later>7d")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "three months later", bin="later>30d")
    far = _picture("2024-06-06T10:00:00+00:00", "Gmail picture")
    gmail = message(ids=(far,), message_id="x@mail.gmail.com")
    yield fires(gmail, "years later, in a mail with Gmail's id", bin="later>30d")
    yield silent(message(ids=(far,)), "letters that are a time by chance")
    two = (far, _picture("2017-03-06T09:00:00+00:00", "Gmail picture"))
    yield silent(message(ids=two, message_id="x@mail.gmail.com"), "two schemes fit, and one of them agrees")
    yield silent(mail("2015-03-06T10:00:00"), "quoted from an old mail")
    yield silent(mail("2017-03-06T21:00:00"), "a zone of the east")
