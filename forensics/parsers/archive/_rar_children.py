"""The files of a RAR archive as child items: what is stored as it stands, what is packed by UnRAR, solid groups once.

Source: technote.txt of WinRAR 3 and of RAR 5.
"""

from collections.abc import Iterator, Sequence

from forensics.model.byte_sources import ByteSource
from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.facts import Fact
from forensics.model.items import Budget, ChildItem, Notice, ParseContext
from forensics.model.locations import Locator, quote
from forensics.parsers import Yielded
from forensics.parsers._bounded import Unread
from forensics.parsers.archive._around import around
from forensics.parsers.archive._made_members import MadeMembers
from forensics.parsers.archive._member_names import odd_names
from forensics.parsers.archive._rar_blocks import read_blocks
from forensics.parsers.archive._rar_comment import comment
from forensics.parsers.archive._rar_contents import Content, Contents
from forensics.parsers.archive._rar_model import Archive, Member
from forensics.parsers.archive._zip_gaps import gaps_between


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of an archive, its notices, its files, and what stands beside it."""
    archive = read_blocks(source, context.passwords, context.limits)
    said = comment(source, archive)
    if archive.unopened or any(one.code in ("rar.header", "rar.truncated") and one.unread for one in archive.notices):
        archive.claim(max([end for _, end in archive.claimed]), source.size)
    gaps = [gap for gap in gaps_between(archive.claimed, source.size) if gap[0] >= archive.start]
    yield _facts(archive, said, gaps)
    yield from archive.notices
    if archive.volume:
        text = "one volume of several: files that begin or go on in another cannot be had from this one alone"
        yield Notice(code="rar.volume", text=text, locator=Locator(ranges=((archive.start, archive.start + 7),)))
    yield from _children(source, archive, context)
    yield from around(source, archive.start, gaps, "rar.shifted", "rar.gap", "block")


def _facts(archive: Archive, said: Fact | None, gaps: Sequence[tuple[int, int]]) -> ArchiveFacts:
    mark = Fact(
        name="rar.archive.format",
        value="RAR 5" if archive.version == 5 else "RAR 1.5 to 4",
        raw=b"Rar!\x1a\x07" + (b"\1\0" if archive.version == 5 else b"\0"),
        locator=Locator(ranges=((archive.start, archive.start + (8 if archive.version == 5 else 7)),), path="rar:mark"),
    )
    return ArchiveFacts(
        format="rar",
        members=MadeMembers(_member, archive.members),
        comment=said.value.encode("utf-8", "replace") if said else b"",
        gaps=tuple(gaps),
        properties=(mark, *archive.properties, *([said] if said else [])),
        timestamps=tuple(archive.timestamps),
    )


def _member(member: Member) -> ArchiveMember:
    return ArchiveMember(
        index=member.index,
        name=quote(member.name),
        size=member.size or 0,
        stored_size=member.block.data_end - member.block.data_start,
        crc32=member.crc32,
        encrypted=member.encrypted,
        header_start=member.block.start,
        times=tuple(member.times),
        said=tuple(member.said),
    )


def _children(source: ByteSource, archive: Archive, context: ParseContext) -> Iterator[ChildItem]:
    """Yield every file but folders as a child item; what is a link alone, its target in the header, has no bytes."""
    contents = Contents(source, archive, context, context.budget or Budget(context.limits, source.size))
    for member in archive.members:
        if member.directory:
            continue
        notices = [_notice(member, *odd) for odd in odd_names(member.name, "rar")]
        if member.link:
            where = "in its header" if member.no_data else "in its content"
            notices.append(
                _notice(member, "rar.link", f"a {member.link}; its target stands {where}, and is not followed")
            )
        found: Content | None = None
        try:
            found = contents.of(member)
            notices += [_notice(member, *odd) for odd in found.odd]
        except Unread as why:
            notices.insert(0, _notice(member, why.code, str(why), contents.stored(member)))
        yield ChildItem(
            step=found.step if found else contents.step(member),
            outer=found.outer if found else (),
            content=found.content if found else None,
            name=member.name.rpartition(b"/")[2],
            times=tuple(member.times),
            notices=tuple(notices),
            spent=True,
        )


def _notice(member: Member, code: str, text: str, unread: int = 0) -> Notice:
    locator = member.block.locator(*member.name_range, f"rar:file[{member.index}].name")
    return Notice(code=code, text=text, locator=locator, unread=unread)
