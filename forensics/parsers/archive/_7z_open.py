"""From the start of a 7z archive to its header, through the layers that it is packed in.

Source: 7zFormat.txt of the 7-Zip sources, "SignatureHeader" and "Headers".
"""

import hashlib
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from forensics.errors import ParseError, WrongFormat
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Fact
from forensics.model.items import Budget, Notice, ParseContext
from forensics.model.locations import Locator, Step, StepKind
from forensics.parsers._bounded import Unread, over_budget
from forensics.parsers.archive._7z_chain import Chain, tree
from forensics.parsers.archive._7z_cursor import Cursor
from forensics.parsers.archive._7z_decode import DECODER, opening, unpacked, unreadable
from forensics.parsers.archive._7z_files import Files
from forensics.parsers.archive._7z_header import ENCODED, HEADER, Header, Streams, read_header, read_streams
from forensics.parsers.archive.sevenzip import archive_start

START_BYTES = 32
HEADER_BYTES = 128 << 20
"""A larger header stays unread."""
_LAYERS = 4


class Opened(NamedTuple):
    """An archive whose header was looked for."""

    start: int
    """Of the archive in the source."""
    header: Header | None
    """``None``: it could not be had, notices say why."""
    data: bytes
    """The header's bytes, decoded."""
    at: int
    """Where these begin in their layer: in the source where it is not packed, else 0."""
    steps: tuple[Step, ...]
    """To the layer of the header."""
    facts: tuple[Fact, ...]
    claimed: tuple[tuple[int, int], ...]
    """Ranges of the source that the headers take."""
    notices: tuple[Notice, ...]

    @property
    def base(self) -> int:
        """Where places of packed streams count from."""
        return self.start + START_BYTES

    def locator(self, start: int, end: int, path: str) -> Locator:
        """Return the locator of a range of the header."""
        return Locator(ranges=((self.at + start, self.at + end),), path=path, steps=self.steps)


def open_archive(source: ByteSource, context: ParseContext, budget: Budget) -> Opened:
    """Find the header and read it.

    Raises:
        WrongFormat: no archive begins here.
    """
    start = archive_start(source)
    if start is None:
        raise WrongFormat("no 7z archive begins here", 0)
    return _Opening(source, start, context, budget).opened()


