"""The attributes of a TNEF stream, one after the other: level, number, type, length, value, checksum.

A length that lies costs the attribute that it stands in: the next one is found by its number and its checksum.

Source: [MS-OXTNEF] 2.1.3.1 and 2.1.3.2.
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from forensics.intake.windows import Window, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice, Padding
from forensics.model.locations import Locator

SIGNATURE = b"\x78\x9f\x3e\x22"
FIRST = 6
"""Where attributes begin: behind the signature and a key."""

NAMES = {
    0x00060000: "attOwner",
    0x00060001: "attSentFor",
    0x00060002: "attDelegate",
    0x00030006: "attDateStart",
    0x00030007: "attDateEnd",
    0x00040008: "attAidOwner",
    0x00040009: "attRequestRes",
    0x00070006: "attOriginalMessageClass",
    0x00008000: "attFrom",
    0x00018004: "attSubject",
    0x00038005: "attDateSent",
    0x00038006: "attDateRecd",
    0x00068007: "attMessageStatus",
    0x00078008: "attMessageClass",
    0x00018009: "attMessageID",
    0x0001800A: "attParentID",
    0x0001800B: "attConversationID",
    0x0002800C: "attBody",
    0x0004800D: "attPriority",
    0x0006800F: "attAttachData",
    0x00018010: "attAttachTitle",
    0x00068011: "attAttachMetaFile",
    0x00038012: "attAttachCreateDate",
    0x00038013: "attAttachModifyDate",
    0x00038020: "attDateModified",
    0x00069001: "attAttachTransportFilename",
    0x00069002: "attAttachRenddata",
    0x00069003: "attMAPIProps",
    0x00069004: "attRecipTable",
    0x00069005: "attAttachment",
    0x00089006: "attTnefVersion",
    0x00069007: "attOemCodepage",
}
OF_ATTACHMENTS = frozenset(name for name in NAMES.values() if name.startswith("attAttach"))
"""Attributes of the attachment that the last attAttachRenddata began."""

_HEAD = struct.Struct("<BIi")
_HEAD_BYTES = 9
_MOST = 1 << 31
_LEVELS = (1, 2)
_BEGINS = re.compile(
    b"[\\x01\\x02](?:" + b"|".join(re.escape(number.to_bytes(4, "little")) for number in NAMES) + b")", re.DOTALL
)
_BLOCK = 1 << 20
_BY_NUMBER = {number & 0xFFFF: name for number, name in NAMES.items()}
_BLANK = b"\0\r\n\t "


class Attribute(NamedTuple):
    """One attribute; ``start:end`` is its value."""

    name: str
    """Of `NAMES`, by its number alone: some writers give another type; empty for one that is not known."""
    number: int
    """Type and number."""
    header: int
    """Where it begins."""
    start: int
    end: int

    @property
    def locator(self) -> Locator:
        """Where its value stands."""
        return Locator(ranges=((self.start, self.end),), path=f"tnef:{self.name or f'0x{self.number:08X}'}")


class Attributes:
    """Reads the attributes of one stream.

    Args:
        source: the stream.

    Attributes:
        odd: what was odd, in the order in which it was met.
        padding: zeros and blanks behind the last attribute.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._window = Window(source, 4096)
        self._size = source.size
        self._sought = (0, 0)
        self._trials = 2 * source.size
        self.odd: list[Notice] = []
        self.padding: list[Padding] = []

    def __iter__(self) -> Iterator[Attribute]:
        """Yield them in their order."""
        at = FIRST
        while at < self._size:
            head = self._head(at)
            if head is None:
                at = self._pass_over(at)
                continue
            number, length = head
            start, end = at + _HEAD_BYTES, at + _HEAD_BYTES + length
            name = NAMES.get(number) or _BY_NUMBER.get(number & 0xFFFF, "")
            found = Attribute(name, number, at, start, end)
            at = end + 2
            if at > self._size:
                found, at = self._cut(found)
            elif not self._is_whole(start, end):
                follows = self._size if at == self._size or self._begins(at) else self._seek(found)
                if follows < end:
                    found = self._shortened(found, follows)
                    at = follows
                else:
                    self._note("tnef.checksum", "the checksum of an attribute does not match its value", found)
            yield found

    def _head(self, at: int) -> tuple[int, int] | None:
        """Return number and length of the attribute that begins at a place; ``None``: none does."""
        head = self._window.read(at, at + _HEAD_BYTES)
        if len(head) < _HEAD_BYTES:
            return None
        level, number, length = _HEAD.unpack(head)
        return (number, length % (2 * _MOST)) if level in _LEVELS else None

    def _begins(self, at: int) -> bool:
        """Whether a known attribute begins at a place."""
        head = self._head(at)
        return head is not None and head[0] & 0xFFFF in _BY_NUMBER

    def _is_whole(self, start: int, end: int) -> bool:
        stated = int.from_bytes(self._window.read(end, end + 2), "little")
        return checksum(self._source, start, end) == stated

    def _cut(self, found: Attribute) -> tuple[Attribute, int]:
        """Return an attribute whose stated end is not there, as far as it goes, and where to go on."""
        follows = self._seek(found)
        if follows < self._size:
            return self._shortened(found, follows), follows
        cut = found._replace(end=min(found.end, self._size))
        text = f"{found.end - found.start} bytes and a checksum stated, {self._size - found.start} bytes there"
        self._note("tnef.truncated", f"{text}: the stream is cut off", cut)
        return cut, self._size

    def _shortened(self, found: Attribute, follows: int) -> Attribute:
        """Return an attribute that ends before the next one, whatever it states."""
        shortened = found._replace(end=max(found.start, follows - 2))
        there = shortened.end - found.start
        text = f"{found.end - found.start} bytes stated, {there} before the next attribute: read up to it"
        self._note("tnef.length", text, shortened)
        return shortened

    def _pass_over(self, at: int) -> int:
        """Return where attributes go on behind bytes that are none."""
        follows = self._sought_from(at)
        rest = self._source.read(at, min(follows, at + _BLOCK))
        if follows == self._size and follows - at == len(rest) and not rest.strip(_BLANK):
            self.padding.append(Padding(size=follows - at, what="filler"))
            return follows
        last = follows == self._size
        self.odd.append(
            Notice(
                code="tnef.trailing" if last else "tnef.gap",
                text=f"{follows - at} bytes {'behind' if last else 'between'} attributes that are none",
                locator=Locator(ranges=((at, follows),), path=f"tnef:{at}"),
                unread=follows - at,
            )
        )
        return follows

    def _seek(self, found: Attribute) -> int:
        """Return where the next attribute begins that stands within the stated length of one; the end: nowhere.

        What follows the beginning of another stream there is of that one: of an attached message.
        """
        follows = self._sought_from(found.start)
        between = self._window.find(SIGNATURE, found.start, follows)
        return self._size if between >= 0 else follows

    def _sought_from(self, start: int) -> int:
        """Return where the next attribute begins whose length and checksum are right; the end: nowhere."""
        if self._sought[0] <= start <= self._sought[1]:
            return self._sought[1]
        at, self._sought = start, (start, self._size)
        while at < self._size and self._trials > 0:
            block = self._source.read(at, at + _BLOCK)
            for match in _BEGINS.finditer(block):
                if self._fits(at + match.start()):
                    self._sought = start, at + match.start()
                    return self._sought[1]
            at += _BLOCK - 4
        return self._size

    def _fits(self, at: int) -> bool:
        head = self._head(at)
        if head is None or self._trials <= 0:
            return False
        start, end = at + _HEAD_BYTES, at + _HEAD_BYTES + head[1]
        if end + 2 > self._size or start == end:
            return False
        self._trials -= head[1] + _HEAD_BYTES
        stated = int.from_bytes(self._window.read(end, end + 2), "little")
        return checksum(self._source, start, end) == stated

    def _note(self, code: str, text: str, found: Attribute) -> None:
        self.odd.append(Notice(code=code, text=text, locator=found.locator))


def checksum(source: ByteSource, start: int, end: int) -> int:
    """Return the checksum of a value: the sum of its bytes."""
    return sum([sum(block) for block in blocks(source, start, end)]) & 0xFFFF
