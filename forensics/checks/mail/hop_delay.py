"""A server had the mail for more than a day before the next one took it: normal where mail waits, a note elsewhere."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite, clock, host_named, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.hop_delay",
    version=1,
    title="Days between two servers",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_2,
    bins=nested("waited>1d", "waited>7d", "waited>30d"),
    group="route",
    compare_with="by-host pair",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.CONTEXT,
    benign=("delayed_sending", "route_rewritten", "resent", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("kb:D-12", "kb:O-16"),
)

_SAID = says("rule.mail.hop_delay", one="{giver} had the mail at {from}, {taker} accepted it at {to}: {waited} later.")

_BINS = ((30 * DAY, "waited>30d"), (7 * DAY, "waited>7d"), (DAY, "waited>1d"))


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report the longest wait between two neighbours in the trace.

    Measured: the 99th percentile is two minutes at one list and twenty hours at one with moderators.
    """
    waits = message.waits
    waited = max(waits, default=0)
    name = bin_of(waited, _BINS)
    if not name:
        return
    place = waits.index(waited)
    upper, lower = message.stamped[place : place + 2]
    values = {"giver": host_named(lower[0].by), "taker": host_named(upper[0].by), "waited": span(waited)}
    yield Observation(
        sentence=_SAID(**values, **{"from": clock(lower[2])}, to=clock(upper[2])),
        bin=name,
        evidence=(cite("Received, newer", upper[1], Role.EITHER), cite("Received, older", lower[1], Role.EITHER)),
        suspect=lower[1].locator.path,
        compare=f"{lower[0].by}>{upper[0].by}"[:400],
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(second: str) -> Message:
        return message(hops=(("a.example", "2017-03-06T10:00:00+00:00"), ("b.example", second)))

    yield fires(mail("2017-03-08T10:00:00+00:00"), "two days in a queue", bin="waited>1d")
    yield fires(mail("2017-03-16T10:00:00+00:00"), "ten days", bin="waited>7d")
    yield fires(mail("2017-06-06T10:00:00+00:00"), "three months: the older stamps were set back", bin="waited>30d")
    yield silent(mail("2017-03-07T06:00:00+00:00"), "a night with a moderator")
