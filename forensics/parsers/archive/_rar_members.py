"""The files of a RAR archive, none of them held: each is made of its header again when it is asked for.

A quarter of a million of them, each with all that its header says, take more memory than a worker should.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, overload

from forensics.model.facts import Fact
from forensics.parsers.archive._rar_model import Member

_DIRECTORY, _SOLID, _STORED, _AFTER = 1, 2, 4, 8


class Several:
    """Files that follow each other, folders left out; each time it is gone through, they are made anew."""

    def __init__(self, members: "Members", first: int, stop: int) -> None:
        self._members = members
        self.first = first
        """Index of the first file."""
        self._stop = stop

    def __iter__(self) -> Iterator[Member]:
        for index in range(self.first, self._stop):
            if not self._members.is_directory(index):
                yield self._members[index]

    @property
    def last(self) -> Member:
        """The last file."""
        return self._members[next(at for at in range(self._stop - 1, -1, -1) if not self._members.is_directory(at))]


class Members(Sequence[Member]):
    """The files of an archive in their order.

    Args:
        again: makes the file of a header again, by the range of the header in the source and the index of the file.
    """

    def __init__(self, again: Callable[[int, int, int], Member]) -> None:
        self._again = again
        self._starts, self._ends, self._kinds = array("Q"), array("Q"), bytearray()
        self._held: dict[int, Member] = {}
        self._said: dict[int, list[Fact]] = {}

    def append(self, member: Member) -> None:
        """Take the next file; what had to be decrypted is held."""
        if member.block.steps:
            self._held[len(self)] = member
        kind = _DIRECTORY * member.directory | _SOLID * member.solid | _AFTER * member.after
        self._starts.append(member.block.start)
        self._ends.append(member.block.data_start)
        self._kinds.append(kind | _STORED * (member.method == 0))

    def say(self, fact: Fact) -> None:
        """Take what stands behind the last file, and is said of it."""
        self._said.setdefault(len(self) - 1, []).append(fact)

    def is_directory(self, index: int) -> bool:
        """Whether a file is a folder."""
        return bool(self._kinds[index] & _DIRECTORY)

    def groups(self) -> "Groups":
        """Return which files are packed together."""
        firsts, solid = array("Q"), bytearray()
        cut = True
        for index, kind in enumerate(self._kinds):
            if kind & _DIRECTORY:
                continue
            if cut or kind & _AFTER or not kind & (_SOLID | _STORED):
                firsts.append(index)
                solid.append(0)
            solid[-1] |= bool(kind & _SOLID)
            cut = bool(kind & _AFTER)
        return Groups(self, firsts, solid)

    def __len__(self) -> int:
        return len(self._kinds)

    @overload
    def __getitem__(self, index: int) -> Member: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Member, ...]: ...

    def __getitem__(self, index: int | slice) -> Member | tuple[Member, ...]:
        if isinstance(index, slice):
            return tuple([self[one] for one in range(*index.indices(len(self)))])
        place = range(len(self))[index]
        member = self._held.get(place) or self._again(self._starts[place], self._ends[place], place)
        member.solid = bool(self._kinds[place] & _SOLID)  # where the archive says it, not the file
        if more := self._said.get(place):
            member.said = [*member.said, *[fact for fact in more if fact not in member.said]]
        return member


class Groups(NamedTuple):
    """Which files are packed together: one that is not solid, and the solid ones behind it.

    Folders and stored files do not touch the dictionary: they part no group. A part of a file in another volume does.
    """

    members: Members
    firsts: "array[int]"
    """Index of the first file of each."""
    solid: bytearray
    """Whether any file of each is solid."""

    def of(self, index: int) -> tuple[Several, bool]:
        """Return the group of a file, and whether any file in it is solid."""
        at = bisect_right(self.firsts, index) - 1
        stop = self.firsts[at + 1] if at + 1 < len(self.firsts) else len(self.members)
        return Several(self.members, self.firsts[at], stop), bool(self.solid[at])

    def all(self) -> Several:
        """Return all files."""
        return Several(self.members, 0, len(self.members))
