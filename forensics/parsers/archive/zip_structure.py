"""The structure of a zip file, shared by every parser of a zip-based format.

    directory = read_directory(source)            # Directory; raises WrongFormat if nothing in it is a zip's
    member = directory.find(b"docProps/core.xml") # Member | None; the last of equal names, as common tools do
    data = read_member(source, member, limit)     # decoded bytes; raises LimitExceeded, Malformed
    step = member_step(member, sha256)            # the replayable Step, for locators and child items

Names are raw bytes; offsets are in the archive's bytes. ``Directory.notices`` says what was odd.
Facts of the container itself (`ArchiveFacts`) come from ``_zip_facts.archive_facts``, member child items from
``archive_zip.children``.

Source: PKWARE APPNOTE.TXT 6.3.10.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.errors import LimitExceeded, Malformed, WrongFormat
from forensics.intake.windows import Window, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Budget, Limits, Notice, Padding, Range
from forensics.model.locations import Locator, Step, StepKind, quote
from forensics.parsers._beside import Piece
from forensics.parsers.archive import _zip_end as zip_end
from forensics.parsers.archive import _zip_records as records
from forensics.parsers.archive._zip_gaps import gaps_between, told
from forensics.parsers.archive._zip_recover import Search, recover
from forensics.replay.decoders import stream_of

METHODS = {0: "copy/1", 8: "deflate/1", 12: "bzip2/1", 14: "zip-lzma/1", 95: "xz/1"}
"""Compression method to decoder; members of other methods stay unread."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One member: its headers, and the numbers that reading it goes by (the directory's where it has any)."""

    index: int
    """Position in the central directory; members that it does not list follow."""
    name: bytes
    central: records.Header | None
    """``None`` for a member found by its local header alone."""
    local: records.Header | None
    """``None`` where no local header stands at the stated place."""
    descriptor: records.Descriptor | None
    header_start: int
    """Offset of the local header."""
    data_start: int
    data_end: int
    """End of the stored data, not beyond the archive's own."""
    stored_size: int
    size: int
    crc32: int
    method: int
    flags: int

    @property
    def encrypted(self) -> bool:
        """Whether the data are encrypted."""
        return bool(self.flags & records.ENCRYPTED)

    @property
    def is_folder(self) -> bool:
        """Whether this only names a folder."""
        return self.name.endswith(b"/") and self.size == 0

    @property
    def decoder(self) -> str:
        """Decoder of the plain data; empty if there is none for its method."""
        name = METHODS.get(self.method, "")
        # Without an end marker only the stated size tells where an LZMA stream ends.
        return f"{name}:{self.size}" if self.method == 14 and not self.flags & records.LZMA_END else name

    @property
    def end(self) -> int:
        """First byte after data and descriptor."""
        return self.descriptor.end if self.descriptor else self.data_end


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    """What a zip file holds."""

    members: tuple[Member, ...]
    comment: bytes = b""
    gaps: tuple[tuple[int, int], ...] = ()
    """Ranges that no structure accounts for."""
    strangers: tuple[Piece, ...] = ()
    """What of them is an item of its own: a picture or program before the archive."""
    notices: tuple[Notice, ...] = ()
    fillers: tuple[Padding, ...] = ()
    """What of the gaps holds nothing."""

    def told(self) -> Iterator[Notice | Padding]:
        """Yield what is odd about it, and what in it holds nothing."""
        yield from self.notices
        yield from self.fillers

    def find(self, name: bytes) -> Member | None:
        """Return the last member of this exact name."""
        return next((member for member in reversed(self.members) if member.name == name), None)


