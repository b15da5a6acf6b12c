"""Lists of MAPI properties in TNEF attributes.

Source: [MS-OXTNEF] 2.1.3.4 and 2.1.3.5; [MS-OXCDATA] 2.11.1 on types.
"""

import struct
from uuid import UUID

from forensics.intake.windows import RangeBytes, Window
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.parsers.mail.mapi.properties import Property

OBJECT = 0x000D
_MULTIPLE = 0x1000
_BYTES = 0x001E, 0x001F, OBJECT, 0x0102
"""Types of values that state their length."""
_TERMINATOR = {0x001E: 1, 0x001F: 2}
_FIXED = {
    0x0001: 0,
    0x0002: 2,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 2,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
"""Bytes of a value of other types; each takes up a multiple of four."""
_NAMED = 0x8000
LARGE = 1 << 20
"""Larger values stay where they are."""
MOST_VALUES = 10_000
"""Of one property."""
_HEAD = struct.Struct("<HH")


class _Broken(Exception):
    """Why a list cannot be read on."""


class PropertyLists:
    """Reads the lists of properties in one stream.

    Args:
        source: the stream.

    Attributes:
        odd: what was odd, in the order in which it was met.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._window = Window(source, 1 << 16)
        self._end = 0
        self._seen: dict[str, int] = {}
        self.odd: list[Notice] = []

    def read(self, start: int, end: int, owner: str) -> list[Property]:
        """Return the properties of one list; of a broken one those before the damage.

        Args:
            start: where the list begins.
            end: where the attribute ends.
            owner: what stands before the tag in paths.
        """
        found: list[Property] = []
        at = self._list(start, end, owner, found)
        if at is not None and at < end and self._source.read(at, min(end, at + LARGE)).strip(b"\0"):
            self._note("tnef.surplus", f"{end - at} bytes behind a list of properties", at, end)
        return found

    def rows(self, start: int, end: int, most: int) -> list[list[Property]]:
        """Return the lists of a table of recipients, at most *most*."""
        self._end = end
        rows: list[list[Property]] = []
        at: int | None = start + 4
        try:
            count = self._number(start)
        except _Broken as why:
            self._note("tnef.properties", f"a table of recipients that breaks off: {why}", start, end)
            return []
        while len(rows) < min(count, most) and at is not None and at < end:
            row: list[Property] = []
            at = self._list(at, end, f"recipient[{len(rows)}]/", row)
            rows.append(row)
        if at is not None and len(rows) < count:
            text = f"{count} recipients stated, {len(rows)} are read"
            self._note("tnef.recipients", text, at, end)
        elif at is not None and at < end:
            self._note("tnef.surplus", f"{end - at} bytes behind a table of recipients", at, end)
        return rows

    def _list(self, start: int, end: int, owner: str, found: list[Property]) -> int | None:
        """Read a list; return where it ends, ``None`` where that is not known."""
        self._end, at = end, start
        try:
            count = self._number(at)
            at += 4
            for _ in range(count):
                at = self._property(at, owner, found)
        except _Broken as why:
            self._note("tnef.properties", f"a list of properties that breaks off: {why}", at, end)
            return None
        return at

    def _property(self, start: int, owner: str, found: list[Property]) -> int:
        """Read a property; return where it ends."""
        kind, number = _HEAD.unpack(self._take(start, 4))
        at, name = start + 4, ""
        if number >= _NAMED:
            name, at = self._name(at)
        path = self._path(f"mapi:{owner}0x{number << 16 | kind:08X}")
        single, many = kind & ~_MULTIPLE, bool(kind & _MULTIPLE)
        if single in _FIXED:
            at, spans = self._fixed(at, _FIXED[single], many=many)
            found.append(self._made(number, kind, spans, path, name))
            return at
        if single not in _BYTES:
            raise _Broken(f"0x{number:04X} is of the unknown type 0x{kind:04X}")
        at, ends = self._lengths(at)
        for nth, (first, last) in enumerate(ends):
            span = (first, self._without_terminator(first, last, single))
            found.append(self._made(number, single, [span], f"{path}[{nth}]" if many or nth else path, name))
        return at

    def _path(self, path: str) -> str:
        """Return a path that no other property of the stream has."""
        place = self._seen.get(path, 0)
        self._seen[path] = place + 1
        return f"{path}#{place}" if place else path

    def _made(self, number: int, kind: int, spans: list[tuple[int, int]], path: str, name: str) -> Property:
        size = sum([end - start for start, end in spans])
        data: bytes | ByteSource
        if size > LARGE and len(spans) == 1:
            data = RangeBytes(self._source, *spans[0])
        else:
            data = b"".join([self._window.read(start, end) for start, end in spans])
        locator = Locator(ranges=tuple([span for span in spans if span[0] < span[1]]), path=path)
        return Property(id=number, type=kind, data=data, locator=locator, name=name)

    def _name(self, at: int) -> tuple[str, int]:
        """Return the name of a named property, and where it ends."""
        group = f"{{{UUID(bytes_le=self._take(at, 16))}}}".upper()
        kind, length = self._number(at + 16), self._number(at + 20)
        if kind == 0:
            return f"{group}/0x{length:04X}", at + 24
        if kind != 1:
            raise _Broken(f"a name of the unknown kind {kind}")
        text = self._take(at + 24, length).decode("utf-16-le", "replace").rstrip("\0")
        return f"{group}/{text}", at + 24 + _padded(length)

    def _lengths(self, at: int) -> tuple[int, list[tuple[int, int]]]:
        """Return where values that state their length end, and the range of each."""
        count = self._count(at)
        at, spans = at + 4, list[tuple[int, int]]()
        for _ in range(count):
            length = self._number(at)
            at += 4
            if at + length > self._end:
                raise _Broken(f"a value of {length} bytes, {self._end - at} are there")
            spans.append((at, at + length))
            at = min(at + _padded(length), self._end)
        return at, spans

    def _fixed(self, at: int, size: int, *, many: bool) -> tuple[int, list[tuple[int, int]]]:
        count = 1
        if many:
            count = self._count(at)
            at += 4
        step = _padded(size) or 4
        if at + step * count > self._end and at + size + step * (count - 1) > self._end:
            raise _Broken(f"{count} values of {step} bytes, {max(0, self._end - at)} bytes are there")
        if step == size:
            return min(at + step * count, self._end), [(at, at + size * count)]
        spans = [(at + step * nth, at + step * nth + size) for nth in range(count)]
        return min(at + step * count, self._end), spans

    def _count(self, at: int) -> int:
        count = self._number(at)
        if count > MOST_VALUES:
            raise _Broken(f"a property of {count} values")
        return count

    def _without_terminator(self, start: int, end: int, kind: int) -> int:
        size = _TERMINATOR.get(kind, 0)
        if size and end - start >= size and self._window.read(end - size, end) == bytes(size):
            return end - size
        return end

    def _number(self, at: int) -> int:
        return int.from_bytes(self._take(at, 4), "little")

    def _take(self, at: int, size: int) -> bytes:
        if at + size > self._end:
            raise _Broken("it ends within a value")
        return self._window.read(at, at + size)

    def _note(self, code: str, text: str, start: int, end: int) -> None:
        locator = Locator(ranges=((start, end),), path=f"tnef:{start}")
        self.odd.append(Notice(code=code, text=text, locator=locator, unread=end - start))


def _padded(size: int) -> int:
    return size + 3 & ~3
