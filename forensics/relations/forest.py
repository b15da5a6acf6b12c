"""Mails under the mails that they answer, in arrays: a million take some tens of megabytes.

A message is known by a number from 0, whether it is in the archive or only named by others. Chains of replies are as
long as someone likes to write them, and may bite their own tails: nothing here recurses, and a link that would close a
circle is left out.
"""

from array import array
from collections.abc import Sequence
from itertools import pairwise

NONE = -1


class Forest:
    """Messages, each with the one that it answers, and the threads that they make."""

    def __init__(self, size: int) -> None:
        """Take the count of messages."""
        self.parents = array("i", [NONE]) * size
        self._trees = _Sets(size)
        self._threads = _Sets(size)

    def link(self, child: int, parent: int) -> bool:
        """Put a message that has no parent yet under another; return whether it stands there."""
        if self.parents[child] == NONE and self._trees.root(child) != self._trees.root(parent):
            self.parents[child] = parent
            self._trees.join(child, parent)
            self._threads.join(child, parent)
        return self.parents[child] == parent

    def chain(self, messages: Sequence[int], absent: bytearray) -> None:
        """Take the References of a mail, oldest first: all are of one thread.

        Args:
            messages: their numbers.
            absent: by number whether the message is not in the archive; only such a one is put under the one before.
        """
        for before, message in pairwise(messages):
            self._threads.join(before, message)
            if absent[message]:
                self.link(message, before)

    def threads(self) -> Sequence[int]:
        """Return the thread of each message, numbered from 0 in the order of their first messages."""
        numbers: dict[int, int] = {}
        roots = map(self._threads.root, range(len(self.parents)))
        return array("i", [numbers.setdefault(root, len(numbers)) for root in roots])

    def depths(self) -> Sequence[int]:
        """Return how many messages stand above each."""
        depths = array("i", [NONE]) * len(self.parents)
        for message in range(len(depths)):
            above = []
            while message != NONE and depths[message] == NONE:
                above.append(message)
                message = self.parents[message]
            depth = depths[message] if message != NONE else NONE
            for one in reversed(above):
                depth += 1
                depths[one] = depth
        return depths


class _Sets:
    """Disjoint sets (Tarjan): the smallest number stands for each."""

    def __init__(self, size: int) -> None:
        self._above = array("i", range(size))

    def root(self, one: int) -> int:
        above = self._above
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self._above[second] = first
