"""The members of a zip as child items, decoded within the limits of the archive and of its source file.

Source: PKWARE APPNOTE.TXT 6.3.10.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import Timestamp
from forensics.model.items import Budget, ChildItem, Notice, ParseContext, Range
from forensics.model.locations import Locator
from forensics.parsers import Yielded
from forensics.parsers import _beside as beside
from forensics.parsers._bounded import Decoding, Unread
from forensics.parsers.archive import _zip_locked as locked
from forensics.parsers.archive import _zip_second as second
from forensics.parsers.archive._zip_facts import archive_facts, times_of
from forensics.parsers.archive._zip_member import Member
from forensics.parsers.archive._zip_names import name_notices
from forensics.parsers.archive.zip import FORMAT
from forensics.parsers.archive.zip_structure import Directory, member_step, read_directory, read_members
from forensics.replay import zipaes
from forensics.replay.decoders import STREAMS, opened, stream_of
from forensics.replay.streams import Stream

OVERLAPS = 64
"""Members whose data overlap an earlier one's are read up to this many and up to ``memory_bytes`` together: a few
come from careless tools, thousands are a bomb."""
_OLD_METHODS = {1: "shrink", 6: "implode", 10: "PKWARE's implode", 96: "JPEG", 97: "WavPack", 94: "MP3"}
"""Methods that are not read, by name."""


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of an archive, then its members in the order of its directory."""
    directory = read_directory(source, context.limits, context.budget)
    facts = archive_facts(directory, FORMAT.id)
    yield facts
    yield from directory.told()
    yield from children(source, directory, context, facts)


def read_run(source: ByteSource, part: Range, context: ParseContext) -> Iterator[Yielded]:
    """Yield the members of a run that `_zip_runs.runs` gave."""
    yield from children(source, Directory(members=tuple(read_members(source, part))), context)


