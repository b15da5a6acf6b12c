"""The files of a cabinet as child items: each folder decoded once, its files windows of it.

Source: [MS-CAB] 1.3.
"""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from forensics.intake.windows import RangeBytes, blocks
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.items import Budget, ChildItem, Notice, ParseContext
from forensics.model.locations import Locator, Step, StepKind, quote
from forensics.parsers import Yielded
from forensics.parsers._bounded import Decoding, Unread, over_budget
from forensics.parsers.archive._cab_blocks import HEADER, Blocks, checksum, decoder_of
from forensics.parsers.archive._cab_facts import METHODS, member_facts, times_of
from forensics.parsers.archive._cab_header import (
    BOTH,
    CONTINUED,
    CONTINUES,
    Cabinet,
    File,
    Folder,
    block_spans,
    read_cabinet,
)
from forensics.parsers.archive._cab_rest import rest
from forensics.parsers.archive._member_names import odd_names
from forensics.parsers.archive.cab import FORMAT

_MOST_PLACES = 8
"""Of one notice."""


class Layer(NamedTuple):
    """What a folder decodes to."""

    step: Step
    content: bytes | ByteSource | None
    why: Notice | None
    """Why there is nothing, or not all."""
    doubtful: tuple[tuple[int, int, str], ...] = ()
    """Decoded ranges that may not be what was packed, and the code of the notice that says so."""

    @property
    def size(self) -> int:
        """Bytes that were decoded."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.size if self.content else 0


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of a cabinet, its files, and what is told of other bytes.

    Raises:
        Truncated: not even its header is there.
    """
    cabinet = read_cabinet(source, context.limits.members)
    reader = _Reader(source, context, cabinet)
    yield ArchiveFacts(
        format=FORMAT.id,
        members=tuple([member_facts(file, reader.folder_of(file)) for file in cabinet.files]),
        properties=cabinet.facts,
    )
    yield from cabinet.notices
    if cabinet.stated != source.size:
        text = f"the cabinet has {cabinet.stated} bytes as it says, {source.size} are there"
        yield Notice(code="cab.size", text=text, locator=Locator(ranges=((8, 12),)))
    # Files of one folder stand together nearly always; of each only one decoded folder is held.
    for file in sorted(cabinet.files, key=lambda one: (reader.place_of(one), one.number)):
        yield reader.child(file)
    yield from reader.told()
    yield from rest(source, cabinet, reader.claimed)


