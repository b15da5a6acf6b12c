"""A tar archive as a whole: what its headers say, and every byte of it that is no member's.

What a header says of its member is made again when it is asked for: of all members together it may not fit in memory.

Source: POSIX.1-2017 pax; GNU tar manual.
"""

from forensics.model.byte_sources import ByteSource
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import Fact
from forensics.model.items import Limits, Notice, Padding
from forensics.model.locations import Locator, quote
from forensics.parsers import _beside as beside
from forensics.parsers.archive import _tar_facts as facts
from forensics.parsers.archive._made_members import MadeMembers
from forensics.parsers.archive._tar_events import LABEL, CommonRecords, Gap, Member, Odd, Zeros
from forensics.parsers.archive._tar_members import Members, Told
from forensics.parsers.archive._tar_names import name_notices
from forensics.parsers.archive._tar_walk import Walk

FACTS = 100_000
"""Further facts of members; beyond them a member says only what differs from the first."""
ROW_BYTES = 180_000_000
"""About what is kept of the headers of one archive's members; those beyond it are read, and not kept."""
_NOTICES = 200
"""Notices of one code that are told one by one."""


class Survey:
    """Goes once through all headers of an archive.

    Args:
        source: the archive.
        limits: members that are read at most.

    Attributes:
        found: whether there is any header at all.
        notices: on the archive, and on members that have no content.
    """

    def __init__(self, source: ByteSource, limits: Limits) -> None:
        self._source = source
        self._walk = Walk(source)
        self._members = Members(source)
        self._room, self._facts = ROW_BYTES, FACTS
        self._alike = b""
        self._properties: list[Fact] = []
        self._gaps: list[tuple[int, int]] = []
        self._names: set[bytes] = set()
        self._doubled = 0
        self._dialects: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._unread: dict[str, int] = {}
        self._slack = 0
        self._ended_at = -1
        self._zeros = self._padding = 0
        self.count = 0
        self.found = False
        self.notices: list[Notice] = []
        self._go(limits.members)

    def facts(self, format_id: str) -> ArchiveFacts:
        """Return what the archive says."""
        told = ", ".join([f"{name}: {count}" for name, count in sorted(self._dialects.items())])
        said = _of_whole("dialects", told, b"")
        return ArchiveFacts(
            format=format_id,
            members=MadeMembers(self._members.of, range(len(self._members))),
            gaps=tuple(self._gaps[:1_000]),
            properties=(*([said] if told else []), *self._properties),
        )

    def padding(self) -> list[Padding]:
        """Return the bytes that hold nothing."""
        found = [Padding(size=self._padding, what="padding"), Padding(size=self._zeros, what="filler")]
        return [one for one in found if one.size]

    def _go(self, most: int) -> None:
        last: object = None
        for event in self._walk.events(0, self._source.size):
            if isinstance(event, Member):
                if self.count == most:
                    rest = self._source.size - event.start
                    text = f"more than members={most} members: the rest is not read"
                    self._tell(Odd("tar.members_limit", text, ((event.start, self._source.size),), rest))
                    last = None
                    break
                self._member(event, after_end=isinstance(last, Zeros))
            elif isinstance(event, Zeros):
                self._zeros += event.end - event.start
                self._ended_at = event.start
                self.found = self.found or event.end == self._source.size
            elif isinstance(event, CommonRecords):
                self._common(event)
            else:
                self._gap(event, behind=self._ended_at >= 0)
            last = event
        if isinstance(last, Member | CommonRecords):
            self._tell(Odd("tar.no_end", "no blocks of zeros after the last member: it may have been cut off"))
        self._conclude()

    def _member(self, member: Member, *, after_end: bool) -> None:
        self.found = True
        self.count += 1
        if after_end:
            text = "members after blocks of zeros, where an archive ends: another one, or what a buffer still held"
            self._tell(Odd("tar.concatenated", text, ((member.start, member.start + 512),)))
        named = facts.dialect(member)
        self._dialects[named] = self._dialects.get(named, 0) + 1
        if not member.is_folder:
            self._doubled += member.name in self._names
            self._names.add(member.name)
        if member.header.typeflag == LABEL:
            label = _of_whole("label", quote(member.name), member.name, member.header.range("name"))
            self._properties.append(label)
        if not member.has_content:
            for odd in member.odd:
                self._tell(odd)
            for notice in name_notices(member):
                self._tell(Odd(notice.code, notice.text, notice.locator.ranges if notice.locator else ()))
        self._keep(member)
        self._fill(member)

    def _keep(self, member: Member) -> None:
        if self._room <= 0:
            return
        if self._facts <= 0 and (self._says_the_same(member) or self._facts <= -FACTS):
            told = Told.NOTHING
        else:
            told = Told.ALL if self._facts > 0 or not len(self._members) else Told.OTHER
        kept = self._members.made(member, told)
        if not len(self._members):
            self._alike = _fixed(member)
        self._facts -= len(kept.said)
        lengths = [200 + len(fact.value) + 2 * len(fact.raw) for fact in (*kept.said, *kept.conflicts)]
        self._room -= 250 + len(kept.name) + sum([300 + 2 * len(stamp.raw) for stamp in kept.times]) + sum(lengths)
        if self._room <= 0:
            text = f"the headers of members from {member.index} on are read, and what they say is not kept: too many"
            self._tell(Odd("tar.facts_limit", text))
            return
        self._members.append(member, told)

    def _says_the_same(self, member: Member) -> bool:
        """Whether all fields are as those of the first member, so that it says nothing else."""
        return not member.extensions.records and member.layout is None and _fixed(member) == self._alike

    def _fill(self, member: Member) -> None:
        """Account for the bytes between a member's end and the next block."""
        size = member.end - member.data_end
        if size and self._walk.window.read(member.data_end, member.end).strip(b"\0"):
            self._slack += size
            text = "bytes that are no zeros fill the last block of a member: leftovers of what was in memory, or hidden"
            self._tell(Odd("tar.slack", text, ((member.data_end, member.end),), size))
        else:
            self._padding += size

    def _common(self, event: CommonRecords) -> None:
        self.found = True
        self._members.common(event)
        for key, placed in event.records.found[: facts.MOST_RECORDS]:
            self._properties.append(facts.record_fact(f"tar:common[{event.start}]", key, placed))
        if event.records.end < min(event.end, event.start + 512):
            self._tell(Odd("tar.record", "an extended header holds bytes that are no record"))

    def _gap(self, gap: Gap, *, behind: bool) -> None:
        for odd in gap.odd:
            self._tell(odd)
        size = gap.end - gap.start
        if gap.is_extension:
            self.found = True
            text = f"{size} bytes say more of a member, and none follows"
            self._tell(Odd("tar.no_member", text, ((gap.start, gap.end),), size))
            return
        found = beside.piece(self._source, gap.start, gap.end)
        if found is None:
            self._zeros += size
            return
        self._zeros += found.start - gap.start
        self._gaps.append((gap.start, gap.end))
        place = "behind the end of the archive" if behind else "where a header should stand"
        text = f"{found.end - found.start} bytes {place}: {found.words}"
        self._tell(Odd("tar.gap", text, ((found.start, found.end),), found.unread))

    def _tell(self, odd: Odd) -> None:
        count = self._counts[odd.code] = self._counts.get(odd.code, 0) + 1
        if count <= _NOTICES:
            self.notices.append(notice(odd))
        else:
            self._unread[odd.code] = self._unread.get(odd.code, 0) + odd.unread

    def _conclude(self) -> None:
        for code, count in self._counts.items():
            if count > _NOTICES:
                self.notices.append(
                    Notice(code=code, text=f"the same {count - _NOTICES} times more", unread=self._unread.get(code, 0))
                )
        if self._doubled:
            text = f"{self._doubled} members have the name of an earlier one: unpacking leaves the last of each"
            self.notices.append(Notice(code="tar.duplicate_name", text=text))


def _fixed(member: Member) -> bytes:
    """Return the bytes of a header that say mode, owner, kind, link, dialect and device."""
    block = member.header.block
    return member.extensions.kinds + block[100:124] + block[156:345]


def _of_whole(word: str, value: str, raw: bytes, *ranges: tuple[int, int]) -> Fact:
    return Fact(name=f"tar.{word}", value=value, raw=raw, locator=Locator(ranges=ranges, path=f"tar:{word}"))


def notice(odd: Odd) -> Notice:
    """Return the notice on something odd."""
    return Notice(
        code=odd.code, text=odd.text, locator=Locator(ranges=odd.ranges) if odd.ranges else None, unread=odd.unread
    )