def read_directory(
    source: ByteSource,
    limits: Limits = Limits(),  # noqa: B008  frozen
    budget: Budget | None = None,
) -> Directory:
    """Read all headers of a zip file; a cut or damaged one by the local headers that are left.

    Args:
        source: the archive.
        limits: count limits.
        budget: of the source file; where a member has no stated end, its data are decoded to find it.

    Raises:
        WrongFormat: neither a directory nor a local header stands in it.
    """
    notices: list[Notice] = []
    end = zip_end.find_end(source, notices)
    claimed: list[tuple[int, int]] = list(end.ranges) if end else []
    members: list[Member] = []
    if end:
        _listed(source, end, limits, members, claimed, notices)
    gaps = gaps_between(claimed, source.size)
    search = Search(limits, budget or Budget(limits, source.size))
    found = _unlisted(source, gaps, search, members)
    if not members and not end and not found:
        raise WrongFormat("neither a directory nor a member header", 0)
    claimed += [(member.header_start, member.end) for member in found]
    found = _placed(members, found, notices)
    if not end:
        notices.append(
            Notice(code="zip.no_directory", text=f"no directory at the end: {len(found)} members by local headers")
        )
    elif found:
        ranges = tuple((member.header_start, member.end) for member in found[:8])
        text = f"{len(found)} members that the directory does not list"
        notices.append(Notice(code="zip.unlisted", text=text, locator=Locator(ranges=ranges)))
    members += found
    gaps = gaps_between(claimed, source.size)
    fillers: list[Padding] = []
    strangers = tuple(told(source, gaps, notices, fillers))
    notices += _duplicates(members)
    return Directory(
        members=tuple(members),
        comment=end.comment if end else b"",
        gaps=tuple(gaps),
        strangers=strangers,
        notices=tuple(notices),
        fillers=tuple(fillers),
    )


def read_members(source: ByteSource, part: Range) -> Iterator[Member]:
    """Yield the members of a run that `_zip_runs.runs` gave.

    Raises:
        WrongFormat: the directory is not there any more.
    """
    end = zip_end.find_end(source, [])
    if end is None:
        raise WrongFormat("no directory", 0)
    directory, near = Window(source, 1 << 16), Window(source, 1 << 12)
    at, index = part.entry, part.ordinal
    while header := records.read_central(directory, at, end.directory_limit):
        member = _member(near, index, header, end)
        if member.header_start >= part.end:
            return
        yield member
        at, index = header.end, index + 1


def read_member(source: ByteSource, member: Member, limit: int) -> bytes:
    """Return the decoded bytes of a member.

    Raises:
        LimitExceeded: more than *limit* bytes; nothing larger is ever held.
        Malformed: encrypted, of an unknown method, damaged, or not of the stated size.
    """
    if member.encrypted or not member.decoder or member.local is None:
        raise Malformed("member cannot be decoded", member.header_start)
    if member.size > limit:
        raise LimitExceeded(f"member states {member.size} bytes, more than {limit}", member.header_start)
    held, total = [], 0
    for block in stream_of(member.decoder)(blocks(source, member.data_start, member.data_end)):
        total += len(block)
        if total > limit:
            raise LimitExceeded(f"member decodes to more than {limit} bytes", member.data_start)
        held.append(block)
    if total != member.size:
        raise Malformed(f"member decodes to {total} bytes, not {member.size}", member.data_start)
    return b"".join(held)


def member_step(member: Member, sha256: str, decoder: str = "") -> Step:
    """Return the step into a member.

    Args:
        member: the member.
        sha256: digest of the decoded bytes; empty if they could not be had.
        decoder: where it is not the plain method's.
    """
    return Step(
        kind=StepKind.ZIP_MEMBER,
        name=quote(member.name),
        index=member.index,
        start=member.data_start,
        end=member.data_end,
        decoder=decoder or member.decoder or "copy/1",
        sha256=sha256,
    )


