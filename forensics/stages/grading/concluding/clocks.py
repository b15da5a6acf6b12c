"""What the clocks of a mail say of its claimed date: counted by whose clocks they are, for one owner may err in many.

Only clocks that rules rely on are counted: not those of the mailbox or an export, not times of files, not local times
without an offset, and none that a finding of the entry itself calls wrong.
"""

from collections.abc import Iterable, Sequence
from statistics import median_low

import msgspec

from forensics.knowledge.operators import operator_of
from forensics.knowledge.suffixes import is_public, organization
from forensics.model.facts import ClockKind
from forensics.model.instants import calendar
from forensics.model.rules import Proposition, Role
from forensics.model.sentences import Sentence, Value, says
from forensics.stages.grading.concluding.entry import Conclusion, Entry
from forensics.stages.grading.concluding.facts import Facts, StampRow
from forensics.stages.grading.concluding.lengths import DAY, HOUR, MINUTE, about, at_most
from forensics.stages.grading.concluding.told import Told

_CLOCKS = says("conclusion.clocks.n", one="1 clock", many="{n} clocks")
_OWNERS = says("conclusion.clocks.owners", one="1 owner", many="{n} owners")
_SENDER = says("conclusion.clocks.sender", one="the sender's computer")
_UNNAMED = says("conclusion.clocks.unnamed", one="a server that is not named")
_LATER = says("conclusion.clocks.later", one="{apart} later")
_EARLIER = says("conclusion.clocks.earlier", one="{apart} earlier")
_AGAINST = says(
    "conclusion.clocks.against",
    one="The mail claims {claimed} UTC; {clocks} of {owners}, within {within} of each other, say {said} UTC: {apart}.",
)
_ONE_OWNER = says(
    "conclusion.clocks.one_owner",
    one=(
        "The mail claims {claimed} UTC; 1 clock, of {owner}, says {said} UTC: {apart}. No clock of another known owner "
        "agrees."
    ),
    many=(
        "The mail claims {claimed} UTC; {n} clocks, all of {owner} and within {within} of each other, say {said} UTC: "
        "{apart}. No clock of another known owner agrees."
    ),
)
_SIDE_WITH = says(
    "conclusion.clocks.side_with",
    one="1 clock in the mail agrees with the claimed date, within {within}.",
    many="{n} clocks of {owners} in the mail agree with the claimed date, within {within}.",
)
_NEITHER = says(
    "conclusion.clocks.neither", one="1 further clock says neither.", many="{n} further clocks say neither."
)
_WITH = says(
    "conclusion.clocks.with",
    one="The mail claims {claimed} UTC, and 1 clock in it agrees with that, within {within}.",
    many="The mail claims {claimed} UTC, and {n} clocks of {owners} in it agree with that, within {within}.",
)
_WITHOUT = says(
    "conclusion.clocks.without",
    one="1 other clock does not.",
    many="{n} other clocks do not.",
    none="No other clock in it counts.",
)
_INSTEAD = says(
    "conclusion.clocks.instead",
    one="{clocks} of {owners}, within {within} of each other, say {said} UTC instead: {apart}.",
)
_LEFT_OUT = says(
    "conclusion.clocks.left_out",
    one="1 clock is left out, since a finding here calls it wrong.",
    many="{n} clocks are left out, since findings here call them wrong.",
)
_ELSEWHERE = says(
    "conclusion.clocks.elsewhere",
    one="1 other mail contradicts its date.",
    many="{n} other mails contradict its date.",
)

TOLERANCES = (5 * MINUTE, HOUR, DAY)
SENDER = "the sender"
UNNAMED = "unnamed"


class Clock(msgspec.Struct, frozen=True, order=True):
    """One clock: what it says and whose it is."""

    at: int
    owner: str
    """By which owners are counted: `SENDER`, `UNNAMED`, or who runs a named host."""
    name: str = ""
    """Registered domain of a named host."""


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """The claimed date of a mail and the clocks that are counted."""

    claim: int
    counted: tuple[Clock, ...]
    """In order."""
    left_out: int
    """Clocks that are not counted, since a finding of the entry calls them wrong."""

    def near(self, tolerance: int) -> tuple[Clock, ...]:
        """Return the clocks that agree with the claim."""
        return tuple([clock for clock in self.counted if abs(clock.at - self.claim) <= tolerance])

    def agreeing(self) -> tuple[Clock, ...]:
        """Return those of a day that agree, without far ones that add no owner."""
        widest = self.near(TOLERANCES[-1])
        least = owners(widest)
        return next(near for tolerance in TOLERANCES if owners(near := self.near(tolerance)) == least)


