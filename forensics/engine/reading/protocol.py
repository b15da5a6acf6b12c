"""What the parent and its worker processes say to each other: JSON lines on pipes, and a page that both can see.

The parent takes nothing on trust: a worker has read hostile bytes. Every answer fits one atomic write to a pipe, names
no path, and is refused as a whole if anything in it is not as described here.
"""

import os
import select
import struct
from typing import Annotated, Literal, NamedTuple

import msgspec

from forensics.engine.reading.parts import CLEAN, Count, Part
from forensics.engine.reading.units import Unit
from forensics.model.items import Limits

PULSE_TEXT = 4064
"""Characters of a location by which a worker names its current item; an item to skip is known by as many."""
ANSWER_BYTES = min(select.PIPE_BUF, 4096)
"""The longest answer, its line end included: what a pipe takes in one piece, so that half a line is a fault."""
_HEAD = struct.Struct("<QQQQ")
PAGE_BYTES = _HEAD.size + PULSE_TEXT
_MOST = 1 << 53
_Word = Annotated[str, msgspec.Meta(max_length=100)]


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """First line that a worker gets."""

    tmp: str
    """Its own folder."""
    limits: Limits
    as_of: int
    passwords: tuple[bytes, ...] = ()
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Every further line: files of a unit to read."""

    unit: Unit
    first: int = 0
    """Place of the first file to read in the unit."""
    last: int
    """Place after the last one."""
    skip: dict[str, str] = {}
    """Location of an item that is left unread, to the notice code that says why."""
    inside: Part = CLEAN
    """What reading the parts gave of the file that the unit records."""

    @property
    def whole(self) -> bool:
        """Whether this is all of the unit."""
        return self.first == 0 and self.last == self.unit.count


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a worker; its rows lie where the parent expects them."""

    kind: Literal["ready", "done", "full"]
    """``full``: no space left."""
    confinement: dict[_Word, _Word] = {}
    """With ``ready``, before the worker has seen any evidence: measure to what came of it."""
    observations: Count = 0
    changed: Count = 0
    """Files that changed while they were read."""
    cpu_s: Annotated[float, msgspec.Meta(ge=0, le=1e9)] = 0.0
    peak_bytes: Count = 0
    part: Part = CLEAN
    """What reading a part gave that is told of the whole."""


class Page(NamedTuple):
    """What a worker shows while it reads."""

    items: int
    size: int
    """Bytes of source files read so far."""
    beats: int
    """Changes whenever something was done."""
    current: str
    """Location of the item that is being read."""

    @classmethod
    def of(cls, raw: bytes) -> "Page | None":
        """Return what a page says; ``None`` if it says nothing that a worker would."""
        if len(raw) != PAGE_BYTES:
            return None
        items, size, beats, length = _HEAD.unpack_from(raw)
        text = raw[_HEAD.size : _HEAD.size + length]
        if length > PULSE_TEXT or max(items, size, beats) > _MOST or not text.isascii():
            return None
        return cls(items, size, beats, text.decode("ascii"))


def write_page(page: memoryview, items: int, size: int, beats: int, current: bytes | None) -> None:
    """Write a page in place; ``None`` leaves the item that is named."""
    if current is None:
        _HEAD.pack_into(page, 0, items, size, beats, int.from_bytes(page[24:32], "little"))
        return
    _HEAD.pack_into(page, 0, items, size, beats, len(current))
    page[_HEAD.size : _HEAD.size + len(current)] = current


def read_page(descriptor: int) -> Page | None:
    """Read a page through the parent's own descriptor: never mapped, since a worker may cut the file."""
    return Page.of(os.pread(descriptor, PAGE_BYTES, 0))
