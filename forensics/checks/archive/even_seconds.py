"""Times of an archive that can be exact to a second are all even seconds: they came by a coarser way.

FAT keeps modification times to two seconds, and so do old archives. Of a dozen files that were saved one by one
elsewhere about half have an odd second. Archives whose times can be exact to 100 ns are `archive.coarse_times`'s.
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
    id="archive.even_seconds",
    version=1,
    title="Times of an archive are all even seconds",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.SECOND_TIMES,
    bins=(Bin("even_seconds"),),
    group="packer",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.CONTEXT,
    benign=("coarse_store", "packer_sets_time", "date_set_by_tool"),
    settle=settle.ARCHIVE,
    references=("kb:ARC-2", "kb:ARC-5", "attack:timestomp"),
)

_SAID = says(
    "rule.archive.even_seconds",
    one=(
        "All {n} different times of last change in the archive, which could be exact to a second, are even seconds: "
        "FAT keeps times so."
    ),
)


def check(facts: ArchiveFacts, context: Context) -> Iterator[Observation]:
    """Look at all such times, each once; a few are even by chance."""
    found = {at: stamp for entry in facts.members for at, stamp in entry.fine_times}
    if len(found) < EXACT_TIMES or any(at % (2 * TICKS_PER_SECOND) for at in found):
        return
    cited = list(found.values())[:CITED]
    yield Observation(
        sentence=_SAID(n=str(len(found))),
        bin="even_seconds",
        evidence=tuple([cite("time of a member", stamp, Role.EITHER) for stamp in cited]),
        suspect=cited[0].locator.path,
    )


def timed(index: int, seconds: int, size: int = 1_000) -> ArchiveMember:
    """A member of a tar with a size, changed so many seconds after 10:00, for cases."""
    at = ticks("2017-03-06T10:00:00Z") + seconds * TICKS_PER_SECOND
    stamp = time(
        "2017-03-06T10:00:00Z",
        path=f"tar:member[{index}].header.mtime",
        kind=TimeKind.TAR_MODIFIED,
        clock=ClockKind.FILE_SYSTEM,
        description=Description.MODIFICATION,
    )
    changed = msgspec.structs.replace(stamp, instant=at, wall=at, precision=Precision.SECOND)
    return msgspec.structs.replace(member(f"{index}.txt", index=index, times=(changed,)), size=size)


def cases() -> Iterator[Case]:
    """Cases of FAT, and of other file systems."""
    yield fires(archive(*[timed(one, 14 * one) for one in range(16)], format="tar"), "from FAT", bin="even_seconds")
    yield silent(archive(*[timed(one, 7 * one) for one in range(16)], format="tar"), "odd seconds")
    yield silent(archive(*[timed(one, 4) for one in range(30)], format="tar"), "one time for all")
