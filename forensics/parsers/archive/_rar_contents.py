"""Contents of the files of a RAR archive, within the limits of the archive and of its source file.

Source: technote.txt of WinRAR 3 and of RAR 5.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.intake.windows import RangeBytes, blocks
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import Budget, ParseContext
from forensics.model.locations import Step, StepKind, quote
from forensics.parsers._bounded import Decoding, Unread, over_budget
from forensics.parsers.archive._rar_blake import Blake2sp
from forensics.parsers.archive._rar_crypt import MOST_CYCLES
from forensics.parsers.archive._rar_members import Several
from forensics.parsers.archive._rar_model import Archive, Member
from forensics.parsers.archive._rar_unpack import MISSING, UNKNOWN_BYTES, content_of, installed, opening, unpacked

DICTIONARY_BYTES = 1 << 30
"""A file whose method needs more memory stays unread."""
_DECODER = "rar/1"
_HELD_BYTES = 8_000_000
"""A larger file is read from its layer, not copied."""


class Content(NamedTuple):
    """How to get to the content of a file, and the content."""

    step: Step
    outer: tuple[Step, ...]
    content: bytes | ByteSource
    odd: tuple[tuple[str, str, int], ...] = ()
    """Code, text and unread bytes of what was odd about it."""


class _Group(NamedTuple):
    """Files that are unpacked together."""

    step: Step
    layer: ByteSource
    places: dict[int, tuple[int, int, bool]]
    """By index of a file: its range in the layer, and whether UnRAR found nothing to say against it."""


class Contents:
    """Gives the contents of files in their order; a group of solid files is unpacked once.

    Args:
        source: the archive.
        archive: its headers.
        context: limits, passwords and where large files go.
        budget: of the source file.
    """

    def __init__(self, source: ByteSource, archive: Archive, context: ParseContext, budget: Budget) -> None:
        self._source = source
        self._archive = archive
        self._context = context
        self._budget = budget
        self._groups = archive.members.groups()
        self._first = -1
        self._group: _Group | Unread | None = None
        self._opening: bytes | None = None

    def stored(self, member: Member) -> int:
        """Return the bytes of a file that the source holds."""
        return max(0, self._end(member) - member.block.data_start)

    def step(self, member: Member) -> Step:
        """Return the step to a file whose content cannot be had: to its bytes as they stand."""
        start = min(member.block.data_start, self._source.size)
        return self._step(member, start, max(start, self._end(member)), "copy/1", "")

    def of(self, member: Member) -> Content:
        """Return the content of a file.

        Raises:
            Unread: it cannot be had.
        """
        block = member.block
        if member.before or member.after:
            where = "begins in the volume before" if member.before else "goes on in the next volume"
            raise Unread("rar.volume", f"it {where}, which is needed to read it")
        if member.no_data or (not member.size and member.size is not None and block.data_end == block.data_start):
            at = min(block.data_start, self._source.size)
            return Content(self._step(member, at, at, "copy/1", hashlib.sha256().hexdigest()), (), b"")
        if block.steps:
            return self._cut_out(member, self._unpacked("w", self._groups.all()))
        if member.method == 0 and not member.encrypted:
            return self._plain(member)
        if block.data_end > self._source.size:
            missing = block.data_end - self._source.size
            raise Unread("rar.truncated", f"its last {missing} packed bytes are missing")
        group, solid = self._groups.of(member.index)
        if solid:
            return self._cut_out(member, self._unpacked("s", group))
        return self._alone(member)

    def _end(self, member: Member) -> int:
        return min(member.block.data_end, self._source.size)

    def _step(self, member: Member, start: int, end: int, decoder: str, sha256: str) -> Step:
        return Step(
            kind=StepKind.MEMBER,
            name=quote(member.name),
            index=member.index,
            start=start,
            end=end,
            decoder=decoder,
            sha256=sha256,
        )

    def _plain(self, member: Member) -> Content:
        """Return a stored file: the bytes as they stand."""
        start, end = min(member.block.data_start, self._source.size), self._end(member)
        if not self._budget.spend(end - start):
            raise over_budget("rar", self._budget, end - start)
        return self._compared(member, self._source, start, end, (), member.block.data_end - end)

    def _cut_out(self, member: Member, group: _Group) -> Content:
        if member.index not in group.places:
            raise Unread("rar.damaged", "it lies behind damage, or could not be unpacked")
        start, end, good = group.places[member.index]
        found = self._compared(member, group.layer, start, end, (group.step,), 0)
        return found if good or found.odd else found._replace(odd=(_DAMAGED,))

    def _compared(
        self, member: Member, layer: ByteSource, start: int, end: int, outer: tuple[Step, ...], missing: int
    ) -> Content:
        """Return a range of a layer as the content, compared with what the header states."""
        content = layer.read(start, end) if end - start <= _HELD_BYTES else RangeBytes(layer, start, end)
        digest, crc, blake = hashlib.sha256(), 0, Blake2sp()
        for chunk in blocks(layer, start, end):
            digest.update(chunk)
            crc = zlib.crc32(chunk, crc)
            if member.blake2:
                blake.update(chunk)
        odd = []
        if missing:
            odd.append(("rar.truncated", f"its last {missing} stored bytes are missing", 0))
        elif member.size is not None and end - start != member.size:
            odd.append(("rar.damaged", f"decodes to {end - start} bytes, its header states {member.size}", 0))
        elif member.crc32 is not None and not member.tweaked and crc != member.crc32:
            odd.append(("rar.crc", f"CRC-32 of the bytes is {crc:08x}, stated {member.crc32:08x}", 0))
        elif member.blake2 and blake.digest() != member.blake2:
            odd.append(("rar.crc", "BLAKE2sp of the bytes is not the stated one", 0))
        step = self._step(member, start, end, "copy/1", digest.hexdigest())
        return Content(step, outer, content, tuple(odd))

    def _alone(self, member: Member) -> Content:
        """Unpack a file that needs no other."""
        start, end = member.block.start, self._end(member)
        mode = str(self._archive.version)
        content, places, sha256 = self._run([member], start, end, mode)
        step = self._step(member, start, end, f"{_DECODER}:{mode}", sha256)
        layer = MemoryBytes(content) if isinstance(content, bytes) else content
        _, _, good = places.get(member.index, (0, 0, False))
        compared = self._compared(member, layer, 0, layer.size, (), 0)
        odd = compared.odd or (() if good else (_DAMAGED,))
        return Content(step, (), content, odd)

    def _unpacked(self, kind: str, members: Several) -> _Group:
        """Return what a group unpacks to; it is unpacked once, for its files follow each other."""
        if self._first != members.first or self._group is None:
            self._first = members.first
            try:
                self._group = self._unpack(members, kind)
            except Unread as why:
                self._group = why
        if isinstance(self._group, Unread):
            raise Unread(self._group.code, str(self._group))
        return self._group

    def _unpack(self, members: Several, kind: str) -> _Group:
        mode = f"{self._archive.version}{kind}"
        first = self._archive.members[members.first]
        if kind == "s" and (first.solid or first.before):
            raise Unread("rar.volume", "it is packed with what stands in files before it, which are in another volume")
        start, end = self._archive.start, self._source.size
        if kind != "w":
            start, end = first.block.start, self._end(members.last)
        content, places, sha256 = self._run(members, start, end, mode)
        step = Step(
            kind=StepKind.STREAM,
            name=f"contents[{members.first}]",
            index=members.first,
            start=start,
            end=end,
            decoder=f"{_DECODER}:{mode}",
            sha256=sha256,
        )
        return _Group(step, MemoryBytes(content) if isinstance(content, bytes) else content, places)

    def _run(
        self, members: Iterable[Member], start: int, end: int, mode: str
    ) -> tuple[bytes | ByteSource, dict[int, tuple[int, int, bool]], str]:
        """Unpack files, not folders, one behind the other.

        Returns:
            What comes, where each stands in it, and its SHA-256.
        """
        if not installed():
            raise Unread("rar.no_unrar", MISSING)
        stated, encrypted = 0, mode.endswith("w")
        for member in members:
            _check(member)
            stated += member.size or 0
            encrypted = encrypted or member.encrypted
        password = self._password(start, end, mode) if encrypted else None
        places: dict[int, tuple[int, int, bool]] = {}

        def allowed(size: int) -> bool:
            return size <= self._budget.left or size == UNKNOWN_BYTES

        def stream() -> Iterator[bytes]:
            at = 0
            pieces = unpacked(self._source, start, end, mode, password, allowed)
            for member, piece in zip(members, pieces, strict=False):
                places[member.index] = (at, at + piece.size, piece.good)
                at += piece.size
                yield from content_of(piece)

        packed = end - start
        decoding = Decoding("rar", (), lambda _: stream(), stated, self._context, self._budget, taken=packed)
        content = decoding.content()
        if not places:
            if stated > self._budget.left:
                raise over_budget("rar", self._budget, stated)
            raise Unread("rar.damaged", "it cannot be unpacked")
        return content, places, decoding.digest.hexdigest()

    def _password(self, start: int, end: int, mode: str) -> bytes:
        """Return the password of a range; the one that opened the last is tried first."""
        if not self._context.passwords:
            raise Unread("rar.encrypted", "encrypted, and no password was given")
        last = [self._opening] if self._opening is not None else []
        found = self._opening = opening(self._source, start, end, mode, (*last, *self._context.passwords))
        if found is None:
            raise Unread("rar.encrypted", "encrypted, and no given password opens it")
        return found


def _check(member: Member) -> None:
    """Refuse what is not unpacked."""
    if member.window > DICTIONARY_BYTES and member.method:
        text = f"its method needs more memory than DICTIONARY_BYTES={DICTIONARY_BYTES}"
        raise Unread("rar.dictionary_limit", text)
    if member.cycles > MOST_CYCLES:
        text = f"its key takes 2**{member.cycles} rounds, more than MOST_CYCLES={MOST_CYCLES}"
        raise Unread("rar.cycles_limit", text)


_DAMAGED = ("rar.damaged", "UnRAR says that its packed bytes are damaged", 0)
