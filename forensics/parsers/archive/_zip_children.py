"""The members of a zip as child items, decoded within the limits of the archive and of its source file.

Source: PKWARE APPNOTE.TXT 6.3.10.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator

from forensics.intake.windows import blocks
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import Timestamp
from forensics.model.items import Budget, ByteSource, ChildItem, Limits, Notice, ParseContext
from forensics.model.locations import Locator
from forensics.parsers import Yielded
from forensics.parsers import _beside as beside
from forensics.parsers.archive._zip_facts import archive_facts, times_of
from forensics.parsers.archive._zip_names import name_notices
from forensics.parsers.archive.zip import FORMAT
from forensics.parsers.archive.zip_structure import Directory, Member, member_step, read_directory
from forensics.replay.decoders import ZIPCRYPTO, Inflater, stream_of
from forensics.replay.zipcrypto import HEADER_BYTES, decrypt_matching, fits

OVERLAPS = 64
"""Members whose data overlap an earlier one's are read up to this many and up to ``memory_bytes`` together: a few
come from careless tools, thousands are a bomb."""
CIPHER_BYTES = 8_000_000
"""Encrypted members beyond this stay unread: the cipher, in Python, takes about a microsecond a byte."""


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of an archive, then its members in the order of its directory."""
    directory = read_directory(source, context.limits, context.budget)
    facts = archive_facts(directory, FORMAT.id)
    yield facts
    yield from directory.notices
    yield from children(source, directory, context, facts)


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
            yield reader.child(member, times, overlaps=member.index in overlapping)
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


