"""The two headers of a zip member give it two different times: one of them was written later."""

from collections.abc import Iterator

from forensics.checks._facts import cite, shown
from forensics.examples import DAY, Case, archive, fires, member, silent, time
from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Timestamp
from forensics.model.locations import unquote
from forensics.model.rules import Context, Has, Observation, Proposition, Role, Rule, Sentence, Strength, Subject

RULE = Rule(
    id="archive.member_time_conflict",
    version=1,
    title="Two headers of a zip member disagree on its time",
    subject=Subject.ARCHIVE,
    needs=Has.MEMBER_TIME,
    group="packer",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.MODERATE,
    contradiction=True,
    benign=("archive_writer", "patch_tool"),
    settle="settle.archive",
    references=("APPNOTE 4.3.7", "APPNOTE 4.3.12", "kb:OOX-2d"),
)

CITED = 5
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
        sentence=Sentence(f"rule.{RULE.id}", values | {"central": shown(central), "local": shown(local)}),
        bin="some" if len(touched) < len(facts.members) else "all",
        evidence=tuple(evidence),
        suspect=central.locator.path,
    )


def _pairs(entry: ArchiveMember) -> Iterator[tuple[Timestamp, Timestamp]]:
    central = {path[2]: stamp for stamp in entry.times if (path := _path(stamp))[0].startswith("zip:central")}
    for stamp in entry.times:
        path = _path(stamp)
        other = central.get(path[2])
        if not path[0].startswith("zip:local") or other is None:
            continue
        if isinstance(stamp.wall, int) and isinstance(other.wall, int) and abs(stamp.wall - other.wall) > _ROUNDING:
            yield other, stamp


def _path(stamp: Timestamp) -> tuple[str, str, str]:
    return stamp.locator.path.partition(".")


def cases() -> Iterator[Case]:
    """Cases of one member beside an untouched one."""
    one = time(f"{DAY}T10:00:00", path="zip:central[0].dos", clock=ClockKind.PACKER)
    other = time(f"{DAY}T17:30:00", path="zip:local[0].dos", clock=ClockKind.PACKER)
    near = time(f"{DAY}T10:00:02", path="zip:local[0].dos", clock=ClockKind.PACKER)
    yield fires(archive(member(times=(one, other)), member("b.txt", index=1)), "one of two members", bin="some")
    yield fires(archive(member(times=(one, other))), "all members: the writer's habit, or all rewritten", bin="all")
    yield silent(archive(member(times=(one,))), "the headers agree")
    yield silent(archive(member(times=(one, near))), "two seconds: the rounding of DOS times")
