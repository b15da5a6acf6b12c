"""A member's local time and its UTC time lie apart as no time zone does: one of the two was set or kept alone.

A packing program takes both from one time of the file and converts it by its zone, so that local less UTC is a whole
number of quarter hours.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, bin_of, settled, shown, span
from forensics.checks._packing import CARELESS, CITED, EARLIEST, LATEST, Pair, cite_pair, name_of, pairs
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import archive, member
from forensics.examples.times import time
from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.facts import ClockKind, Description
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
    nested,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="archive.packer_offset",
    version=2,
    title="Local and UTC time of a ZIP member are no zone apart",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.TWICE_DATED,
    bins=(Bin("whole_days"), Bin("within_zones"), *nested("beyond_zones", "beyond_zones>1d")),
    group="packer",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    contradiction=True,
    benign=("months_from_zero", "one_time_kept", "patch_tool", "date_set_by_tool"),
    settle=settle.ARCHIVE,
    references=("APPNOTE 4.4.6", "APPNOTE 4.5.5", "kb:ARC-1"),
)

_SAID = {
    "days": says(
        "rule.archive.packer_offset.days",
        one=(
            "In {count} of {members} members with a local and a UTC time of the last change the two agree but for "
            "whole days; the first is {name}: {local}, and {utc}."
        ),
    ),
    "apart": says(
        "rule.archive.packer_offset.apart",
        one=(
            "In {count} of {members} members the local and the UTC time of the last change lie apart as no time zone "
            "does; the first is {name}: {local}, and {utc}, which are {apart} apart."
        ),
    ),
}
_A_MONTH = says(
    "note.months_from_zero",
    one=(
        "The local time of each is a month early and else right, and its writer's marks (host 11, version 2.3) are "
        "those of a program for office files that counts months from 0."
    ),
)
_COUNTS_FROM_0 = 11 << 8 | 23
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def check(facts: ArchiveFacts, context: Context) -> Iterator[Observation]:
    """Compare the local time with each UTC time of the same change; constants are no times."""
    found = [pair for entry in facts.members if len(entry.times) > 1 for pair in pairs(entry)]
    odd = [pair for pair in found if not pair.is_zone]
    if not odd:
        return
    zones = sorted({pair.offset for pair in found if pair.is_zone})
    in_days = [pair for pair in odd if any(_whole_days(pair, zone) for zone in zones)]
    for name, group in (("days", in_days), ("apart", [pair for pair in odd if pair not in in_days])):
        if group:
            yield _observation(name, group, len({pair.member.index for pair in found}))


def _whole_days(pair: Pair, zone: int) -> bool:
    """Whether the two times agree in a zone of the archive, summer time or not, but for whole days."""
    return any((pair.apart - zone + hour + CARELESS) % DAY <= 2 * CARELESS for hour in (0, HOUR, -HOUR))


def _observation(name: str, odd: Sequence[Pair], members: int) -> Observation:
    first = odd[0]
    values = {"local": shown(first.local), "utc": shown(first.utc), "name": name_of(first.member)}
    if name == "apart":
        values["apart"] = span(first.apart)
    count = len({pair.member.index for pair in odd})
    beyond = max([max(pair.apart - LATEST, EARLIEST - pair.apart) for pair in odd])
    far = bin_of(beyond, ((DAY, "beyond_zones>1d"), (CARELESS, "beyond_zones")))
    return Observation(
        sentence=_SAID[name](count=str(count), members=str(members), **values),
        bin="whole_days" if name == "days" else far or "within_zones",
        evidence=tuple([fact for pair in odd[:CITED] for fact in cite_pair(pair, Role.EITHER)]),
        suspect=first.local.locator.path,
        benign=tuple(_causes(odd)),
    )


def _causes(odd: Sequence[Pair]) -> Iterator[BenignState]:
    if all(pair.member.made_by == _COUNTS_FROM_0 and _is_a_month_early(pair) for pair in odd):
        yield settled("months_from_zero", State.EXPLAINS, _A_MONTH())


def _is_a_month_early(pair: Pair) -> bool:
    """Whether a zone sets the two apart where the local time is read in the month after its own."""
    if not isinstance(pair.local.wall, int):
        return False
    local = _EPOCH + timedelta(microseconds=pair.local.wall // 10)
    try:
        later = local.replace(month=local.month + 1)
    except ValueError:  # there is no such day, or no such month
        return False
    return pair._replace(apart=pair.apart + (later - local).days * DAY).is_zone


def twice_dated(local: str, utc: str, index: int = 0, made_by: int = 20) -> ArchiveMember:
    """A member with both times, for cases."""
    kinds = (TimeKind.CENTRAL_DOS, TimeKind.CENTRAL_UNIVERSAL)
    stamps = [
        time(at, path=f"zip:central[{index}].{kind}", kind=kind, clock=clock, description=Description.MODIFICATION)
        for kind, at, clock in zip(kinds, (local, utc), (ClockKind.PACKER, ClockKind.FILE_SYSTEM), strict=True)
    ]
    return member(f"{index}.txt", index=index, times=tuple(stamps), listed_at=46 * index, made_by=made_by)


def cases() -> Iterator[Case]:
    """Cases of zones, of what no zone makes, and of what is no time."""
    good = twice_dated("2017-03-06T11:00:00", "2017-03-06T10:00:00+00:00", 1)
    week = twice_dated("2017-03-13T11:00:00", "2017-03-06T10:00:00+00:00")
    yield fires(archive(week, good), "the local date was moved by a week", bin="whole_days")
    summer = twice_dated("2016-07-05T12:00:00", "2017-07-06T10:00:00+00:00")
    yield fires(archive(summer, good), "by a year and a day, in summer time", bin="whole_days")
    minutes = twice_dated("2017-03-06T11:07:00", "2017-03-06T10:00:00+00:00")
    yield fires(archive(minutes, good), "an hour and seven minutes", bin="within_zones")
    yield fires(archive(twice_dated("2017-03-07T02:10:00", "2017-03-06T10:00:00+00:00")), "16 h", bin="beyond_zones")
    yield fires(archive(twice_dated("2015-03-07T02:10:00", "2017-03-06T10:00:00+00:00")), "2 y", bin="beyond_zones>1d")
    month = twice_dated("2024-05-15T18:52:24", "2024-06-15T18:52:54+00:00", made_by=_COUNTS_FROM_0)
    yield explained(archive(month), "months counted from 0", by="months_from_zero")
    other = twice_dated("2024-05-15T18:52:24", "2024-06-15T18:52:54+00:00")
    yield fires(archive(other), "a month, by another program", bin="beyond_zones>1d")
    yield silent(archive(twice_dated("2017-03-06T15:45:02", "2017-03-06T10:00:01+00:00")), "Nepal, rounded up")
    yield silent(archive(twice_dated("2017-03-06T10:00:24", "2017-03-06T10:00:54+00:00")), "careless seconds")
    yield silent(archive(twice_dated("2017-03-05T22:00:00", "2017-03-06T10:00:00+00:00")), "12 h behind")
    yield silent(archive(twice_dated("1980-01-01T00:00:00", "1979-12-31T05:00:00+00:00")), "before DOS begins")
    yield silent(
        archive(twice_dated("1980-01-01T00:00:00", "2017-03-06T10:00:00+00:00")), "a constant for the local one"
    )
    yield silent(archive(twice_dated("2017-03-06T10:00:00", "1970-01-01T00:00:00+00:00")), "a constant for the UTC one")