def clock_of(time: StampRow) -> Clock:
    """Return a time as a clock, with whose it is."""
    at, host = time.instant, time.owner
    if time.clock == ClockKind.SENDER:
        return Clock(at, SENDER)
    return Clock(at, operator_of(host), organization(host)) if is_public(host) else Clock(at, UNNAMED)


def named(clocks: Sequence[Clock]) -> tuple[Clock, ...]:
    """Return clocks without those of servers that are not named, where others are: these may be theirs."""
    if not {clock.owner for clock in clocks} - {SENDER, UNNAMED}:
        return tuple(clocks)
    return tuple([clock for clock in clocks if clock.owner != UNNAMED])


def owners(clocks: Iterable[Clock]) -> int:
    """Count owners; servers without a name may be those of a named owner, and count only where there is none."""
    names = {clock.owner for clock in clocks}
    servers = names - {SENDER}
    return len(names - {UNNAMED}) + (servers == {UNNAMED})


def clocks_of(sha256: str, entry: Entry, facts: Facts) -> Clocks | None:
    """Return the clocks of a mail; ``None`` where it has no Date that is an instant."""
    mail = facts.mail(sha256)
    times = next(iter(facts.times.get(sha256, ())), None)
    if mail is None or mail.date is None or mail.date.instant is None or times is None:
        return None
    wrong = {
        (cited.path, cited.start)
        for told in entry.findings
        for cited in told.cited
        if cited.sha256 == sha256 and cited.role in (Role.SUSPECT, Role.EITHER)
    }
    counted = [time for time in times.times if (time.path, time.start) not in wrong]
    found = sorted([clock_of(time) for time in counted])
    return Clocks(claim=mail.date.instant, counted=tuple(found), left_out=len(times.times) - len(counted))


def largest(clocks: Sequence[Clock], window: int) -> tuple[Clock, ...]:
    """Return the clocks within a window that are of most owners, then the most, then the earliest."""
    best, first = (0, 0, 0), 0
    counts: dict[str, int] = {}
    span = (0, 0)
    for last, clock in enumerate(clocks):
        counts[clock.owner] = counts.get(clock.owner, 0) + 1
        while clock.at - clocks[first].at > window:
            owner = clocks[first].owner
            counts[owner] -= 1
            if not counts[owner]:
                del counts[owner]
            first += 1
        named = len(counts) - (UNNAMED in counts)
        only_unnamed = UNNAMED in counts and named == (SENDER in counts)
        score = (named + only_unnamed, last + 1 - first, -first)
        if score > best:
            best, span = score, (first, last + 1)
    return tuple(clocks[span[0] : span[1]])


def against(clocks: Clocks) -> tuple[Clock, ...]:
    """Return the clocks that agree with each other and not with the claim, if they are of more owners than its own."""
    for window in reversed(TOLERANCES):
        group = largest(clocks.counted, window)
        if not group:
            return ()
        gap = max(group[0].at - clocks.claim, clocks.claim - group[-1].at)
        # What servers stamp within an hour after Date is a mail's usual way.
        if gap > window and (clocks.claim > group[-1].at or gap > HOUR):
            return group
    return ()


def moment(entry: Entry, facts: Facts) -> int | None:
    """Return the moment that the clocks of a mail whose date does not fit say in its place; ``None``: they say none."""
    if not any(told.proposition is Proposition.BACKDATED for told in entry.deciding):
        return None
    clocks = clocks_of(entry.item, entry, facts)
    group = against(clocks) if clocks is not None else ()
    return median_low([clock.at for clock in group]) if group else None


