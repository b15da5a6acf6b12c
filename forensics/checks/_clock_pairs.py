"""One comparison for every rule that holds times of some kind against Date or the servers' stamps.

A rule's file has its row, a `Pair`: which times, which of several counts, the bins, and what may make a difference
innocent. What stands here is the same for all: the pair is chosen, binned, doubted, told and cited.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum

import msgspec

from forensics.checks._facts import Bins, bin_of, cite, clock
from forensics.checks._ids import ahead, nearest, times_of
from forensics.model.facts import Timestamp
from forensics.model.mail import Message
from forensics.model.rules import Observation, Role, Rule
from forensics.model.sentences import Saying, Sentence, Value
from forensics.model.time_kinds import TimeKind

Comparison = tuple[Timestamp, Timestamp, int]
"""A time, what it is held against, and by how much it is ahead of that, in ticks."""
Choose = Callable[[Sequence[Timestamp], Sequence[Timestamp]], Comparison | None]
"""Chooses among times, and among what they are held against; None where none can be compared."""


class Against(Enum):
    """What times are held against."""

    DATE = "Date"
    STAMPS = "stamps of the trace"


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """What is held against what, and what follows from a difference."""

    kinds: tuple[TimeKind, ...]
    against: Against = Against.DATE
    choose: Choose
    later: Bins = ()
    """Of times ahead of what they are held against; without bins being ahead says nothing."""
    earlier: Bins = ()
    zones: Callable[[Message, Comparison], bool] | None = None
    """Whether the difference is one that two zones make; then it is in the bin ``zone``."""
    zone: str = ""
    doubted: Callable[[Message, Comparison], bool] | None = None
    """Whether the reading may be none, or the same moment in another form."""
    labels: tuple[str, str]
    """Of what the time is held against, and of the time."""
    words: Callable[[Comparison], Mapping[str, Value]]
    """Values of the sentence."""
    said: Saying
    """What is observed."""
    said_earlier: Saying | None = None
    """Where that is said in another way of a time behind what it is held against."""

    def bin(self, message: Message, found: Comparison) -> str:
        """Return the bin of a difference; empty: it says nothing."""
        if self.zones is not None and self.zones(message, found):
            return self.zone
        return bin_of(found[2], self.later) if found[2] > 0 else bin_of(-found[2], self.earlier)


def compare(rule: Rule, pair: Pair, message: Message) -> Iterator[Observation]:
    """Report the pair that counts, if its difference falls into a bin and nothing raises doubts."""
    found = pair.choose(times_of(message, *pair.kinds), _others(message, pair.against))
    name = pair.bin(message, found) if found is not None else ""
    if found is None or not name or (pair.doubted is not None and pair.doubted(message, found)):
        return
    said = pair.said_earlier if found[2] <= 0 and pair.said_earlier is not None else pair.said
    yield observation(rule, said(**pair.words(found)), name, found, pair.labels)


def observation(
    rule: Rule,
    said: Sentence,
    name: str,
    found: Comparison,
    labels: tuple[str, str],
) -> Observation:
    """Return what was observed of a pair: what a time is held against is suspect, and the time its witness.

    Args:
        rule: the rule.
        said: what it says of the pair.
        name: the bin.
        found: the pair.
        labels: of the suspect and of the witness.
    """
    made, held, _ = found
    return Observation(
        sentence=said,
        bin=name,
        evidence=(cite(labels[0], held, Role.SUSPECT), cite(labels[1], made, Role.WITNESS)),
        suspect=held.locator.path,
    )


def utc(stamp: Timestamp) -> str:
    """Write a time's instant for people."""
    return clock(stamp.instant if isinstance(stamp.instant, int) else 0)


def first(stamps: Sequence[Timestamp], others: Sequence[Timestamp]) -> Comparison | None:
    """Choose the first time."""
    return nearest(stamps[:1], others)


def latest(stamps: Sequence[Timestamp], others: Sequence[Timestamp]) -> Comparison | None:
    """Choose the time that is most ahead."""
    return max(_pairs(stamps, others), key=lambda found: found[2], default=None)


def earliest(stamps: Sequence[Timestamp], others: Sequence[Timestamp]) -> Comparison | None:
    """Choose the time that is least ahead."""
    return min(_pairs(stamps, others), key=lambda found: found[2], default=None)


def farthest(stamps: Sequence[Timestamp], others: Sequence[Timestamp]) -> Comparison | None:
    """Choose the time that is farthest from what is nearest to it."""
    pairs = [found for stamp in stamps if (found := nearest((stamp,), others)) is not None]
    return max(pairs, key=lambda found: abs(found[2]), default=None)


def _pairs(stamps: Sequence[Timestamp], others: Sequence[Timestamp]) -> list[Comparison]:
    return [(stamp, of, by) for stamp in stamps for of in others if (by := ahead(stamp, of)) is not None]


def _others(message: Message, against: Against) -> tuple[Timestamp, ...]:
    if against is Against.DATE:
        return (message.date,) if isinstance(message.date, Timestamp) else ()
    return tuple([hop.time for hop in message.trace if isinstance(hop.time, Timestamp)])