class _Unread(Exception):
    """Why a member's bytes cannot be had."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class _Reader:
    """Decodes members one after the other, within the limits of the archive and of its source file."""

    def __init__(self, source: ByteSource, context: ParseContext) -> None:
        self._source = source
        self._context = context
        limits = context.limits
        self._budget = context.budget or Budget(limits, source.size)
        self._overlaps = OVERLAPS
        self._overlap_bytes = limits.memory_bytes

    def child(self, member: Member, times: tuple[Timestamp, ...], *, overlaps: bool) -> ChildItem:
        """Return a member as a child item, decoded where possible."""
        notices = list(name_notices(member))
        decoder = member.decoder
        content: bytes | ByteSource | None = None
        sha256 = ""
        try:
            if overlaps:
                self._spend_overlap(member)
            if member.encrypted:
                content, decoder = self._decrypted(member)
                sha256 = hashlib.sha256(content).hexdigest()
                self._budget.spend(len(content))
            else:
                content, flow = self._decoded(member)
                sha256 = flow.digest.hexdigest()
                notices += _mismatches(member, flow)
        except _Unread as why:
            notices.insert(0, _notice(member, why.code, str(why), unread=member.data_end - member.data_start))
        return ChildItem(
            step=member_step(member, sha256, decoder),
            content=content,
            name=member.name.rpartition(b"/")[2],
            times=times,
            notices=tuple(notices),
            spent=True,
        )

    def _spend_overlap(self, member: Member) -> None:
        self._overlaps -= 1
        self._overlap_bytes -= member.size
        if self._overlaps < 0 or self._overlap_bytes < 0:
            raise _Unread("zip.overlap", "its data overlap another member's, too many such members to expand them all")

    def _decoded(self, member: Member) -> tuple[bytes | ByteSource, "_Flow"]:
        """Return the content of a member that is not encrypted, and what was learnt while it was decoded."""
        if member.local is None:
            raise _Unread("zip.no_member", "no local header stands at its stated place")
        if not member.decoder:
            raise _Unread("zip.method", f"compression method {member.method} is not read")
        flow = _Flow(self._source, member, self._context.limits, self._budget)
        held: list[bytes] = []
        decoded = iter(flow)
        for block in decoded:
            held.append(block)
            if flow.size > self._context.limits.memory_bytes:
                return self._spooled(held, decoded), flow
        return b"".join(held), flow

    def _spooled(self, held: list[bytes], rest: Iterator[bytes]) -> ByteSource:
        if self._context.spool is None:
            raise _Unread("zip.memory_limit", f"larger than memory_bytes={self._context.limits.memory_bytes}")

        def whole() -> Iterator[bytes]:
            while held:
                yield held.pop(0)
            yield from rest

        return self._context.spool(whole())

    def _decrypted(self, member: Member) -> tuple[bytes, str]:
        if member.local is None:
            raise _Unread("zip.no_member", "no local header stands at its stated place")
        if member.method == 99 or not member.decoder:
            raise _Unread("zip.encrypted", f"encrypted by a cipher that is not read (method {member.method})")
        if not self._context.passwords:
            raise _Unread("zip.encrypted", "encrypted, and no password was given")
        if max(member.stored_size, member.size) > CIPHER_BYTES:
            raise _Unread("zip.encrypted", f"encrypted, and larger than {CIPHER_BYTES} bytes")
        if max(member.stored_size, member.size) > self._budget.left:
            raise _spent(self._budget, member, 0)
        data = self._source.read(member.data_start, member.data_end)
        checks = (member.crc32 >> 24, (member.local.time if member.local else 0) >> 8)
        fitting = [word for word in self._context.passwords if fits(data[:HEADER_BYTES], word, checks)]
        found = decrypt_matching(data, fitting, member.crc32, stream_of(member.decoder), CIPHER_BYTES)
        if found is None:
            raise _Unread("zip.encrypted", "encrypted, and no given password opens it")
        return found, f"{ZIPCRYPTO}{member.decoder}:{member.crc32:08x}"


class _Flow:
    """The decoded blocks of one member, hashed on the way, stopped at the limits."""

    def __init__(self, source: ByteSource, member: Member, limits: Limits, budget: Budget) -> None:
        self._source = source
        self._member = member
        self._limits = limits
        self._budget = budget
        self._taken = 0
        self.inflater = Inflater() if member.decoder == "deflate/1" else None
        self.digest = hashlib.sha256()
        self.crc = 0
        self.size = 0

    def _stored(self) -> Iterator[bytes]:
        for block in blocks(self._source, self._member.data_start, self._member.data_end):
            self._taken += len(block)
            yield block

    def __iter__(self) -> Iterator[bytes]:
        limits = self._limits
        if not self._budget.left and self._member.size:
            raise _spent(self._budget, self._member, 0)
        decode = self.inflater.decode if self.inflater else stream_of(self._member.decoder)
        for block in decode(self._stored()):
            self.size += len(block)
            if not self._budget.spend(len(block)):
                raise _spent(self._budget, self._member, self.size)
            if self.size > limits.memory_bytes and self.size > limits.ratio * self._taken:
                text = f"expands more than ratio={limits.ratio} times: left after {self.size} bytes"
                raise _Unread("zip.ratio_limit", text)
            self.digest.update(block)
            self.crc = zlib.crc32(block, self.crc)
            yield block


def _spent(budget: Budget, member: Member, decoded: int) -> _Unread:
    """Say that a member is left because its source file decodes to too much."""
    rest = f"{max(0, member.size - decoded)} of its stated {member.size} bytes are not decoded"
    return _Unread("zip.expansion_limit", f"all in this source file decodes to more than {budget.total} bytes; {rest}")


def _mismatches(member: Member, flow: _Flow) -> Iterator[Notice]:
    """Compare what was decoded with what the headers state."""
    stored = member.data_end - member.data_start
    inflater = flow.inflater
    if stored < member.stored_size:
        missing = member.stored_size - stored
        yield _notice(member, "zip.truncated", f"its last {missing} stored bytes are missing", missing)
    elif inflater and not inflater.ended:
        unread = stored - inflater.consumed
        text = f"its deflate stream is damaged after {inflater.consumed} of {stored} stored bytes"
        yield _notice(member, "zip.damaged", text if inflater.damaged else "its deflate stream has no end", unread)
    elif inflater and inflater.consumed < stored:
        unread = stored - inflater.consumed
        yield _notice(member, "zip.slack", f"{unread} stored bytes follow the end of its deflate stream", unread)
    if flow.size != member.size:
        yield _notice(member, "zip.size", f"decodes to {flow.size} bytes, its header states {member.size}")
    elif flow.crc != member.crc32:
        yield _notice(member, "zip.crc", f"CRC-32 of the decoded bytes is {flow.crc:08x}, stated {member.crc32:08x}")


def _notice(member: Member, code: str, text: str, unread: int = 0) -> Notice:
    place = f"zip:member[{member.index}]"
    return Notice(
        code=code,
        text=text,
        locator=Locator(ranges=((member.data_start, member.data_end),), path=place),
        unread=unread,
    )
