"""Exchange's message id was made at a time that no server's stamp shows."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._clock_pairs import Against, Pair, compare, farthest, utc
from forensics.checks._facts import DAY, HOUR, span
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
    id="mail.network_id_time",
    version=1,
    title="Exchange's id made when no server had the mail",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_1 | MessageHas.NETWORK_ID_TIME,
    bins=nested("off>1h", "off>1d"),
    group="network id",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("route_rewritten", "resent", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("kb:T-66", "kb:D-13", "kb:O-16"),
)

_SAID = says(
    "rule.mail.network_id_time",
    one="Exchange's id for the mail was made at {made} UTC, {off} from the nearest server's stamp ({printed} UTC).",
)


_BINS = ((DAY, "off>1d"), (HOUR, "off>1h"))
_PAIR = Pair(
    kinds=(TimeKind.NETWORK_ID, TimeKind.TENANT_NETWORK_ID, TimeKind.CORRELATION_ID),
    against=Against.STAMPS,
    choose=farthest,
    later=_BINS,
    earlier=_BINS,
    labels=("Received, nearest", "Exchange's id"),
    words=lambda found: {"made": utc(found[0]), "off": span(found[2]), "printed": utc(found[1])},
    said=_SAID,
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare each of Exchange's ids with the stamp that is nearest to it; report the one that is farthest off."""
    return compare(RULE, _PAIR, message)


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    hops = (("mx.example", "2017-03-06T10:00:00+00:00"), ("store.example", "2017-03-06T14:00:00+00:00"))

    def mail(text: str) -> Message:
        made = id_time(text, "Exchange network id", kind=TimeKind.NETWORK_ID, clock=ClockKind.SERVER)
        return message(hops=hops, ids=(made,))

    yield fires(mail("2017-03-06T17:00:00+00:00"), "three hours after the last stamp", bin="off>1h")
    yield fires(mail("2017-08-06T17:00:00+00:00"), "five months later: the stamps were set back", bin="off>1d")
    yield silent(mail("2017-03-06T13:59:58+00:00"), "two seconds before the second stamp")