def conclude(entry: Entry, facts: Facts) -> Conclusion:
    """Say what the clocks of a mail whose date does not fit say of it."""
    clocks = clocks_of(entry.item, entry, facts)
    dated = [told for told in entry.deciding if _of_date(told, entry.item, facts)]
    if not dated or clocks is None or not clocks.counted or calendar(clocks.claim) is None:
        return ()
    others = {subject.sha256 for told in dated for subject in told.other_than(entry.item)}
    besides = (
        *((_LEFT_OUT(clocks.left_out),) if clocks.left_out else ()),
        *((_ELSEWHERE(len(others)),) if others else ()),
    )
    if group := against(clocks):
        return (*_against(clocks, group), *besides)
    agreeing = clocks.agreeing()
    # The computer that wrote Date made its ids as well: that they agree says nothing.
    if {clock.owner for clock in agreeing} <= {SENDER}:
        return ()
    said = _WITH(len(named(agreeing)), claimed=_written(clocks.claim), **_agreement(clocks, agreeing))
    return (said, *_without(clocks, agreeing), *besides)


def _without(clocks: Clocks, agreeing: Sequence[Clock]) -> Conclusion:
    """Say what the clocks say that do not agree with the claim, where those of several owners say the same."""
    far = max([abs(clock.at - clocks.claim) for clock in agreeing])
    others = [clock for clock in clocks.counted if abs(clock.at - clocks.claim) > far]
    group = largest(others, HOUR)
    rest = len(others) - len(group)
    if owners(group) < 2 or abs(group[0].at - clocks.claim) < DAY or calendar(group[0].at) is None:
        return (_WITHOUT(len(others)),)
    counted = named(group)
    said = median_low([clock.at for clock in counted])
    instead = _INSTEAD(
        clocks=_CLOCKS(len(counted)),
        owners=_OWNERS(owners(group)),
        within=at_most(counted[-1].at - counted[0].at),
        said=_written(said),
        apart=(_LATER if said > clocks.claim else _EARLIER)(apart=about(said - clocks.claim)),
    )
    return (instead, *((_NEITHER(rest),) if rest else ()))


def contrary(entry: Entry, facts: Facts) -> Conclusion:
    """Say that clocks of several owners in a mail contradict its date, beside another conclusion; else nothing."""
    clocks = clocks_of(entry.item, entry, facts)
    if clocks is None or calendar(clocks.claim) is None or owners(group := against(clocks)) < 2:
        return ()
    return _against(clocks, group)


def _of_date(told: Told, sha256: str, facts: Facts) -> bool:
    """Whether a finding is about when a mail was sent: one on several mails cites the Date of this one."""
    if told.proposition is not Proposition.BACKDATED:
        return False
    mail = facts.mail(sha256)
    date = mail.date if mail is not None else None
    alone = not told.other_than(sha256)
    return alone or (date is not None and any((c.sha256, c.path) == (sha256, date.path) for c in told.cited))


def _against(clocks: Clocks, group: Sequence[Clock]) -> Conclusion:
    counted, number = named(group), owners(group)
    said = median_low([clock.at for clock in counted])
    written = calendar(said)
    if written is None:
        return ()
    direction = _LATER if said > clocks.claim else _EARLIER
    values: dict[str, Value] = {"claimed": _written(clocks.claim), "said": written}
    values |= {"apart": direction(apart=about(said - clocks.claim)), "within": at_most(counted[-1].at - counted[0].at)}
    near = clocks.agreeing() if abs(said - clocks.claim) > 2 * DAY else clocks.near(TOLERANCES[0])
    first, last = group[0].at, group[-1].at
    agreeing = tuple([clock for clock in near if not first <= clock.at <= last])
    rest = sum(1 for clock in clocks.counted if not first <= clock.at <= last) - len(agreeing)
    also = (
        *((_SIDE_WITH(len(named(agreeing)), **_agreement(clocks, agreeing)),) if agreeing else ()),
        *((_NEITHER(rest),) if rest else ()),
    )
    if number > 1:
        return (_AGAINST(**values, clocks=_CLOCKS(len(counted)), owners=_OWNERS(number)), *also)
    return (_ONE_OWNER(len(counted), **values, owner=_named(counted[0])), *also)


def _agreement(clocks: Clocks, agreeing: Sequence[Clock]) -> dict[str, Value]:
    far = max([abs(clock.at - clocks.claim) for clock in named(agreeing)])
    return {"owners": _OWNERS(owners(agreeing)), "within": at_most(far)}


def _named(clock: Clock) -> Sentence | str:
    return {SENDER: _SENDER(), UNNAMED: _UNNAMED()}.get(clock.owner, clock.name[:120])


def _written(ticks: int) -> str:
    return calendar(ticks) or str(ticks)
