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

from collections.abc import Iterator

import msgspec

from forensics.errors import LimitExceeded, Malformed, WrongFormat
from forensics.intake.windows import Window, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Budget, Limits, Notice, Padding, Range
from forensics.model.locations import Locator, Step, StepKind, quote
from forensics.parsers._beside import Piece
from forensics.parsers.archive import _zip_end as zip_end
from forensics.parsers.archive import _zip_listing as listing
from forensics.parsers.archive import _zip_records as records
from forensics.parsers.archive._zip_gaps import gaps_between, told
from forensics.parsers.archive._zip_member import Member
from forensics.parsers.archive._zip_recover import Search
from forensics.replay.decoders import stream_of


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
        """Return the last member of this exact name; one that the directory lists, if there is one."""
        found = [member for member in self.members if member.name == name]
        return max(found, key=lambda member: (_is_taken(member), member.index), default=None)


def _is_taken(member: Member) -> bool:
    return member.central is not None and not member.reading


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
    ends = zip_end.find_ends(source, notices)
    end = ends[0] if ends else None
    claimed: list[tuple[int, int]] = list(end.ranges) if end else []
    members: list[Member] = []
    if end:
        listing.listed(source, end, limits, members, claimed, notices)
        listing.others(source, ends, limits, members, claimed, notices)
    first = listing.first_part(source, whole=end is not None and not end.disk)
    claimed += first.claimed
    notices += first.notices
    gaps = gaps_between(claimed, source.size)
    search = Search(limits, budget or Budget(limits, source.size))
    found = listing.unlisted(source, gaps, search, members, split=bool(first.notices))
    if not members and not end and not found:
        raise WrongFormat("neither a directory nor a member header", 0)
    claimed += [(member.header_start, member.end) for member in found]
    found = listing.placed(members, found, notices)
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
    notices += listing.duplicates(members)
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
        member = listing.member_at(near, index, header, end)
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
