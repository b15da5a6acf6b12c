"""Times that can be exact to 100 ns are whole or even seconds in a whole archive: they came by a coarser way.

FAT keeps modification times to two seconds, and many programs and file systems to one. Of files that were saved one by
one on NTFS nearly none has a whole second, and half have an odd one.
"""

from collections.abc import Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite
from forensics.checks._packing import CITED
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import archive, member
from forensics.examples.times import ticks, time
from forensics.model.documents import EXACT_TIMES, ArchiveFacts, ArchiveMember
from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Description, Precision
from forensics.model.presence.archive import ArchiveHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="archive.coarse_times",
    version=1,
    title="Exact times of an archive are all whole or even seconds",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.EXACT_TIMES,
    bins=(Bin("even_seconds"), Bin("whole_seconds")),
    group="packer",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.CONTEXT,
    benign=("coarse_store", "packer_sets_time", "date_set_by_tool"),
    settle=settle.ARCHIVE,
    references=("kb:ARC-2", "attack:timestomp"),
)

_SAID = {
    "even_seconds": says(
        "rule.archive.coarse_times.even_seconds",
        one=(
            "All {n} different times of last change in the archive, which could be exact to 100 ns, are even seconds: "
            "FAT keeps times so."
        ),
    ),
    "whole_seconds": says(
        "rule.archive.coarse_times.whole_seconds",
        one=(
            "None of {n} different times of last change in the archive, which could be exact to 100 ns, has a fraction."
        ),
    ),
}


def check(facts: ArchiveFacts, context: Context) -> Iterator[Observation]:
    """Look at all exact times of last change, each once; a few are no habit."""
    found = {stamp.instant: stamp for entry in facts.members for stamp in entry.exact_times}
    instants = [instant for instant in found if isinstance(instant, int)]
    if len(instants) < EXACT_TIMES or any(instant % TICKS_PER_SECOND for instant in instants):
        return
    name = "whole_seconds" if any(instant % (2 * TICKS_PER_SECOND) for instant in instants) else "even_seconds"
    cited = list(found.values())[:CITED]
    yield Observation(
        sentence=_SAID[name](n=str(len(instants))),
        bin=name,
        evidence=tuple([cite("exact time of a member", stamp, Role.EITHER) for stamp in cited]),
        suspect=cited[0].locator.path,
    )


def _member(index: int, seconds: int, fraction: int = 0) -> ArchiveMember:
    start = ticks("2017-03-06T10:00:00Z") + seconds * TICKS_PER_SECOND + fraction
    kind, clock = TimeKind.SEVENZIP_FILETIME, ClockKind.FILE_SYSTEM
    stamp = time(
        "2017-03-06T10:00:00Z",
        path=f"7z:files.mtime[{index}]",
        kind=kind,
        clock=clock,
        description=Description.MODIFICATION,
    )
    changed = msgspec.structs.replace(stamp, instant=start, wall=start, precision=Precision.TICK)
    return member(f"{index}.txt", index=index, times=(changed,))


def cases() -> Iterator[Case]:
    """Cases of FAT, of whole seconds, and of exact times."""
    yield fires(archive(*[_member(one, 10 * one) for one in range(16)], format="7z"), "from FAT", bin="even_seconds")
    yield fires(archive(*[_member(one, 7 * one) for one in range(16)], format="7z"), "from tar", bin="whole_seconds")
    exact = [_member(one, 10 * one) for one in range(16)]
    yield silent(archive(*exact, _member(16, 3, 1_234_567), format="7z"), "one exact time")
    yield silent(archive(*[_member(one, 4) for one in range(30)], format="7z"), "one time for all")
