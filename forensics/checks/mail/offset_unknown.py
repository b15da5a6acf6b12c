"""Date carries a UTC offset that no zone of the world used at that time."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import message
from forensics.knowledge.zones import OFFERED, Use, half_meant, offset_use
from forensics.model.facts import Absence
from forensics.model.mail import Message
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
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.offset_unknown",
    version=2,
    title="UTC offset that no time zone used at that time",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.DATE_OFFSET,
    bins=(Bin("never_used"), Bin("not_then")),
    group="date",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("broken_client", "timezone_misconfigured", "unsolicited"),
    accuses=("date",),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("RFC 5322 3.3", "kb:D-03", "kb:D-04"),
)

_SAID = {
    "never_used": says(
        "rule.mail.offset_unknown.never_used",
        one="Date carries the offset {offset}, which no time zone in the world has used since 1970.",
    ),
    "not_then": says(
        "rule.mail.offset_unknown.not_then",
        one="Date carries the offset {offset}, which no time zone in the world used at that time.",
    ),
}
_OFFERED_ZONE = says(
    "note.offered_zone",
    one=(
        "No country used {offset} at that time, but systems offer it in their lists of time zones (International "
        "Date Line West, Etc/GMT+12): somebody chose the first line."
    ),
)
_DECIMAL_HALF = says(
    "note.decimal_half",
    one=(
        "Some programs write half an hour as 50, so {meant} was most likely meant. The time is shown with "
        "{offset} as written; its UTC is therefore uncertain by 20 minutes."
    ),
)

_BINS = {Use.NEVER: "never_used", Use.OTHER_TIMES: "not_then"}


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Look the written offset up for a week around the instant."""
    date = message.date
    if isinstance(date, Absence) or not isinstance(date.instant, int) or not isinstance(date.offset_s, int):
        return
    use = offset_use(date.offset_s, date.instant)
    if use is Use.THEN:
        return
    offset = _digits(date.offset_s)
    yield Observation(
        sentence=_SAID[_BINS[use]](offset=offset),
        bin=_BINS[use],
        evidence=(cite("Date", date, Role.SUSPECT),),
        suspect=date.locator.path,
        benign=tuple(_explained(date.offset_s, date.instant)),
    )


def _explained(offset_s: int, instant: int) -> Iterator[BenignState]:
    if offset_s in OFFERED:
        yield settled("timezone_misconfigured", State.EXPLAINS, _OFFERED_ZONE(offset=_digits(offset_s)))
    if (meant := half_meant(offset_s, instant)) is not None:
        yield settled("broken_client", State.EXPLAINS, _DECIMAL_HALF(offset=_digits(offset_s), meant=_digits(meant)))


def _digits(offset_s: int) -> str:
    sign, minutes = "-" if offset_s < 0 else "+", abs(offset_s) // 60
    return f"{sign}{minutes // 60:02}{minutes % 60:02}"


def cases() -> Iterator[Case]:
    """Cases of offsets in and out of use."""
    yield fires(message("2017-03-06T10:00:00+01:15"), "+0115, which no zone has", bin="never_used")
    yield fires(message("2014-08-01T10:00:00+08:30"), "North Korea's +0830 a year before it", bin="not_then")
    yield silent(message("2017-03-06T10:00:00+08:30"), "the same while it was in use")
    yield silent(message("2017-03-06T10:00:00+05:45"), "Nepal")
    yield silent(message("2015-08-12T10:00:00+08:30"), "three days before its use began: within a week's doubt")
    half = message("2015-10-01T14:40:57+05:50")
    yield explained(half, "+0550: five and a half hours, the half as decimals", by="broken_client")
    ocean = message("2022-01-17T21:06:38-12:00")
    yield explained(
        ocean, "-1200, where nobody lives but which every list of zones offers", by="timezone_misconfigured"
    )
