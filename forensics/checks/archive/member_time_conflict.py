"""The two headers of a zip member give it two different times: one of them was written later."""

from collections.abc import Iterator, Sequence

from forensics.checks import settle
from forensics.checks._facts import DAY, MINUTE, cite, shown
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import archive, member
from forensics.examples.times import ticks, time
from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Timestamp
from forensics.model.locations import unquote
from forensics.model.presence.archive import ArchiveHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says
from forensics.model.time_kinds import CENTRAL_OF, TimeKind

RULE = Rule(
    id="archive.member_time_conflict",
    version=1,
    title="Two headers of a ZIP member disagree on its time",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.MEMBER_TIME,
    bins=(Bin("far"), Bin("constant"), Bin("near")),
    group="packer",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.MODERATE,
    benign=("archive_writer", "patch_tool"),
    settle=settle.ARCHIVE,
    references=("APPNOTE 4.3.7", "APPNOTE 4.3.12", "kb:ARC-1", "kb:OOX-2d"),
)

_SAID = says(
    "rule.archive.member_time_conflict",
    one=(
        "The two headers of {count} of {members} members differ on the time; the first is {name}: {central} in the "
        "directory, {local} before its data."
    ),
)

CITED = 5
NEAR = 10 * MINUTE
_CONSTANT = ticks("1980-01-01T00:00:00Z")
_ROUNDING = 2 * TICKS_PER_SECOND


def check(facts: ArchiveFacts, context: Context) -> Iterator[Observation]:
    """Compare each kind of time that both headers carry; a time that is not set contradicts nothing."""
    odd = [(entry, pair) for entry in facts.members for pair in _pairs(entry)]
    if not odd:
        return
    touched = {entry.index for entry, _ in odd}
    first, (central, local) = odd[0]
    name = unquote(first.name).decode("utf-8", "replace")[:200]
    values = {"count": str(len(touched)), "members": str(len(facts.members)), "name": name}
    evidence = []
    for _, (one, other) in odd[:CITED]:
        evidence += [cite("central header", one, Role.EITHER), cite("local header", other, Role.EITHER)]
    yield Observation(
        sentence=_SAID(**values, central=shown(central), local=shown(local)),
        bin=_bin([pair for _, pair in odd]),
        evidence=tuple(evidence),
        suspect=central.locator.path,
    )


def _bin(pairs: Sequence[tuple[Timestamp, Timestamp]]) -> str:
    """Writers stamp the two headers seconds apart, or one of them with the constant 1980-01-01."""
    walls = [(one.wall, other.wall) for one, other in pairs]
    apart = [(one, other) for one, other in walls if isinstance(one, int) and isinstance(other, int)]
    if any(abs(one - other) > NEAR and min(one, other) >= _CONSTANT + DAY for one, other in apart):
        return "far"
    return "constant" if any(min(pair) < _CONSTANT + DAY for pair in apart) else "near"


def _pairs(entry: ArchiveMember) -> Iterator[tuple[Timestamp, Timestamp]]:
    times = {(stamp.kind, stamp.index, stamp.description): stamp for stamp in entry.times}
    for stamp in entry.times:
        central = CENTRAL_OF.get(stamp.kind)
        other = times.get((central, stamp.index, stamp.description)) if central is not None else None
        if other is None:
            continue
        if isinstance(stamp.wall, int) and isinstance(other.wall, int) and abs(stamp.wall - other.wall) > _ROUNDING:
            yield other, stamp


def cases() -> Iterator[Case]:
    """Cases of one member beside an untouched one."""
    one, minute, late, rounded, unset = [
        time(at, path=kind, kind=kind, clock=ClockKind.PACKER)
        for kind, at in (
            (TimeKind.CENTRAL_DOS, "2017-03-06T10:00:00"),
            (TimeKind.LOCAL_DOS, "2017-03-06T10:00:40"),
            (TimeKind.LOCAL_DOS, "2017-03-06T17:30:00"),
            (TimeKind.LOCAL_DOS, "2017-03-06T10:00:02"),
            (TimeKind.LOCAL_DOS, "1980-01-01T00:00:00"),
        )
    ]
    yield fires(archive(member(times=(one, late)), member("b.txt", index=1)), "hours apart", bin="far")
    yield fires(archive(member(times=(one, minute))), "a writer that stamps twice", bin="near")
    yield fires(archive(member(times=(one, unset))), "a writer that stamps one header only", bin="constant")
    yield silent(archive(member(times=(one,))), "the headers agree")
    yield silent(archive(member(times=(one, rounded))), "two seconds: the rounding of DOS times")
