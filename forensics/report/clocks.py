"""An item's clocks: one aligned row each, with the difference to the time that the item claims."""

import msgspec

from forensics.knowledge.wording import Wording
from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Description, Precision, Timestamp
from forensics.model.instants import claimed, is_local, moment
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind
from forensics.report import axis
from forensics.report.visible import visible_bytes

_ABOUT = says("report.time.about", one="{difference} ±14 h")

_WITHIN = says(
    "report.clocks.within",
    one="{k} of 1 other time that a program or server wrote is within 3 s of {claim}",
    many="{k} of {n} other times that programs and servers wrote are within 3 s of {claim}",
)
_REST = says("report.clocks.rest", one="the other differs by {least}", many="the others differ by {least} to {most}")
_UNCOMPARED = says(
    "report.clocks.uncompared",
    one="1 more cannot be compared to the second",
    many="{n} more cannot be compared to the second",
)
_ALONE = says("report.clocks.alone", one="no other clock was found to compare {claim} with")
_NO_SECOND = says(
    "report.clocks.no_second",
    one="{claim} cannot be compared with other clocks to the second",
)
_NO_CLAIM = says(
    "report.clocks.no_claim",
    one="it claims no date; 1 time that a program or server wrote was found",
    many="it claims no date; {n} times that programs and servers wrote were found",
    none="it claims no date, and no time that a program or server wrote was found",
)
_DATE = says("report.clocks.date", one="Date")
_OWN_DATE = says("report.clocks.own_date", one="the date that it claims")

NEAR_S = 3
_STORED = (ClockKind.FILE_SYSTEM, ClockKind.PACKER)
"""Clocks that say when a copy was stored; nothing is to agree with them."""
_COARSE = (Precision.DAY, Precision.MINUTE)
ROWS_MAX = 40
DRAWN_MAX = 16


class ClockRow(msgspec.Struct, frozen=True):
    """One time."""

    number: int
    clock: str
    owner: str
    described: str
    path: str
    raw: str
    utc: str
    difference: str
    claimed: bool
    local: bool


def clock_rows(times: tuple[Timestamp, ...], claim: Timestamp | None, say: Wording) -> tuple[ClockRow, ...]:
    """Return the rows in order of time; those without a date last."""
    return tuple([_row(n + 1, time, claim, say) for n, time in enumerate(_ordered(times)[:ROWS_MAX])])


def summary(times: tuple[Timestamp, ...], say: Wording) -> str:
    """Say how many of an item's clocks agree with the date that it claims, and how far the others are from it.

    When a copy was stored and when a signature is to expire is not counted: these are times of other events.
    """
    claim = claimed(times)
    others = [
        time
        for time in times
        if time is not claim and time.clock not in _STORED and time.description is not Description.EXPIRATION
    ]
    if claim is None:
        return say.say(_NO_CLAIM, sum(moment(time) is not None for time in others))
    named = say.say(_DATE if claim.kind is TimeKind.DATE else _OWN_DATE)
    own = _second(claim)
    exact = [instant for time in others if (instant := _second(time)) is not None]
    if own is None:
        return say.say(_NO_SECOND, claim=named)
    if not others:
        return say.say(_ALONE, claim=named)
    apart = sorted([at - own for at in exact if abs(at - own) > NEAR_S * TICKS_PER_SECOND])
    said = [say.say(_WITHIN, len(exact), k=len(exact) - len(apart), claim=named)] if exact else []
    if apart:
        said.append(say.say(_REST, len(apart), least=say.difference(apart[0]), most=say.difference(apart[-1])))
    if len(exact) < len(others):
        said.append(say.say(_UNCOMPARED, len(others) - len(exact)))
    return say.clauses(said)


def _second(time: Timestamp) -> int | None:
    """Return an instant that is known to the second; ``None``: it is not."""
    return time.instant if isinstance(time.instant, int) and time.precision not in _COARSE else None


def picture(times: tuple[Timestamp, ...], claim: Timestamp | None) -> axis.ClockAxis | None:
    """Return the common axis of the first rows that have a date."""
    dated = [
        (n + 1, ticks, time is claim, is_local(time))
        for n, time in enumerate(_ordered(times)[:ROWS_MAX])
        if (ticks := moment(time)) is not None
    ]
    if len(dated) > DRAWN_MAX:
        kept = [entry for entry in dated[DRAWN_MAX:] if entry[2]]
        dated = [*dated[: DRAWN_MAX - len(kept)], *kept]
    return axis.clocks(dated)


def _ordered(times: tuple[Timestamp, ...]) -> list[Timestamp]:
    def key(time: Timestamp) -> tuple[bool, int]:
        ticks = moment(time)
        return ticks is None, ticks or 0

    return sorted(times, key=key)


def _row(number: int, time: Timestamp, claim: Timestamp | None, say: Wording) -> ClockRow:
    return ClockRow(
        number=number,
        clock=say.clock(time.clock),
        owner=time.owner,
        described=say.described(time.description) + (f" ({time.scheme})" if time.scheme else ""),
        path=time.locator.path[:120],
        raw=visible_bytes(time.raw[:120]),
        utc=_utc(time, say),
        difference=_difference(time, claim, say),
        claimed=time is claim,
        local=is_local(time),
    )


def _utc(time: Timestamp, say: Wording) -> str:
    if isinstance(time.instant, int):
        return say.instant(time.instant)
    return say.reading(time)


def _difference(time: Timestamp, claim: Timestamp | None, say: Wording) -> str:
    if claim is None or time is claim:
        return ""
    here, there = moment(time), moment(claim)
    if here is None or there is None:
        return ""
    shown = say.difference(here - there)
    if not is_local(time) and not is_local(claim):
        return shown
    # two local readings of one clock share their unknown offset
    one_clock = is_local(time) and is_local(claim) and (time.clock, time.owner) == (claim.clock, claim.owner)
    return shown if one_clock else say.say(_ABOUT, difference=shown)
