"""The members of a zip as child items, decoded within the limits of the archive and of its source file.

Source: PKWARE APPNOTE.TXT 6.3.10.
"""

import hashlib
from collections.abc import Iterable, Iterator

from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import Timestamp
from forensics.model.items import Budget, ChildItem, Notice, ParseContext, Range
from forensics.model.locations import Locator
from forensics.parsers import Yielded
from forensics.parsers import _beside as beside
from forensics.parsers._bounded import Decoding, Unread, over_budget
from forensics.parsers.archive._zip_facts import archive_facts, times_of
from forensics.parsers.archive._zip_names import name_notices
from forensics.parsers.archive.zip import FORMAT
from forensics.parsers.archive.zip_structure import Directory, Member, member_step, read_directory, read_members
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
                inflater = Inflater() if member.decoder == "deflate/1" else None
                decoding = self._decoding(member, inflater)
                content = decoding.content()
                sha256 = decoding.digest.hexdigest()
                notices += _mismatches(member, decoding, inflater)
        except Unread as why:
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
            raise Unread("zip.overlap", "its data overlap another member's, too many such members to expand them all")

    def _decoding(self, member: Member, inflater: Inflater | None) -> Decoding:
        """Prepare to decode a member that is not encrypted."""
        if member.local is None:
            raise Unread("zip.no_member", "no local header stands at its stated place")
        if not member.decoder:
            raise Unread("zip.method", f"compression method {member.method} is not read")
        decode = inflater.decode if inflater else stream_of(member.decoder)
        stored = blocks(self._source, member.data_start, member.data_end)
        return Decoding(FORMAT.id, stored, decode, member.size, self._context, self._budget)

    def _decrypted(self, member: Member) -> tuple[bytes, str]:
        if member.local is None:
            raise Unread("zip.no_member", "no local header stands at its stated place")
        if member.method == 99 or not member.decoder:
            raise Unread("zip.encrypted", f"encrypted by a cipher that is not read (method {member.method})")
        if not self._context.passwords:
            raise Unread("zip.encrypted", "encrypted, and no password was given")
        if max(member.stored_size, member.size) > CIPHER_BYTES:
            raise Unread("zip.encrypted", f"encrypted, and larger than {CIPHER_BYTES} bytes")
        if max(member.stored_size, member.size) > self._budget.left:
            raise over_budget(FORMAT.id, self._budget, member.size)
        data = self._source.read(member.data_start, member.data_end)
        checks = (member.crc32 >> 24, (member.local.time if member.local else 0) >> 8)
        fitting = [word for word in self._context.passwords if fits(data[:HEADER_BYTES], word, checks)]
        found = decrypt_matching(data, fitting, member.crc32, stream_of(member.decoder), CIPHER_BYTES)
        if found is None:
            raise Unread("zip.encrypted", "encrypted, and no given password opens it")
        return found, f"{ZIPCRYPTO}{member.decoder}:{member.crc32:08x}"


def _mismatches(member: Member, decoding: Decoding, inflater: Inflater | None) -> Iterator[Notice]:
    """Compare what was decoded with what the headers state."""
    stored = member.data_end - member.data_start
    if stored < member.stored_size:
        missing, unread = member.stored_size - stored, stored - inflater.consumed if inflater else 0
        yield _notice(member, "zip.truncated", f"its last {missing} stored bytes are missing", unread)
    elif inflater and not inflater.ended:
        unread = stored - inflater.consumed
        text = f"its deflate stream is damaged after {inflater.consumed} of {stored} stored bytes"
        yield _notice(member, "zip.damaged", text if inflater.damaged else "its deflate stream has no end", unread)
    elif inflater and inflater.consumed < stored:
        unread = stored - inflater.consumed
        yield _notice(member, "zip.slack", f"{unread} stored bytes follow the end of its deflate stream", unread)
    if differs := decoding.mismatch(member.size, member.crc32):
        yield _notice(member, *differs)


def _notice(member: Member, code: str, text: str, unread: int = 0) -> Notice:
    place = f"zip:member[{member.index}]"
    return Notice(
        code=code,
        text=text,
        locator=Locator(ranges=((member.data_start, member.data_end),), path=place),
        unread=unread,
    )