def _listed(
    source: ByteSource,
    end: zip_end.End,
    limits: Limits,
    members: list[Member],
    claimed: list[tuple[int, int]],
    notices: list[Notice],
) -> None:
    """Read the directory's entries and what they point to."""
    directory, near = Window(source, 1 << 18), Window(source, 1 << 12)
    at = end.directory_start
    while len(members) < limits.members:
        header = records.read_central(directory, at, end.directory_limit)
        if header is None:
            break
        member = _member(near, len(members), header, end)
        members.append(member)
        claimed.append((header.start, header.end))
        if member.local is not None:
            claimed.append((member.header_start, member.end))
        at = header.end
    if len(members) == limits.members and records.read_central(directory, at, end.directory_limit):
        text = f"more members than the limit members={limits.members}"
        left = end.directory_limit - at
        notices.append(Notice(code="zip.members_limit", text=text, locator=_at(at, end.directory_limit), unread=left))
        claimed.append((at, end.directory_limit))
    elif len(members) & 0xFFFF != end.count & 0xFFFF:
        text = f"the directory has {len(members)} entries, its end record states {end.count}"
        notices.append(Notice(code="zip.count", text=text, locator=_at(*end.ranges[0])))
    if end.disk:
        elsewhere = sum(member.local is None for member in members)
        text = f"volume {end.disk + 1} of a split archive: {elsewhere} members begin in others"
        notices.append(Notice(code="zip.split", text=text, locator=_at(*end.ranges[0])))
    signature = directory.read(at, at + 6)
    if signature.startswith(records.SIGNATURE) and len(signature) == 6:
        claimed.append((at, min(at + 6 + int.from_bytes(signature[4:], "little"), end.directory_limit)))


def _member(near: Window, index: int, header: records.Header, end: zip_end.End) -> Member:
    start = header.offset + end.shift
    here = header.disk in (end.disk, records.FULL >> 16) and 0 <= start < near.source.size
    local = records.read_local(near, start) if here else None
    data_start = local.end if local else min(max(start, 0), near.source.size)
    data_end = min(data_start + header.stored_size, near.source.size) if local else data_start
    descriptor = None
    if local and (header.flags | local.flags) & records.HAS_DESCRIPTOR:
        descriptor = records.read_descriptor(near, data_end, header.stored_size, header.size)
    return Member(
        index=index,
        name=header.name,
        central=header,
        local=local,
        descriptor=descriptor,
        header_start=start,
        data_start=data_start,
        data_end=data_end,
        stored_size=header.stored_size,
        size=header.size,
        crc32=header.crc32,
        method=header.method,
        flags=header.flags,
    )


def _unlisted(
    source: ByteSource, gaps: Iterable[tuple[int, int]], search: Search, listed: Sequence[Member]
) -> list[Member]:
    """Return members whose local headers stand in ranges that the directory leaves out."""
    found: list[Member] = []
    for gap in gaps:
        room = search.limits.members - len(listed) - len(found)
        for local, data_end, descriptor in recover(source, *gap, room, search):
            found.append(
                Member(
                    index=len(listed) + len(found),
                    name=local.name,
                    central=None,
                    local=local,
                    descriptor=descriptor,
                    header_start=local.start,
                    data_start=local.end,
                    data_end=data_end,
                    stored_size=descriptor.stored_size if descriptor else local.stored_size,
                    size=descriptor.size if descriptor else local.size,
                    crc32=descriptor.crc32 if descriptor else local.crc32,
                    method=local.method,
                    flags=local.flags,
                )
            )
    return found


def _placed(members: list[Member], found: list[Member], notices: list[Notice]) -> list[Member]:
    """Give listed members whose stated place is wrong the header that was found for them; return the others."""
    lost = {_identity(member): place for place, member in enumerate(members) if member.local is None}
    left: list[Member] = []
    moved = 0
    for member in found:
        place = lost.pop(_identity(member), None)
        if place is None:
            left.append(msgspec.structs.replace(member, index=len(members) + len(left)))
        else:
            members[place] = msgspec.structs.replace(member, index=place, central=members[place].central)
            moved += 1
    if moved:
        text = f"{moved} members stand elsewhere than the directory states; taken by name, size and CRC-32"
        notices.append(Notice(code="zip.misplaced", text=text))
    return left


def _identity(member: Member) -> tuple[bytes, int, int]:
    return member.name, member.size, member.crc32


def _duplicates(members: Sequence[Member]) -> list[Notice]:
    seen: dict[bytes, Member] = {}
    notices: list[Notice] = []
    for member in members:
        first = seen.setdefault(member.name, member)
        if first is not member and len(notices) < 64:
            text = f"members {first.index} and {member.index} have the same name"
            header = member.central or member.local
            ranges = (header.range("name"),) if header else ()
            notices.append(Notice(code="zip.duplicate_name", text=text, locator=Locator(ranges=ranges)))
    return notices


def _at(start: int, end: int) -> Locator:
    return Locator(ranges=((start, end),))