class _Reader:
    """Decodes folders one after the other.

    Attributes:
        claimed: ranges of the blocks that were met.
    """

    def __init__(self, source: ByteSource, context: ParseContext, cabinet: Cabinet) -> None:
        self._source = source
        self._context = context
        self._cabinet = cabinet
        self._budget = context.budget or Budget(context.limits, source.size)
        self._layer: tuple[int, Layer] | None = None
        self._reach = 0
        self._digests: dict[tuple[int, int], str] = {}
        self._notices: list[Notice] = []
        self.claimed: list[tuple[int, int]] = []
        self._blocks_left = source.size // HEADER + 1
        self._bytes_left = source.size
        """No cabinet has more blocks than fit in it: folders that share theirs are not followed without end."""
        self._begun = any(file.folder in (CONTINUED, BOTH) for file in cabinet.files)

    def place_of(self, file: File) -> int:
        """Return the number of a file's folder in this cabinet; of one that is not there a number behind all."""
        count = len(self._cabinet.folders)
        if file.folder in (CONTINUED, BOTH):
            return 0
        return count - 1 if file.folder == CONTINUES else min(file.folder, count)

    def folder_of(self, file: File) -> Folder | None:
        """Return a file's folder, as far as it is in this cabinet."""
        place = self.place_of(file)
        return self._cabinet.folders[place] if 0 <= place < len(self._cabinet.folders) else None

    def told(self) -> Iterator[Notice]:
        """Yield what was odd about folders; one that no file is in is accounted for all the same."""
        met = {self.place_of(file) for file in self._cabinet.files}
        for folder in self._cabinet.folders:
            if folder.number not in met:
                spans = self._spans(folder)
                size = sum([end - start for start, end in spans])
                text = f"folder {folder.number} has {size} bytes of data and no file"
                self._notices.append(Notice(code="cab.folder_unused", text=text, unread=size))
        yield from self._notices

    def child(self, file: File) -> ChildItem:
        """Return a file as an item."""
        notices = [Notice(code=code, text=text) for code, text in odd_names(file.name.replace(b"\\", b"/"), "cab")]
        folder = self.folder_of(file)
        layer = self._decoded(folder) if folder is not None else None
        content: bytes | ByteSource | None = None
        sha256, spent = "", True
        start, end = file.offset, file.offset + file.size
        try:
            if folder is None:
                start = end = 0
                raise Unread("cab.no_folder", f"it stands in folder {file.folder}, which is not there")
            if folder.number == 0 and self._begun:
                raise Unread("cab.continued", "its folder began in the cabinet before: nothing of it can be decoded")
            if layer is None or layer.content is None:
                why = layer.why if layer is not None else None
                raise Unread(why.code, why.text) if why else Unread("cab.truncated", "none of its bytes are there")
            start, end = min(start, layer.size), min(end, layer.size)
            if file.size and start == end:
                raise Unread(layer.why.code if layer.why else "cab.truncated", "its folder ends before it")
            spent = file.offset >= self._reach
            content, sha256 = self._window(layer, start, end, spent=spent)
            self._reach = max(self._reach, end)
            notices += _doubts(layer, start, end)
            if end - start < file.size:
                notices.insert(0, self._missing(file, layer, file.size - (end - start)))
        except Unread as why:
            notices.insert(0, Notice(code=why.code, text=str(why)))
        step = Step(kind=StepKind.MEMBER, name=quote(file.name), index=file.number, start=start, end=end, sha256=sha256)
        name = file.name.replace(b"\\", b"/").rpartition(b"/")[2]
        return ChildItem(
            step=step,
            outer=(layer.step,) if layer is not None else (),
            content=content,
            name=name,
            times=times_of(file),
            notices=tuple(notices),
            spent=spent,
        )

    def _missing(self, file: File, layer: Layer, missing: int) -> Notice:
        if file.folder == CONTINUES:
            text = f"its last {missing} bytes stand in the next cabinet"
            return Notice(code="cab.continued", text=text)
        code = layer.why.code if layer.why is not None else "cab.truncated"
        return Notice(code=code, text=f"its last {missing} bytes could not be decoded")

    def _window(self, layer: Layer, start: int, end: int, *, spent: bool) -> tuple[bytes | ByteSource, str]:
        content = layer.content
        assert content is not None
        if not spent and end - start > self._budget.left:
            raise over_budget("cab", self._budget, end - start)
        whole = MemoryBytes(content) if isinstance(content, bytes) else content
        small = end - start <= self._context.limits.memory_bytes
        cut: bytes | ByteSource = whole.read(start, end) if small else RangeBytes(whole, start, end)
        sha256 = self._digests.get((start, end), "")
        if not sha256:
            running = hashlib.sha256()
            for block in blocks(whole, start, end):
                running.update(block)
            sha256 = self._digests[start, end] = running.hexdigest()
        return cut, sha256

    def _decoded(self, folder: Folder) -> Layer:
        if self._layer is None or self._layer[0] != folder.number:
            self._reach, self._digests = 0, {}
            self._layer = folder.number, self._decode(folder)
        return self._layer[1]

    def _spans(self, folder: Folder) -> list[tuple[int, int]]:
        """Return the ranges of a folder's blocks."""
        most = self._blocks_left if self._bytes_left > 0 else 0
        spans = list(block_spans(self._source, folder, self._cabinet.reserve, most))
        self._blocks_left -= len(spans)
        self._bytes_left -= spans[-1][1] - spans[0][0] if spans else 0
        self.claimed += spans
        return spans

    def _decode(self, folder: Folder) -> Layer:
        reserve = self._cabinet.reserve
        spans = self._spans(folder)
        start, end = (spans[0][0], spans[-1][1]) if spans else (min(folder.data, self._source.size),) * 2
        decoder = decoder_of(folder.method, reserve)
        step = Step(kind=StepKind.STREAM, name=f"folder[{folder.number}]", start=start, end=end, decoder=decoder)
        if not decoder or (folder.number == 0 and self._begun):
            name = METHODS.get(folder.method, f"method {folder.method}")
            text = f"compressed by {name}, which is not read"
            code = "cab.method"
            if decoder:
                code, text = "cab.continued", "it began in the cabinet before: nothing of it can be decoded"
            why = Notice(code=code, text=text)
            self._tell(folder, code, text, unread=end - start)
            return Layer(Step(kind=step.kind, name=step.name, start=start, end=end), None, why)
        stated = sum(_sizes(self._source, spans))
        decoding_of = Blocks(folder.method, reserve)
        stored = blocks(self._source, start, end)
        decoding = Decoding("cab", stored, decoding_of.decode, stated, self._context, self._budget)
        try:
            content = decoding.content()
        except Unread as unread:
            self._tell(folder, unread.code, str(unread), unread=end - start)
            return Layer(step, None, Notice(code=unread.code, text=str(unread)))
        broken = self._ended(folder, len(spans), decoding_of, end - start)
        doubtful = [(decoding_of.whole, decoding.size, "cab.damaged")] if decoding.size > decoding_of.whole else []
        if faults := self._checksums(spans, reserve):
            text = f"the checksums of {len(faults)} blocks do not match"
            self._tell(folder, "cab.checksum", text, ranges=[spans[number] for number in faults])
            doubtful += _decoded_ranges(self._source, spans, faults)
        whole = Step(
            kind=step.kind,
            name=step.name,
            start=start,
            end=end,
            decoder=decoder,
            sha256=decoding.digest.hexdigest(),
        )
        return Layer(whole, content, broken, tuple(doubtful))

    def _ended(self, folder: Folder, met: int, decoding: Blocks, size: int) -> Notice | None:
        """Tell where a folder breaks off; the last block of one that goes on in the next cabinet may be a part."""
        goes_on = folder.number == len(self._cabinet.folders) - 1 and any(
            file.folder in (CONTINUES, BOTH) for file in self._cabinet.files
        )
        if met == folder.blocks and not decoding.cut and (not decoding.damaged or goes_on):
            return None
        missing = folder.blocks - met + decoding.cut
        text = (
            f"{missing} of its {folder.blocks} blocks are missing"
            if missing
            else "a block of it is damaged, or not as long as it says"
        )
        code = "cab.truncated" if missing else "cab.damaged"
        self._tell(folder, code, text, unread=size - decoding.consumed)
        return Notice(code=code, text=text)

    def _tell(
        self,
        folder: Folder,
        code: str,
        text: str,
        unread: int = 0,
        ranges: list[tuple[int, int]] | None = None,
    ) -> None:
        places = Locator(ranges=tuple((ranges or [(folder.start, folder.start + 8)])[:_MOST_PLACES]))
        self._notices.append(Notice(code=code, text=f"folder {folder.number}: {text}", locator=places, unread=unread))

    def _checksums(self, spans: list[tuple[int, int]], reserve: int) -> list[int]:
        """Return the numbers of the blocks whose checksum does not match; one of zero is none."""
        wrong: list[int] = []
        for number, (start, end) in enumerate(spans):
            raw = self._source.read(start, end)
            stated = int.from_bytes(raw[:4], "little")
            if not stated or len(raw) < HEADER + reserve + int.from_bytes(raw[4:6], "little"):
                continue
            of_data = checksum(raw[HEADER + reserve :])
            if stated not in (checksum(raw[4:HEADER], of_data), checksum(raw[4 : HEADER + reserve], of_data)):
                wrong.append(number)
        return wrong


def _sizes(source: ByteSource, spans: list[tuple[int, int]]) -> Iterator[int]:
    """Yield what each block decodes to, as it says."""
    for start, _ in spans:
        yield int.from_bytes(source.read(start + 6, start + 8), "little")


def _decoded_ranges(
    source: ByteSource, spans: list[tuple[int, int]], faults: list[int]
) -> Iterator[tuple[int, int, str]]:
    """Yield the decoded ranges of blocks whose checksum does not match."""
    wrong, at = frozenset(faults), 0
    for number, size in enumerate(_sizes(source, spans)):
        if number in wrong:
            yield at, at + size, "cab.checksum"
        at += size


def _doubts(layer: Layer, start: int, end: int) -> Iterator[Notice]:
    """Tell where a file has bytes of a block that is not as it was written."""
    said = {"cab.damaged": "a block that is damaged", "cab.checksum": "blocks whose checksum does not match"}
    for code, words in said.items():
        if any(first < end and start < last and of == code for first, last, of in layer.doubtful):
            yield Notice(code=code, text=f"it has bytes of {words}")
