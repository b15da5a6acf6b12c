"""Members of one zip were packed in several time zones: local less UTC time of a change is not the same for all."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, settled, shown
from forensics.checks._packing import CITED, Pair, cite_pair, name_of, pairs
from forensics.checks.archive.packer_offset import twice_dated
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import archive
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.presence.archive import ArchiveHas
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
    id="archive.packer_zones",
    version=1,
    title="Members of a ZIP were packed in several time zones",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.TWO_TWICE_DATED,
    bins=(Bin("hour_apart"), Bin("several")),
    group="packer",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.MODERATE,
    benign=("daylight_saving", "members_of_several", "zone_changed", "packed_twice"),
    settle=settle.ARCHIVE,
    references=("APPNOTE 4.4.6", "APPNOTE 4.5.5", "kb:ARC-1"),
)

_SAID = says(
    "rule.archive.packer_zones",
    one=(
        "Local less UTC time of the last change makes {zones} offsets in one archive: {most} in {most_members} "
        "members, {other} in {other_members}; the first of these is {name}: {local}, and {utc}."
    ),
)
_SEASONS = says(
    "note.packer_seasons",
    one="The two offsets are an hour apart, and the later one is that of the members dated in the summer of {half}.",
)
_NORTH, _SOUTH = says("half.north", one="the northern half of the earth"), says("half.south", one="the southern half")
_SUMMER, _WINTER = frozenset(range(5, 10)), frozenset((12, 1, 2))
"""Months in which all zones of the northern half that have summer time have it, and have it not."""
_SOUTH_SUMMER, _SOUTH_WINTER = frozenset((12, 1)), frozenset((6, 7, 8))


def check(facts: ArchiveFacts, context: Context) -> Iterator[Observation]:
    """Compare the offsets of all members whose two times a zone sets apart."""
    by_offset: dict[int, list[Pair]] = defaultdict(list)
    for entry in facts.members:
        if len(entry.times) > 1:
            for pair in pairs(entry)[:1]:
                if pair.is_zone:
                    by_offset[pair.offset].append(pair)
    if len(by_offset) < 2:
        return
    most, *others = sorted(by_offset, key=lambda offset: (-len(by_offset[offset]), offset))
    odd = by_offset[others[0]]
    quoted = [pair for offset in others for pair in by_offset[offset][:2]][:CITED]
    hour_apart = len(by_offset) == 2 and abs(most - others[0]) == HOUR
    yield Observation(
        sentence=_SAID(
            zones=str(len(by_offset)),
            most=_offset(most),
            most_members=str(len(by_offset[most])),
            other=_offset(others[0]),
            other_members=str(len(odd)),
            name=name_of(odd[0].member),
            local=shown(odd[0].local),
            utc=shown(odd[0].utc),
        ),
        bin="hour_apart" if hour_apart else "several",
        evidence=(
            *[fact for pair in quoted for fact in cite_pair(pair, Role.EITHER)],
            *cite_pair(by_offset[most][0], Role.WITNESS),
        ),
        suspect=odd[0].local.locator.path,
        benign=_seasons(by_offset) if hour_apart else (),
    )


def _seasons(by_offset: Mapping[int, Sequence[Pair]]) -> tuple[BenignState, ...]:
    """Explain two offsets an hour apart where each is that of its members' season."""
    early, late = sorted(by_offset)
    months = [{_month(pair) for pair in by_offset[offset]} for offset in (early, late)]
    for half, summer, winter in ((_NORTH, _SUMMER, _WINTER), (_SOUTH, _SOUTH_SUMMER, _SOUTH_WINTER)):
        if not months[0] & summer and not months[1] & winter:
            return (settled("daylight_saving", State.EXPLAINS, _SEASONS(half=half())),)
    return ()


def _month(pair: Pair) -> int:
    days = pair.utc.instant // DAY if isinstance(pair.utc.instant, int) else 0
    # Months of 30.44 days from January on: their borders do not matter, for none lies within a season.
    return int(days % 365.2425 // 30.44) + 1


def _offset(ticks: int) -> str:
    sign, minutes = "-" if ticks < 0 else "+", abs(ticks) // TICKS_PER_SECOND // 60
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}"


def cases() -> Iterator[Case]:
    """Cases of one zone, of summer time on both halves of the earth, and of several zones."""
    winter = twice_dated("2017-01-06T11:00:00", "2017-01-06T10:00:00+00:00", 0)
    summer = twice_dated("2017-07-06T12:00:00", "2017-07-06T10:00:00+00:00", 1)
    march = twice_dated("2017-03-29T12:00:00", "2017-03-29T10:00:00+00:00", 2)
    yield explained(archive(winter, summer, march), "summer time in Central Europe", by="daylight_saving")
    one = twice_dated("2017-01-06T21:00:00", "2017-01-06T10:00:00+00:00", 0)
    other = twice_dated("2017-07-06T20:00:00", "2017-07-06T10:00:00+00:00", 1)
    yield explained(archive(one, other), "summer time in Sydney", by="daylight_saving")
    late = twice_dated("2017-01-07T12:00:00", "2017-01-07T10:00:00+00:00", 2)
    yield fires(archive(winter, summer, late), "an hour apart in one winter", bin="hour_apart")
    other_zone = twice_dated("2017-01-06T05:00:00", "2017-01-06T10:00:00+00:00", 3)
    yield fires(archive(winter, summer, other_zone), "New York among Central Europe", bin="several")
    yield silent(archive(summer, march), "one offset")
    off = twice_dated("2017-07-06T12:07:00", "2017-07-06T10:00:00+00:00", 4)
    yield silent(archive(summer, off), "what no zone sets apart is another rule's")
    constant = twice_dated("1980-01-01T00:00:00", "1980-01-01T00:00:00+00:00", 5)
    yield silent(archive(summer, constant), "a constant")
