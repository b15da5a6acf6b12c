"""A relay's stamp is earlier than that of the relay which handed it the message."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import (
    DAY,
    HOUR,
    MINUTE,
    bin_of,
    cite,
    clock,
    host_named,
    offsets,
    settled,
    span,
    whole_hours,
)
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import trace
from forensics.model.facts import Timestamp
from forensics.model.mail import Message, TraceField
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.trace_reversal",
    version=2,
    title="Trace fields go back in time",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_2,
    bins=(*nested("back>5min", "back>1h", "back>1d"), Bin("back_whole_hours", ceiling=Strength.WEAK)),
    group="route",
    compare_with="by-host pair",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("clock_skew", "wrong_offset", "route_rewritten", "sender_clock", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("RFC 5321 4.4", "kb:D-10"),
)

_SAID = says(
    "rule.mail.trace_reversal",
    one=(
        "{upper} stamped the mail at {received} UTC, {back} before {lower}, which passed it on, had stamped it "
        "at {handed} UTC."
    ),
)
_BETWEEN_SERVERS = says(
    "note.between_servers",
    one="Both stamps are from servers that received the mail from another computer; the sender's clock made neither.",
)

_LEAST = 5 * MINUTE
_BINS = ((DAY, "back>1d"), (HOUR, "back>1h"), (_LEAST, "back>5min"))


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare each stamp with the next older one that can be read; the newest stands on top."""
    for place, wait in enumerate(message.waits):
        back = -wait
        if back <= _LEAST:
            continue
        (above, newer, received), (below, older, handed) = message.stamped[place : place + 2]
        upper, lower = [hop.by if len(hop.by) < 200 else "" for hop in (above, below)]
        odd = _odd_one([at for _, _, at in message.stamped], place)
        roles = [
            Role.EITHER if odd is None else Role.SUSPECT if odd == at else Role.WITNESS for at in (place, place + 1)
        ]
        yield Observation(
            sentence=_SAID(
                upper=host_named(upper),
                lower=host_named(lower),
                received=clock(received),
                handed=clock(handed),
                back=span(back),
            ),
            bin="back_whole_hours" if whole_hours(back) else bin_of(back, _BINS),
            evidence=(cite("Received, newer", newer, roles[0]), cite("Received, older", older, roles[1])),
            suspect=(newer if odd == place else older).locator.path,
            keys={name: host for name, host in (("upper", upper), ("lower", lower)) if host},
            compare=f"{lower}>{upper}" if upper and lower else "",
            benign=(*offsets("wrong_offset", back), *_sender(older, message.trace[-1])),
        )


def _sender(stamp: Timestamp, oldest: TraceField) -> tuple[BenignState, ...]:
    """Exclude the sender's clock where their own computer cannot have made the older stamp."""
    local = not oldest.from_ or oldest.by.startswith("localhost") or oldest.from_.lower().startswith("localhost")
    if local and oldest.time is stamp:
        return ()
    return (settled("sender_clock", State.EXCLUDED, _BETWEEN_SERVERS()),)


def _odd_one(times: list[int], place: int) -> int | None:
    """Return which of two stamps their neighbours speak against, if they agree in that."""
    against = set()
    if place > 0:
        against.add(place if times[place - 1] >= times[place + 1] else place + 1)
    if place + 2 < len(times):
        against.add(place + 1 if times[place] >= times[place + 2] else place)
    return against.pop() if len(against) == 1 else None


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold; stamps are given in the order of travel."""
    yield fires(trace("10:00:00", "09:50:00"), "ten minutes back", bin="back>5min")
    yield fires(trace("10:00:00", "07:45:00"), "two hours and a quarter back", bin="back>1h")
    yield fires(trace("10:00:00", "08:00:20"), "two hours back: another zone, most likely", bin="back_whole_hours")
    yield fires(trace("2017-03-08T10:00:00+00:00", "10:00:00", "10:00:09"), "two days back", bin="back>1d")
    yield silent(trace("10:00:00", "10:00:04"), "four seconds on")
    yield silent(trace("10:00:00", "09:56:00"), "four minutes back: clocks of neighbours")
    yield silent(trace("2017-03-06T12:00:00+02:00", "10:00:01"), "two zones, the same moment")
