"""The times of an archive's files are those of one writing: each follows the last by as long as its size takes.

Recorders write so: sound, pictures of a camera, measurements. Copying without keeping times gives each file the moment
in which it was written, which says when a set was copied, and nothing of when its files were changed; rules on them say
that much and no more. What a gap without a file, or the speed of writing, may mean is left to the reader.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from forensics.checks import settle
from forensics.checks._facts import HOUR, cite, shown, span
from forensics.checks.archive.even_seconds import timed
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import archive
from forensics.model.documents import EXACT_TIMES, ArchiveFacts
from forensics.model.facts import TICKS_PER_SECOND, Timestamp
from forensics.model.presence.archive import ArchiveHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="archive.copy_burst",
    version=2,
    title="Times of an archive are those of files written one after another",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.TIMED_FILES,
    bins=(Bin("in_order"), Bin("by_size")),
    group="packer",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.CONTEXT,
    benign=("copied_set", "recorded_in_turn"),
    settle=settle.ARCHIVE,
    references=("kb:ARC-5", "kb:ARC-8"),
)

_SAID = {
    "in_order": says(
        "rule.archive.copy_burst.in_order",
        one=(
            "The times of last change of {n} files run from {first} to {last} ({span}), in the order of the archive, "
            "and the gaps between them grow with the sizes of the files (correlation {correlation}), at about {speed} "
            "MB/s: so stand files that one program wrote one after another, as a copy, an unpacking or a recorder does."
        ),
    ),
    "by_size": says(
        "rule.archive.copy_burst.by_size",
        one=(
            "The times of last change of {n} files run from {first} to {last} ({span}), and the gaps between them grow "
            "with the sizes of the files (correlation {correlation}), at about {speed} MB/s: so stand files that one "
            "program wrote one after another, as a copy, an unpacking or a recorder does."
        ),
    ),
}

LEAST_CORRELATION = 0.9
LONGEST = 24 * HOUR
_IN_ORDER = 0.9
"""Share of neighbors in time that are neighbors in the archive's order too, one way."""
_LEAST_SPEED, _MOST_SPEED = 10_000, 20_000_000_000
"""Bytes a second between which files are copied."""


class _File(NamedTuple):
    at: int
    place: int
    size: int
    stamp: Timestamp


def check(facts: ArchiveFacts, context: Context) -> Iterator[Observation]:
    """Compare the gap before each file with its size; files of one moment count as one."""
    found = [_file(entry.size, entry.index, entry.fine_times) for entry in facts.members]
    files = sorted([file for file in found if file is not None], key=lambda file: (file.at, file.place))
    if len({file.at for file in files}) < EXACT_TIMES or files[-1].at - files[0].at > LONGEST:
        return
    gaps = [(later.at - earlier.at, later.size) for earlier, later in pairwise(_moments(files))]
    correlation = _correlation(gaps)
    written, taken = sum(size for _, size in gaps), sum(gap for gap, _ in gaps)
    speed = written * TICKS_PER_SECOND // taken
    if correlation <= LEAST_CORRELATION or not _LEAST_SPEED <= speed <= _MOST_SPEED:
        return
    rising = sum(one.place < other.place for one, other in pairwise(files))
    name = "in_order" if rising >= _IN_ORDER * (len(files) - 1) else "by_size"
    first, last = files[0], files[-1]
    yield Observation(
        sentence=_SAID[name](
            n=str(len(files)),
            first=shown(first.stamp),
            last=shown(last.stamp),
            span=span(last.at - first.at),
            correlation=f"{correlation:.2f}",
            speed=f"{speed / 1_000_000:.{1 if speed >= 1_000_000 else 2}f}",
        ),
        bin=name,
        evidence=(
            cite("time of the first file", first.stamp, Role.EITHER),
            cite("time of the last file", last.stamp, Role.EITHER),
        ),
        suspect=first.stamp.locator.path,
    )


def _file(size: int, index: int, times: Sequence[tuple[int, Timestamp]]) -> _File | None:
    if not size or not times:
        return None
    at, stamp = max(times, key=lambda one: one[0])
    return _File(at, index, size, stamp)


def _moments(files: Sequence[_File]) -> Iterator[_File]:
    """Yield each moment once, with the bytes of all files that were done in it."""
    held = files[0]
    for file in files[1:]:
        if file.at == held.at:
            held = held._replace(size=held.size + file.size)
        else:
            yield held
            held = file
    yield held


def _correlation(pairs: Sequence[tuple[int, int]]) -> float:
    """Return Pearson's coefficient; 0 where one side does not vary."""
    n = len(pairs)
    means = [sum(column) / n for column in zip(*pairs, strict=True)]
    apart = [(one - means[0], other - means[1]) for one, other in pairs]
    squares = sum(one * one for one, _ in apart) * sum(other * other for _, other in apart)
    return sum(one * other for one, other in apart) / sqrt(squares) if squares else 0.0


def cases() -> Iterator[Case]:
    """Cases of a copy at one megabyte a second, of editing, and of a set that was unpacked at once."""
    seconds = [1, 3, 2, 7, 4, 1, 9, 2, 3, 12, 5, 2, 6, 1, 8]
    ends = [sum(seconds[: place + 1]) for place in range(len(seconds))]
    copied = [timed(place, at, size=1_000_000 * gap) for place, (gap, at) in enumerate(zip(seconds, ends, strict=True))]
    yield fires(archive(*copied, format="tar"), "a copy in the archive's order", bin="in_order")
    backwards = [timed(30 - one.index, ends[one.index], size=one.size) for one in copied]
    yield fires(archive(*backwards, format="tar"), "a copy in another order", bin="by_size")
    edited = [timed(place, 600 * place * place, size=5_000_000 - 100_000 * place) for place in range(16)]
    yield silent(archive(*edited, format="tar"), "files that were saved one by one")
    yield silent(archive(*[timed(place, 4) for place in range(16)], format="tar"), "one time for all")