class _Opening:
    def __init__(self, source: ByteSource, start: int, context: ParseContext, budget: Budget) -> None:
        self._source = source
        self._start = start
        self._context = context
        self._budget = budget
        self._notices: list[Notice] = []
        self._facts: list[Fact] = []
        self._claimed = [(start, min(start + START_BYTES, source.size))]
        self._steps: tuple[Step, ...] = ()

    def opened(self) -> Opened:
        data, at, header = b"", 0, None
        try:
            data, at = self._stated_header()
            if data:
                data, at = self._decoded(data, at)
                header = read_header(data) if data[0] == HEADER else None
                if header is None:
                    self._note("7z.header", f"it begins with part {data[0]}, which is no header", self._beyond())
            else:
                header = Header(Streams(), Files())
        except Unread as why:
            self._note(why.code, f"its header is not read: {why}", self._beyond())
        except ParseError as error:
            self._note("7z.header", f"its header cannot be read: {error}", self._beyond())
        if header is not None and header.fault:
            rest = min(len(data) - header.fault_at, self._beyond())
            self._note("7z.header", f"its header can be read only in part: {header.fault}", max(0, rest))
        return Opened(
            self._start,
            header,
            data,
            at,
            self._steps,
            tuple(self._facts),
            tuple(self._claimed),
            tuple(self._notices),
        )

    def _note(self, code: str, text: str, unread: int = 0) -> None:
        where = Locator(ranges=((self._start, min(self._start + START_BYTES, self._source.size)),), path="7z:start")
        self._notices.append(Notice(code=code, text=text, locator=where, unread=unread))

    def _beyond(self) -> int:
        """Return the bytes behind the start header."""
        return max(0, self._source.size - self._start - START_BYTES)

    def _fact(self, name: str, value: str, start: int, end: int) -> None:
        raw = self._source.read(self._start + start, self._start + end)
        where = Locator(ranges=((self._start + start, self._start + end),), path=f"7z:start.{name}")
        self._facts.append(Fact(name=f"7z.archive.{name}", value=value, raw=raw, locator=where))

    def _stated_header(self) -> tuple[bytes, int]:
        """Return the header as it is stored, and where; nothing where the archive is stated to have none."""
        raw = self._source.read(self._start, self._start + START_BYTES)
        if len(raw) < START_BYTES:
            raise Unread("7z.truncated", f"the file ends after {len(raw)} of the {START_BYTES} bytes before it")
        offset, size = int.from_bytes(raw[12:20], "little"), int.from_bytes(raw[20:28], "little")
        self._fact("version", f"{raw[6]}.{raw[7]}", 6, 8)
        self._fact("header_offset", str(offset), 12, 20)
        self._fact("header_size", str(size), 20, 28)
        if zlib.crc32(raw[12:]) != int.from_bytes(raw[8:12], "little"):
            self._note("7z.header_crc", "the CRC-32 of its start header is not the stated one")
        at, left = self._start + START_BYTES + offset, self._source.size
        if not any(raw[8:32]):
            raise Unread("7z.truncated", "no place is stated for it, as in an archive that was not written to its end")
        if at + size > left:
            missing = at + size - max(at, min(left, at + size))
            text = (
                f"it stands at {at}, and {missing} of its {size} bytes lie behind the end of the file: the archive "
                "is cut off, or it is a part of one that was split, of which the others are needed"
            )
            raise Unread("7z.truncated", text)
        if size > HEADER_BYTES:
            raise Unread("7z.header_limit", f"it is larger than HEADER_BYTES={HEADER_BYTES}")
        self._claimed.append((at, at + size))
        data = self._source.read(at, at + size)
        if size and zlib.crc32(data) != int.from_bytes(raw[28:32], "little"):
            self._note("7z.header_crc", "the CRC-32 of its header is not the stated one")
        return data, at

    def _decoded(self, data: bytes, at: int) -> tuple[bytes, int]:
        """Unpack the header as often as it is packed."""
        for _ in range(_LAYERS):
            if data[0] != ENCODED:
                return data, at
            streams = read_streams(Cursor(data, 1))
            if len(streams.folders) != 1:
                raise Unread("7z.header", f"it is packed in {len(streams.folders)} folders, not in one")
            data = self._unpacked(streams)
            at = 0
            if not data:
                raise Unread("7z.damaged", "it unpacks to nothing")
        raise Unread("7z.header_limit", f"it is packed more than {_LAYERS} times")

    def _unpacked(self, streams: Streams) -> bytes:
        folder, packed = streams.folders[0], streams.packed[: len(streams.folders[0].packed)]
        if len(packed) < len(folder.packed):
            raise Unread("7z.header", "it lacks a packed stream")
        root = tree(folder, streams.sizes[0], packed)
        chain = Chain(root)
        if chain.encrypted:
            chain = Chain(root, streams.crcs[0], root.size)
        start = self._start + START_BYTES + streams.position
        end = start + sum(packed)
        if end > self._source.size:
            raise Unread("7z.truncated", "its packed bytes lie behind the end of the file")
        if root.size > HEADER_BYTES:
            raise Unread("7z.header_limit", f"it unpacks to more than HEADER_BYTES={HEADER_BYTES}")
        if root.size > self._budget.left:
            raise over_budget("7z", self._budget, root.size)
        code, text = unreadable(chain, end - start)
        if code:
            raise Unread(code, text)
        data = b"".join(self._blocks(chain, start, end))
        self._budget.spend(len(data))
        self._claimed.append((start, end))
        step = Step(
            kind=StepKind.STREAM,
            name="header" if not self._steps else f"header[{len(self._steps)}]",
            start=start,
            end=end,
            decoder=f"{DECODER}:{chain.text}",
            sha256=hashlib.sha256(data).hexdigest(),
        )
        # Each layer is reached from the source itself: packed streams of all layers stand there.
        self._steps = (step,)
        if len(data) != root.size:
            self._note("7z.damaged", f"its header unpacks to {len(data)} bytes, stated {root.size}", end - start)
        elif streams.crcs[0] is not None and zlib.crc32(data) != streams.crcs[0]:
            self._note("7z.header_crc", "the CRC-32 of its unpacked header is not the stated one")
        return data

    def _blocks(self, chain: Chain, start: int, end: int) -> Iterator[bytes]:
        password = b""
        if chain.encrypted:
            password = password_of(chain, self._source, start, end, self._context)
        return unpacked(chain.root, self._source, start, end, password)


def password_of(chain: Chain, source: ByteSource, start: int, end: int, context: ParseContext) -> bytes:
    """Return the password that opens a chain.

    Raises:
        Unread: none was given, or none of them does.
    """
    if not context.passwords:
        raise Unread("7z.encrypted", "encrypted, and no password was given")
    found = opening(chain, source, start, end, context.passwords)
    if found is None:
        raise Unread("7z.encrypted", "encrypted, and no given password opens it")
    return found
