"""What both versions of RAR headers come to."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from forensics.intake.windows import Window
from forensics.model.facts import Fact, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator, Step

if TYPE_CHECKING:
    from forensics.parsers.archive._rar_members import Members

METHODS = ("stored", "fastest", "fast", "normal", "good", "best")


class RawHeader(NamedTuple):
    """A header as it stands: its bytes, where its data begin, and how to get to it."""

    data: bytes
    at: int
    end: int
    steps: tuple[Step, ...]


class Block(NamedTuple):
    """A header and the data behind it."""

    start: int
    """Of the header in the source."""
    data_start: int
    data_end: int
    """Range of its data; the end as stated, it may lie behind the end of the source."""
    kind: int
    flags: int
    data: bytes
    """The header, decrypted."""
    at: int
    """Where it begins in its layer."""
    steps: tuple[Step, ...]
    """To that layer; none where the header is not encrypted."""

    def locator(self, start: int, end: int, path: str) -> Locator:
        """Return the locator of a range of the header, or of what the header has of it."""
        end = min(end, len(self.data))
        start = min(start, end)
        return Locator(ranges=((self.at + start, self.at + end),), path=path, steps=self.steps)

    def fact(self, name: str, value: str, start: int, end: int, path: str) -> Fact:
        """Return a fact that stands in a range of the header."""
        where = self.locator(start, end, f"{path}.{name.rpartition('.')[2]}")
        return Fact(name=f"rar.{name}", value=value, raw=self.data[start:end], locator=where)


@dataclass(kw_only=True)
class Member:
    """A file of an archive as its header describes it."""

    index: int
    block: Block
    name: bytes
    """UTF-8 where the header says how it is to be read."""
    name_range: tuple[int, int]
    size: int | None
    """``None``: the header says that it is not known."""
    method: int
    """0: stored."""
    window: int
    """Bytes of memory that its method needs."""
    crc32: int | None
    blake2: bytes = b""
    tweaked: bool = False
    """Whether its checksums are made with its password, and so cannot be compared."""
    directory: bool = False
    encrypted: bool = False
    solid: bool = False
    """Whether it is packed with what stood in the files before it."""
    before: bool = False
    """Whether it begins in the volume before."""
    after: bool = False
    """Whether it goes on in the next volume."""
    link: str = ""
    """What its header says of a link; empty if it is none."""
    no_data: bool = False
    """Whether the header alone is all there is: a link, whose target the header has."""
    cycles: int = 0
    """Power of two of the rounds of its key, where the header says it."""
    times: list[Timestamp] = field(default_factory=list)
    time_records: int = 0
    said: list[Fact] = field(default_factory=list)


@dataclass
class Archive:
    """An archive as its headers describe it."""

    version: int
    """4 for all before 5."""
    start: int
    """Of the archive in the source."""
    members: "Members"
    properties: list[Fact] = field(default_factory=list)
    timestamps: list[Timestamp] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    comments: list[tuple[Block, int, int]] = field(default_factory=list)
    """Blocks with a comment on the archive, and its range in the source; 0 and 0 where it is packed."""
    claimed: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of the source that blocks take; those of neighbors are one."""
    blocks: int = 0
    """Blocks that took one, the mark among them."""
    locked: bool = False
    """Whether headers are encrypted."""
    unopened: str = ""
    """Why encrypted headers stay unread; empty if they do not."""
    volume: bool = False
    solid: bool = False
    ended: bool = False
    """Whether the end block was met, or the end of the source in its place."""

    def claim(self, start: int, end: int) -> None:
        """Take the range of a block."""
        self.blocks += 1
        if self.claimed and self.claimed[-1][1] == start:
            start = self.claimed.pop()[0]
        self.claimed.append((start, end))

    def notice(self, code: str, text: str, start: int, end: int, unread: int = 0) -> None:
        """Record what was odd."""
        locator = Locator(ranges=((start, end),), path="rar:blocks")
        self.notices.append(Notice(code=code, text=text, locator=locator, unread=unread))


class HeaderReader:
    """What readers of the headers of either version begin with, and how they end early.

    Args:
        archive: takes what is found.
        window: over the source.
        size: of the source.
        passwords: tried in order on encrypted headers.
    """

    def __init__(self, archive: Archive, window: Window, size: int, passwords: tuple[bytes, ...]) -> None:
        self._archive = archive
        self._window = window
        self._size = size
        self._passwords = passwords
        self.at = archive.start + (8 if archive.version == 5 else 7)

    def _stop(self, code: str, text: str, start: int) -> None:
        start = min(start, self._size)  # data of the block before may end behind the file
        rest = self._size - start
        self._archive.notice(code, f"{text}: the {rest} bytes from {start} on are not read", start, self._size, rest)

    def _unopened(self, why: str, start: int) -> None:
        self._archive.unopened = why
        self._stop("rar.encrypted", why, start)
