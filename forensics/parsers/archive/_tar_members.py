"""What the headers of a tar archive say of its members, each read again when it is asked for."""

from array import array
from enum import IntEnum

from forensics.model.byte_sources import ByteSource
from forensics.model.documents import ArchiveMember
from forensics.parsers.archive import _tar_facts as facts
from forensics.parsers.archive._tar_events import CommonRecords, Member
from forensics.parsers.archive._tar_walk import Walk


class Told(IntEnum):
    """Which further facts of a member are told."""

    ALL = 0
    OTHER = 1
    """Those that differ from the first member's."""
    NOTHING = 2


class Members:
    """The members of an archive in their order; of each is held where its headers begin.

    Args:
        source: the archive.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._starts, self._told = array("Q"), bytearray()
        self._common: list[tuple[int, int]] = []
        """Of what is said of all members behind it: the index of the first of them, and where it stands."""
        self._first: dict[str, str] = {}
        self._walk, self._applied, self._last = Walk(source), 0, -1

    def __len__(self) -> int:
        return len(self._starts)

    def append(self, member: Member, told: Told) -> None:
        """Take the next member."""
        self._starts.append(member.start)
        self._told.append(told)

    def common(self, event: CommonRecords) -> None:
        """Take what is said of all members that follow."""
        self._common.append((len(self), event.start))

    def made(self, member: Member, told: Told) -> ArchiveMember:
        """Return what the headers of a member say; the first comes first."""
        said = () if told is Told.NOTHING else tuple(facts.said(member))
        if not len(self):
            self._first = {fact.name: fact.value for fact in said}
        if told is Told.OTHER:
            said = tuple([fact for fact in said if self._first.get(fact.name) != fact.value])
        return facts.member_facts(member, said)

    def of(self, index: int) -> ArchiveMember:
        """Return what the headers of a member say, by its index; cheap for the one behind the last."""
        if index < self._last:
            self._walk, self._applied = Walk(self._source), 0
        self._last = index
        while self._applied < len(self._common) and self._common[self._applied][0] <= index:
            next(self._walk.events(self._common[self._applied][1], self._source.size))
            self._applied += 1
        member = next(self._walk.events(self._starts[index], self._source.size, index))
        assert isinstance(member, Member)
        return self.made(member, Told(self._told[index]))
