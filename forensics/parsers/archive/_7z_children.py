"""The files of a 7z archive as child items: each folder unpacked once, its files cut out of it.

Source: 7zFormat.txt of the 7-Zip sources.
"""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.intake.windows import RangeBytes, blocks
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import Budget, ChildItem, Notice, ParseContext
from forensics.model.locations import Step, StepKind, quote
from forensics.parsers import Yielded
from forensics.parsers._bounded import Decoding, Unread, over_budget
from forensics.parsers.archive._7z_chain import Chain
from forensics.parsers.archive._7z_decode import DECODER, unpacked, unreadable
from forensics.parsers.archive._7z_facts import Entry, Facts, entries, times_of
from forensics.parsers.archive._7z_files import Files
from forensics.parsers.archive._7z_folders import Placed, placed
from forensics.parsers.archive._7z_header import Header, Streams
from forensics.parsers.archive._7z_open import Opened, open_archive, password_of
from forensics.parsers.archive._around import around
from forensics.parsers.archive._member_names import odd_names
from forensics.parsers.archive._zip_gaps import gaps_between

_FAULTS = 16


class _Unpacked(NamedTuple):
    """What a folder unpacked to."""

    step: Step
    content: ByteSource
    whole: int
    """Bytes that its chain is stated to give."""
    damaged: str
    """Why there may be fewer."""


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of an archive, its notices, its files, and what stands beside it."""
    budget = context.budget or Budget(context.limits, source.size)
    opened = open_archive(source, context, budget)
    if opened.header is None:
        yield Facts(opened, Header(Streams(), Files()), ()).archive((), ())
        yield from opened.notices
        return
    header = opened.header
    folders = placed(header.streams, opened.base, source.size)
    listed = list(entries(opened, header.files, folders, context.limits.members))
    claimed = [*opened.claimed, *[(each.start, each.end) for each in folders]]
    gaps = [gap for gap in gaps_between(claimed, source.size) if gap[0] >= opened.start]
    yield Facts(opened, header, folders).archive(listed, gaps)
    yield from opened.notices
    yield from _odd(opened, header, len(listed))
    for folder in folders:
        if folder.beyond:
            text = f"the last {folder.beyond} packed bytes of folder {folder.number} lie behind the end of the file"
            yield Notice(code="7z.truncated", text=text, locator=opened.locator(0, 0, "7z:streams"))
    yield from _Reader(source, context, budget, opened, folders).children(listed, header.files)
    yield from around(source, opened.start, gaps, "7z.shifted", "7z.gap", "structure")


def _odd(opened: Opened, header: Header, listed: int) -> Iterator[Notice]:
    """Yield what is odd about the list of files."""
    files = header.files
    for text, at in files.faults[:_FAULTS]:
        yield Notice(code="7z.header", text=f"its list of files: {text}", locator=opened.locator(at, at, "7z:files"))
    if files.total > listed:
        text = f"{files.total - listed} of {files.total} files are beyond members={listed} and not read"
        yield Notice(code="7z.members_limit", text=text, locator=opened.locator(0, 0, "7z:files"))
    with_stream = files.total - sum(files.empty)
    streams = len(header.streams.stream_sizes)
    if with_stream != streams:
        text = f"{with_stream} files should have content, and {streams} contents are described"
        yield Notice(code="7z.count", text=text, locator=opened.locator(0, 0, "7z:files"))


class _Reader:
    """Unpacks one folder after the other, within the limits of the archive and of its source file."""

    def __init__(
        self, source: ByteSource, context: ParseContext, budget: Budget, opened: Opened, folders: Sequence[Placed]
    ) -> None:
        self._source = source
        self._context = context
        self._budget = budget
        self._opened = opened
        self._folders = folders
        self._current = -1
        self._folder: _Unpacked | Unread | None = None

    def children(self, listed: Sequence[Entry], files: Files) -> Iterator[ChildItem]:
        """Yield every file but plain folders as a child item."""
        for entry in listed:
            if entry.folder or entry.anti:
                continue
            times = times_of(self._opened, files, entry.number)
            notices = [self._notice(entry, *odd) for odd in odd_names(entry.name, "7z")]
            try:
                step, outer, content, more = self._content(entry)
                notices += more
            except Unread as why:
                step, outer, content = self._step(entry, *self._range(entry), ""), (), None
                notices.insert(0, self._notice(entry, why.code, str(why), self._share(entry)))
            if entry.link:
                notices.append(self._notice(entry, "7z.symlink", _LINK))
            yield ChildItem(
                step=step,
                outer=outer,
                content=content,
                name=entry.name.rpartition(b"/")[2],
                times=times,
                notices=tuple(notices),
                spent=True,
            )

    def _content(self, entry: Entry) -> tuple[Step, tuple[Step, ...], bytes | ByteSource, list[Notice]]:
        """Return the steps to a file, its content, and what was odd about it."""
        if entry.stream is None:
            return self._step(entry, self._opened.start, self._opened.start, _EMPTY), (), b"", []
        if entry.folder_index is None:
            raise Unread("7z.count", "the header describes no content for it")
        folder = self._folders[entry.folder_index]
        unpacked_folder = self._unpacked(folder)
        place = entry.stream - folder.first
        end, start = folder.ends[place], folder.ends[place - 1] if place else 0
        size = unpacked_folder.content.size
        if end > unpacked_folder.whole:
            raise over_budget("7z", self._budget, end - start)
        if start >= size and end > start:
            raise Unread("7z.damaged", f"it lies behind the damage: {unpacked_folder.damaged}")
        content, digest, crc = self._cut(unpacked_folder.content, start, min(end, size))
        step = self._step(entry, start, min(end, size), digest)
        notices = []
        if end > size:
            text = f"its last {end - size} of {end - start} bytes are missing: {unpacked_folder.damaged}"
            notices.append(self._notice(entry, "7z.damaged", text, self._share(entry)))
        elif (stated := folder.crcs[place]) is not None and crc != stated:
            text = f"CRC-32 of the decoded bytes is {crc:08x}, stated {stated:08x}"
            notices.append(self._notice(entry, "7z.crc", text))
        return step, (unpacked_folder.step,), content, notices

    def _cut(self, layer: ByteSource, start: int, end: int) -> tuple[bytes | ByteSource, str, int]:
        if end - start <= self._context.limits.memory_bytes // 8:
            data = layer.read(start, end)
            return data, hashlib.sha256(data).hexdigest(), zlib.crc32(data)
        digest, crc = hashlib.sha256(), 0
        for block in blocks(layer, start, end):
            digest.update(block)
            crc = zlib.crc32(block, crc)
        return RangeBytes(layer, start, end), digest.hexdigest(), crc

    def _unpacked(self, folder: Placed) -> _Unpacked:
        """Return what a folder unpacks to; it is unpacked once, for files stand in the order of folders."""
        if self._current != folder.number:
            self._current, self._folder = folder.number, None
            try:
                self._folder = self._unpack(folder)
            except Unread as why:
                self._folder = why
        if isinstance(self._folder, Unread):
            raise Unread(self._folder.code, str(self._folder))
        assert self._folder is not None
        return self._folder

    def _unpack(self, folder: Placed) -> _Unpacked:
        if folder.root is None:
            raise Unread("7z.header", folder.fault)
        chain = folder.chain(self._budget.left)
        if chain is None:
            raise over_budget("7z", self._budget, folder.size)
        packed = folder.end - folder.start
        code, text = unreadable(chain, packed)
        if code:
            raise Unread(code, text)
        password = b""
        if chain.encrypted:
            password = password_of(chain, self._source, folder.start, folder.end, self._context)
        decoding = self._decoding(chain, folder, password)
        content = decoding.content()
        layer = MemoryBytes(content) if isinstance(content, bytes) else content
        damaged = folder.fault
        if not damaged and layer.size < chain.root.size:
            damaged = f"its folder unpacks to {layer.size} of {chain.root.size} bytes"
        step = Step(
            kind=StepKind.STREAM,
            name=f"folder[{folder.number}]",
            index=folder.number,
            start=folder.start,
            end=folder.end,
            decoder=f"{DECODER}:{chain.text}",
            sha256=decoding.digest.hexdigest(),
        )
        return _Unpacked(step, layer, chain.root.size, damaged)

    def _decoding(self, chain: Chain, folder: Placed, password: bytes) -> Decoding:
        stream = unpacked(chain.root, self._source, folder.start, folder.end, password)
        return Decoding(
            "7z",
            (),
            lambda _: stream,
            chain.root.size,
            self._context,
            self._budget,
            taken=folder.end - folder.start,
        )

    def _range(self, entry: Entry) -> tuple[int, int]:
        """Return the packed bytes of a file that cannot be had: those of its folder."""
        if entry.folder_index is None:
            return self._opened.start, self._opened.start
        folder = self._folders[entry.folder_index]
        return folder.start, folder.end

    def _share(self, entry: Entry) -> int:
        """Return the packed bytes that a file accounts for: its folder's, by size."""
        if entry.folder_index is None or entry.stream is None:
            return 0
        folder = self._folders[entry.folder_index]
        place = entry.stream - folder.first
        size = folder.ends[place] - (folder.ends[place - 1] if place else 0)
        packed = folder.end - folder.start
        return min(packed, max(1, packed * size // folder.ends[-1])) if folder.ends[-1] else packed

    def _step(self, entry: Entry, start: int, end: int, sha256: str) -> Step:
        return Step(
            kind=StepKind.MEMBER, name=quote(entry.name), index=entry.number, start=start, end=end, sha256=sha256
        )

    def _notice(self, entry: Entry, code: str, text: str, unread: int = 0) -> Notice:
        start, end = entry.name_range or (0, 0)
        locator = self._opened.locator(start, end, f"7z:file[{entry.number}].name")
        return Notice(code=code, text=text, locator=locator, unread=unread)


_EMPTY = hashlib.sha256().hexdigest()
_LINK = "a symbolic link; its content is the target's path, which is not followed"
