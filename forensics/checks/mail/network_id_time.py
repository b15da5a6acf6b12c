"""Exchange's message id was made at a time that no server's stamp shows."""

from collections.abc import Iterator

from forensics.checks._facts import DAY, HOUR, bin_of, cite, clock, span
from forensics.checks._ids import nearest
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import ClockKind, Timestamp
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
    settle="settle.relays",
    references=("kb:T-66", "kb:D-13", "kb:O-16"),
)


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Compare each of Exchange's ids with the stamp that is nearest to it; report the one that is farthest off."""
    stamps = [hop.time for hop in message.trace if isinstance(hop.time, Timestamp)]
    ids = [time for time in message.timestamps if time.scheme == "Exchange network id"]
    pairs = [pair for one in ids if (pair := nearest((one,), stamps)) is not None]
    if not pairs:
        return
    made, stamp, off = max(pairs, key=lambda pair: abs(pair[2]))
    name = bin_of(abs(off), ((DAY, "off>1d"), (HOUR, "off>1h")))
    if not name or not isinstance(made.instant, int) or not isinstance(stamp.instant, int):
        return
    values = {"made": clock(made.instant), "off": span(off), "printed": clock(stamp.instant)}
    yield Observation(
        sentence=Sentence(f"rule.{RULE.id}", values),
        bin=name,
        evidence=(cite("Received, nearest", stamp, Role.SUSPECT), cite("Exchange's id", made, Role.WITNESS)),
        suspect=stamp.locator.path,
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    hops = (("mx.example", "2017-03-06T10:00:00+00:00"), ("store.example", "2017-03-06T14:00:00+00:00"))

    def mail(text: str) -> MailMessage:
        path = "header:X-MS-Exchange-Organization-Network-Message-Id[0]/token"
        return message(hops=hops, ids=(id_time(text, path, "Exchange network id", ClockKind.SERVER),))

    yield fires(mail("2017-03-06T17:00:00+00:00"), "three hours after the last stamp", bin="off>1h")
    yield fires(mail("2017-08-06T17:00:00+00:00"), "five months later: the stamps were set back", bin="off>1d")
    yield silent(mail("2017-03-06T13:59:58+00:00"), "two seconds before the second stamp")