def read_rest(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of an archive that was cut into runs; nothing stands beside its members."""
    directory = read_directory(source, context.limits, context.budget)
    yield archive_facts(directory, FORMAT.id)
    yield from directory.told()


def children(
    source: ByteSource, directory: Directory, context: ParseContext, facts: ArchiveFacts | None = None
) -> Iterator[ChildItem]:
    """Yield every member but plain folders as a child item, then what stands beside the archive.

    Args:
        source: the archive.
        directory: its structure; may be a choice of its members.
        context: limits, passwords and where large members go.
        facts: what `archive_facts` made of the whole, where it is at hand.
    """
    reader = _Reader(source, context)
    overlapping = _overlapping(directory.members)
    for member in directory.members:
        if not member.is_folder:
            times = facts.members[member.index].times if facts else times_of(member)
            yield from reader.readings(member, times, overlaps=member.index in overlapping)
    for found in directory.strangers:
        yield beside.child(source, found, f"beside the archive, at {found.start}")


def _overlapping(members: Iterable[Member]) -> frozenset[int]:
    """Return the members that reach into the bytes of one that the directory lists earlier."""
    found: set[int] = set()
    placed = sorted(
        (member.header_start, max(member.data_end, member.header_start + 1), member.index)
        for member in members
        if member.local is not None
    )
    reach, owner = 0, -1
    for start, end, index in placed:
        if start < reach:
            # Which of the two comes first in the directory keeps its bytes; of a nest, all inner ones are marked.
            found.add(max(index, owner))
        if end > reach:
            reach, owner = end, index
    return frozenset(found)


class _Read(NamedTuple):
    """What was had of a member."""

    content: bytes | ByteSource | None
    decoder: str
    sha256: str = ""
    notices: tuple[Notice, ...] = ()
    ended: bool = True
    """Whether its stream ended within its bytes."""
    sound: bool = False
    """Whether it has the CRC-32 that is stated."""
    end: int | None = None
    """First byte after what the decoder is given, where that is not the end of the member's data."""


class _Reader:
    """Decodes members one after the other, within the limits of the archive and of its source file."""

    def __init__(self, source: ByteSource, context: ParseContext) -> None:
        self._source = source
        self._context = context
        limits = context.limits
        self._budget = context.budget or Budget(limits, source.size)
        self._overlaps = OVERLAPS
        self._overlap_bytes = limits.memory_bytes

    def readings(self, member: Member, times: tuple[Timestamp, ...], *, overlaps: bool) -> Iterator[ChildItem]:
        """Yield a member as a child item, decoded where possible; then what its local header makes of it otherwise."""
        notices = [*name_notices(member), *second.names_differ(member)]
        found = _Read(None, member.decoder)
        try:
            if overlaps:
                self._spend_overlap(member)
            found = self._read(member)
        except Unread as why:
            notices.insert(0, _notice(member, why.code, str(why), unread=member.data_end - member.data_start))
        yield self._child(member, found, times, notices)
        if not overlaps:
            yield from self._second(member, found, times)

    def _second(self, member: Member, first: _Read, times: tuple[Timestamp, ...]) -> Iterator[ChildItem]:
        """Yield what a reader finds that goes by the local header, where that is whole and other content."""
        other = second.by_local_header(
            self._source, member, self._context.limits, self._budget, ended=first.ended or member.encrypted
        )
        if other is None:
            return
        try:
            found = self._read(other)
        except Unread:
            return
        if found.sound and found.sha256 != first.sha256:
            yield self._child(other, found, times, [second.told(member, other)])

    def _child(
        self, member: Member, found: _Read, times: tuple[Timestamp, ...], notices: Iterable[Notice]
    ) -> ChildItem:
        step = member_step(member, found.sha256, found.decoder)
        return ChildItem(
            step=step if found.end is None else msgspec.structs.replace(step, end=found.end),
            content=found.content,
            name=member.name.rpartition(b"/")[2],
            times=times,
            notices=(*notices, *found.notices),
            spent=True,
        )

    def _spend_overlap(self, member: Member) -> None:
        self._overlaps -= 1
        self._overlap_bytes -= member.size
        if self._overlaps < 0 or self._overlap_bytes < 0:
            raise Unread("zip.overlap", "its data overlap another member's, too many such members to expand them all")

    def _read(self, member: Member) -> _Read:
        """Decode a member, decrypted where it is encrypted."""
        if member.local is None:
            raise self._elsewhere(member)
        stored = member.data_end - member.data_start
        if not member.encrypted:
            if not member.decoder:
                raise Unread("zip.method", f"compression method {_method(member.method)} is not read")
            return self._decoded(
                member, member.decoder, blocks(self._source, member.data_start, member.data_end), stored
            )
        passwords = self._context.passwords
        locked.check(member, passwords)
        if member.aes is None:
            content, decoder = locked.zipcrypto(self._source, member, passwords, self._budget)
            self._budget.spend(len(content))
            return _Read(content, decoder, hashlib.sha256(content).hexdigest(), sound=True)
        aes = locked.unlock_aes(self._source, member, member.aes, passwords)
        return self._decoded(member, aes.name, zipaes.plain(aes.unlocked), aes.unlocked.end - aes.unlocked.start, aes)

    def _elsewhere(self, member: Member) -> Unread:
        if member.disk >= 0:
            return Unread("zip.split", f"it begins in part {member.disk + 1} of this split archive, a file of its own")
        return Unread("zip.no_member", "no local header stands at its stated place")

    def _decoded(
        self, member: Member, decoder: str, plain: Iterator[bytes], stored: int, aes: locked.Aes | None = None
    ) -> _Read:
        stream = opened(member.decoder) if member.decoder.partition(":")[0] in STREAMS else None
        decode = stream.decode if stream else stream_of(member.decoder)
        decoding = Decoding(FORMAT.id, plain, decode, member.size, self._context, self._budget)
        content = decoding.content()
        crc32 = member.crc32 if aes is None or aes.crc32 else decoding.crc32
        notices = list(_mismatches(member, decoding, stream, stored, crc32))
        if aes and aes.unlocked.genuine is False:
            text = "the HMAC of its encrypted data is not the stated one: damaged, or changed by who lacks the password"
            notices.append(_notice(member, "zip.hmac", text))
        sound = decoding.mismatch(member.size, crc32) is None
        ended, end = not stream or stream.ended, aes.end if aes else None
        return _Read(content, decoder, decoding.digest.hexdigest(), tuple(notices), ended, sound, end)


def _method(method: int) -> str:
    return f"{method} ({_OLD_METHODS[method]})" if method in _OLD_METHODS else str(method)


def _mismatches(member: Member, decoding: Decoding, stream: Stream | None, stored: int, crc32: int) -> Iterator[Notice]:
    """Compare what was decoded with what the headers state.

    Args:
        member: the member.
        decoding: of it, finished.
        stream: how its compressed stream ended.
        stored: its compressed bytes that are there; encryption takes some more.
        crc32: what is stated, or what was found where nothing is.
    """
    missing = member.stored_size - (member.data_end - member.data_start)
    rest = max(0, stored - stream.consumed) if stream else 0
    method = member.decoder.partition("/")[0].removeprefix("zip-")
    if missing > 0 and member.goes_on:
        text = f"its last {missing} stored bytes stand in another part of this split archive"
        yield _notice(member, "zip.split", text, rest)
    elif missing > 0:
        yield _notice(member, "zip.truncated", f"its last {missing} stored bytes are missing", rest)
    elif stream and not stream.ended:
        text = f"its {method} stream is damaged after {stream.consumed} of {stored} stored bytes"
        yield _notice(member, "zip.damaged", text if stream.damaged else f"its {method} stream has no end", rest)
    elif stream and stream.consumed < stored:
        yield _notice(member, "zip.slack", f"{rest} stored bytes follow the end of its {method} stream", rest)
    if differs := decoding.mismatch(member.size, crc32):
        yield _notice(member, *differs)


def _notice(member: Member, code: str, text: str, unread: int = 0) -> Notice:
    place = f"zip:member[{member.index}]"
    return Notice(
        code=code,
        text=text,
        locator=Locator(ranges=((member.data_start, member.data_end),), path=place),
        unread=unread,
    )
