"""The author signed with S/MIME or OpenPGP at another time than Date says, or with a key that was not made yet.

One program writes Date and signs, within minutes: a signature gives the time that the signer's clock showed then, and
covers it. Of OpenPGP that needs no key, since the time is part of what the stated bits of the digest are made of. A
clock that is set back for both does not set back the issuer's, who dates the certificate.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, bin_of, cite, cite_fact, clock, offsets, shown, span, whole_hours
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.examples.signed_parts import signed_part
from forensics.model.facts import TICKS_PER_SECOND, Timestamp
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject, nested
from forensics.model.sentences import Sentence, says
from forensics.model.signed_parts import PartOutcome, SignedPart

RULE = Rule(
    id="mail.signed_part_time",
    version=1,
    title="Part signed at another time than Date",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.SIGNED_PART,
    bins=(*nested("later>1h", "later>1d"), *nested("earlier>1h", "earlier>1d"), Bin("whole_hours"), Bin("before_key")),
    group="signature",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("delayed_sending", "sender_clock", "wrong_offset", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5652 11.3", "RFC 9580 5.2.3.11", "kb:O-15"),
)

_SAID = {
    "later": says(
        "rule.mail.signed_part_time.later",
        one="The signer's clock showed {signed} UTC when a part was signed, {apart} after Date ({date}).",
    ),
    "earlier": says(
        "rule.mail.signed_part_time.earlier",
        one="The signer's clock showed {signed} UTC when a part was signed, {apart} before Date ({date}).",
    ),
    "before_key": says(
        "rule.mail.signed_part_time.before_key",
        one="The key of the signature is of {made} UTC, {apart} after Date ({date}).",
    ),
}
_BINS = {"later": ((DAY, "later>1d"), (HOUR, "later>1h")), "earlier": ((DAY, "earlier>1d"), (HOUR, "earlier>1h"))}
_COVERED = (PartOutcome.HOLDS, PartOutcome.NO_KEY)
"""Outcomes under which the time is as it was signed."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare Date with the first signature that gives a time, and with its key."""
    date = message.date
    part = next((one for one in message.signed_parts if _time(one) is not None), None)
    if part is None or not isinstance(date, Timestamp) or not isinstance(date.instant, int):
        return
    signed = (_time(part) or 0) * TICKS_PER_SECOND
    apart = signed - date.instant
    direction = "later" if apart > 0 else "earlier"
    if name := bin_of(abs(apart), _BINS[direction]):
        said = _SAID[direction](signed=clock(signed), apart=span(apart), date=shown(date))
        yield _observed(said, "whole_hours" if whole_hours(abs(apart)) else name, part, date, abs(apart))
    made = part.verdict.valid_from
    if made is not None and (late := made * TICKS_PER_SECOND - date.instant) > DAY:
        said = _SAID["before_key"](made=clock(made * TICKS_PER_SECOND), apart=span(late), date=shown(date))
        yield _observed(said, "before_key", part, date, late)


def _observed(said: Sentence, name: str, part: SignedPart, date: Timestamp, apart: int) -> Observation:
    return Observation(
        sentence=said,
        bin=name,
        evidence=(cite("Date", date, Role.SUSPECT), cite_fact("signature", part.opening, Role.WITNESS)),
        suspect="header:Date[0]",
        benign=offsets("wrong_offset", apart),
    )


def _time(part: SignedPart) -> int | None:
    return part.verdict.time if part.verdict.outcome in _COVERED else None


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(time: str, outcome: PartOutcome = PartOutcome.HOLDS) -> Message:
        return message("2017-03-06T10:00:00+00:00", signed_parts=(signed_part(outcome, signed_at=time),))

    yield fires(mail("2017-03-06T12:17:00+00:00"), "signed two hours after Date", bin="later>1h")
    yield fires(mail("2019-03-06T10:00:00+00:00"), "signed two years after Date", bin="later>1d")
    yield fires(mail("2017-03-06T07:17:00+00:00", PartOutcome.NO_KEY), "signed before, no key", bin="earlier>1h")
    yield fires(mail("2017-03-01T10:00:00+00:00"), "signed days before Date", bin="earlier>1d")
    yield fires(mail("2017-03-06T12:00:02+00:00"), "another zone", bin="whole_hours")
    later = signed_part(signed_at="2017-03-06T10:00:00+00:00", valid_from=1_500_000_000)
    yield fires(message("2017-03-06T10:00:00+00:00", signed_parts=(later,)), "a key of July", bin="before_key")
    earlier = signed_part(signed_at="2017-03-06T10:00:00+00:00", valid_from=1_400_000_000)
    yield silent(message("2017-03-06T10:00:00+00:00", signed_parts=(earlier,)), "a key of years before")
    yield silent(mail("2017-03-06T10:00:20+00:00"), "signed as it was sent")
    yield silent(mail("2019-03-06T10:00:00+00:00", PartOutcome.ALTERED), "what was signed is not this")
